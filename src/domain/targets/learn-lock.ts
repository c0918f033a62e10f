import { leftOf, lockOf } from './lock-of';
import { seenByBuyers, type Lock, type LockTold, type Target } from './target';

/** What a refusal taught is believed for so long while no reading shows it; then the number is tried once more. */
export const TAUGHT_MS = 300_000;
/** A lock that was read so lately needs no reading before a write. */
const FRESH_MS = 10_000;

const isNew = (lock: Lock, { lock: known, drift }: Target): boolean =>
  known === undefined || known.news === true || lock.units !== leftOf(known, drift) || lock.until !== known.until;

/** What is new has its skus planned anew at once; of what is not, the next look stands. */
function learned(target: Target, lock: Omit<Lock, 'due' | 'news'>): Lock {
  if (isNew(lock, target)) return { ...lock, due: lock.readAt, news: true };
  const due = target.lock?.due;
  return due === undefined ? lock : { ...lock, due };
}

/**
 * The lock after a reading of what the listing shows: at most that. What a refusal taught stands against a reading that
 * shows less, until it ends. One that is over stays, with no units, until its skus were planned anew.
 */
export function lockOfReading(
  target: Target,
  { units, lock: told }: { readonly units: number; readonly lock: LockTold },
  now: number,
): Lock | undefined {
  const { lock: known } = target;
  const read = Math.max(0, Math.min(told.units, units));
  const taught = known?.source === 'refusal' ? Math.min(lockOf(target, now), units) : 0;
  if (known !== undefined && taught > read) {
    const { news: _news, due: _due, ...rest } = known;
    return learned(target, { ...rest, units: taught, drift: 0, readAt: now });
  }
  if (read === 0 && known === undefined) return undefined;
  const isDated = read > 0 && told.until !== undefined && told.until > now;
  const until = isDated ? { until: told.until } : {};
  return learned(target, { units: read, drift: 0, readAt: now, source: 'read', ...until });
}

/**
 * The lock after a number was refused below it: what the refusal names, else all that is on show. A number that lowers
 * nothing is refused only where no number is taken, so that all of it is locked.
 */
export function lockOfRefusal(target: Target, floor: number | undefined, now: number): Lock | undefined {
  const { sent, ...answered } = target;
  const refused = sent?.units ?? 0;
  const seen = seenByBuyers(answered);
  const least = floor ?? seen;
  if (least === undefined) return target.lock;
  const units = seen !== undefined && refused >= seen ? seen : Math.max(refused + 1, least);
  const { drift } = target;
  return learned(target, { units, drift, readAt: now, source: 'refusal', until: now + TAUGHT_MS });
}

/** A target that was read beside all writing, with the lock of that reading. `before`: as it was when it was read. */
export function withLock(
  read: Target,
  before: Target,
  reading: { readonly units: number; readonly lock: LockTold; readonly now: number },
): Target {
  const lock = lockOfReading(before, reading, reading.now);
  return lock === undefined ? read : { ...read, lock: { ...lock, drift: read.drift } };
}

/** Whether a number was refused that lowers nothing: it is not tried again before the lock is looked at anew. */
export function isBlocked({ sent, ...answered }: Target): boolean {
  const seen = seenByBuyers(answered);
  return seen !== undefined && sent !== undefined && sent.units >= seen;
}

/** A lock is read again before it is relied on. */
export const isStaleLock = ({ lock }: Target, now: number): boolean =>
  lock !== undefined && lock.units > 0 && lock.readAt + FRESH_MS <= now;
