import type { Listing, Promotion } from './shop';

/** What an order did to the units that a promotion has set apart. */
export interface ReserveMove {
  promotion: Promotion;
  before: number;
  after: number;
}

/** Notes what promotions have set apart now; the answer tells what has moved since. */
export function watchReserves(listings: readonly Listing[]): () => ReserveMove[] {
  const before = new Map<Promotion, number>();
  for (const { promotion, locked } of listings) if (promotion !== undefined) before.set(promotion, locked);
  return () =>
    [...before].flatMap(([promotion, units]) => {
      const after = promotion.listing.locked;
      return after === units ? [] : [{ promotion, before: units, after }];
    });
}
