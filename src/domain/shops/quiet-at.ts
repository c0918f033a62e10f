import { HOURS_OF_DAY, type PushRhythm } from './learn-rhythm';

/** So many pushes were to be expected and none came: in an ordinary silence less than once in a hundred. */
const EXPECTED = 5;
const MOST_HOURS = 2 * HOURS_OF_DAY;

/**
 * When a shop that was last heard at `lastHeardAt` is quiet against its own rhythm, should nothing come before.
 * Undefined where no silence would be strange. Hours that are not known yet expect nothing.
 */
export function quietAt(rhythm: PushRhythm, lastHeardAt: number, hourMs: number): number | undefined {
  let missing = EXPECTED;
  const first = Math.floor(lastHeardAt / hourMs);
  for (let hour = first; hour < first + MOST_HOURS; hour += 1) {
    const perHour = rhythm.hourly[hour % HOURS_OF_DAY] ?? 0;
    const from = Math.max(lastHeardAt, hour * hourMs);
    const expected = (perHour * ((hour + 1) * hourMs - from)) / hourMs;
    if (expected >= missing) return Math.ceil(from + (missing / perHour) * hourMs);
    missing -= expected;
  }
  return undefined;
}
