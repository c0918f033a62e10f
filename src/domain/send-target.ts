import { isBlocked, isStaleLock, lockOfReading, lockOfRefusal, TAUGHT_MS } from './learn-lock';
import { lockAt, lockOf } from './lock-of';
import { seenByBuyers, type LockTold, type Target } from './target';

/** A call to a channel is ended after 10 s; nobody else touches the listing for 30. */
export const LEASE_MS = 30_000;
/** What a channel shows follows its own word after a moment. */
const SETTLED_MS = 1500;

/** What is to be done with a target that is due. */
export type Step =
  /** Nothing is to be written: never counted, or it shows the number already. */
  | { readonly kind: 'rest' }
  /** Somebody else is at it, or a call may still be answered. */
  | { readonly kind: 'wait'; readonly until: number }
  /** A call was never answered: what it did is read back before anything else. */
  | { readonly kind: 'read-back' }
  | { readonly kind: 'write'; readonly raises: boolean };

/** Decides what a due target needs now. */
export function nextStep(target: Target, now: number): Step {
  if (target.lease !== undefined && target.lease.until > now) return { kind: 'wait', until: target.lease.until };
  if (target.sent !== undefined) {
    const safeAt = target.sent.at + (target.sent.isOver === true ? SETTLED_MS : LEASE_MS);
    return safeAt > now ? { kind: 'wait', until: safeAt } : { kind: 'read-back' };
  }
  if (target.check === true) return { kind: 'read-back' };
  const seen = seenByBuyers(target);
  const isShown = target.wanted?.units === seen && target.unsure === undefined;
  if (target.wanted === undefined || isShown) return { kind: 'rest' };
  // Planned without its lock: it would be refused, and is planned anew.
  if (target.wanted.units < lockOf(target, now)) return { kind: 'rest' };
  const raises = seen === undefined || target.wanted.units > seen;
  return !raises && isStaleLock(target, now) ? { kind: 'read-back' } : { kind: 'write', raises };
}

/** What a call left behind is cleared; a lowering that was wished for while it was out is still to be tried. */
function next(target: Target): Omit<Target, 'due' | 'lease' | 'sent' | 'unknown' | 'alone'> {
  const { due: _due, lease: _lease, sent, unknown: _unknown, lowering, alone: _alone, ...rest } = target;
  const waits = lowering === true && sent !== undefined && target.wanted?.version !== sent.version;
  return { ...rest, v: target.v + 1, ...(waits ? { lowering } : {}) };
}

/** Nothing to write: it is due no more. */
export const restTarget = (target: Target): Target => next(target);

/** Its shop is paused: it is due no more. A call that nobody answered stays known. */
export function setAsideTarget({ due: _due, lowering: _lowering, ...rest }: Target): Target {
  return { ...rest, v: rest.v + 1 };
}

/** It is looked at again at `due`; whether it waits with a raise for others is as before. */
export const postponeTarget = (target: Target, due: number): Target => ({ ...target, v: target.v + 1, due });

/** News of a change come in bursts, our own writes among them: the listing is read once for all of this long. */
const SETTLE_MS = 10_000;

/** Something besides us may have changed what the listing shows. Undefined where nothing was ever shown, or it is known. */
export function checkTarget(target: Target, now: number): Target | undefined {
  if (target.acknowledged === undefined || target.check === true) return undefined;
  const quietAt = Math.max(now, Math.max(target.acknowledged.at, target.readBack?.at ?? 0) + SETTLE_MS);
  return { ...target, v: target.v + 1, check: true, due: Math.min(target.due ?? quietAt, quietAt) };
}

/** Takes the listing for one call. `sent` is written before the call, so that a crash leaves a trace of it. */
export function claimTarget(target: Target, claim: { token: string; now: number; reads: boolean }): Target {
  const lease = { token: claim.token, until: claim.now + LEASE_MS };
  const claimed = { ...target, v: target.v + 1, lease, due: lease.until, tries: target.tries + 1 };
  if (claim.reads || target.wanted === undefined) return claimed;
  const { units, version } = target.wanted;
  return { ...claimed, sent: { units, version, at: claim.now } };
}

