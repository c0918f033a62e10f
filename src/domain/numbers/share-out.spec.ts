import * as fc from 'fast-check';
import { outletOf } from '../../../test/builders/outlets';
import { L, positionOf, quotaOf, S, SHOPS, Z } from '../../../test/builders/stock';
import { EMPTY_POSITION, freeOf, type Position } from '../stock/position';
import type { Outlet } from './publish';
import { ShareOut } from './share-out';

const STRICT = { policy: 'strict' } as const;
const PAIR = [
  { sku: 'A', units: 2 },
  { sku: 'B', units: 1 },
];
const of = (sku: string, units = 1) => [{ sku, units }];

function shares(stock: Record<string, Position>, outlets: readonly Outlet[], storefrontWeight = 0) {
  const share = new ShareOut({ positions: new Map(Object.entries(stock)), outlets, storefrontWeight });
  return outlets.map((outlet) => share.of(outlet));
}

const unitsOf = (stock: Record<string, Position>, outlets: readonly Outlet[]) =>
  shares(stock, outlets).map(({ units }) => units);

describe('what a listing shows', () => {
  it('is divided by its units and rounded down, last of all', () => {
    const hat = { hat: positionOf({ onHand: 31 }) };
    const pack = (rules = {}) => [outletOf(L, { parts: of('hat', 3), rules })];
    expect(unitsOf(hat, pack())).toEqual([10]);
    expect(unitsOf(hat, pack({ cap: 10 }))).toEqual([3]);
  });

  it('is the least of the parts of a bundle', () => {
    expect(unitsOf({ A: positionOf(), B: positionOf({ onHand: 30 }) }, [outletOf(L, { parts: PAIR })])).toEqual([30]);
  });

  it('counts a part that a bundle names twice once', () => {
    const twice = [...of('A', 2), ...of('A', 1)];
    expect(unitsOf({ A: positionOf() }, [outletOf(L, { parts: twice })])).toEqual([33]);
  });

  it('pain-05 is unknown, not zero, while a part was never counted', () => {
    const bundle = [outletOf(L, { parts: PAIR })];
    expect(unitsOf({ A: positionOf() }, bundle)).toEqual([undefined]);
    expect(unitsOf({ A: positionOf(), B: EMPTY_POSITION }, bundle)).toEqual([undefined]);
    expect(unitsOf({}, [outletOf(L, { parts: [] })])).toEqual([undefined]);
  });

  it('is then not written, and says so in the same words', () => {
    const [share] = shares({ A: positionOf({ exposure: STRICT }) }, [outletOf(L, { parts: PAIR })]);
    expect(share).toEqual({ units: undefined, open: 0, guarded: true, parts: [] });
  });

  it('is the same in whatever order listings come: of equals the first shop is served, then the first listing', () => {
    const one = { hat: positionOf({ onHand: 1, exposure: STRICT }) };
    expect(unitsOf(one, [outletOf(S), outletOf(L)])).toEqual([0, 1]);
    expect(unitsOf(one, [outletOf(L), outletOf(S)])).toEqual([1, 0]);
    const [a, b] = ['a', 'b'].map((name) => outletOf(L, { name })) as [Outlet, Outlet];
    expect([unitsOf(one, [a, b]), unitsOf(one, [b, a])]).toEqual([
      [1, 0],
      [0, 1],
    ]);
    const crossed = [outletOf(S, { name: 'a' }), outletOf(L, { name: 'z' })];
    expect(unitsOf(one, crossed)).toEqual([0, 1]);
    const three = { hat: positionOf({ onHand: 2, exposure: STRICT }) };
    expect(unitsOf(three, [outletOf(Z), b, outletOf(S), a])).toEqual([1, 0, 1, 0]);
  });

  it('pain-04 counts what is committed and not delivered', () => {
    expect(unitsOf({ hat: positionOf({ committed: 97 }) }, [outletOf(L)])).toEqual([3]);
  });

  it('says what held and shared units it is made of, and what it would be under open', () => {
    const quotas = [quotaOf({ id: 'r', shop: L, quantity: 60, mode: 'reservation' })];
    const stock = { hat: positionOf({ quotas, exposure: STRICT }) };
    const [share] = shares(
      stock,
      SHOPS.map((shop) => outletOf(shop)),
    );
    expect(share).toEqual({
      units: 74,
      open: 100,
      guarded: true,
      parts: [{ sku: 'hat', perSale: 1, held: 60, pooled: 14, units: 74 }],
    });
  });
});

