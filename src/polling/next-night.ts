import { createHash } from 'node:crypto';
import { daysBack } from '../domain';
import type { ShopRecord } from '../store/shops.store';

const HOUR_MS = 3_600_000;
const FROM_MS = 3 * HOUR_MS;
const SPREAD_MS = 2 * HOUR_MS;

/** Between three and five in the next night there, every shop at a time of its own. */
export function nextNight(now: number, shop: Pick<ShopRecord, 'id' | 'timeZone'>): number {
  const midnight = daysBack(now, shop.timeZone, 1)[0]?.to ?? now;
  const share = createHash('sha256').update(shop.id).digest().readUInt32BE(0) / 2 ** 32;
  return midnight + FROM_MS + Math.floor(share * SPREAD_MS);
}
