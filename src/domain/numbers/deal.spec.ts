import * as fc from 'fast-check';
import { deal, type Taker } from './deal';

const taker = (changes: Partial<Taker> = {}): Taker => ({ units: 1, weight: 1, dealt: 0, most: 1000, ...changes });

/** The rule as it reads, turn by turn. */
function dealByTurns(pool: number, takers: readonly Taker[]): readonly number[] {
  const dealt = takers.map((each) => each.dealt);
  let left = pool;
  for (;;) {
    const fitting = takers
      .map((each, at) => ({ each, at, rank: ((dealt[at] ?? 0) + each.units / 2) / each.weight }))
      .filter(({ each, at }) => each.weight > 0 && each.units <= left && (dealt[at] ?? 0) + each.units <= each.most);
    const [next] = fitting.sort((one, other) => one.rank - other.rank || one.at - other.at);
    if (next === undefined) return dealt;
    dealt[next.at] = (dealt[next.at] ?? 0) + next.each.units;
    left -= next.each.units;
  }
}

const takers = fc.array(
  fc.record({
    units: fc.integer({ min: 1, max: 7 }),
    weight: fc.constantFrom(0, 0.5, 1, 1, 2, 3, 10),
    dealt: fc.nat({ max: 30 }),
    most: fc.nat({ max: 200 }),
  }),
  { maxLength: 6 },
);

describe('a deal', () => {
  it('gives equals the same, the first in the list what is left over', () => {
    expect(deal(100, [taker(), taker(), taker()])).toEqual([34, 33, 33]);
  });

  it('follows the weights', () => {
    expect(deal(7, [taker({ weight: 3 }), taker()])).toEqual([5, 2]);
    expect(deal(8, [taker({ weight: 3 }), taker()])).toEqual([6, 2]);
  });

  it('gives nothing to a weight of 0', () => {
    expect(deal(10, [taker({ weight: 0 }), taker()])).toEqual([0, 10]);
    expect(deal(10, [taker({ weight: 0, dealt: 4 })])).toEqual([4]);
  });

  it("deals one sale's units at a time", () => {
    expect(deal(20, [taker(), taker({ units: 3 }), taker({ units: 6 })])).toEqual([8, 6, 6]);
    expect(deal(5, [taker({ units: 3 })])).toEqual([3]);
  });

  it('gives nobody more than the most', () => {
    expect(deal(90, [taker({ most: 10 }), taker(), taker({ most: 20 })])).toEqual([10, 60, 20]);
  });

  it('counts what was dealt before', () => {
    expect(deal(30, [taker({ dealt: 30 }), taker(), taker()])).toEqual([30, 15, 15]);
  });

  it('has nobody to deal to, or nothing to deal', () => {
    expect(deal(10, [])).toEqual([]);
    expect(deal(0, [taker()])).toEqual([0]);
  });

  it('is the same as turn by turn', () => {
    fc.assert(
      fc.property(fc.nat({ max: 400 }), takers, (pool, all) => {
        expect(deal(pool, all)).toEqual(dealByTurns(pool, all));
      }),
      { numRuns: 2000 },
    );
  });

  it('deals ten million units to a thousand takers in a moment, to the unit', () => {
    const many = Array.from({ length: 1000 }, (_, at) => taker({ weight: 1 + (at % 7), most: 1e9 }));
    const startedAt = performance.now();
    const dealt = deal(10_000_000, many);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(dealt.reduce((sum, units) => sum + units, 0)).toBe(10_000_000);
  });
});
