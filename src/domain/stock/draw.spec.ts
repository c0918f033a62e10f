import * as fc from 'fast-check';
import { L, numbersOf, positionOf, quotaOf, S, SHOPS, Z } from '../../../test/builders/stock';
import { draw } from './draw';
import { freeOf, heldByQuotas, sumUnits } from './position';

const old = quotaOf({ id: 'old', shop: L, quantity: 10 });
const young = quotaOf({ id: 'young', shop: L, quantity: 20 });
const others = quotaOf({ id: 'others', shop: S, quantity: 15 });

describe('drawing', () => {
  it("takes the shop's own quotas, oldest first, before the pool", () => {
    const { parts, position } = draw(positionOf({ quotas: [old, young] }), L, 25);
    expect(parts).toEqual([
      { from: 'quota', quota: 'old', units: 10 },
      { from: 'quota', quota: 'young', units: 15 },
    ]);
    expect(position).toMatchObject({ committed: 25, quotas: [{ remaining: 0 }, { remaining: 5 }] });
  });

  it('takes the safety buffer before any quota of another shop', () => {
    const { parts, broke } = draw(positionOf({ onHand: 20, safetyBuffer: 5, quotas: [others] }), Z, 5);
    expect(parts).toEqual([{ from: 'pool', units: 5 }]);
    expect(broke).toEqual([]);
  });

  it("eats other shops' quotas newest first, and says so", () => {
    const newest = quotaOf({ id: 'newest', shop: Z, quantity: 4 });
    const { parts, broke, position } = draw(positionOf({ onHand: 20, quotas: [others, newest] }), L, 8);
    expect(parts).toEqual([
      { from: 'pool', units: 1 },
      { from: 'other', quota: 'newest', units: 4 },
      { from: 'other', quota: 'others', units: 3 },
    ]);
    expect(broke).toEqual(parts.slice(1));
    expect(position.quotas).toMatchObject([
      { remaining: 12, lost: 3 },
      { remaining: 0, lost: 4 },
    ]);
  });

  it('draws what is not there last, and free goes below zero', () => {
    const { parts, position } = draw(positionOf({ onHand: 3 }), L, 5);
    expect(parts).toEqual([
      { from: 'pool', units: 3 },
      { from: 'short', units: 2 },
    ]);
    expect(freeOf(position)).toBe(-2);
  });

  it('draws the pool late where the own allocation is sold out', () => {
    const { parts } = draw(positionOf({ quotas: [{ ...old, remaining: 0 }] }), L, 3);
    expect(parts).toEqual([{ from: 'pool', units: 3 }]);
  });
});

const quotas = fc
  .array(fc.record({ shop: fc.constantFrom(...SHOPS), remaining: fc.nat({ max: 30 }) }), { maxLength: 5 })
  .map((list) => list.map((each, at) => quotaOf({ id: `q${at}`, quantity: 30, ...each })));
const positions = fc
  .record({
    onHand: fc.integer({ min: -10, max: 120 }),
    committed: fc.nat({ max: 60 }),
    safetyBuffer: fc.nat({ max: 10 }),
    quotas,
  })
  .map(positionOf);
const sales = fc.record({ shop: fc.constantFrom(...SHOPS), units: fc.nat({ max: 80 }) });

describe('every drawing', () => {
  it('takes exactly what was sold, from quotas that had it', () => {
    fc.assert(
      fc.property(positions, sales, (position, { shop, units }) => {
        const drawn = draw(position, shop, units);
        expect(sumUnits(drawn.parts)).toBe(units);
        expect(drawn.parts.every((part) => part.units > 0)).toBe(true);
        expect(drawn.position.committed).toBe(position.committed + units);
        expect(drawn.position.quotas.every((quota) => quota.remaining >= 0)).toBe(true);
        const ofQuotas = sumUnits(drawn.parts.filter((part) => part.quota !== undefined));
        expect(heldByQuotas(position) - heldByQuotas(drawn.position)).toBe(ofQuotas);
      }),
    );
  });

  it('commutes with that of another shop where nothing is short', () => {
    fc.assert(
      fc.property(positions, fc.nat({ max: 40 }), fc.nat({ max: 40 }), (position, left, right) => {
        const [first, second] = [draw(position, L, left), draw(position, S, right)];
        const there = draw(first.position, S, right);
        const back = draw(second.position, L, left);
        const isShort = [first, second, there, back].some(({ parts }) =>
          parts.some(({ from }) => from === 'short' || from === 'other'),
        );
        fc.pre(!isShort);
        expect(numbersOf(there.position)).toEqual(numbersOf(back.position));
        expect([first.parts, there.parts]).toEqual([back.parts, second.parts]);
      }),
    );
  });
});
