const MOST_MS = 24 * 3_600_000;

/** What one answer may silence: a channel that says a day is asked again after a quarter of an hour. */
export const LONGEST_SILENCE_MS = 15 * 60_000;

/** Reads a `Retry-After` header, seconds or a date, as milliseconds from `now`; undefined when it says nothing. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, Math.ceil(ms)), MOST_MS);
}
