import { leftOf } from './lock-of';
import { answerTarget } from './send-target';
import { seenByBuyers, type LockTold, type Target } from './target';

/** What a shop does with a number that somebody changed at the marketplace. */
export const DRIFT_RULES = ['put-right', 'accept'] as const;
export type DriftRule = (typeof DRIFT_RULES)[number];

/** What a listing shows, read beside all writing. */
export interface StockLook {
  /** Sale units; undefined: the channel does not know the listing. */
  readonly units: number | undefined;
  /** What of that its channel holds for an event of its own. */
  readonly lock: LockTold;
  readonly rule: DriftRule;
  readonly now: number;
  /** How long news of a sale may be under way: a number that differs is looked at again after that. */
  readonly doubtMs: number;
  /** When a listing is read next, and sooner where its number changed since it was read last: it sells. */
  readonly nextMs: number;
  readonly nextIfSellsMs: number;
  readonly nextIfLockedMs: number;
}

export type Verdict =
  /** It shows what we know of it. */
  | 'proved'
  /** It shows something else, which may be news under way. */
  | 'doubted'
  /** Somebody changed it. */
  | 'drifted'
  /** It cannot be judged: the channel does not know it. */
  | 'unknown';

export interface Judged {
  readonly verdict: Verdict;
  readonly target: Target;
}

/** A listing that is new here is read back for the first time after this long. */
export const FIRST_AUDIT_MS = 1_800_000;
/** A number that differs and moves is believed at this look. */
const MOST_LOOKS = 3;
/** What a channel shows follows its own word after a moment. */
const SETTLED_MS = 2000;
const BESIDE = 'beside all writing';

/** Whether what the listing shows can be judged: it is not being written, or about to be. */
export function isQuiet(target: Target, now: number): boolean {
  const { acknowledged, refusal, wanted, sent, due, check, missing, lease } = target;
  if (wanted === undefined || sent !== undefined || due !== undefined) return false;
  if (check === true || missing !== undefined) return false;
  if (lease !== undefined && lease.until > now) return false;
  return acknowledged === undefined ? refusal !== undefined : acknowledged.at + SETTLED_MS <= now;
}

/** It is read at `auditDue`; nothing else about it changes. */
export const auditLater = (target: Target, auditDue: number): Target => ({ ...target, v: target.v + 1, auditDue });

/**
 * Judges what a quiet listing shows against what buyers should see by all that is known. One difference is no proof: a
 * sale or a cancellation may not have been heard of. The same difference after that time is, and so is any at the third
 * look. Then the number is entered as what buyers see, and is written right or stands, by the shop's rule.
 */
export function judgeReading(target: Target, look: StockLook): Judged {
  const { units, now } = look;
  if (units === undefined) return { verdict: 'unknown', target: missing(target, look) };
  const seen = seenByBuyers(target);
  if (seen === units) return { verdict: 'proved', target: proved(target, look) };
  const isRight = seen === undefined || units === target.wanted?.units || isGivenBack(target, look, units - seen);
  if (isRight) return { verdict: 'proved', target: { ...entered(target, look), auditDue: now + nextMs(target, look) } };
  const difference = units - seen;
  const { looks = 0, difference: before } = target.suspect ?? {};
  const isBelieved = looks > 0 && (before === difference || looks + 1 >= MOST_LOOKS);
  if (isBelieved) return { verdict: 'drifted', target: drifted(target, { ...look, seen, units }) };
  const readBack = { units, at: now };
  const suspect = { difference, looks: looks + 1 };
  return { verdict: 'doubted', target: auditLater({ ...target, readBack, suspect }, now + look.doubtMs) };
}

/** What an event held comes back when it ends: that is no person's hand. */
function isGivenBack({ lock, drift }: Target, look: StockLook, difference: number): boolean {
  return lock !== undefined && difference > 0 && difference <= leftOf(lock, drift) - look.lock.units;
}

function nextMs({ wanted, readBack, lock }: Target, look: StockLook): number {
  if (lock !== undefined || look.lock.units > 0) return look.nextIfLockedMs;
  return wanted !== undefined && wanted.at > (readBack?.at ?? 0) ? look.nextIfSellsMs : look.nextMs;
}

function proved({ suspect: _suspect, drifted: known, ...target }: Target, look: StockLook): Target {
  const { now, units = 0 } = look;
  const isOver = known === undefined || units === target.wanted?.units;
  const next = { ...target, readBack: { units, at: now }, ...(isOver ? {} : { drifted: known }) };
  return auditLater(next, now + nextMs(target, look));
}

/** The deliverer reads it too, and tells what has to be told; once for one refusal. */
function missing(target: Target, { now, nextMs: laterMs }: StockLook): Target {
  const later = auditLater(target, now + laterMs);
  return target.refusal?.code === 'unknown-listing' ? later : { ...later, check: true, due: now };
}

/** Its number is what was read. A number that the channel refused is not tried again for that; what is missing is heard. */
function entered(target: Target, { units, now }: StockLook): Target {
  const { refusal, suspect: _suspect, drifted: _drifted, ...rest } = target;
  const lease = { token: BESIDE, until: now };
  const read = answerTarget({ ...rest, lease }, { kind: 'read', units }, { token: BESIDE, now }) ?? target;
  if (refusal === undefined) return read;
  return { ...(read.missing === undefined ? notDue(read) : read), refusal };
}

function drifted(target: Target, look: StockLook & { readonly seen: number; readonly units: number }): Target {
  const { seen, units, now, rule, doubtMs } = look;
  const read: Target = {
    ...entered(target, look),
    drifted: { units, expected: seen, at: now },
    auditDue: now + doubtMs,
  };
  if (read.due === undefined) return read;
  if (rule === 'put-right') return read.refusal === undefined ? putRight(read) : read;
  const { missing: _missing, ...stands } = notDue(read);
  const drift = units - (read.acknowledged?.units ?? 0);
  return { ...stands, drift, accepted: target.wanted?.version ?? 0 };
}

function putRight(target: Target): Target {
  const isLowered = (target.wanted?.units ?? 0) < (seenByBuyers(target) ?? 0);
  return { ...target, trigger: 'drift', ...(isLowered && { lowering: true }) };
}

function notDue({ due: _due, ...target }: Target): Target {
  return target;
}

/** A person, or a rule, wants the present number written once more. Undefined where it is shown, or under way. */
export function writeAgain(target: Target, by: { trigger: 'by-hand' | 'rule'; now: number }): Target | undefined {
  const { wanted, sent, due } = target;
  const seen = seenByBuyers(target);
  if (wanted === undefined || wanted.units === seen || sent !== undefined || due !== undefined) return undefined;
  const isLeft = target.refusal !== undefined || target.accepted === wanted.version;
  if (by.trigger === 'rule' && isLeft) return undefined;
  const { accepted: _accepted, ...rest } = target;
  const lowers = seen !== undefined && wanted.units < seen;
  return { ...rest, v: target.v + 1, trigger: by.trigger, due: by.now, ...(lowers && { lowering: true }) };
}
