import { askOneByOne, countWish, EMPTY_LEDGER, orderWish } from '../../../test/builders/stock';
import { asOf } from './as-of';
import { whoTook } from './who-took';

const manual = (id: string, units: number) => ({ kind: 'manual', id, units, reason: id, by: 'Ann' }) as const;
const storyOf = (...wishes: Parameters<typeof askOneByOne>[1]) => whoTook(askOneByOne(EMPTY_LEDGER, wishes).moves);

describe('who took the units of a sku', () => {
  it('is told since the last count, who took most first, an order once for all its moves', () => {
    const story = storyOf(
      countWish(50, 'old'),
      orderWish({ id: 'before' }, { held: 4 }),
      countWish(20),
      manual('broken', -2),
      orderWish({ id: 'a' }, { held: 3 }),
      orderWish({ id: 'b' }, { held: 9 }),
      orderWish({ id: 'a', stockV: 2 }, { held: 5, shipped: 5 }),
      manual('found', 1),
    );
    expect(story).toMatchObject({ since: { kind: 'count', onHand: 20 }, free: 16 });
    expect(story?.taken.map(({ order, by, units }) => [order ?? by, units])).toEqual([
      ['seller|L|b', 9],
      ['seller|L|a', 5],
      ['Ann', 2],
      ['Ann', -1],
    ]);
  });

  it('leaves out who gave all back', () => {
    const cancelled = orderWish({ id: 'a', stockV: 2 }, { held: 0 });
    expect(storyOf(countWish(5), orderWish({ id: 'a' }, { held: 3 }), cancelled)?.taken).toEqual([]);
  });

  it('begins with the oldest move where no count is known', () => {
    expect(storyOf(manual('found', 5), orderWish({ id: 'a' }, { held: 3 }))).toMatchObject({
      free: 5,
      taken: [{ units: 3 }],
    });
    expect(whoTook([])).toBeUndefined();
  });
});

describe('what was so at an instant', () => {
  const history = [
    { at: 10, cap: 1 },
    { at: 20, cap: 2 },
  ];

  it('is the newest entry at or before it', () => {
    expect([asOf(history, 9), asOf(history, 10)?.cap, asOf(history, 19)?.cap, asOf(history, 99)?.cap]).toEqual([
      ...[undefined, 1, 1, 2],
    ]);
  });
});
