import { L, quotaOf } from '../../../test/builders/stock';
import { outcomeOf, overlaps, sumOutcomes } from './campaign';

const item = { sku: 'A', shop: L, quantity: 60 };

describe('the outcome of an item', () => {
  it('is nothing while its units are not held', () => {
    expect(outcomeOf({ ...item, state: 'pending' }, undefined)).toEqual({
      ...{ quantity: 60, held: 0, missing: 0, sold: 0, lost: 0, remaining: 0 },
    });
  });

  it('is read off its quota while it lives: what is gone was sold, by its shop or by others', () => {
    const quota = quotaOf({ id: 'q', quantity: 50, remaining: 30, lost: 8 });
    expect(outcomeOf({ ...item, state: 'held', held: 50 }, quota)).toEqual({
      ...{ quantity: 60, held: 50, missing: 10, sold: 12, lost: 8, remaining: 30 },
    });
  });

  it('stays what it was at the end, whatever other quotas there are', () => {
    const ended = { ...item, state: 'ended', held: 60, remaining: 45, lost: 0 } as const;
    expect(outcomeOf(ended, quotaOf({ id: 'q', quantity: 60 }))).toMatchObject({ sold: 15, remaining: 45, missing: 0 });
  });

  it('adds up over items', () => {
    const one = { quantity: 1, held: 2, missing: 3, sold: 4, lost: 5, remaining: 6 };
    expect(sumOutcomes([one, one])).toEqual({ quantity: 2, held: 4, missing: 6, sold: 8, lost: 10, remaining: 12 });
  });
});

describe('two campaigns', () => {
  it('overlap where there is an instant at which both run; an end is no part of its campaign', () => {
    const [early, late] = [
      { startsAt: 1, endsAt: 5 },
      { startsAt: 5, endsAt: 9 },
    ];
    expect([overlaps(early, late), overlaps(late, early)]).toEqual([false, false]);
    expect([overlaps(early, { startsAt: 4, endsAt: 6 }), overlaps(early, early)]).toEqual([true, true]);
  });
});
