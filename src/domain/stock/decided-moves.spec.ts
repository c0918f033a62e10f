import { L, orderWish, positionOf, quotaOf, S } from '../../../test/builders/stock';
import { decideMove, troubleOf } from './decide-move';
import type { ListingId } from '../ids';
import { stockOf, type Position, type Quota } from './position';
import type { StockRequest } from './stock-request';

const AT = 7;
const LISTING = 'listing' as ListingId;
const decide = (position: Position, wish: StockRequest) => decideMove(position, wish, { at: AT });
/** What a move is kept as: nothing less, and no field that says nothing. */
const keptMove = (position: Position, wish: StockRequest) => decide(position, wish).move;
const order = orderWish({ id: 'o' }, { held: 3 });
const asOrder = { id: order.id, kind: 'order', v: 2, at: AT, order: order.order, stockV: 1, shop: L };
const wholeQuota = quotaOf({ id: 'q', shop: S, quantity: 40 });
const { remaining: _remaining, ...newQuota } = wholeQuota;
const start = (quantity: number, cut: boolean): StockRequest => ({
  ...{ kind: 'quota-start', id: 'start', cut, quota: { ...newQuota, quantity } },
});

describe('the move of an order', () => {
  const holding = { drew: [{ from: 'pool', units: 3 }], shipped: 0, restocked: 0 };

  it('says what it is, what it holds, and nothing that is not so', () => {
    const move = { ...asOrder, onHand: 100, committed: 3, holding };
    expect(keptMove(positionOf(), order)).toStrictEqual(move);
  });

  it('says that it is a hold, why it is asked for and by whom', () => {
    const move = keptMove(positionOf(), { ...order, isHold: true, reason: 'audit', by: 'somebody' });
    expect(move).toStrictEqual({
      ...{ ...asOrder, onHand: 100, committed: 3, holding },
      ...{ hold: true, reason: 'audit', by: 'somebody' },
    });
  });

  it('says what it sold of each listing, less those of which nothing is left', () => {
    const sold = [
      { listing: LISTING, units: 3, open: 3 },
      { listing: 'other' as ListingId, units: 0, open: 0 },
    ];
    expect(keptMove(positionOf(), { ...order, sold })).toStrictEqual({
      ...{ ...asOrder, onHand: 100, committed: 3, holding: { ...holding, sold: sold.slice(0, 1) } },
      shown: [{ listing: LISTING, units: -3, open: 3, at: 1000 }],
    });
  });

  it('tells of units that leave, though the listing shows no other number', () => {
    const placed = decide(positionOf(), { ...order, sold: [{ listing: LISTING, units: 3, open: 3 }] });
    const wish = orderWish({ id: 'o', stockV: 2 }, { held: 3, shipped: 3 });
    const shipped = { ...wish, sold: [{ listing: LISTING, units: 3, open: 0 }] };
    const { move } = decideMove(placed.position, shipped, { move: placed.move, at: AT });
    expect(move?.shown).toEqual([{ listing: LISTING, units: 0, open: -3, at: 2000 }]);
    expect(move).toMatchObject({ onHand: 97, committed: 0, units: -3 });
    const again = { ...shipped, id: 'later', stockV: 3 };
    expect(decideMove(placed.position, again, { move, at: AT }).move).not.toHaveProperty('shown');
  });

  it('that is heard of late was a sale when it was placed, not when it changed last', () => {
    const wish = { ...orderWish({ id: 'o', stockV: 3 }, { held: 3 }), sold: [{ listing: LISTING, units: 3, open: 3 }] };
    expect(keptMove(positionOf(), wish)?.shown).toEqual([{ listing: LISTING, units: -3, open: 3, at: 1000 }]);
  });

  it('tells of units that had left before it was heard of', () => {
    const sold = [{ listing: LISTING, units: 3, open: 0 }];
    const wish = { ...orderWish({ id: 'o' }, { held: 3, shipped: 3 }), sold };
    expect(keptMove(positionOf(), wish)?.shown).toEqual([{ listing: LISTING, units: -3, open: 0, at: 1000 }]);
  });

  it('that must fit needs room only for what it holds more than before', () => {
    const held = decide(positionOf({ onHand: 5 }), orderWish({ id: 'h' }, { held: 3 }, { mustFit: true }));
    const more = (units: number) => orderWish({ id: 'h', stockV: 2 }, { held: units }, { mustFit: true });
    const known = { move: held.move, at: AT };
    expect(decideMove(held.position, more(5), known).position.committed).toBe(5);
    expect(decideMove(held.position, more(6), known).answer).toEqual({ kind: 'short', asked: 3, available: 2 });
  });

  it('says whose quota it broke, and what was not there', () => {
    const position = positionOf({ onHand: 10, quotas: [quotaOf({ id: 'q', shop: S, quantity: 8 })] });
    const move = keptMove(position, orderWish({ id: 'o' }, { held: 12 }));
    expect(move).toMatchObject({ broke: [{ from: 'other', quota: 'q', units: 8 }], short: 2 });
    const fits = keptMove(position, orderWish({ id: 'o' }, { held: 10 }));
    expect(fits).toMatchObject({ broke: [{ units: 8 }] });
    expect(fits).not.toHaveProperty('short');
  });
});

