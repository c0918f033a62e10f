import type { ShopId } from './ids';
import type { SkuUnits } from './order';
import { freeOf, sharedOf, type Position } from './position';

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
}

/** min(cap, max(0, floor(x × percent / 100) − buffer)) */
export function applyRules(units: number, rules: ShopRules): number {
  const shared = Math.max(0, Math.floor((units * (rules.percent ?? 100)) / 100) - (rules.buffer ?? 0));
  return Math.min(rules.cap ?? Number.MAX_SAFE_INTEGER, shared);
}

/** Sku units that one shop shows of a position under `open`; at least 0. */
export function unitsForShop(position: Position, shop: ShopId, rules: ShopRules): number {
  const own = position.quotas.filter((quota) => quota.shop === shop);
  if (own.length === 0) return applyRules(sharedOf(position), rules);
  const held = own.reduce((sum, quota) => sum + quota.remaining, 0);
  const reserved = own.some((quota) => quota.mode === 'reservation');
  const wanted = reserved ? held + applyRules(sharedOf(position), rules) : held;
  return Math.max(0, Math.min(wanted, freeOf(position)));
}

/**
 * What a listing should show, in sale units: the least of its parts, each divided by its units and rounded down.
 * @returns undefined while a part was never counted: such a listing is never written.
 */
export function publishedOf(
  parts: readonly SkuUnits[],
  positions: ReadonlyMap<string, Position>,
  seller: { shop: ShopId; rules: ShopRules },
): number | undefined {
  let least = Number.MAX_SAFE_INTEGER;
  for (const part of parts) {
    const position = positions.get(part.sku);
    if (position?.counted !== true) return undefined;
    least = Math.min(least, Math.floor(unitsForShop(position, seller.shop, seller.rules) / part.units));
  }
  return parts.length === 0 ? undefined : least;
}
