import type { TargetId } from '../ids';
import { allowanceOf, showGuarded } from './show-guarded';
import { perSaleOf, showOpenly, type OpenOutlet, type Outlet, type Showing } from './publish';
import type { Position } from '../stock/position';

/** All that decides what the listings of some skus show. */
export interface Market {
  readonly positions: ReadonlyMap<string, Position>;
  /** Every listing, in any shop, of every sku that is asked for, with those of the other parts of their bundles. */
  readonly outlets: readonly Outlet[];
  /** The share of the seller's own site of bounded and strict skus; 0: holds only from what no channel may see. */
  readonly storefrontWeight: number;
}

/** What one listing should show, and why. */
export interface Share {
  /** Sale units, at least the lock; undefined: a part was never counted, the listing is never written. */
  readonly units: number | undefined;
  /** Sale units that `open` would show: what caution costs is the difference. */
  readonly open: number;
  /** Whether a part is bounded or strict. */
  readonly guarded: boolean;
  readonly parts: readonly PartShare[];
}

/** What one part of a listing allows it to show, in units of that sku. */
export interface PartShare extends Showing {
  readonly sku: string;
  /** What one sale takes. */
  readonly perSale: number;
}

const NOTHING: Showing = { held: 0, pooled: 0, units: 0 };

/** Of equals in a deal the first by shop, then by listing, is served first. */
const inTurn = (one: Outlet, other: Outlet): number =>
  one.shop === other.shop ? (one.listing < other.listing ? -1 : 1) : one.shop < other.shop ? -1 : 1;

const skusOf = (outlet: Outlet): readonly string[] => [...new Set(outlet.parts.map(({ sku }) => sku))];

/** A bundle shows the least of its parts, of which it has one at least; only the last step divides by units per sale. */
const leastOf = (outlet: Outlet, unitsOf: (sku: string) => number): number =>
  Math.max(0, Math.min(...skusOf(outlet).map((sku) => Math.floor(unitsOf(sku) / perSaleOf(outlet, sku)))));

/**
 * Shares the stock of skus out to the listings that sell them. Pure; every published number comes from here.
 *
 * An open sku shows each shop the whole pool by its own rules; a bounded or strict one is dealt, each listing no more
 * than it would show under `open`, a bundle thus no more than its other parts allow.
 */
export class ShareOut {
  private readonly outlets: readonly Outlet[];
  private readonly openly = new Map<string, ReadonlyMap<TargetId, Showing>>();
  private readonly alone = new Map<string, ReadonlyMap<TargetId, Showing>>();
  private readonly shared = new Map<string, ReadonlyMap<TargetId, Showing>>();

  constructor(private readonly market: Market) {
    this.outlets = [...market.outlets].sort(inTurn);
  }

  /** What `outlet`, one of the market's, should show. */
  of(outlet: Outlet): Share {
    const skus = skusOf(outlet);
    const guarded = skus.some((sku) => this.isGuarded(sku));
    if (!this.isCounted(outlet)) return { units: undefined, open: 0, guarded, parts: [] };
    const shown = (sku: string): Showing => this.showingsOf(sku).get(outlet.id) ?? NOTHING;
    const parts = skus.map((sku) => ({ sku, perSale: perSaleOf(outlet, sku), ...shown(sku) }));
    const planned = leastOf(outlet, (sku) => shown(sku).units);
    return { units: Math.max(planned, outlet.lock), open: this.openNumber(outlet), guarded, parts };
  }

  private isCounted(outlet: Outlet): boolean {
    return outlet.parts.length > 0 && outlet.parts.every(({ sku }) => this.market.positions.get(sku)?.counted === true);
  }

  private isGuarded(sku: string): boolean {
    const position = this.market.positions.get(sku);
    return position !== undefined && allowanceOf(position.exposure) !== undefined;
  }

  /** What each listing of a sku shows of it. */
  private showingsOf(sku: string): ReadonlyMap<TargetId, Showing> {
    const known = this.shared.get(sku);
    if (known !== undefined) return known;
    const showings = this.isGuarded(sku) ? this.dealt(sku) : this.besideLocks(sku);
    this.shared.set(sku, showings);
    return showings;
  }

  private besideLocks(sku: string): ReadonlyMap<TargetId, Showing> {
    const outlets = this.sellersOf(sku);
    if (outlets.every(({ lock }) => lock === 0)) return this.opened(sku);
    const surplus = outlets.map((outlet) => {
      const beyond = Math.max(0, outlet.lock - this.openNumber(outlet));
      return [outlet.id, beyond * outlet.units] as const;
    });
    return showOpenly(this.positionOf(sku), this.openOutletsOf(sku), new Map(surplus));
  }

  private dealt(sku: string): ReadonlyMap<TargetId, Showing> {
    const outlets = this.sellersOf(sku).map((outlet) => {
      const { id, shop, rules, units } = outlet;
      return { id, shop, rules, units, most: this.openNumber(outlet) * units, locked: outlet.lock * units };
    });
    return showGuarded(this.positionOf(sku), outlets, this.market.storefrontWeight);
  }

  /** What each listing of a sku shows of it under `open`, as if there were no locks. */
  private opened(sku: string): ReadonlyMap<TargetId, Showing> {
    const known = this.openly.get(sku) ?? showOpenly(this.positionOf(sku), this.openOutletsOf(sku));
    this.openly.set(sku, known);
    return known;
  }

  /** The last units of a sku are not left to a bundle of which another part allows no sale. */
  private openOutletsOf(sku: string): readonly OpenOutlet[] {
    return this.sellersOf(sku).map((outlet) => {
      const { lastUnits: _lastUnits, ...rules } = outlet.rules;
      const isEmpty = skusOf(outlet).some((part) => part !== sku && this.isNoneLeft(outlet, part));
      return isEmpty ? { ...outlet, rules } : outlet;
    });
  }

  /** Whether a part allows a bundle no sale. One hop: it does not matter here which other bundles of it are empty. */
  private isNoneLeft(bundle: Outlet, part: string): boolean {
    const alone = this.alone.get(part) ?? showOpenly(this.positionOf(part), this.sellersOf(part));
    this.alone.set(part, alone);
    return (alone.get(bundle.id) ?? NOTHING).units < perSaleOf(bundle, part);
  }

  private openNumber(outlet: Outlet): number {
    return leastOf(outlet, (sku) => (this.opened(sku).get(outlet.id) ?? NOTHING).units);
  }

  private positionOf(sku: string): Position {
    const position = this.market.positions.get(sku);
    if (position === undefined) throw new Error(`no position of ${sku}`);
    return position;
  }

  /** Those whose number can be written; a listing with a part that was never counted shows nothing of ours. */
  private sellersOf(sku: string): readonly (Outlet & OpenOutlet)[] {
    const sellers = this.outlets.filter((outlet) => perSaleOf(outlet, sku) > 0 && this.isCounted(outlet));
    return sellers.map((outlet) => ({ ...outlet, units: perSaleOf(outlet, sku) }));
  }
}
