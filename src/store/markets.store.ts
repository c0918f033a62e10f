import { Injectable } from '@nestjs/common';
import {
  allowanceOf,
  lockOf,
  positionIdOf,
  type Outlet,
  type PositionId,
  type SellerId,
  type ShopId,
  type Target,
  type TargetId,
} from '../domain';
import { Clock } from '../platform/clock';
import { ListingsStore, targetOf, type ListingRecord } from './listings.store';
import { PositionsStore, type StoredPosition } from './positions.store';
import { SellersStore } from './sellers.store';
import { ShopsStore, type ShopRecord } from './shops.store';
import { TargetsStore } from './targets.store';

/** All that decides what the listings of some skus of one seller show, as it was read. */
export interface MarketRead {
  readonly seller: SellerId;
  /** As asked for. */
  readonly skus: readonly string[];
  /** Those whose number the asked skus decide. */
  readonly listings: readonly ListingRecord[];
  /** Of these listings, and of all that sell a sku of theirs. */
  readonly targets: ReadonlyMap<TargetId, Target>;
  /** Targets that name an asked sku, and whose listing names it no more. */
  readonly strays: readonly Target[];
  readonly positions: ReadonlyMap<PositionId, StoredPosition>;
  readonly shops: ReadonlyMap<ShopId, ShopRecord>;
  /** With the locks that the targets, as read, know of. */
  readonly outlets: ReadonlyMap<TargetId, Outlet>;
  readonly storefrontWeight: number;
}

/** Skus, the listings of which one is a part, and those of them that are locked. */
interface Sold {
  readonly seller: SellerId;
  readonly skus: readonly string[];
  readonly sold: readonly ListingRecord[];
  readonly locked: ReadonlySet<TargetId>;
}

interface Concerned {
  readonly listings: readonly ListingRecord[];
  /** With all that sell any sku of those. */
  readonly beside: readonly ListingRecord[];
}

/** Reads what some skus' listings show, and whatever that depends on. */
@Injectable()
export class Markets {
  constructor(
    private readonly listings: ListingsStore,
    private readonly targets: TargetsStore,
    private readonly positions: PositionsStore,
    private readonly shops: ShopsStore,
    private readonly sellers: SellersStore,
    private readonly clock: Clock,
  ) {}

  /** Reads the targets first and the positions after: a plan is never older than the target that it overwrites. */
  async read(seller: SellerId, skus: readonly string[]): Promise<MarketRead> {
    const [sold, known] = await Promise.all([this.listings.bySkus(seller, skus), this.targets.bySkus(seller, skus)]);
    const locked = new Set(known.flatMap(({ id, lock }) => (lock === undefined ? [] : [id])));
    const { listings, beside } = await this.concerned({ seller, skus, sold, locked });
    const targets = await this.targetsOf(beside, known);
    const named = [...new Set([...skus, ...beside.flatMap((listing) => listing.skus)])];
    const [positions, found] = await Promise.all([
      this.positions.readMany(named.map((sku) => positionIdOf(seller, sku))),
      this.shops.findMany(seller, [...new Set(beside.map((listing) => listing.shop))]),
    ]);
    const shops = new Map(found.map((shop) => [shop.id, shop]));
    const outlets = outletsOf(beside, { shops, targets, now: this.clock.now() });
    const storefrontWeight = await this.storefrontWeight(seller, [...positions.values()]);
    const listed = new Set(beside.map(targetOf));
    const strays = known.filter(({ id }) => !listed.has(id));
    return { seller, skus, listings, targets, strays, positions, shops, outlets, storefrontWeight };
  }

  /**
   * The listings of these skus. Where one is a bundle, its number depends on its other parts; and where such a part is
   * bounded or strict, or the bundle is locked or of a shop that keeps last units, what the bundle can take of it decides
   * what that part's other listings show.
   */
  private async concerned({ seller, skus, sold, locked }: Sold): Promise<Concerned> {
    const parts = [...new Set(sold.flatMap((listing) => listing.skus))].filter((sku) => !skus.includes(sku));
    if (parts.length === 0) return { listings: sold, beside: sold };
    const [positions, shops] = await Promise.all([
      this.positions.readMany(parts.map((sku) => positionIdOf(seller, sku))),
      this.shops.findMany(seller, [...new Set(sold.map(({ shop }) => shop))]),
    ]);
    const guarded = [...positions.values()].filter(({ exposure }) => allowanceOf(exposure) !== undefined);
    const keepers = new Set(shops.flatMap(({ id, rules }) => (rules.lastUnits === undefined ? [] : [id])));
    const tied = sold.filter((listing) => locked.has(targetOf(listing)) || keepers.has(listing.shop));
    const dealt = [...new Set([...skus, ...guarded.map(({ sku }) => sku), ...tied.flatMap((listing) => listing.skus)])];
    const listings = dealt.length === skus.length ? sold : await this.listings.bySkus(seller, dealt);
    const named = [...new Set(listings.flatMap((listing) => listing.skus))];
    return { listings, beside: await this.listings.bySkus(seller, named) };
  }

  private async targetsOf(
    listings: readonly ListingRecord[],
    known: readonly Target[],
  ): Promise<ReadonlyMap<TargetId, Target>> {
    const found = new Map(known.map((target) => [target.id, target]));
    const missing = listings.map(targetOf).filter((id) => !found.has(id));
    if (missing.length > 0) (await this.targets.readMany(missing)).forEach((target, id) => found.set(id, target));
    return found;
  }

  /** The storefront takes part only where a sku is dealt. */
  private async storefrontWeight(seller: SellerId, positions: readonly StoredPosition[]): Promise<number> {
    if (positions.every(({ exposure }) => allowanceOf(exposure) === undefined)) return 0;
    return (await this.sellers.find(seller))?.settings.storefrontWeight ?? 0;
  }
}

function outletsOf(
  listings: readonly ListingRecord[],
  read: {
    shops: ReadonlyMap<ShopId, ShopRecord>;
    targets: ReadonlyMap<TargetId, Target>;
    now: number;
  },
): ReadonlyMap<TargetId, Outlet> {
  const outlets = listings.flatMap((listing): readonly (readonly [TargetId, Outlet])[] => {
    const shop = read.shops.get(listing.shop);
    if (shop === undefined) return [];
    const id = targetOf(listing);
    const target = read.targets.get(id);
    const lock = target === undefined ? 0 : lockOf(target, read.now);
    return [[id, { id, shop: shop.id, listing: listing.listing, parts: listing.parts, rules: rulesOf(shop), lock }]];
  });
  return new Map(outlets);
}

/** The last units are not left to a shop that is not written. */
function rulesOf({ rules, paused }: ShopRecord): ShopRecord['rules'] {
  const { lastUnits: _lastUnits, ...others } = rules;
  return paused ? others : rules;
}
