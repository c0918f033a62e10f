/** What was set at an instant, ms, and stayed so until the next. */
export type Dated<Value> = Value & { readonly at: number };

/** Most entries of a history that are kept; a shorter one reaches back to the beginning. */
export const MOST_DATED = 50;

/** What was so at `at`, of a history oldest first; undefined where the history does not reach back so far. */
export function asOf<Value>(history: readonly Dated<Value>[], at: number): Dated<Value> | undefined {
  return history.findLast((entry) => entry.at <= at);
}
