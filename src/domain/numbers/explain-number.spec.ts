import { L, positionOf, quotaOf, S, SELLER } from '../../../test/builders/stock';
import { explainNumber, explainStock } from './explain-number';
import { targetIdOf, type ListingId } from '../ids';
import type { Position } from '../stock/position';
import type { Outlet } from './publish';
import { ShareOut } from './share-out';

const listing = 'listing' as ListingId;
const outletOf = (changes: Partial<Outlet> = {}): Outlet => {
  const shop = changes.shop ?? L;
  const id = targetIdOf(SELLER, shop, listing);
  return { id, shop, listing, parts: [{ sku: 'hat', units: 1 }], rules: {}, lock: 0, ...changes };
};

/** What each step says, and of how many units, for the first of the outlets. */
function steps(positions: Readonly<Record<string, Position>>, outlets: readonly [Outlet, ...Outlet[]]) {
  const known = new Map(Object.entries(positions));
  const share = new ShareOut({ positions: known, outlets, storefrontWeight: 0 }).of(outlets[0]);
  const told = explainNumber(outlets[0], share, known);
  expect(told.at(-1)?.units).toBe(share.units ?? 0);
  return told.map(({ what, units }) => `${what} ${units}`);
}

describe('why a listing shows its number', () => {
  it('goes from the pool over the rules to whole sales', () => {
    const outlet = outletOf({ parts: [{ sku: 'hat', units: 3 }], rules: { percent: 50, buffer: 2, cap: 30 } });
    expect(steps({ hat: positionOf() }, [outlet])).toEqual(['rules 30', 'part 30', 'number 10']);
  });

  it('shows an allocation as floor and ceiling, a reservation with its share of the rest', () => {
    const allocation = positionOf({ quotas: [quotaOf({ id: 'q', shop: L, quantity: 60 })] });
    expect(steps({ hat: allocation }, [outletOf()])).toEqual(['own-quota 60', 'part 60', 'number 60']);
    const reservation = positionOf({ quotas: [quotaOf({ id: 'q', shop: L, quantity: 60, mode: 'reservation' })] });
    expect(steps({ hat: reservation }, [outletOf()])).toEqual(['own-quota 60', 'rules 40', 'part 100', 'number 100']);
  });

  it('says when what is held is not there', () => {
    const position = positionOf({ onHand: 40, quotas: [quotaOf({ id: 'q', shop: L, quantity: 60 })] });
    const known = new Map([['hat', position]]);
    const share = new ShareOut({ positions: known, outlets: [outletOf()], storefrontWeight: 0 }).of(outletOf());
    const part = explainNumber(outletOf(), share, known).find(({ what }) => what === 'part');
    expect(part).toMatchObject({ units: 40, sentence: expect.stringContaining('40 are free of these') as string });
  });

  it('tells what a guarded sku deals out', () => {
    const position = positionOf({ exposure: { policy: 'bounded', units: 20 } });
    expect(steps({ hat: position }, [outletOf(), outletOf({ shop: S })])).toEqual([
      'exposure 60',
      'part 60',
      'number 60',
    ]);
  });

  it('tells the least part of a bundle, and a lock', () => {
    const parts = [
      { sku: 'hat', units: 1 },
      { sku: 'pin', units: 4 },
    ];
    const bundle = outletOf({ parts, lock: 30 });
    const told = steps({ hat: positionOf(), pin: positionOf() }, [bundle]);
    expect(told).toEqual(['rules 100', 'part 100', 'rules 100', 'part 100', 'bundle 25', 'lock 30', 'number 30']);
  });

  it('says that rules give way to the last units of another shop', () => {
    const position = positionOf({ onHand: 3 });
    const known = new Map([['hat', position]]);
    const outlets = [outletOf(), outletOf({ shop: S, rules: { lastUnits: 5 } })] as const;
    const share = new ShareOut({ positions: known, outlets, storefrontWeight: 0 }).of(outlets[0]);
    expect(explainNumber(outlets[0], share, known)[0]?.sentence).toContain('would show 3 of these');
  });

  it('says that a listing with an uncounted part is not written', () => {
    expect(steps({ hat: positionOf({ counted: false }) }, [outletOf()])).toEqual(['uncounted 0']);
  });
});

describe('the numbers of a sku', () => {
  it('are told with every quota and the safety buffer', () => {
    const position = positionOf({ committed: 10, safetyBuffer: 5, quotas: [quotaOf({ id: 'q', quantity: 20 })] });
    expect(explainStock('hat', position).map(({ what, units }) => `${what} ${units}`)).toEqual([
      ...['free 90', 'quotas 20', 'safety-buffer 5', 'shared 65'],
    ]);
  });

  it('are not told of a sku that was never counted', () => {
    expect(explainStock('hat', positionOf({ counted: false }))).toMatchObject([{ what: 'uncounted' }]);
  });
});
