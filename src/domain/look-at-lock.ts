import { checkTarget } from './send-target';
import type { Target } from './target';

/**
 * Looks at a lock that is due, after its news were told: one that is over is forgotten, any other is looked at again
 * when it ends and at least every `everyMs`. Without news the listing is read back: it shows what became of the lock.
 */
export function lookAtLock(
  target: Target,
  { now, everyMs }: { readonly now: number; readonly everyMs: number },
): Target {
  const { lock, ...unlocked } = target;
  if (lock === undefined || lock.units === 0) return { ...unlocked, v: target.v + 1 };
  const { news, until, ...known } = lock;
  const endsAt = until !== undefined && until > now ? until : Infinity;
  const next = { ...known, ...(until !== undefined && { until }), due: Math.min(endsAt, now + everyMs) };
  const checked = news === true ? undefined : checkTarget(target, now);
  return { ...(checked ?? { ...target, v: target.v + 1 }), lock: next };
}