/** The channel's word on one listing, as `push` reads it. */
export type TargetAnswer =
  | { readonly kind: 'done' }
  /** What buyers see by the channel's own word, and its lock where it was asked; undefined: it does not know the listing. */
  | { readonly kind: 'read'; readonly units: number | undefined; readonly lock?: LockTold }
  /** It was certainly not carried out; tried again at `due`. */
  | { readonly kind: 'again'; readonly due: number; readonly alone?: boolean }
  /** The read-back did not come about: the call before it is still unanswered. */
  | { readonly kind: 'unread'; readonly due: number }
  /** Nobody knows whether it was carried out. `isOver`: nothing of the call can still be on its way. */
  | { readonly kind: 'unanswered'; readonly isOver?: boolean }
  /** Below the channel's lock, of which the refusal may name the least number that would be taken. */
  | { readonly kind: 'floor'; readonly floor?: number }
  /** A final no. Not tried again before the number changes or a person asks. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

function withDue(target: Omit<Target, 'due'>, now: number): Target {
  const differs = target.wanted !== undefined && target.wanted.units !== seenByBuyers(target);
  return differs || target.unsure !== undefined || target.check === true ? { ...target, due: now } : target;
}

/** `drift`: what is known already to have changed what the number makes buyers see. */
function acknowledge(target: Target, { units, drift }: { units: number; drift: number }, at: number): Target {
  const { refusal: _refusal, unsure, ...rest } = next(target);
  const isStillUnsure = unsure !== undefined && target.sent !== undefined && unsure >= target.sent.at;
  const version = target.sent?.version ?? target.acknowledged?.version ?? 0;
  return withDue(
    {
      ...rest,
      acknowledged: { units, version, at },
      drift,
      ...lockAt(target, drift),
      tries: 0,
      ...(isStillUnsure && { unsure }),
    },
    at,
  );
}

function enterRead(
  target: Target,
  { units, lock: told }: Extract<TargetAnswer, { kind: 'read' }>,
  by: { token: string; now: number },
): Target | undefined {
  const { check: _check, ...checked } = target;
  if (units === undefined) return answerTarget(checked, UNKNOWN_LISTING, by);
  const lock = told && lockOfReading(target, { units, lock: told }, by.now);
  const readBack = { units, at: by.now };
  return { ...acknowledge(checked, { units, drift: 0 }, by.now), readBack, ...(lock && { lock }) };
}

function enterFloor(target: Target, floor: number | undefined, at: number): Target {
  const lock = lockOfRefusal(target, floor, at);
  return { ...next(target), check: true, due: isBlocked(target) ? at + TAUGHT_MS : at, ...(lock && { lock }) };
}

/**
 * Enters the channel's answer. The target may have been planned anew while the call was out: what was sent is what was
 * answered, and a newer wish makes it due again.
 * @returns undefined when the listing was taken from this caller meanwhile: its answer counts no more.
 */
export function answerTarget(
  target: Target,
  answer: TargetAnswer,
  by: { token: string; now: number },
): Target | undefined {
  if (target.lease?.token !== by.token) return undefined;
  switch (answer.kind) {
    case 'done':
      return acknowledge(target, { units: target.sent?.units ?? 0, drift: target.unknown ?? 0 }, by.now);
    case 'read':
      return enterRead(target, answer, by);
    case 'again':
      return { ...next(target), due: answer.due, ...(answer.alone === true ? { alone: true } : {}) };
    case 'unread': {
      const { lease: _lease, ...rest } = target;
      return { ...rest, v: target.v + 1, due: answer.due };
    }
    case 'unanswered': {
      const { lease: _lease, lowering: _lowering, ...rest } = target;
      const { sent } = target;
      if (answer.isOver !== true || sent === undefined) {
        return { ...rest, v: target.v + 1, due: (sent?.at ?? by.now) + LEASE_MS };
      }
      const due = Math.max(by.now, sent.at + SETTLED_MS);
      return { ...rest, v: target.v + 1, sent: { ...sent, isOver: true }, due };
    }
    case 'floor':
      return enterFloor(target, answer.floor, by.now);
    case 'refused': {
      const rest = next(target);
      const refusal = { code: answer.code, message: answer.message, at: by.now };
      const newer = target.wanted !== undefined && target.wanted.version !== target.sent?.version;
      const refused = { ...rest, refusal, auditDue: by.now };
      return newer ? { ...refused, due: by.now } : refused;
    }
  }
}

const UNKNOWN_LISTING: TargetAnswer = {
  kind: 'refused',
  code: 'unknown-listing',
  message: 'the channel does not know this listing',
};
