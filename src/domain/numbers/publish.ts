import type { ListingId, ShopId, TargetId } from '../ids';
import type { SkuUnits } from '../orders/order';
import { freeOf, sharedOf, type Position } from '../stock/position';

/** A shop's own rules for the pool. They never touch what is held for the shop. */
export interface ShopRules {
  /** 0 to 100; default 100. */
  readonly percent?: number;
  /** Sku units kept back after percent. */
  readonly buffer?: number;
  /** Most sku units shown. */
  readonly cap?: number;
  /** The shop's share of a strict or bounded sku; default 1. */
  readonly weight?: number;
  /** Of a pool of fewer sku units, only shops with this rule go on showing any, where one of them sells the sku. */
  readonly lastUnits?: number;
}

/** A listing beside others that show some of the same skus. */
export interface Outlet {
  readonly id: TargetId;
  readonly shop: ShopId;
  readonly listing: ListingId;
  readonly parts: readonly SkuUnits[];
  readonly rules: ShopRules;
  /** Sale units that its channel does not let it go below; 0 without a lock. */
  readonly lock: number;
}

/** A listing of a sku that is shown openly, in units of that sku. */
export interface OpenOutlet extends Pick<Outlet, 'id' | 'shop' | 'rules'> {
  /** What one sale takes. */
  readonly units: number;
}

/** Units of a sku that one sale of a listing takes. */
export const perSaleOf = ({ parts }: Pick<Outlet, 'parts'>, sku: string): number =>
  parts.reduce((sum, part) => (part.sku === sku ? sum + part.units : sum), 0);

/** Sku units that a listing may show of one sku, and whose they are. */
export interface Showing {
  /** Out of its shop's quotas. */
  readonly held: number;
  /** Out of what nobody holds. */
  readonly pooled: number;
  /** Their sum, cut to what is free. */
  readonly units: number;
}

/** min(cap, max(0, floor(x × percent / 100) − buffer)) */
export function applyRules(units: number, rules: ShopRules): number {
  const shared = Math.max(0, Math.floor((units * (rules.percent ?? 100)) / 100) - (rules.buffer ?? 0));
  return Math.min(rules.cap ?? Number.MAX_SAFE_INTEGER, shared);
}

/** Whether the last units of a pool are left to shops that this one does not belong to, and that can sell of them. */
export function yieldsLastUnits(
  pool: number,
  rules: ShopRules,
  sellers: readonly Pick<OpenOutlet, 'rules' | 'units'>[],
): boolean {
  const keeps = (shop: ShopRules): boolean => pool < (shop.lastUnits ?? 0);
  return !keeps(rules) && sellers.some((each) => keeps(each.rules) && applyRules(pool, each.rules) >= each.units);
}

/** An allocation is all that its shop shows; a weight of 0 is dealt nothing. */
function sharesPool({ quotas, exposure }: Position, { shop, rules }: OpenOutlet): boolean {
  const own = quotas.filter((quota) => quota.shop === shop);
  const isHeldOnly = own.length > 0 && own.every(({ mode }) => mode === 'allocation');
  return !isHeldOnly && (exposure.policy === 'open' || rules.weight !== 0);
}

/** Sku units that one shop shows of a position under `open`, when its rules leave it `pool` of what nobody holds. */
export function showingOf(position: Position, shop: ShopId, pool: number): Showing {
  const own = position.quotas.filter((quota) => quota.shop === shop);
  if (own.length === 0) return { held: 0, pooled: pool, units: pool };
  const held = own.reduce((sum, quota) => sum + quota.remaining, 0);
  const pooled = own.some((quota) => quota.mode === 'reservation') ? pool : 0;
  return { held, pooled, units: Math.max(0, Math.min(held + pooled, freeOf(position))) };
}

/**
 * What the listings of one sku show of it under `open`. Each shop sees the whole pool by its own rules; what locks keep
 * on show elsewhere beyond plan (`surplus`, sku units by listing) is not in it.
 */
export function showOpenly(
  position: Position,
  outlets: readonly OpenOutlet[],
  surplus: ReadonlyMap<TargetId, number> = new Map(),
): ReadonlyMap<TargetId, Showing> {
  const beyond = outlets.filter((outlet) => (surplus.get(outlet.id) ?? 0) > 0);
  const sharing = outlets.filter((outlet) => sharesPool(position, outlet));
  return new Map(
    outlets.map((outlet) => {
      const others = beyond.filter((other) => other.shop !== outlet.shop);
      const taken = others.reduce((sum, other) => sum + (surplus.get(other.id) ?? 0), 0);
      const shared = Math.max(0, sharedOf(position) - taken);
      const pool = yieldsLastUnits(shared, outlet.rules, sharing) ? 0 : applyRules(shared, outlet.rules);
      return [outlet.id, showingOf(position, outlet.shop, pool)] as const;
    }),
  );
}
