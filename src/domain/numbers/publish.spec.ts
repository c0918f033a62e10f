import * as fc from 'fast-check';
import { outletOf } from '../../../test/builders/outlets';
import { L, positionOf, quotaOf, S, Z } from '../../../test/builders/stock';
import type { ShopId } from '../ids';
import { sharedOf, type Position } from '../stock/position';
import { applyRules, showingOf, showOpenly, yieldsLastUnits, type ShopRules } from './publish';

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

describe('the last units', () => {
  const [keeper, other] = [
    { rules: { lastUnits: 5 }, units: 1 },
    { rules: {}, units: 1 },
  ];

  it('are left to the shop that keeps them, below its number', () => {
    expect(yieldsLastUnits(4, other.rules, [keeper, other])).toBe(true);
    expect(yieldsLastUnits(5, other.rules, [keeper, other])).toBe(false);
    expect(yieldsLastUnits(4, keeper.rules, [keeper, other])).toBe(false);
  });

  it('are left to nobody where no keeper sells the sku', () => {
    expect(yieldsLastUnits(1, other.rules, [other])).toBe(false);
  });

  it('are left to nobody where the keeper sells more at once than its rules leave of them', () => {
    const packs = (rules: ShopRules = {}) => [other, { rules: { ...keeper.rules, ...rules }, units: 3 }];
    expect([2, 3].map((pool) => yieldsLastUnits(pool, other.rules, packs()))).toEqual([false, true]);
    expect([3, 4].map((pool) => yieldsLastUnits(pool, other.rules, packs({ buffer: 1 })))).toEqual([false, true]);
    expect(yieldsLastUnits(2, other.rules, [...packs(), keeper])).toBe(true);
  });
});

describe('the units for a shop', () => {
  const allocation = quotaOf({ id: 'a', shop: L, quantity: 60 });
  const reservation = quotaOf({ id: 'r', shop: L, quantity: 60, mode: 'reservation' });
  const unitsOf = (position: Position, shop: ShopId, pool = sharedOf(position)): number =>
    showingOf(position, shop, pool).units;

  it('are the shared pool where it has no quota', () => {
    expect(unitsOf(positionOf({ safetyBuffer: 10, quotas: [allocation] }), S)).toBe(30);
  });

  it('are a floor and a ceiling with an allocation', () => {
    expect(showingOf(positionOf({ quotas: [allocation] }), L, 40)).toEqual({ held: 60, pooled: 0, units: 60 });
  });

  it('are the quota and the pool with a reservation; rules govern the pool only', () => {
    expect(showingOf(positionOf({ quotas: [reservation] }), L, 15)).toEqual({ held: 60, pooled: 15, units: 75 });
  });

  it('are all its quotas, and the pool where one of them is a reservation', () => {
    const both = [quotaOf({ id: 'a', shop: L, quantity: 20 }), quotaOf({ id: 'r', shop: L, mode: 'reservation' })];
    expect(showingOf(positionOf({ quotas: both }), L, 15)).toEqual({ held: 30, pooled: 15, units: 45 });
  });

  it('follow the stock where the quota claims more than is there', () => {
    expect(unitsOf(positionOf({ onHand: 50, quotas: [allocation] }), L)).toBe(50);
    expect(unitsOf(positionOf({ onHand: -5, quotas: [allocation] }), L)).toBe(0);
  });

  it('pain-11 a sale of the promotion leaves its own quota, not the pool of the others', () => {
    const sold = positionOf({ committed: 20, quotas: [{ ...allocation, remaining: 40 }] });
    expect([L, S].map((shop) => unitsOf(sold, shop))).toEqual([40, 40]);
  });
});

describe('what the listings of an open sku show of it', () => {
  const selling = (shop: ShopId, rules: ShopRules = {}) => ({ ...outletOf(shop, { rules }), units: 1 });
  const outlets = [selling(L), selling(S), selling(Z, { lastUnits: 31 })];
  const [l, s, z] = outlets.map(({ id }) => id);
  const unitsOf = (position: Position, surplus?: ReadonlyMap<(typeof outlets)[0]['id'], number>) =>
    [...showOpenly(position, outlets, surplus).values()].map(({ units }) => units);

  it('is the whole pool for each of them', () => {
    expect(unitsOf(positionOf())).toEqual([100, 100, 100]);
  });

  it("is less by what another shop's lock keeps on show beyond plan, not by their own", () => {
    expect(unitsOf(positionOf({ onHand: 60 }), new Map([[l!, 10]]))).toEqual([60, 50, 50]);
    expect(
      unitsOf(
        positionOf({ onHand: 60 }),
        new Map([
          [l!, 10],
          [s!, 15],
        ]),
      ),
    ).toEqual([45, 50, 35]);
  });

  it('is nothing below the last units, but for the shop that keeps them', () => {
    expect(unitsOf(positionOf({ onHand: 30 }))).toEqual([0, 0, 30]);
    expect(unitsOf(positionOf({ onHand: 31 }))).toEqual([31, 31, 31]);
    expect(unitsOf(positionOf({ onHand: 35 }), new Map([[z!, 5]]))).toEqual([0, 0, 35]);
  });

  it('is what is held for a shop, also below the last units', () => {
    const quotas = [quotaOf({ id: 'a', shop: S, quantity: 10 })];
    expect(unitsOf(positionOf({ onHand: 30, quotas }))).toEqual([0, 10, 20]);
  });

  it('is left to no shop that shows nothing of the pool itself', () => {
    const quotas = [quotaOf({ id: 'a', shop: Z, quantity: 10 })];
    expect(unitsOf(positionOf({ onHand: 30, quotas }))).toEqual([20, 20, 10]);
    const keeperOf = (rules: ShopRules) => [selling(S), selling(Z, { lastUnits: 31, ...rules })];
    const shown = (rules: ShopRules, changes: Partial<Position> = {}) =>
      [...showOpenly(positionOf({ onHand: 30, ...changes }), keeperOf(rules)).values()].map(({ units }) => units);
    expect([shown({ buffer: 30 }), shown({ buffer: 29 }), shown({ cap: 0 })]).toEqual([
      [30, 0],
      [0, 1],
      [30, 0],
    ]);
    expect(shown({ weight: 0 }, { exposure: { policy: 'strict' } })[0]).toBe(30);
    expect(shown({ weight: 0 })).toEqual([0, 30]);
    const both = [quotaOf({ id: 'a', shop: Z, quantity: 5 }), quotaOf({ id: 'r', shop: Z, mode: 'reservation' })];
    expect(shown({}, { quotas: both })).toEqual([0, 30]);
  });
});
