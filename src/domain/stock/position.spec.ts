import { positionOf, quotaOf } from '../../../test/builders/stock';
import { changedBy, EMPTY_POSITION, freeOf, heldByQuotas, sharedOf, stockOf } from './position';

const held = positionOf({
  ...{ onHand: 100, committed: 30, safetyBuffer: 5 },
  quotas: [quotaOf({ id: 'q1', quantity: 40, remaining: 25 }), quotaOf({ id: 'q2', remaining: 8 })],
});

describe('a position', () => {
  it('has free what is on hand and not committed, below zero too', () => {
    expect(freeOf(held)).toBe(70);
    expect(freeOf(positionOf({ onHand: 3, committed: 5 }))).toBe(-2);
  });

  it('shares what neither quotas hold nor the buffer keeps, at least nothing', () => {
    expect(heldByQuotas(held)).toBe(33);
    expect(sharedOf(held)).toBe(32);
    expect(sharedOf({ ...held, safetyBuffer: 38 })).toBe(0);
  });

  it('is empty, uncounted and open before anything happened', () => {
    expect(EMPTY_POSITION).toEqual({
      ...{ v: 0, counted: false, onHand: 0, committed: 0, safetyBuffer: 0, quotas: [] },
      exposure: { policy: 'open' },
    });
  });

  it('has as its stock all but its version and what is stored with it', () => {
    const { v: _v, ...stock } = held;
    expect(stockOf({ ...held, ...{ due: 7 } })).toStrictEqual(stock);
    expect(stockOf({ ...held, lowStockAt: 4 })).toStrictEqual({ ...stock, lowStockAt: 4 });
    expect(stockOf({ ...held, lowStockAt: null })).toStrictEqual({ ...stock, lowStockAt: null });
  });
});

describe('a quota', () => {
  const quota = quotaOf({ id: 'q', quantity: 10, remaining: 6 });

  it('has less after its own shop took of it, and no loss', () => {
    expect(changedBy(quota, { from: 'quota', units: 2 }, -2)).toStrictEqual({ ...quota, remaining: 4 });
  });

  it('counts apart what other shops hold of it, and forgets it when that comes back', () => {
    const broken = changedBy(quota, { from: 'other', units: 5 }, -5);
    expect(broken).toStrictEqual({ ...quota, remaining: 1, lost: 5 });
    expect(changedBy(broken, { from: 'other', units: 2 }, 2)).toStrictEqual({ ...quota, remaining: 3, lost: 3 });
  });
});
