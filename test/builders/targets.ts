import { targetIdOf, type ListingId, type Plan, type Target } from '../../src/domain';
import { L, SELLER } from './stock';

const listing = 'listing' as ListingId;

/** A listing that nothing is known of yet. */
export const targetOf = (changes: Partial<Target> = {}): Target => ({
  id: targetIdOf(SELLER, L, listing),
  seller: SELLER,
  shop: L,
  listing,
  skus: ['hat'],
  v: 1,
  drift: 0,
  planned: [],
  openUnits: 0,
  tries: 0,
  ...changes,
});

/** A listing that was told to show `units` at 10 s, and said yes. */
export const shownTarget = (units: number, changes: Partial<Target> = {}): Target =>
  targetOf({
    wanted: { units, version: 1, at: 10_000 },
    acknowledged: { units, version: 1, at: 10_000 },
    planned: [{ sku: 'hat', v: 1 }],
    ...changes,
  });

/** The next plan of it, at 60 s. */
export const planOf = (units: number | undefined, changes: Partial<Plan> = {}): Plan => ({
  units,
  open: units ?? 0,
  guarded: false,
  positions: [{ sku: 'hat', v: 2 }],
  heard: [],
  trigger: 'order',
  now: 60_000,
  skewMs: 1000,
  ...changes,
});