describe('a lock', () => {
  it('keeps its number on show, and an open pool shows the others as much less', () => {
    const outlets = [outletOf(L, { lock: 50 }), outletOf(S), outletOf(Z)];
    expect(unitsOf({ hat: positionOf({ onHand: 40 }) }, outlets)).toEqual([50, 30, 30]);
    expect(unitsOf({ hat: positionOf({ onHand: 70 }) }, outlets)).toEqual([70, 70, 70]);
  });

  it('is no reason to show less of what an open sku holds for others', () => {
    const quotas = [quotaOf({ id: 'a', shop: S, quantity: 60 })];
    const outlets = [outletOf(L, { lock: 50 }), outletOf(S), outletOf(Z)];
    expect(unitsOf({ hat: positionOf({ quotas }) }, outlets)).toEqual([50, 60, 30]);
  });
});

describe('a bundle of a guarded sku', () => {
  it('is dealt no more of a part than its other parts allow', () => {
    const stock = { A: positionOf({ onHand: 90, exposure: STRICT }), B: positionOf({ onHand: 5 }) };
    const outlets = [outletOf(L, { parts: PAIR }), outletOf(S, { parts: of('A') }), outletOf(Z, { parts: of('B') })];
    expect(unitsOf(stock, outlets)).toEqual([5, 80, 5]);
  });

  it('is guarded by one of its parts', () => {
    const stock = { A: positionOf({ exposure: STRICT }), B: positionOf() };
    const [bundle, a, b] = shares(stock, [
      outletOf(L, { parts: PAIR }),
      outletOf(S, { parts: of('A') }),
      outletOf(Z, { parts: of('B') }),
    ]);
    expect([bundle?.guarded, a?.guarded, b?.guarded]).toEqual([true, true, false]);
  });

  it('keeps its lock on show in units of the sku', () => {
    const packs = outletOf(L, { parts: of('A', 3), lock: 2 });
    expect(
      unitsOf({ A: positionOf({ onHand: 7, exposure: STRICT }) }, [packs, outletOf(S, { parts: of('A') })]),
    ).toEqual([2, 1]);
  });

  it('promises no unit of any part twice', () => {
    const stock = { A: positionOf({ exposure: STRICT }), B: positionOf({ onHand: 30, exposure: STRICT }) };
    const outlets = [outletOf(L, { parts: PAIR }), outletOf(S, { parts: of('A') }), outletOf(Z, { parts: of('B') })];
    const [pair = 0, a = 0, b = 0] = unitsOf(stock, outlets);
    expect([2 * pair + a <= 100, pair + b <= 30]).toEqual([true, true]);
    expect(pair).toBeGreaterThan(0);
  });
});

