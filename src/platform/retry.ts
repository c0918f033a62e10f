import { ChannelError } from '../../connectors/kit';
import { HubError } from './hub-error';
import { LONGEST_SILENCE_MS } from './retry-after';

/** Every reason for which work is tried again. */
export type FailureKind =
  | 'throttled'
  | 'unavailable'
  | 'unauthorized'
  | 'malformed'
  | 'refused'
  | 'conflict'
  | 'store'
  | 'operator'
  | 'fault'
  /** A seller's own address did not take an event. */
  | 'receiver';

export interface Failure {
  readonly kind: FailureKind;
  /** The other side's own word on when to come back; a channel's as far as it may silence us. */
  readonly afterMs?: number;
  /** For people; no secrets, no buyers' data. */
  readonly reason: string;
}

interface RetryRow {
  readonly baseMs: number;
  readonly capMs: number;
  /** How often it is tried again. */
  readonly tries: number;
  /** What comes after the last try: a dead letter, or waiting for a person, who is told by a problem. */
  readonly then: 'dead' | 'operator';
}

/** The table of retries. Delays double from `baseMs` to `capMs`, each drawn between 0 and that (full jitter). */
export const RETRIES: Readonly<Record<FailureKind, RetryRow>> = {
  throttled: { baseMs: 1000, capMs: 60_000, tries: 200, then: 'dead' },
  unavailable: { baseMs: 1000, capMs: 300_000, tries: 300, then: 'dead' },
  unauthorized: { baseMs: 30_000, capMs: 900_000, tries: 3, then: 'operator' },
  malformed: { baseMs: 2000, capMs: 30_000, tries: 3, then: 'dead' },
  refused: { baseMs: 0, capMs: 0, tries: 0, then: 'dead' },
  conflict: { baseMs: 20, capMs: 2000, tries: 50, then: 'dead' },
  store: { baseMs: 500, capMs: 30_000, tries: Infinity, then: 'dead' },
  operator: { baseMs: 0, capMs: 0, tries: 0, then: 'operator' },
  fault: { baseMs: 2000, capMs: 60_000, tries: 5, then: 'dead' },
  // Its end is the event's age.
  receiver: { baseMs: 1000, capMs: 900_000, tries: Infinity, then: 'dead' },
};

/** Never longer than this, whatever the other side asks for. */
const MOST_AFTER_MS = 24 * 3_600_000;

export type RetryPlan =
  { readonly kind: 'again'; readonly delayMs: number } | { readonly kind: 'stop'; readonly then: 'dead' | 'operator' };

/**
 * When to try again after `tries` earlier retries.
 * @param random 0 (incl.) to 1 (excl.).
 */
export function planRetry(failure: Failure, tries: number, random: () => number): RetryPlan {
  const row = RETRIES[failure.kind];
  if (tries >= row.tries) return { kind: 'stop', then: row.then };
  const highestMs = Math.min(row.capMs, row.baseMs * 2 ** Math.min(tries, 30));
  const jitterMs = Math.round(random() * highestMs);
  if (failure.afterMs === undefined) return { kind: 'again', delayMs: jitterMs };
  return { kind: 'again', delayMs: Math.min(failure.afterMs + Math.min(jitterMs, 1000), MOST_AFTER_MS) };
}

/** Sorts whatever was thrown into the table. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ChannelError) return channelFailure(error);
  if (error instanceof HubError) return { kind: kindOf(error), reason: error.message };
  const name = error instanceof Error ? error.name : '';
  const reason = error instanceof Error ? `${name}: ${error.message}` : 'something that is no error was thrown';
  return { kind: name.startsWith('Mongo') ? 'store' : 'fault', reason };
}

function channelFailure({ failure, message }: ChannelError): Failure {
  const afterMs = 'afterMs' in failure ? failure.afterMs : undefined;
  const reason = failure.kind === 'refused' ? `${failure.reason}: ${message}` : message;
  const wait = afterMs === undefined ? {} : { afterMs: Math.min(afterMs, LONGEST_SILENCE_MS) };
  return { kind: failure.kind, reason, ...wait };
}

function kindOf(error: HubError): FailureKind {
  if (error.retry === 'operator') return 'operator';
  if (error.retry === 'never') return 'refused';
  return error.code === 'conflict' ? 'conflict' : error.code === 'fault' ? 'fault' : 'store';
}
