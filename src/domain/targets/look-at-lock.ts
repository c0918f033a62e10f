import type { Target } from './target';

/** An event's units come back a moment after its end. */
const GIVEN_BACK_MS = 2000;

/**
 * Looks at a lock that is due, after its news were told: one that is over is forgotten, any other is due again when it
 * ends, and its listing is read within `everyMs`, beside all writing. One whose end has passed is read back at once.
 */
export function lookAtLock(
  target: Target,
  { now, everyMs }: { readonly now: number; readonly everyMs: number },
): Target {
  const { lock, ...unlocked } = target;
  const v = target.v + 1;
  if (lock === undefined || lock.units === 0) return { ...unlocked, v };
  const { news, due: _due, ...known } = lock;
  const ends = known.until !== undefined && known.until > now ? { due: known.until + GIVEN_BACK_MS } : {};
  const auditDue = Math.min(target.auditDue ?? Infinity, now + everyMs);
  const looked = { ...target, v, auditDue, lock: { ...known, ...ends } };
  const isKnown = news === true || target.check === true || target.acknowledged === undefined;
  return isKnown ? looked : { ...looked, check: true, due: Math.min(target.due ?? now, now) };
}
