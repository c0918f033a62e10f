import * as fc from 'fast-check';
import { L, positionOf, quotaOf, S, SELLER, SHOPS, Z } from '../../../test/builders/stock';
import { targetIdOf, type ListingId, type ShopId } from '../ids';
import { freeOf, type Position } from '../stock/position';
import { allowanceOf, showGuarded, type GuardedOutlet } from './show-guarded';

const outlet = (shop: ShopId, changes: Partial<GuardedOutlet> & { name?: string } = {}): GuardedOutlet => {
  const { name = shop, ...rest } = changes;
  const id = targetIdOf(SELLER, shop, name as unknown as ListingId);
  return { id, shop, rules: {}, units: 1, most: 1000, locked: 0, ...rest };
};
const ALL = SHOPS.map((shop) => outlet(shop));
const strict = (changes: Partial<Position> = {}): Position =>
  positionOf({ exposure: { policy: 'strict' }, ...changes });
const unitsOf = (position: Position, outlets: readonly GuardedOutlet[] = ALL, storefront = 0): number[] =>
  [...showGuarded(position, outlets, storefront).values()].map(({ units }) => units);

describe('what a policy allows beyond what is free', () => {
  it('is nothing in strict, N in bounded, anything in open', () => {
    expect(allowanceOf({ policy: 'strict' })).toBe(0);
    expect(allowanceOf({ policy: 'bounded', units: 30 })).toBe(30);
    expect(allowanceOf({ policy: 'open' })).toBeUndefined();
  });
});

describe('what the listings of a guarded sku show of it', () => {
  it('is the pool, dealt', () => {
    expect(unitsOf(strict())).toEqual([34, 33, 33]);
    expect(unitsOf(positionOf({ exposure: { policy: 'bounded', units: 30 } }))).toEqual([44, 43, 43]);
  });

  it('is spread evenly over the listings of a shop', () => {
    const listings = [outlet(L, { name: 'one' }), outlet(L, { name: 'two' }), outlet(S, { rules: { weight: 2 } })];
    expect(unitsOf(strict({ onHand: 60 }), listings)).toEqual([10, 10, 40]);
  });

  it('is what is held for a shop, also spread over its listings', () => {
    const quotas = [quotaOf({ id: 'a', shop: L, quantity: 60 })];
    const listings = [outlet(L, { name: 'one' }), outlet(L, { name: 'two' }), outlet(S)];
    expect(unitsOf(strict({ quotas }), listings)).toEqual([30, 30, 40]);
  });

  it('is a share of the pool beside a reservation, and beside an allocation none', () => {
    const quotas = [quotaOf({ id: 'r', shop: L, quantity: 40, mode: 'reservation' }), quotaOf({ id: 'a', shop: S })];
    const showing = [...showGuarded(strict({ quotas }), ALL, 0).values()];
    expect(showing).toEqual([
      { held: 40, pooled: 25, units: 65 },
      { held: 10, pooled: 0, units: 10 },
      { held: 0, pooled: 25, units: 25 },
    ]);
  });

  it('serves the oldest quota first where stock does not cover them', () => {
    const quotas = [quotaOf({ id: 'l', shop: L, quantity: 60 }), quotaOf({ id: 's', shop: S, quantity: 30 })];
    expect(unitsOf(strict({ onHand: 70, quotas }))).toEqual([60, 10, 0]);
    expect(unitsOf(strict({ onHand: -3, quotas }))).toEqual([0, 0, 0]);
  });

  it("leaves the storefront its weight's share, after the channels among equals", () => {
    expect(unitsOf(strict({ onHand: 90 }), ALL, 3)).toEqual([15, 15, 15]);
    expect(unitsOf(strict({ onHand: 45 }), ALL, 3)).toEqual([8, 8, 7]);
  });

  it('gives a lock first of the pool, and its listing no more until the others have as much', () => {
    const locked = [outlet(L, { locked: 30 }), outlet(S), outlet(Z)];
    expect([100, 60, 40].map((onHand) => unitsOf(strict({ onHand }), locked))).toEqual([
      [34, 33, 33],
      [30, 15, 15],
      [30, 5, 5],
    ]);
  });

  it("takes what the pool has not for a lock off other shops' quotas, newest first", () => {
    const quotas = [quotaOf({ id: 'old', shop: S, quantity: 30 }), quotaOf({ id: 'new', shop: Z, quantity: 30 })];
    const locked = [outlet(L, { locked: 60 }), outlet(S), outlet(Z)];
    expect(unitsOf(strict({ quotas }), locked)).toEqual([60, 30, 10]);
    expect(unitsOf(strict({ onHand: 80, quotas }), locked)).toEqual([60, 20, 0]);
    expect(unitsOf(strict({ onHand: 50, quotas }), locked)).toEqual([60, 0, 0]);
  });

  it("does not take from a quota what its shop's own lock shows anyway", () => {
    const quotas = [quotaOf({ id: 'old', shop: S, quantity: 30 }), quotaOf({ id: 'new', shop: Z, quantity: 30 })];
    const locked = [outlet(L, { locked: 60 }), outlet(S), outlet(Z, { locked: 25 })];
    expect(unitsOf(strict({ quotas }), locked)).toEqual([60, 15, 25]);
  });

  it('leaves a shop of all its quotas together what its own lock shows anyway', () => {
    const quotas = [quotaOf({ id: 'q1', shop: S, quantity: 5 }), quotaOf({ id: 'q2', shop: S, quantity: 5 })];
    const listings = [outlet(L, { locked: 8 }), outlet(S, { locked: 4 })];
    expect([...showGuarded(strict({ onHand: 10, quotas }), listings, 0).values()]).toEqual([
      { held: 0, pooled: 8, units: 8 },
      { held: 4, pooled: 0, units: 4 },
    ]);
  });

  it('is a share of the pool where one of several quotas is a reservation', () => {
    const quotas = [quotaOf({ id: 'a', shop: L }), quotaOf({ id: 'r', shop: L, mode: 'reservation' })];
    expect(unitsOf(strict({ onHand: 50, quotas }))).toEqual([30, 10, 10]);
  });

  it("covers a lock with its own shop's quota before anything else", () => {
    const quotas = [quotaOf({ id: 'l', shop: L, quantity: 60 })];
    expect(unitsOf(strict({ quotas }), [outlet(L, { locked: 50 }), outlet(S), outlet(Z)])).toEqual([60, 20, 20]);
  });
});

