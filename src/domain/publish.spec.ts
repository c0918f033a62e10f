import * as fc from 'fast-check';
import { L, positionOf, quotaOf, S } from '../../test/builders/stock';
import type { ShopId } from './ids';
import { EMPTY_POSITION, type Position } from './position';
import { applyRules, publishedOf, unitsForShop } from './publish';

const seller = { shop: L, rules: {} };
const stock = (positions: Record<string, Position>) => new Map(Object.entries(positions));

describe("a shop's rules", () => {
  it('are percent, then buffer, then cap', () => {
    expect(applyRules(99, { percent: 50, buffer: 5, cap: 40 })).toBe(40);
    expect(applyRules(79, { percent: 50, buffer: 5, cap: 40 })).toBe(34);
    expect(applyRules(7, { percent: 50, buffer: 5 })).toBe(0);
    expect(applyRules(12, {})).toBe(12);
  });

  it('never give more than there is, nor less than nothing', () => {
    const rules = fc.record({ percent: fc.nat({ max: 100 }), buffer: fc.nat(), cap: fc.nat() }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.nat(), rules, (units, each) => {
        expect(applyRules(units, each)).toBeGreaterThanOrEqual(0);
        expect(applyRules(units, each)).toBeLessThanOrEqual(units);
      }),
    );
  });
});

describe('the units for a shop', () => {
  const allocation = quotaOf({ id: 'a', shop: L, quantity: 60 });
  const reservation = quotaOf({ id: 'r', shop: L, quantity: 60, mode: 'reservation' });

  it('are the shared pool where it has no quota', () => {
    expect(unitsForShop(positionOf({ safetyBuffer: 10, quotas: [allocation] }), S, {})).toBe(30);
  });

  it('are a floor and a ceiling with an allocation', () => {
    expect(unitsForShop(positionOf({ quotas: [allocation] }), L, {})).toBe(60);
  });

  it('are the quota and the pool with a reservation; rules govern the pool only', () => {
    expect(unitsForShop(positionOf({ quotas: [reservation] }), L, { cap: 15 })).toBe(75);
  });

  it('follow the stock where the quota claims more than is there', () => {
    expect(unitsForShop(positionOf({ onHand: 50, quotas: [allocation] }), L, {})).toBe(50);
    expect(unitsForShop(positionOf({ onHand: -5, quotas: [allocation] }), L, {})).toBe(0);
  });

  it('pain-11 a sale of the promotion leaves its own quota, not the pool of the others', () => {
    const sold = positionOf({ committed: 20, quotas: [{ ...allocation, remaining: 40 }] });
    expect([L, S].map((shop: ShopId) => unitsForShop(sold, shop, {}))).toEqual([40, 40]);
  });
});

describe('what a listing shows', () => {
  it('is divided by its units and rounded down, last of all', () => {
    const positions = stock({ A: positionOf({ onHand: 31 }) });
    const shows = (units: number, rules = {}) => publishedOf([{ sku: 'A', units }], positions, { shop: L, rules });
    expect(shows(3)).toBe(10);
    expect(shows(3, { cap: 10 })).toBe(3);
  });

  it('is the least of the parts of a bundle', () => {
    const positions = stock({ A: positionOf(), B: positionOf({ onHand: 30 }) });
    const parts = [
      { sku: 'A', units: 2 },
      { sku: 'B', units: 1 },
    ];
    expect(publishedOf(parts, positions, seller)).toBe(30);
  });

  it('pain-05 is unknown, not zero, while a part was never counted', () => {
    const parts = [
      { sku: 'A', units: 1 },
      { sku: 'B', units: 1 },
    ];
    expect(publishedOf(parts, stock({ A: positionOf() }), seller)).toBeUndefined();
    expect(publishedOf(parts, stock({ A: positionOf(), B: EMPTY_POSITION }), seller)).toBeUndefined();
    expect(publishedOf([], stock({}), seller)).toBeUndefined();
  });

  it('pain-04 counts what is committed and not delivered', () => {
    expect(publishedOf([{ sku: 'A', units: 1 }], stock({ A: positionOf({ committed: 97 }) }), seller)).toBe(3);
  });
});
