import { leastSeen, seenByBuyers, type NextStep, type Target } from './target';

/** How a channel's number is changed without putting back on sale what it sold and has not told us of. */
export type Way =
  /** The channel takes all that is reserved off a written number, also what we have not heard of: it is written as it is. */
  | 'absolute'
  /** The channel has a call that changes its number by so much. */
  | 'relative'
  /** Close, hear, open: write 0, hear of every order of before, write the number onto nothing. */
  | 'closing';

/** What a listing with a bounded or strict part is written by. */
export interface Guard {
  readonly way: Way;
  /** Sale units that it may show at most beside what buyers may see elsewhere; less than it shows: too much is exposed. */
  readonly room: number;
  /** Sale units that its channel keeps on show whatever is written. */
  readonly lock: number;
}

/** Who makes room says so; a raise without it looks again by itself, more and more seldom. */
const ROOM_AGAIN_MS = 2000;
const ROOM_AGAIN_MOST_MS = 60_000;
const ROOM_AGAIN_SHARE = 4;
/** It waits for all its room so long, which lowerings elsewhere are about to make; then it goes as far as there is. */
const ALL_ROOM_MS = 10_000;
/** A sale that is not heard of by itself after this long is asked for. */
const PATIENCE_MS = 10_000;
/** After every lowering of a written number: short, since the other listings' raises wait for it. */
const WRITTEN_PATIENCE_MS = 2000;
/** Closing costs sales: a small difference waits until the number was not written for so long. */
const WORTH_AFTER_MS = 60_000;
const WORTH_SHARE = 5;

interface Look extends Guard {
  readonly wanted: number;
  /** When it began to wait for that. */
  readonly since: number;
  readonly seen: number;
  readonly now: number;
}

/** A lowering is never held back; a raise goes as far as there is room. */
function reachable({ wanted, since, seen, room, now }: Look): number {
  if (wanted <= seen || wanted <= room) return wanted;
  return now < since + ALL_ROOM_MS ? seen : Math.max(seen, room);
}

/** Closing is worth it for a fifth of what is shown, to end a sale, to end an exposure, and after a minute. */
function isWorthClosing(target: Target, look: Look): boolean {
  const { seen, room, now } = look;
  const gap = Math.abs(reachable(look) - seen);
  return (Number.isFinite(room) && seen > room) || gap * WORTH_SHARE >= seen || now >= worthAt(target);
}

/** A raise waits from its first wish on, and nothing is kept closed for longer than that. */
const waitsSince = ({ raiseSince, closedAt = Infinity }: Target, wishedAt: number): number =>
  Math.min(raiseSince ?? wishedAt, closedAt);

const worthAt = ({ acknowledged }: Target): number => (acknowledged?.at ?? 0) + WORTH_AFTER_MS;

/**
 * A written number lowers what may be sold from now on, and what may have been sold before only when that is heard: to
 * lower it again brings nothing until then, but where too much is exposed.
 */
function waitsToHear({ missing }: Target, { wanted, seen, room }: Look): boolean {
  if (missing === undefined || wanted > seen) return false;
  if (missing.how !== 'written') return true;
  const isExposed = Number.isFinite(room) && seen > room;
  const shows = seen - missing.units;
  return wanted === shows || wanted > shows === isExposed;
}

/** Its number is not tried again before what it shows is known. */
const isRefused = ({ refusal, wanted, missing }: Target): boolean =>
  missing !== undefined && refusal !== undefined && refusal.version === wanted?.version;

/** What of a listing that differs from what it should show can be written now. */
function writeOf(target: Target, look: Look): NextStep | undefined {
  const { seen, lock, way } = look;
  const units = reachable(look);
  const raises = units > seen;
  const least = leastSeen(target);
  if (units === seen) return undefined;
  if (way === 'absolute') return waitsToHear(target, look) ? undefined : { kind: 'write', raises, sends: { units } };
  if (way === 'relative') {
    const change = Math.max(units - seen, -least);
    return change === 0 ? undefined : { kind: 'write', raises, sends: { units: seen + change, change } };
  }
  if (least > lock) {
    if (!isWorthClosing(target, look)) return { kind: 'wait', until: worthAt(target) };
    return { kind: 'write', raises: false, sends: { units: lock, closes: true } };
  }
  if (target.missing !== undefined || !raises) return undefined;
  return { kind: 'write', raises, sends: { units, change: units - seen } };
}

/**
 * Decides what a guarded listing needs that nobody is at. All that buyers may see or have bought is one number: a sale
 * that is heard lowers it, a write changes it, and the channel's own word never does before all of before is heard.
 */
export function guardedStep(target: Target, guard: Guard, now: number): NextStep {
  const { wanted, missing } = target;
  const seen = seenByBuyers(target);
  if (wanted === undefined) return { kind: 'rest' };
  if (seen === undefined || target.unsure !== undefined) return { kind: 'read-back' };
  const since = waitsSince(target, wanted.at);
  const look = { ...guard, wanted: wanted.units, since, seen, now };
  const write = isRefused(target) ? undefined : writeOf(target, look);
  if (write !== undefined) return write;
  if (missing !== undefined) {
    const isShut = leastSeen(target) <= guard.lock;
    const patienceMs = missing.how === 'written' ? WRITTEN_PATIENCE_MS : PATIENCE_MS;
    const hearAt = isShut ? missing.at : missing.at + patienceMs;
    return hearAt <= now ? { kind: 'hear', upTo: missing.at } : { kind: 'wait', until: hearAt };
  }
  if (wanted.units === seen) return { kind: 'rest' };
  const againMs = Math.max(ROOM_AGAIN_MS, Math.min(ROOM_AGAIN_MOST_MS, Math.ceil((now - since) / ROOM_AGAIN_SHARE)));
  return { kind: 'wait', until: now + againMs };
}