describe('together the listings of a guarded sku', () => {
  const packs = fc.array(
    fc.record({
      shop: fc.constantFrom(...SHOPS),
      units: fc.integer({ min: 1, max: 6 }),
      most: fc.nat({ max: 200 }),
      locked: fc.constantFrom(0, 0, 0, 5, 40),
      weight: fc.constantFrom(0, 1, 1, 3),
    }),
    { minLength: 1, maxLength: 6 },
  );
  const quotas = fc.array(
    fc.record({
      shop: fc.constantFrom(...SHOPS),
      mode: fc.constantFrom('allocation' as const, 'reservation' as const),
      quantity: fc.nat({ max: 60 }),
    }),
    { maxLength: 4 },
  );

  it('never show more than is free and N, but for locks', () => {
    const stock = fc.tuple(fc.integer({ min: -20, max: 200 }), fc.nat({ max: 40 }), fc.nat({ max: 50 }));
    fc.assert(
      fc.property(packs, quotas, stock, (all, held, [onHand, safetyBuffer, units]) => {
        const position = positionOf({
          onHand,
          safetyBuffer,
          exposure: { policy: 'bounded', units },
          quotas: held.map((quota, at) => quotaOf({ id: `q${at}`, ...quota })),
        });
        const outlets = all.map(({ weight, ...each }, at) =>
          outlet(each.shop, { ...each, name: `${at}`, rules: { weight } }),
        );
        const shown = showGuarded(position, outlets, 0);
        const sum = outlets.reduce((all_, { id }) => all_ + (shown.get(id)?.units ?? 0), 0);
        const locked = outlets.reduce((all_, each) => all_ + each.locked, 0);
        expect(sum).toBeLessThanOrEqual(Math.max(0, freeOf(position)) + units + locked);
        if (locked === 0) expect(sum).toBeLessThanOrEqual(Math.max(0, freeOf(position)) + units);
        for (const each of outlets) {
          const { held: own = 0, pooled = 0, units: shows = 0 } = shown.get(each.id) ?? {};
          expect(shows).toBe(own + pooled);
          expect(shows).toBeGreaterThanOrEqual(each.locked === 0 ? 0 : Math.min(each.locked, shows));
          if (each.locked === 0) expect(shows).toBeLessThanOrEqual(each.most);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
