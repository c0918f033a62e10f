import { lineState, orderOf } from '../../../test/builders/orders';
import { ask, countWish, EMPTY_LEDGER } from '../../../test/builders/stock';
import type { HoldStatus } from './order';
import { heldUnits, orderMoveId, stepsOf, wantBySku } from './want-by-sku';

const A = { sku: 'A', units: 2 };
const B = { sku: 'B', units: 1 };

describe('the units a line holds', () => {
  it('are what is open or left: a cancellation frees only what was not shipped', () => {
    expect(heldUnits({ units: 10, cancelled: 4, shipped: 0 })).toBe(6);
    expect(heldUnits({ units: 10, cancelled: 10, shipped: 7 })).toBe(7);
  });
});

describe('what an order asks', () => {
  it('is one wish per sku, skus in sorted order, two lines of one sku together', () => {
    const order = orderOf([
      { state: lineState('bundle', { units: 3, shipped: 1 }), parts: [B, A] },
      { state: lineState('single'), parts: [{ sku: 'A', units: 1 }] },
    ]);
    expect(wantBySku(order).map(({ sku, request }) => [sku, request.want])).toEqual([
      ['A', { held: 8, shipped: 2, restocked: 0 }],
      ['B', { held: 3, shipped: 1, restocked: 0 }],
    ]);
  });

  it('pain-03 a bundle and its component in one cart are checked as one', () => {
    const order = orderOf(
      [
        { state: lineState('bundle', { units: 4 }), parts: [A, B] },
        { state: lineState('single', { units: 3 }), parts: [{ sku: 'A', units: 1 }] },
      ],
      { hold: { status: 'pending', expiresAt: 9000 } },
    );
    const wish = wantBySku(order)[0]!.request;
    const counted = ask(EMPTY_LEDGER, [countWish(10)]);
    expect(ask(counted, [wish]).answers).toEqual([{ kind: 'short', asked: 11, available: 10 }]);
  });

  it('tells what the channel took off each listing once, with the first part', () => {
    const order = orderOf([{ state: lineState('bundle', { units: 3, shipped: 1 }), parts: [B, A] }]);
    expect(wantBySku(order).map(({ request }) => request.sold)).toEqual([
      [],
      [{ listing: 'listing-bundle', units: 3, open: 2 }],
    ]);
  });

  it('has a move id of order, and stockV: never of a delivery', () => {
    const order = orderOf([{ state: lineState('single'), parts: [B] }], { stockV: 4 });
    expect(wantBySku(order)[0]?.request).toMatchObject({ id: orderMoveId(order.id, 4), stockV: 4, mustFit: false });
    expect(orderMoveId(order.id, 4)).not.toBe(orderMoveId(order.id, 5));
  });

  it('is nothing where the marketplace sends from its own warehouse, or no listing is known', () => {
    const lines = [{ state: lineState('single'), parts: [B] }];
    expect(wantBySku(orderOf(lines, { fulfilledBy: 'channel' }))).toEqual([]);
    expect(wantBySku(orderOf([{ state: lineState('unknown'), parts: [] }]))).toEqual([]);
  });

  it.each<[HoldStatus, number, boolean]>([
    ['pending', 2, true],
    ['held', 2, false],
    ['confirmed', 2, false],
    ['refused', 0, false],
    ['released', 0, false],
    ['expired', 0, false],
  ])('of a hold that is %s are %i units', (status, held, mustFit) => {
    const order = orderOf([{ state: lineState('single'), parts: [B] }], { hold: { status, expiresAt: 1 } });
    expect(wantBySku(order)[0]?.request).toMatchObject({ want: { held }, mustFit });
  });

  it('of an unpaid order is what a paid one asks', () => {
    const wants = (status: 'unpaid' | 'paid') =>
      wantBySku(orderOf([{ state: lineState('single', { status }), parts: [B] }], { status }))[0]?.request.want;
    expect(wants('unpaid')).toEqual(wants('paid'));
  });
});

describe('the steps in which an order is committed', () => {
  const stepsWith = (changes: object): readonly (readonly string[])[] => {
    const order = orderOf([{ state: lineState('bundle', changes), parts: [B, A] }]);
    return stepsOf(order, wantBySku(order)).map((step) => step.map(({ sku }) => sku));
  };

  it('tell what was sold of a bundle last, and that it was cancelled first', () => {
    expect(stepsWith({ units: 3 })).toEqual([['A'], ['B']]);
    expect(stepsWith({ units: 3, cancelled: 1 })).toEqual([['B'], ['A']]);
  });

  it('are one where no listing takes several skus', () => {
    const order = orderOf([
      { state: lineState('one'), parts: [A] },
      { state: lineState('two'), parts: [B] },
    ]);
    expect(stepsOf(order, wantBySku(order)).map((step) => step.map(({ sku }) => sku))).toEqual([['A', 'B']]);
  });
});
