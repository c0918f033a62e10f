import { createHash } from 'node:crypto';
import { daysBack } from '../domain';

const HOUR_MS = 3_600_000;
const FROM_MS = 3 * HOUR_MS;
const SPREAD_MS = 2 * HOUR_MS;

/** Between three and five in the next night there, every shop or seller at a time of its own. */
export function nextNight(now: number, { id, timeZone }: { readonly id: string; readonly timeZone: string }): number {
  const midnight = daysBack(now, timeZone, 1)[0]?.to ?? now;
  const share = createHash('sha256').update(id).digest().readUInt32BE(0) / 2 ** 32;
  return midnight + FROM_MS + Math.floor(share * SPREAD_MS);
}
