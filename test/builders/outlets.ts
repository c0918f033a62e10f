import { targetIdOf, type ListingId, type Outlet, type ShopId } from '../../src/domain';
import { SELLER } from './stock';

/** A listing of one hat in a shop, named as the shop unless it is given a name. */
export function outletOf(shop: ShopId, changes: Partial<Omit<Outlet, 'id' | 'shop'>> & { name?: string } = {}): Outlet {
  const { name = shop, ...rest } = changes;
  const listing = name as unknown as ListingId;
  const id = targetIdOf(SELLER, shop, listing);
  return { id, shop, listing, parts: [{ sku: 'hat', units: 1 }], rules: {}, lock: 0, ...rest };
}
