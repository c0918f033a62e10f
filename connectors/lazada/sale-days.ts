const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** A sale without an end. */
const FOREVER_MS = 253_402_214_400_000;

/** `YYYY-MM-DD`, the day on which an instant falls by a clock that is `offsetMs` from UTC. [L5 doc] */
export const dayOf = (instant: number, offsetMs: number): string =>
  new Date(Math.min(Math.max(0, instant), FOREVER_MS) + offsetMs).toISOString().slice(0, 10);

/** `2022-07-11 17:43`, `2022-07-11`, and `2015-07-3100:00` of old data. [L5 doc][L11] */
const WRITTEN = /^(\d{4})-(\d\d)-(\d\d)(?:[ T]?(\d\d):(\d\d)(?::\d\d)?)?$/;

interface Wall {
  /** Midnight before it, ms. */
  readonly day: number;
  /** Minutes since then; undefined where only the day is written. */
  readonly minutes: number | undefined;
}

function readWall(text: string, offsetMs: number): Wall | undefined {
  const match = WRITTEN.exec(text.trim());
  if (match === null) return undefined;
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as [number, number, number, number, number];
  const midnight = new Date(Date.UTC(year, month - 1, day));
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return undefined;
  if (match[4] === undefined) return { day: midnight.getTime() - offsetMs, minutes: undefined };
  return hour > 23 || minute > 59 ? undefined : { day: midnight.getTime() - offsetMs, minutes: hour * 60 + minute };
}

/** When a sale begins, ms; a day is wholly inside. Undefined for a text that is neither. Without one: ever since. */
export function readSaleStart(text: string | undefined, offsetMs: number): number | undefined {
  if (text === undefined) return 0;
  const wall = readWall(text, offsetMs);
  return wall && Math.max(0, wall.day + (wall.minutes ?? 0) * MINUTE_MS);
}

/**
 * When a sale ends, ms, itself outside. A day is wholly inside: also where it is read back as its first or its last
 * minute, both of which stand for the date that was written (QUIRKS 24).
 */
export function readSaleEnd(text: string | undefined, offsetMs: number): number | undefined {
  if (text === undefined) return FOREVER_MS;
  const wall = readWall(text, offsetMs);
  if (wall === undefined) return undefined;
  const { day, minutes = 0 } = wall;
  return minutes === 0 || minutes === 24 * 60 - 1 ? day + DAY_MS : day + minutes * MINUTE_MS;
}