describe('the last units', () => {
  const keeper = (parts: Outlet['parts'], lastUnits = 5) => outletOf(L, { parts, rules: { lastUnits } });
  const other = outletOf(S, { parts: of('A') });
  const stockOf = (A: Partial<Position>, B: Partial<Position> = {}) => ({ A: positionOf(A), B: positionOf(B) });
  const BOTH = [...of('A'), ...of('B', 2)];

  it('are left to a pack while they are one sale of it', () => {
    expect(unitsOf(stockOf({ onHand: 3 }), [keeper(of('A', 3)), other])).toEqual([1, 0]);
    expect(unitsOf(stockOf({ onHand: 2 }), [keeper(of('A', 3)), other])).toEqual([0, 2]);
  });

  it('are left to a bundle while its other parts allow a sale', () => {
    expect(unitsOf(stockOf({ onHand: 3 }, { onHand: 2 }), [keeper(BOTH), other])).toEqual([1, 0]);
    expect(unitsOf(stockOf({ onHand: 3 }, { onHand: 1 }), [keeper(BOTH), other])).toEqual([0, 3]);
  });

  it('are left to a bundle of which its shop holds the other part', () => {
    const quotas = [quotaOf({ id: 'a', shop: L, quantity: 2 })];
    expect(unitsOf(stockOf({ onHand: 3 }, { onHand: 2, quotas }), [keeper(BOTH), other])).toEqual([1, 0]);
    const elsewhere = [quotaOf({ id: 'a', shop: Z, quantity: 2 })];
    expect(unitsOf(stockOf({ onHand: 3 }, { onHand: 2, quotas: elsewhere }), [keeper(BOTH), other])).toEqual([0, 3]);
  });

  it('are not left to a bundle whose other part has last units that another shop keeps', () => {
    const keepsB = outletOf(Z, { parts: of('B'), rules: { lastUnits: 10 } });
    expect(unitsOf(stockOf({ onHand: 3 }, { onHand: 6 }), [keeper(BOTH), other, keepsB])).toEqual([0, 3, 6]);
    expect(unitsOf(stockOf({ onHand: 3 }, { onHand: 10 }), [keeper(BOTH), other, keepsB])).toEqual([3, 0, 10]);
  });

  it('are left to the single listing of a shop whose bundle is empty', () => {
    const single = outletOf(L, { name: 'single', parts: of('A'), rules: { lastUnits: 5 } });
    expect(unitsOf(stockOf({ onHand: 3 }, { onHand: 0 }), [keeper(BOTH), other, single])).toEqual([0, 0, 3]);
  });

  it('of a strict sku are dealt to all others where the keeper cannot sell them', () => {
    const strict = { onHand: 2, exposure: STRICT };
    expect(unitsOf(stockOf(strict), [keeper(of('A', 3)), other])).toEqual([0, 2]);
    expect(unitsOf(stockOf({ ...strict, onHand: 3 }), [keeper(of('A', 3)), other])).toEqual([1, 0]);
  });

  it('are left to nobody whom the lock of another shop leaves less than one sale', () => {
    const locked = outletOf(Z, { parts: of('A'), lock: 2 });
    expect(unitsOf(stockOf({ onHand: 3 }), [keeper(of('A', 3)), other, locked])).toEqual([0, 1, 2]);
  });
});

describe('over any market', () => {
  const policies = fc.constantFrom<Position['exposure']>({ policy: 'open' }, STRICT, { policy: 'bounded', units: 7 });
  const stock = fc.record({ onHand: fc.integer({ min: -5, max: 120 }), exposure: policies });
  const parts = fc.constantFrom(of('A'), of('B'), of('A', 3), PAIR);
  const listings = fc.array(fc.tuple(fc.constantFrom(...SHOPS), parts), { minLength: 1, maxLength: 7 });

  it('no number is below zero or above open, and guarded skus are never promised beyond their policy', () => {
    fc.assert(
      fc.property(stock, stock, listings, (a, b, all) => {
        const positions = { A: positionOf(a), B: positionOf(b) };
        const outlets = all.map(([shop, of_], at) => outletOf(shop, { name: `${at}`, parts: of_ }));
        const shown = shares(positions, outlets);
        for (const { units = 0, open } of shown) {
          expect(units).toBeGreaterThanOrEqual(0);
          expect(units).toBeLessThanOrEqual(open);
        }
        for (const [sku, position] of Object.entries(positions)) {
          if (position.exposure.policy === 'open') continue;
          const allowed = position.exposure.policy === 'strict' ? 0 : position.exposure.units;
          const promised = outlets.flatMap((outlet, at) =>
            outlet.parts.filter((part) => part.sku === sku).map((part) => part.units * (shown[at]?.units ?? 0)),
          );
          const sum = promised.reduce((total, units) => total + units, 0);
          expect(sum).toBeLessThanOrEqual(Math.max(0, freeOf(position)) + allowed);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
