import type { Listing } from '../shop';
import { faceOfShop } from './faces';

/** Units by warehouse as they were last written; what sold since is taken off when somebody looks. */
const written = new WeakMap<Listing, Map<string, number>>();

/** What a listing has in each of the shop's warehouses; one nameless one for most shops. [S4][S6 doc] */
export function unitsByLocation(listing: Listing): Map<string, number> {
  const { locations } = faceOfShop(listing.shop);
  if (locations.length === 0) return new Map([['', listing.sellable]]);
  const before = written.get(listing);
  const units = new Map(locations.map((location) => [location, before?.get(location) ?? 0]));
  let missing = listing.sellable - [...units.values()].reduce((sum, one) => sum + one, 0);
  for (const [location, has] of units) {
    const change = Math.max(missing, -has);
    units.set(location, has + change);
    missing -= change;
  }
  written.set(listing, units);
  return units;
}

/** Sets the warehouses that are named and leaves the others; answers the sum. */
export function writeLocations(listing: Listing, wanted: ReadonlyMap<string, number>): number {
  const units = unitsByLocation(listing);
  for (const [location, stock] of wanted) units.set(location, stock);
  written.set(listing, units);
  return [...units.values()].reduce((sum, one) => sum + one, 0);
}
