import { EMPTY_POSITION, type Position, type Target } from '../domain';
import { shownTarget } from '../../test/builders/targets';
import { showExposure } from './show-exposure';

const NOW = 100_000;
const position: Position = { ...EMPTY_POSITION, counted: true, onHand: 100, committed: 10 };
const sells = (target: Target, units: number) => ({ target, parts: [{ sku: 'hat', units }] });
const show = (targets: readonly Target[], changes: Partial<Position> = {}) =>
  showExposure('hat', { ...position, ...changes }, { sellers: targets.map((target) => sells(target, 1)), now: NOW });

describe('the exposure of a sku', () => {
  it('is what buyers may see beyond what is free, listing by listing', () => {
    const sellers = [sells(shownTarget(60), 1), sells(shownTarget(20, { drift: -2 }), 3)];
    expect(showExposure('hat', position, { sellers, now: NOW })).toMatchObject({
      ...{ policy: 'open', allowed: null, shown: 114, now: 24, notShown: 0, closedS: 0 },
      listings: [
        { perSale: 1, units: 60 },
        { perSale: 3, units: 54 },
      ],
    });
  });

  it('counts a number in flight, and is never below nothing', () => {
    expect(show([shownTarget(60)]).now).toBe(0);
    expect(show([shownTarget(60, { sent: { units: 95, version: 2, at: 1 } })]).now).toBe(5);
  });

  it('tells what caution costs: units that open would show, and seconds closed', () => {
    const cautious = shownTarget(40, { guarded: true, openNumber: 90, closedMs: 3000, closedAt: NOW - 2000 });
    const other = shownTarget(50, { guarded: true, openNumber: 90 });
    const shown = show([cautious, other], { exposure: { policy: 'bounded', units: 5 } });
    expect(shown).toMatchObject({ allowed: 5, notShown: 90, closedS: 5 });
    expect(shown.listings.map(({ notShown, closedS }) => [notShown, closedS])).toEqual([
      [50, 5],
      [40, 0],
    ]);
  });
});
