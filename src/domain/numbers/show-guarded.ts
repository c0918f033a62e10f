import { deal } from './deal';
import type { ShopId, TargetId } from '../ids';
import { freeOf, sharedOf, type ExposurePolicy, type Position, type Quota } from '../stock/position';
import type { Showing, ShopRules } from './publish';

/** A listing of a sku that is bounded or strict, in units of that sku. */
export interface GuardedOutlet {
  readonly id: TargetId;
  readonly shop: ShopId;
  readonly rules: ShopRules;
  /** What one sale takes. */
  readonly units: number;
  /** What it would show under `open`: it is dealt no more. */
  readonly most: number;
  /** What its channel keeps on show whatever is written. */
  readonly locked: number;
}

interface Served {
  readonly quota: Quota;
  readonly units: number;
}

/** Sku units that may be on show beyond what is free: N in bounded, 0 in strict; undefined in open. */
export function allowanceOf(exposure: ExposurePolicy): number | undefined {
  if (exposure.policy === 'open') return undefined;
  return exposure.policy === 'strict' ? 0 : exposure.units;
}

/** Quotas that stock does not cover are served oldest first. */
function serve(position: Position): readonly Served[] {
  let left = Math.max(0, freeOf(position));
  return position.quotas.map((quota) => {
    const units = Math.min(left, quota.remaining);
    left -= units;
    return { quota, units };
  });
}

/** What is held for a shop is dealt evenly among its own listings. */
function dealHeld(served: readonly Served[], outlets: readonly GuardedOutlet[]): ReadonlyMap<TargetId, number> {
  const held = new Map<TargetId, number>();
  for (const shop of new Set(served.map(({ quota }) => quota.shop))) {
    const own = outlets.filter((outlet) => outlet.shop === shop);
    const units = served.filter(({ quota }) => quota.shop === shop).reduce((sum, each) => sum + each.units, 0);
    const dealt = deal(
      units,
      own.map((outlet) => ({ units: outlet.units, weight: 1, dealt: 0, most: outlet.most })),
    );
    own.forEach((outlet, at) => held.set(outlet.id, dealt[at] ?? 0));
  }
  return held;
}

/** Takes what locks of other shops keep on show off the quotas, newest first; not what a shop's own locks show anyway. */
function cut(served: readonly Served[], outlets: readonly GuardedOutlet[], units: number): readonly Served[] {
  let missing = units;
  const spare = new Map<ShopId, number>();
  for (const { quota, units: had } of served) spare.set(quota.shop, (spare.get(quota.shop) ?? 0) + had);
  for (const { shop, locked } of outlets) spare.set(shop, (spare.get(shop) ?? 0) - locked);
  return [...served].reverse().map((each) => {
    const { shop } = each.quota;
    const taken = Math.max(0, Math.min(missing, each.units, spare.get(shop) ?? 0));
    missing -= taken;
    spare.set(shop, (spare.get(shop) ?? 0) - taken);
    return { ...each, units: each.units - taken };
  });
}

/** An allocation takes no part of the pool, a reservation does. */
function weightOf(position: Position, outlet: GuardedOutlet, outlets: readonly GuardedOutlet[]): number {
  const own = position.quotas.filter(({ shop }) => shop === outlet.shop);
  if (own.length > 0 && own.every(({ mode }) => mode === 'allocation')) return 0;
  return (outlet.rules.weight ?? 1) / outlets.filter(({ shop }) => shop === outlet.shop).length;
}

/**
 * What the listings of one bounded or strict sku show of it: together no more than is free, and N. Locks come first,
 * since what they keep on show cannot be taken back: out of the pool, then off other shops' quotas; what even those do
 * not cover is exposure. Of the rest each shop has what is held for it, and its weight's share of the pool.
 * @param outlets in the order in which equals are served.
 */
export function showGuarded(
  position: Position,
  outlets: readonly GuardedOutlet[],
  storefrontWeight: number,
): ReadonlyMap<TargetId, Showing> {
  const served = serve(position);
  const pool = sharedOf(position) + (allowanceOf(position.exposure) ?? 0);
  const claims = (held: ReadonlyMap<TargetId, number>): readonly number[] =>
    outlets.map(({ id, locked }) => Math.max(0, locked - (held.get(id) ?? 0)));
  const claimed = claims(dealHeld(served, outlets)).reduce((sum, units) => sum + units, 0);
  const held = dealHeld(cut(served, outlets, Math.max(0, claimed - pool)), outlets);
  const fromPool = claims(held);
  const takers = outlets.map((outlet, at) => ({
    units: outlet.units,
    weight: weightOf(position, outlet, outlets),
    dealt: fromPool[at] ?? 0,
    most: outlet.most - (held.get(outlet.id) ?? 0),
  }));
  const storefront = { units: 1, weight: storefrontWeight, dealt: 0, most: pool };
  const dealt = deal(Math.max(0, pool - claimed), [...takers, storefront]);
  return new Map(
    outlets.map(({ id }, at) => {
      const [own, pooled] = [held.get(id) ?? 0, dealt[at] ?? 0];
      return [id, { held: own, pooled, units: own + pooled }] as const;
    }),
  );
}