describe('the move', () => {
  const at = { v: 2, at: AT, committed: 0 };
  const told = { reason: 'r', by: 'me' };

  it.each([
    ['of a count', { kind: 'count', id: 'c', onHand: 40, ...told }, { ...at, onHand: 40, units: -60, ...told }],
    ['of a count that changes nothing', { kind: 'count', id: 'c', onHand: 100, ...told }, { ...at, ...told }],
    ['by hand', { kind: 'manual', id: 'm', units: 5, ...told }, { ...at, onHand: 105, units: 5, ...told }],
  ] as const)('%s has its reason, and its units where there are any', (...[, wish, rest]) => {
    const { kind, id } = wish;
    expect(keptMove(positionOf(), wish)).toStrictEqual({ onHand: 100, kind, id, ...rest });
  });

  it('that is undone is one by hand, and says of which', () => {
    const undone = keptMove(positionOf(), { kind: 'manual', id: 'm', units: -4, ...told });
    const wish = { kind: 'undo-manual', id: 'u', of: 'm', by: 'me' } as const;
    expect(decideMove(positionOf({ onHand: 96 }), wish, { undone, at: AT }).move).toStrictEqual({
      ...{ ...at, kind: 'manual', id: 'u', onHand: 100, units: 4, reason: 'undo of m', by: 'me' },
    });
  });

  it('that takes units is refused where there are none at all, whatever was counted', () => {
    const wish = { kind: 'manual', id: 'm', units: -1, ...told } as const;
    expect(decide(positionOf({ onHand: -5 }), wish).answer).toEqual({ kind: 'short', asked: 1, available: 0 });
    expect(decide(positionOf({ onHand: -5 }), { ...wish, units: 0 }).answer.kind).toBe('done');
  });

  it('of a quota has it whole, and what is missing where it was cut', () => {
    const made = { ...at, kind: 'quota-start', id: 'start', onHand: 100 };
    expect(keptMove(positionOf(), start(40, false))).toStrictEqual({ ...made, quota: wholeQuota });
    expect(keptMove(positionOf(), start(40, true))).toStrictEqual({ ...made, quota: wholeQuota });
    const cut: Quota = { ...wholeQuota, quantity: 100, remaining: 100 };
    expect(keptMove(positionOf(), start(130, true))).toStrictEqual({ ...made, quota: cut, short: 30 });
  });

  it('of a new quota leaves the others before it', () => {
    const older = quotaOf({ id: 'older' });
    const { position } = decide(positionOf({ quotas: [older] }), start(40, false));
    expect(position.quotas).toEqual([older, wholeQuota]);
  });

  it('of the end of a quota has the quota as it was', () => {
    const sold = { ...wholeQuota, remaining: 3 };
    expect(keptMove(positionOf({ quotas: [sold] }), { kind: 'quota-end', id: 'end', quota: 'q' })).toStrictEqual({
      ...{ ...at, kind: 'quota-end', id: 'end', onHand: 100, quota: sold },
    });
  });

  it.each([{ safetyBuffer: 4 }, { exposure: { policy: 'strict' } }, { lowStockAt: 9 }, { lowStockAt: null }] as const)(
    'of rules has what was set: %j',
    (rules) => {
      const { position, move } = decide(positionOf(), { kind: 'rules', id: 'r', ...rules });
      expect(move).toStrictEqual({ ...at, kind: 'rules', id: 'r', onHand: 100, rules });
      expect(position).toStrictEqual({ ...positionOf(), ...rules });
    },
  );

  it('of a repair has what the position is now, and is made at the version that was looked at alone', () => {
    const stock = stockOf(positionOf({ onHand: 90, committed: 5 }));
    const wish = { kind: 'repair', id: 'x', v: 1, stock, ...told } as const;
    const { position, move } = decide(positionOf(), wish);
    expect(position).toStrictEqual({ ...stock, v: 1 });
    expect(move).toStrictEqual({
      ...{ ...at, kind: 'repair', id: 'x', onHand: 90, committed: 5, units: -10, repaired: stock, ...told },
    });
    expect(decide(positionOf({ v: 2 }), wish).answer).toEqual({ kind: 'overtaken' });
    expect(decideMove(positionOf(), wish, { at: AT, isTouched: true })).toEqual({
      ...{ position: positionOf(), answer: { kind: 'overtaken' } },
    });
  });
});

describe('a sku that was never counted', () => {
  it('is in no trouble, whatever its numbers', () => {
    const quotas = [quotaOf({ id: 'q', quantity: 30 })];
    const position = positionOf({ counted: false, onHand: -5, committed: 2, quotas });
    expect(troubleOf(position)).toEqual({ oversold: 0, uncovered: 0, negativeCount: 0 });
  });

  it('lacks only what quotas hold beyond what is free', () => {
    const quotas = [quotaOf({ id: 'q', quantity: 30 })];
    expect(troubleOf(positionOf({ onHand: 20, quotas })).uncovered).toBe(10);
    expect(troubleOf(positionOf({ onHand: 30, quotas })).uncovered).toBe(0);
  });
});
