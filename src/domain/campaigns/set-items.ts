import type { CampaignItem } from './campaign';
import { keyOf } from '../ids';
import type { ItemRow } from '../files/read-item-row';

/** The items with what the rows say of their skus in their shops; all others stay as they are. */
export function setItems(items: readonly CampaignItem[], rows: readonly ItemRow[]): readonly CampaignItem[] {
  const asked = rows.flatMap(({ sku, quantity, shops }) => shops.map((shop) => ({ sku, shop, quantity })));
  const kept = items.map(({ sku, shop, quantity }) => ({ sku, shop, quantity }));
  return [...new Map([...kept, ...asked].map((item) => [keyOf(item.sku, item.shop), item])).values()];
}
