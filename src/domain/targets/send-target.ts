import { isBlocked, isStaleLock, lockOfReading, lockOfRefusal, TAUGHT_MS } from './learn-lock';
import { guardedStep, type Guard } from './guarded-step';
import { enterChanged, enterClosed, enterHeard, enterPlain, enterShown, enterWritten } from './guarded-word';
import { lockAt, lockOf } from './lock-of';
import { seenByBuyers, type LockTold, type NextStep, type Sends, type Target } from './target';

/** A call to a channel is ended after 10 s; nobody else touches the listing for 30. */
export const LEASE_MS = 30_000;
/** What a channel shows follows its own word after a moment. */
const SETTLED_MS = 1500;

/** Decides what a due target needs now; a guarded one as its guard allows. */
export function nextStep(target: Target, now: number, guard?: Guard): NextStep {
  if (target.lease !== undefined && target.lease.until > now) return { kind: 'wait', until: target.lease.until };
  if (target.sent !== undefined) {
    const safeAt = target.sent.at + (target.sent.isOver === true ? SETTLED_MS : LEASE_MS);
    return safeAt > now ? { kind: 'wait', until: safeAt } : { kind: 'read-back' };
  }
  if (target.check === true) return { kind: 'read-back' };
  // Planned without its lock: it would be refused, and is planned anew.
  if (target.wanted !== undefined && target.wanted.units < lockOf(target, now)) return { kind: 'rest' };
  const step = guard === undefined ? openStep(target) : guardedStep(target, guard, now);
  return step.kind === 'write' && !step.raises && isStaleLock(target, now) ? { kind: 'read-back' } : step;
}

function openStep(target: Target): NextStep {
  const seen = seenByBuyers(target);
  const isShown = target.wanted?.units === seen && target.unsure === undefined && target.missing === undefined;
  if (target.wanted === undefined || isShown) return { kind: 'rest' };
  return { kind: 'write', raises: seen === undefined || target.wanted.units > seen };
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
export function claimTarget(
  target: Target,
  claim: { token: string; now: number; reads: boolean; sends?: Sends | undefined },
): Target {
  const lease = { token: claim.token, until: claim.now + LEASE_MS };
  const claimed = { ...target, v: target.v + 1, lease, due: lease.until, tries: target.tries + 1 };
  if (claim.reads || target.wanted === undefined) return claimed;
  const { units, version } = target.wanted;
  return { ...claimed, sent: { units, version, at: claim.now, ...claim.sends } };
}

/** No call was made after all; undefined when the listing was taken from this caller meanwhile. */
export function takeBackTarget(target: Target, by: { token: string; due: number }): Target | undefined {
  if (target.lease?.token !== by.token) return undefined;
  return { ...next(target), tries: Math.max(0, target.tries - 1), due: by.due };
}

const remembered = (target: Target): Target =>
  target.sent === undefined ? target : { ...target, lastSent: { units: target.sent.units, at: target.sent.at } };

/** All of before the channel's last word about the listing is in its number. */
export const hearTarget = (target: Target, now: number): Target => enterHeard(target, now);

/** The channel's word on one listing, as `push` reads it. */
export type TargetAnswer =
  | { readonly kind: 'done' }
  /** What buyers see by the channel's own word, and its lock where it was asked; undefined: it does not know the listing. */
  | { readonly kind: 'read'; readonly units: number | undefined; readonly lock?: LockTold }
  /** It was certainly not carried out; tried again at `due`. */
  | { readonly kind: 'again'; readonly due: number; readonly alone?: boolean; readonly check?: boolean }
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
  const isInDoubt = target.unsure !== undefined || target.check === true || target.missing !== undefined;
  return differs || isInDoubt ? { ...target, due: now } : target;
}

