import type { Listing, Shop } from '../shop';
import { refuse } from './door';

/** `<itemId>_<COUNTRY>-<skuId>`. [L4 doc] */
export function shopSku(shop: Shop, listing: Listing): string {
  return `${listing.itemId}_${shop.region}-${listing.modelId}`;
}

/** `2018-05-17 09:23:36 +0800`: not the form that requests use. [L11][L12] */
export function instantText(us: number, offset: '+0800' | '+0700'): string {
  const hours = Number(offset.slice(1, 3));
  const local = new Date(Math.floor(us / 1_000_000) * 1000 + hours * 3_600_000);
  return `${local.toISOString().slice(0, 19).replace('T', ' ')} ${offset}`;
}

/** ISO 8601 with an offset, such as `2018-02-10T09:00:00+08:00`. [L4 doc] */
export function instant(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.test(text))
    throw refuse('17', 'E017: Invalid Date Format');
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw refuse('17', 'E017: Invalid Date Format');
  return ms;
}
