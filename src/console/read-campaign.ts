import { keyOf, type CampaignItem, type CampaignTime, type ShopId } from '../domain';
import type { CampaignItemField } from './campaigns.schema';
import { faulty, type Fault } from './refusal';

/** Most skus of shops in one campaign. */
export const MOST_ITEMS = 20_000;

/**
 * A body's rows as items, one for each shop.
 * @throws Refusal 422 where a shop has two rows for a sku.
 */
export function readItems(rows: readonly CampaignItemField[]): readonly CampaignItem[] {
  const seen = new Set<string>();
  const faults: Fault[] = [];
  const items = rows.flatMap(({ sku, quantity, shops }, row) =>
    shops.map((shop, at) => {
      const key = keyOf(sku, shop);
      const path = `items.${row}.shops.${at}`;
      if (seen.has(key)) faults.push({ path, message: `${shop} has ${sku} in this campaign already` });
      seen.add(key);
      return { sku, quantity, shop: shop as ShopId };
    }),
  );
  if (faults.length > 0) throw faulty(faults);
  refuseTooMany(items, 'items');
  return items;
}

/** @throws Refusal 422 where a campaign would have too many items. */
export function refuseTooMany(items: readonly unknown[], path: string): void {
  if (items.length <= MOST_ITEMS) return;
  throw faulty([{ path, message: `${path} must be at most ${MOST_ITEMS} skus of shops` }]);
}

/** @throws Refusal 422 where it would end before it starts. */
export function readTime(time: CampaignTime): CampaignTime {
  if (time.endsAt <= time.startsAt) throw faulty([{ path: 'endsAt', message: 'endsAt must be after startsAt' }]);
  return time;
}