/** `drift`: what is known already to have changed what the number makes buyers see. */
function acknowledge(target: Target, { units, drift }: { units: number; drift: number }, at: number): Target {
  const { refusal: _refusal, unsure, ...rest } = next(enterPlain(target, at));
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

/** A guarded listing's number is entered; what a call left behind is cleared. */
function settle(target: Target, at: number): Target {
  const { refusal: _refusal, unsure: _unsure, ...rest } = next(target);
  return withDue({ ...rest, tries: 0 }, at);
}

function enterDone(target: Target, at: number): Target {
  const { sent, unknown = 0 } = target;
  if (sent?.closes === true) return settle(enterClosed(target, at), at);
  if (sent?.change !== undefined) return settle(enterChanged(target, sent.change, at), at);
  if (target.guarded === true) return settle(enterWritten(target, at), at);
  return acknowledge(target, { units: sent?.units ?? 0, drift: unknown }, at);
}

type Answer<Kind extends TargetAnswer['kind']> = Extract<TargetAnswer, { kind: Kind }>;

function enterReading(target: Target, { units = 0, lock: told }: Answer<'read'>, at: number): Target {
  const { check: _check, ...checked } = target;
  const lock = told === undefined ? undefined : lockOfReading(target, { units, lock: told }, at);
  const isGuarded = target.guarded === true;
  const read = isGuarded ? settle(enterShown(checked, units, at), at) : acknowledge(checked, { units, drift: 0 }, at);
  return { ...read, readBack: { units, at }, ...(lock && { lock: { ...lock, drift: read.drift } }) };
}

function enterUnanswered(target: Target, { isOver }: Answer<'unanswered'>, now: number): Target {
  const { lease: _lease, lowering: _lowering, ...rest } = target;
  const { sent } = target;
  if (isOver !== true || sent === undefined) {
    return { ...rest, v: target.v + 1, due: (sent?.at ?? now) + LEASE_MS };
  }
  const due = Math.max(now, sent.at + SETTLED_MS);
  return { ...rest, v: target.v + 1, sent: { ...sent, isOver: true }, due };
}

function enterRefused(target: Target, { code, message }: Answer<'refused'>, at: number): Target {
  const version = target.sent?.version;
  const newer = target.wanted !== undefined && target.wanted.version !== version;
  const refusal = { code, message, at, ...(version !== undefined && { version }) };
  const refused = { ...next(target), refusal, auditDue: at };
  return newer || target.missing !== undefined ? { ...refused, due: at } : refused;
}

/**
 * Enters the channel's answer. The target may have been planned anew while the call was out: what was sent is what was
 * answered, and a newer wish makes it due again.
 * @returns undefined when the listing was taken from this caller meanwhile: its answer counts no more.
 */
export function answerTarget(
  claimed: Target,
  answer: TargetAnswer,
  by: { token: string; now: number },
): Target | undefined {
  if (claimed.lease?.token !== by.token) return undefined;
  const target = remembered(claimed);
  switch (answer.kind) {
    case 'done':
      return enterDone(target, by.now);
    case 'read': {
      const { check: _check, ...checked } = target;
      if (answer.units === undefined) return enterRefused(checked, UNKNOWN_LISTING, by.now);
      return enterReading(target, answer, by.now);
    }
    case 'again': {
      const { due, alone, check } = answer;
      return { ...next(target), due, ...(alone === true && { alone }), ...(check === true && { check }) };
    }
    case 'unread': {
      const { lease: _lease, ...rest } = target;
      return { ...rest, v: target.v + 1, due: answer.due };
    }
    case 'unanswered':
      return enterUnanswered(target, answer, by.now);
    case 'floor': {
      const lock = lockOfRefusal(target, answer.floor, by.now);
      const due = isBlocked(target) ? by.now + TAUGHT_MS : by.now;
      return { ...next(target), check: true, due, ...(lock && { lock }) };
    }
    case 'refused':
      return enterRefused(target, answer, by.now);
  }
}

const UNKNOWN_LISTING: Answer<'refused'> = {
  kind: 'refused',
  code: 'unknown-listing',
  message: 'the channel does not know this listing',
};
