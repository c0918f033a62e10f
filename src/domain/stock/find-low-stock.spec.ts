import { positionOf, quotaOf } from '../../../test/builders/stock';
import { findLowStock } from './find-low-stock';

const isLow = (changes: Parameters<typeof positionOf>[0]) => findLowStock(positionOf(changes)).length > 0;

describe('findLowStock', () => {
  it.each([
    [11, false],
    [10, true],
    [9, true],
    [0, true],
    [-3, true],
  ])('%i free units at a threshold of 10: %s', (free, expected) => {
    expect(isLow({ onHand: 50, committed: 50 - free, lowStockAt: 10 })).toBe(expected);
  });

  it('says nothing without a threshold, after it was taken back, and of a sku that was never counted', () => {
    expect(isLow({ onHand: 0 })).toBe(false);
    expect(isLow({ onHand: 0, lowStockAt: null })).toBe(false);
    expect(isLow({ onHand: 0, lowStockAt: 5, counted: false })).toBe(false);
    expect(isLow({ onHand: 0, lowStockAt: 0 })).toBe(true);
  });

  it.each([
    [21, false],
    [20, true],
    [0, true],
  ])('%i units left of a quota of 67 that is low at 30 percent: %s', (remaining, expected) => {
    expect(isLow({ quotas: [quotaOf({ id: 'q', quantity: 67, remaining, lowStockPercent: 30 })] })).toBe(expected);
  });

  it('names the quota, and tells nothing of one that was cut to nothing', () => {
    const low = quotaOf({ id: 'low', remaining: 1, lowStockPercent: 10 });
    const cut = quotaOf({ id: 'cut', quantity: 0, lowStockPercent: 10 });
    expect(findLowStock(positionOf({ quotas: [cut, low, quotaOf({ id: 'plain', remaining: 0 })] }))).toEqual([
      { quota: low, left: 1, at: 1 },
    ]);
  });
});
