/** How a look at a shop's list of orders ended. */
export type PollEnd =
  /** `isBehind`: the list was read up to an instant that is long past. */
  | { readonly kind: 'read'; readonly isBehind: boolean }
  /** Turns of other shops come first; the pass goes on where it stopped. */
  | { readonly kind: 'more' }
  /** Only what somebody waited for was read: the list is due when it was. */
  | { readonly kind: 'heard'; readonly pollAt: number }
  /** The shop cannot be called before a person authorises it. */
  | { readonly kind: 'held' }
  /** `afterMs`: the channel's own word. */
  | { readonly kind: 'failed'; readonly afterMs?: number; readonly failures: number };

export interface PollPace {
  readonly now: number;
  readonly pollMs: number;
  /** A quiet shop is polled four times as often. */
  readonly isQuiet: boolean;
  /** 0 (incl.) to 1 (excl.): so that thousands of shops do not come at once. */
  readonly random: number;
}

const FIRST_RETRY_MS = 1000;
const MOST_DOUBLINGS = 10;
const QUIET_SHARE = 4;
const JITTER = 0.2;

/** When a shop's list is read next. Never later than `pollMs` from now, unless the channel said so. */
export function planPoll(end: PollEnd, { now, pollMs, isQuiet, random }: PollPace): number {
  const jittered = (ms: number): number => now + Math.round(ms * (1 - JITTER * random));
  switch (end.kind) {
    case 'more':
      return now;
    case 'read':
      return end.isBehind ? now : jittered(isQuiet ? pollMs / QUIET_SHARE : pollMs);
    case 'heard':
      return end.pollAt;
    case 'held':
      return jittered(pollMs);
    case 'failed': {
      const backoffMs = Math.min(pollMs, FIRST_RETRY_MS * 2 ** Math.min(end.failures, MOST_DOUBLINGS));
      return end.afterMs === undefined ? jittered(backoffMs) : now + Math.max(end.afterMs, FIRST_RETRY_MS);
    }
  }
}
