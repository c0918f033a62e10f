import type { Lock, Target } from './target';

/** What is left of a lock, whenever it ends: the listing's own sales since it was learned came out of it. */
export const leftOf = (lock: Lock, drift: number): number => Math.max(0, lock.units + Math.min(0, drift - lock.drift));

/** Sale units that the listing's channel keeps on show whatever is written, now; 0 without a lock and after its end. */
export function lockOf({ lock, drift }: Pick<Target, 'lock' | 'drift'>, now: number): number {
  if (lock === undefined || (lock.until !== undefined && lock.until <= now)) return 0;
  return leftOf(lock, drift);
}

/** The lock when the target's drift begins anew at `drift`: what was sold of it stays sold. */
export function lockAt(target: Target, drift: number): Pick<Target, 'lock'> {
  const { lock } = target;
  return lock === undefined ? {} : { lock: { ...lock, units: leftOf(lock, target.drift), drift } };
}
