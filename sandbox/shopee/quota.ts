import type { App } from '../shop';
import type { Ground } from '../world';
import { refuse } from './door';
import { faceOfApp } from './faces';

const DAY_MS = 86_400_000;
const SHOPEE_OFFSET_MS = 8 * 3_600_000;

/** The day that an instant is in at UTC+8, where the app's quota comes back at midnight. [S6 doc] */
export function quotaDay(nowMs: number): number {
  return Math.floor((nowMs + SHOPEE_OFFSET_MS) / DAY_MS);
}

/** Counts a call of an app; over the day's quota it answers `error_limit` until 00:00 UTC+8. [S6 doc][S10] */
export function refuseOverQuota(ground: Ground, app: App): void {
  const face = faceOfApp(app);
  const today = quotaDay(Date.now());
  if (face.day !== today) {
    face.day = today;
    face.callsToday = 0;
  }
  face.callsToday += 1;
  const quota = ground.quirks.choices.dailyQuota;
  if (quota !== undefined && face.callsToday > quota) {
    throw refuse('error_limit', 'The daily quota of the app is used up, it comes back at 00:00 (UTC+8).');
  }
}
