import { Injectable } from '@nestjs/common';
import {
  partsOf,
  planTarget,
  positionIdOf,
  publishedOf,
  targetIdOf,
  troubleOf,
  type HeardChange,
  type Move,
  type PositionId,
  type SellerId,
  type ShopId,
  type Target,
  type TargetId,
} from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { crashPoint } from '../platform/crash-point';
import { HubError } from '../platform/hub-error';
import { HubOptions } from '../platform/options';
import { ListingsStore, type ListingRecord } from '../store/listings.store';
import { MovesStore } from '../store/moves.store';
import { PositionsStore, type StoredPosition } from '../store/positions.store';
import { ShopsStore, type ShopRecord } from '../store/shops.store';
import { TargetsStore, type DirtyShop } from '../store/targets.store';
import { DeliverTokens } from './deliver-tokens';
import { StockProblemsService } from './stock-problems.service';

/** Everything read for planning some skus of one seller. */
interface Scene {
  readonly seller: SellerId;
  readonly listings: readonly ListingRecord[];
  readonly targets: ReadonlyMap<TargetId, Target>;
  readonly positions: ReadonlyMap<PositionId, StoredPosition>;
  /** Moves of a position that its targets may not have heard of, oldest first. */
  readonly moves: ReadonlyMap<PositionId, readonly Move[]>;
  readonly shops: ReadonlyMap<ShopId, ShopRecord>;
}

const MOST_ROUNDS = 30;

/** Plans what every listing of changed skus should show, and what an operator must know about the skus. */
@Injectable()
export class PlanService {
  constructor(
    private readonly positions: PositionsStore,
    private readonly moves: MovesStore,
    private readonly listings: ListingsStore,
    private readonly targets: TargetsStore,
    private readonly shops: ShopsStore,
    private readonly problems: StockProblemsService,
    private readonly tokens: DeliverTokens,
    private readonly channels: Channels,
    private readonly clock: Clock,
    private readonly options: HubOptions,
  ) {}

  /**
   * Brings the listings and problems of these positions up to their present version.
   * @returns what failed, by position: one seller's trouble is not another's.
   */
  async plan(ids: readonly PositionId[]): Promise<ReadonlyMap<PositionId, Error>> {
    const bySeller = new Map<SellerId, PositionId[]>();
    for (const id of new Set(ids)) {
      const seller = partsOf(id)[0] as SellerId;
      bySeller.set(seller, [...(bySeller.get(seller) ?? []), id]);
    }
    const failed = new Map<PositionId, Error>();
    await Promise.all(
      [...bySeller].map(([seller, positions]) =>
        this.planSeller(seller, positions).catch((error: unknown) => {
          for (const id of positions) failed.set(id, error instanceof Error ? error : new Error(String(error)));
        }),
      ),
    );
    return failed;
  }

  private async planSeller(seller: SellerId, ids: readonly PositionId[]): Promise<void> {
    let waiting = ids;
    let late: ReadonlySet<PositionId> = new Set();
    for (let round = 0; waiting.length > 0; round += 1) {
      if (round === MOST_ROUNDS)
        throw new HubError('conflict', 'later', { message: 'targets changed under every plan' });
      const scene = await this.look(seller, waiting);
      const { lost, dirty } = await this.write(scene);
      this.tokens.issue(dirty);
      const done = waiting.filter((id) => !lost.has(partsOf(id)[1] ?? ''));
      late = await this.settle(scene, done, late);
      const again = late;
      waiting = waiting.filter((id) => !done.includes(id) || again.has(id));
    }
  }

  /** Reads the targets first and the positions after: a plan is never older than the target that it overwrites. */
  private async look(seller: SellerId, ids: readonly PositionId[]): Promise<Scene> {
    const skus = ids.map((id) => partsOf(id)[1] ?? '');
    const [listings, known] = await Promise.all([
      this.listings.bySkus(seller, skus),
      this.targets.bySkus(seller, skus),
    ]);
    const targets = await this.targetsOf(listings, known);
    const all = [
      ...new Set([...ids, ...listings.flatMap((each) => each.skus.map((sku) => positionIdOf(seller, sku)))]),
    ];
    const [positions, shops] = await Promise.all([
      this.positions.readMany(all),
      this.shops.findMany(seller, [...new Set(listings.map((listing) => listing.shop))]),
    ]);
    const moves = await this.unheard(positions, [...targets.values()]);
    return { seller, listings, targets, positions, moves, shops: new Map(shops.map((shop) => [shop.id, shop])) };
  }

  /** The targets of the listings as they are; those of listings that are no more are removed. */
  private async targetsOf(
    listings: readonly ListingRecord[],
    known: readonly Target[],
  ): Promise<ReadonlyMap<TargetId, Target>> {
    const wanted = new Set(listings.map((each) => targetIdOf(each.seller, each.shop, each.listing)));
    const found = new Map(known.map((target) => [target.id, target]));
    const moved = [...wanted].filter((id) => !found.has(id));
    if (moved.length > 0) (await this.targets.readMany(moved)).forEach((target, id) => found.set(id, target));
    const gone = await this.unlisted(known.filter((target) => !wanted.has(target.id)));
    gone.forEach((id) => found.delete(id));
    return found;
  }

  /** A target whose listing was mapped to other skus is planned with those; one without a listing is removed. */
  private async unlisted(targets: readonly Target[]): Promise<readonly TargetId[]> {
    const checked = await Promise.all(
      targets.map(async (target) => ({
        id: target.id,
        listing: await this.listings.find(target.seller, target.shop, target.listing),
      })),
    );
    const gone = checked.flatMap(({ id, listing }) => (listing === undefined ? [id] : []));
    if (gone.length > 0) await this.targets.remove(gone);
    return checked.map(({ id }) => id);
  }

