import type { ReceiverAnswer } from '../platform/receiver-calls';
import { planRetry } from '../platform/retry';
import type { EventTry } from '../store/webhook-events.store';

/** An event that is older than this is not sent any more. */
export const GIVE_UP_MS = 3 * 86_400_000;

/** The event as it was tried, and the present. */
export interface Tried {
  readonly at: number;
  readonly tries: number;
  readonly now: number;
  readonly random: () => number;
  /** `ms` of a day as the hub waits them. */
  readonly pace: (ms: number) => number;
}

/** Whether a receiver took an event: any 2xx, and nothing else. */
export const isTaken = (answer: ReceiverAnswer): boolean =>
  answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;

/** How a try ended: taken, to be tried again later and later for three days, or given up. */
export function judgeTry(answer: ReceiverAnswer, { at, tries, now, random, pace }: Tried): EventTry {
  const tried = { tries: tries + 1, triedAt: now, ...said(answer) };
  if (isTaken(answer)) return { ...tried, state: 'delivered' };
  if (now - at >= pace(GIVE_UP_MS)) return { ...tried, state: 'failed' };
  return { ...tried, state: 'waiting', due: now + pace(delayAfter(answer, tries, random)) };
}

/** How long to wait after a no, with jitter: the receiver's own word where it has one. */
function delayAfter(answer: ReceiverAnswer, tries: number, random: () => number): number {
  const afterMs = answer.kind === 'answered' ? answer.afterMs : undefined;
  const failure = { kind: 'receiver' as const, reason: '', ...(afterMs !== undefined && { afterMs }) };
  const plan = planRetry(failure, tries, random);
  return plan.kind === 'again' ? plan.delayMs : GIVE_UP_MS;
}

/** A receiver that says no may take another event: that one waits no longer than this. */
const ANOTHER_MS = 60_000;

/** How long a receiver that took nothing is left alone: long only where it says so, or says nothing. */
export function silenceAfter(answer: ReceiverAnswer, tries: number, random: () => number): number {
  const delayMs = delayAfter(answer, tries, random);
  return answer.kind === 'answered' && answer.afterMs === undefined ? Math.min(delayMs, ANOTHER_MS) : delayMs;
}

function said(answer: ReceiverAnswer): Pick<EventTry, 'status' | 'why'> {
  switch (answer.kind) {
    case 'answered':
      return { status: answer.status };
    case 'unanswered':
      return { why: answer.why };
    case 'forbidden':
      return { why: 'the address is not https, or leads to no public host' };
  }
}
