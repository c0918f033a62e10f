import type { ShopId } from '../ids';
import { changedBy, freeOf, heldByQuotas, sumUnits, type Part, type Position, type Quota } from './position';

/** What a sale took, and from whom. */
export interface Drawn {
  readonly position: Position;
  readonly parts: readonly Part[];
  /** Parts that other shops' quotas lost (problem `quota-broken`). */
  readonly broke: readonly Part[];
}

/** Units taken from these quotas in turn, until `units` are had or the quotas are empty. */
function takeFrom(quotas: readonly Quota[], from: 'quota' | 'other', units: number): readonly Part[] {
  const parts: Part[] = [];
  let missing = units;
  for (const quota of quotas) {
    const taken = Math.min(missing, quota.remaining);
    if (taken > 0) parts.push({ from, quota: quota.id, units: taken });
    missing -= taken;
  }
  return parts;
}

const portion = (from: 'pool' | 'short', units: number): readonly Part[] => (units > 0 ? [{ from, units }] : []);

/** Lowers each quota by what these parts took of it. */
function without(quotas: readonly Quota[], parts: readonly Part[]): readonly Quota[] {
  const taken = new Map(parts.map((part) => [part.quota, part]));
  return quotas.map((quota) => {
    const part = taken.get(quota.id);
    return part === undefined ? quota : changedBy(quota, part, -part.units);
  });
}

/**
 * Takes `units` for a sale of `shop`: its own quotas, oldest first; what nobody holds (the pool, then the safety
 * buffer); other shops' quotas, newest first; then nothing, and free goes below zero. A sale is never refused.
 */
export function draw(position: Position, shop: ShopId, units: number): Drawn {
  const pool = Math.max(0, freeOf(position) - heldByQuotas(position));
  const own = takeFrom(
    position.quotas.filter((quota) => quota.shop === shop),
    'quota',
    units,
  );
  const afterOwn = units - sumUnits(own);
  const pooled = Math.min(afterOwn, pool);
  const broke = takeFrom(position.quotas.filter((quota) => quota.shop !== shop).reverse(), 'other', afterOwn - pooled);
  const short = afterOwn - pooled - sumUnits(broke);
  const parts = [...own, ...portion('pool', pooled), ...broke, ...portion('short', short)];
  return {
    position: { ...position, committed: position.committed + units, quotas: without(position.quotas, parts) },
    parts,
    broke,
  };
}
