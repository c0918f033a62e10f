import type { Target } from './target';

/** An event's units come back a moment after its end. */
const GIVEN_BACK_MS = 2000;

/**
 * Looks at a lock that is due, after its news were told: one that is over is forgotten, any other is looked at again
 * when it ends and at least every `everyMs`. Without news the listing is read back: it shows what became of the lock.
 */
export function lookAtLock(
  target: Target,
  { now, everyMs }: { readonly now: number; readonly everyMs: number },
): Target {
  const { lock, ...unlocked } = target;
  const v = target.v + 1;
  if (lock === undefined || lock.units === 0) return { ...unlocked, v };
  const { news, ...known } = lock;
  const endsAt = known.until !== undefined && known.until > now ? known.until + GIVEN_BACK_MS : Infinity;
  const looked = { ...target, v, lock: { ...known, due: Math.min(endsAt, now + everyMs) } };
  const isKnown = news === true || target.check === true || target.acknowledged === undefined;
  return isKnown ? looked : { ...looked, check: true, due: Math.min(target.due ?? now, now) };
}
