/** What is known of a shop's list, and how it is read; all in ms. */
export interface ReadSoFar {
  readonly readTo: number;
  readonly now: number;
  /** Read again before `readTo`: what appears late in the list, and clocks that differ. */
  readonly overlapMs: number;
  /** The channel's longest window, where it has one. */
  readonly longestMs?: number;
}

const DAY_MS = 86_400_000;

/** The next window of a list of changed orders: a day at most, so that a long way is kept day by day. */
export function nextWindow({ readTo, now, overlapMs, longestMs }: ReadSoFar): { from: number; to: number } {
  const from = Math.min(readTo, now) - overlapMs;
  const longest = Math.max(Math.min(longestMs ?? DAY_MS, DAY_MS), 2 * overlapMs);
  return { from, to: Math.min(now, from + longest) };
}