  /** Moves since the version that the least planned target of a position counted in, from the archive where needed. */
  private async unheard(
    positions: ReadonlyMap<PositionId, StoredPosition>,
    targets: readonly Target[],
  ): Promise<ReadonlyMap<PositionId, readonly Move[]>> {
    const planned = targets.flatMap((target) =>
      target.planned.map(({ sku, v }) => ({ id: positionIdOf(target.seller, sku), v })),
    );
    const least = new Map<PositionId, number>();
    for (const { id, v } of planned) least.set(id, Math.min(v, least.get(id) ?? Infinity));
    const moves = await Promise.all(
      [...positions.values()].map(async (position) => {
        const from = Math.min(position.handled, least.get(position.id) ?? position.v);
        const oldest = position.moves[0]?.v ?? position.v + 1;
        const archived = position.archived && from < oldest ? await this.moves.since(position, from) : [];
        const kept = new Set(position.moves.map((move) => move.id));
        return [position.id, [...archived.filter((move) => !kept.has(move.id)), ...position.moves]] as const;
      }),
    );
    return new Map(moves);
  }

  private async write(scene: Scene): Promise<{ lost: ReadonlySet<string>; dirty: readonly DirtyShop[] }> {
    const planned = await Promise.all(
      scene.listings.map(async (listing) => {
        const target = this.planned(scene, listing);
        const won = target === undefined || (await this.targets.swap(target));
        return { listing, target, won };
      }),
    );
    crashPoint('target.written');
    const lost = new Set(planned.flatMap(({ listing, won }) => (won ? [] : listing.skus)));
    const dirty = planned.flatMap(({ target, won }) =>
      won && target?.due !== undefined ? [{ seller: target.seller, shop: target.shop }] : [],
    );
    return { lost, dirty };
  }

  private planned(scene: Scene, listing: ListingRecord): Target | undefined {
    const shop = scene.shops.get(listing.shop);
    if (shop === undefined) return undefined;
    const positions = new Map(
      listing.skus.flatMap((sku) => {
        const position = scene.positions.get(positionIdOf(scene.seller, sku));
        return position === undefined ? [] : [[sku, position] as const];
      }),
    );
    const before = scene.targets.get(targetIdOf(listing.seller, listing.shop, listing.listing)) ?? unplanned(listing);
    const heard = heardBy(listing, positions, scene.moves);
    return planTarget(
      { ...before, skus: listing.skus },
      {
        units: publishedOf(listing.parts, positions, { shop: shop.id, rules: shop.rules }),
        positions: [...positions].map(([sku, position]) => ({ sku, v: position.v })),
        heard: before.planned.length === 0 ? [] : heard,
        trigger: triggerOf(positions, scene.moves),
        countsReserved: this.channels.byCode.get(shop.channel)?.manifest.countsReserved === true,
        now: this.clock.now(),
        skewMs: this.options.clockSkewMs,
      },
    );
  }

  /** The positions that changed while a problem was opened or closed for them. */
  private async settle(
    scene: Scene,
    ids: readonly PositionId[],
    late: ReadonlySet<PositionId>,
  ): Promise<ReadonlySet<PositionId>> {
    const positions = ids.flatMap((id) => scene.positions.get(id) ?? []);
    const changed = positions.map((position) => {
      const moves = scene.moves.get(position.id) ?? position.moves;
      return { position, moves, again: late.has(position.id) };
    });
    const told = await this.problems.tell(scene.seller, changed);
    const due = positions.filter((position) => position.due !== undefined);
    await this.positions.settle(due.map((position) => ({ id: position.id, v: position.v, troubled: isBad(position) })));
    if (told.length === 0) return new Set();
    const now = await this.positions.readMany(told.map(({ id }) => id));
    return new Set(told.filter(({ id, v }) => now.get(id)?.v !== v).map(({ id }) => id));
  }
}

const isBad = (position: StoredPosition): boolean => {
  const { oversold, uncovered, negativeCount } = troubleOf(position);
  return oversold + uncovered + negativeCount > 0 || position.quotas.some((quota) => (quota.lost ?? 0) > 0);
};

const unplanned = (listing: ListingRecord): Target => ({
  id: targetIdOf(listing.seller, listing.shop, listing.listing),
  seller: listing.seller,
  shop: listing.shop,
  listing: listing.listing,
  skus: listing.skus,
  v: 0,
  drift: 0,
  planned: [],
  openUnits: 0,
  tries: 0,
});

function heardBy(
  listing: ListingRecord,
  positions: ReadonlyMap<string, StoredPosition>,
  moves: Scene['moves'],
): readonly HeardChange[] {
  return [...positions].flatMap(([sku, position]) =>
    (moves.get(position.id) ?? []).flatMap((move) =>
      (move.shown ?? [])
        .filter((shown) => shown.listing === listing.listing && move.shop === listing.shop)
        .map(({ units, open, at }) => ({ sku, v: move.v, units, open, at })),
    ),
  );
}

/** What made the newest change of any part. */
function triggerOf(positions: ReadonlyMap<string, StoredPosition>, moves: Scene['moves']): string {
  const newest = [...positions.values()].flatMap((position) => moves.get(position.id)?.at(-1) ?? []);
  return newest.sort((a, b) => b.at - a.at)[0]?.kind ?? 'rules';
}
