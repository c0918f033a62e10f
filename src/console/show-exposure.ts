import {
  freeOf,
  perSaleOf,
  seenByBuyers,
  type ExposurePolicy,
  type Position,
  type SkuUnits,
  type Target,
} from '../domain';
import type { ExposureView, ShownView } from './stock.schema';

/** A listing that sells units of the sku. */
export interface Seller {
  readonly target: Target;
  readonly parts: readonly SkuUnits[];
}

/** What buyers may see of a sku beyond what is free, through which listings, and what caution costs. */
export function showExposure(
  sku: string,
  position: Position,
  { sellers, now }: { readonly sellers: readonly Seller[]; readonly now: number },
): ExposureView {
  const listings = sellers.map((seller) => shownOf(sku, seller, now));
  const shown = listings.reduce((sum, listing) => sum + listing.units, 0);
  return {
    policy: position.exposure.policy,
    allowed: allowedOf(position.exposure),
    now: Math.max(0, shown - freeOf(position)),
    shown,
    notShown: listings.reduce((sum, listing) => sum + listing.notShown, 0),
    closedS: listings.reduce((sum, listing) => sum + listing.closedS, 0),
    listings,
  };
}

function allowedOf(exposure: ExposurePolicy): number | null {
  switch (exposure.policy) {
    case 'open':
      return null;
    case 'bounded':
      return exposure.units;
    case 'strict':
      return 0;
  }
}

/** In units of the sku. */
function shownOf(sku: string, { target, parts }: Seller, now: number): ShownView {
  const perSale = perSaleOf({ parts }, sku);
  const seen = seenByBuyers(target) ?? 0;
  const { openNumber = 0, wanted, closedAt, closedMs = 0 } = target;
  const notShown = target.guarded === true ? Math.max(0, openNumber - (wanted?.units ?? 0)) : 0;
  const openMs = closedAt === undefined ? 0 : Math.max(0, now - closedAt);
  return {
    ...{ shop: target.shop, listing: target.listing, perSale },
    units: perSale * seen,
    notShown: perSale * notShown,
    closedS: Math.round((closedMs + openMs) / 1000),
  };
}
