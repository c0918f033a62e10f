import { Injectable } from '@nestjs/common';
import {
  changesOf,
  FIRST_AUDIT_MS,
  hearChanges,
  lockOf,
  partsOf,
  planTarget,
  positionIdOf,
  ShareOut,
  triggerOf,
  type Hearing,
  type Move,
  type PositionId,
  type SellerId,
  type Target,
} from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { crashPoint } from '../platform/crash-point';
import { HubError } from '../platform/hub-error';
import { HubOptions } from '../platform/options';
import { ListingsStore, targetOf, type ListingRecord } from '../store/listings.store';
import { Markets, type MarketRead } from '../store/markets.store';
import { MovesStore } from '../store/moves.store';
import { PositionsStore, type StoredPosition } from '../store/positions.store';
import { ProblemsStore } from '../store/problems.store';
import { TargetsStore, type DirtyShop } from '../store/targets.store';
import { TellWebhooks } from '../store/tell-webhooks.store';
import { DeliverTokens } from './deliver-tokens';
import { HearFormerService } from './hear-former.service';
import { listingProblems } from './listing-problems';
import { LockProblemsService } from './lock-problems.service';
import { isTroubled, StockProblemsService } from './stock-problems.service';

/** Everything read for planning some skus of one seller. */
interface Scene extends MarketRead {
  readonly shares: ShareOut;
  /** Moves of a position that its targets may not have heard of, oldest first. */
  readonly moves: ReadonlyMap<PositionId, readonly Move[]>;
}

const MOST_ROUNDS = 30;

/** Plans what every listing of changed skus should show, and what an operator must know about the skus. */
@Injectable()
export class PlanService {
  constructor(
    private readonly markets: Markets,
    private readonly positions: PositionsStore,
    private readonly moves: MovesStore,
    private readonly listings: ListingsStore,
    private readonly targets: TargetsStore,
    private readonly problems: StockProblemsService,
    private readonly locks: LockProblemsService,
    private readonly listingProblems: ProblemsStore,
    private readonly webhooks: TellWebhooks,
    private readonly former: HearFormerService,
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

  private async look(seller: SellerId, ids: readonly PositionId[]): Promise<Scene> {
    const market = await this.markets.read(
      seller,
      ids.map((id) => partsOf(id)[1] ?? ''),
    );
    await this.removeUnlisted(seller, market.strays);
    const moves = await this.unheard(market.positions, [...market.targets.values()]);
    const outlets = this.heardOf(market, moves);
    const byName = new Map([...market.positions.values()].map((position) => [position.sku, position]));
    const { storefrontWeight } = market;
    const shares = new ShareOut({ positions: byName, outlets: [...outlets.values()], storefrontWeight });
    return { ...market, outlets, moves, shares };
  }

  /** The outlets with what is left of their locks: what a listing sold since it was planned last has left them too. */
  private heardOf(market: MarketRead, moves: Scene['moves']): MarketRead['outlets'] {
    const now = this.clock.now();
    const outlets = [...market.outlets.values()].map((outlet) => {
      const target = outlet.lock > 0 ? market.targets.get(outlet.id) : undefined;
      if (target === undefined) return [outlet.id, outlet] as const;
      const changed = hearChanges(target, this.hearing({ ...market, moves }, target));
      return [outlet.id, { ...outlet, lock: lockOf({ ...target, ...changed }, now) }] as const;
    });
    return new Map(outlets);
  }

  /** A target whose listing was mapped to other skus is planned with those; one without a listing goes, its problems first. */
  private async removeUnlisted(seller: SellerId, targets: readonly Target[]): Promise<void> {
    const checked = await Promise.all(
      targets.map(async ({ id, shop, listing }) => {
        return { id, listing: await this.listings.find(seller, shop, listing) };
      }),
    );
    const gone = checked.flatMap(({ id, listing }) => (listing === undefined ? [id] : []));
    if (gone.length === 0) return;
    const problems = targets.filter(({ id }) => gone.includes(id)).flatMap(listingProblems);
    await this.listingProblems.closeMany(seller, problems, this.clock.now());
    await this.targets.remove(gone);
  }

  /** Moves since the version that the least planned target of a position counted in, from the archive where needed. */
  private async unheard(
    positions: ReadonlyMap<PositionId, StoredPosition>,
    targets: readonly Target[],
  ): Promise<ReadonlyMap<PositionId, readonly Move[]>> {
    const planned = targets.flatMap((target) =>
      target.planned
        .filter(({ sku }) => target.skus.includes(sku))
        .map(({ sku, v }) => ({ id: positionIdOf(target.seller, sku), v })),
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
    const [planned, former] = await Promise.all([
      Promise.all(
        scene.listings.map(async (listing) => {
          const target = this.planned(scene, listing);
          const won = target === undefined || (await this.targets.swap(target));
          return { listing, target, won };
        }),
      ),
      this.former.hear(scene),
    ]);
    crashPoint('target.written');
    await this.tellLocks(scene, planned);
    const lost = planned.flatMap(({ listing, won }) => (won ? [] : asked(scene, listing)));
    const dirty = planned.flatMap(({ target, won }) =>
      won && target?.due !== undefined ? [{ seller: target.seller, shop: target.shop }] : [],
    );
    return { lost: new Set(former === undefined ? scene.skus : lost), dirty: [...dirty, ...(former ?? [])] };
  }

  private planned(scene: Scene, listing: ListingRecord): Target | undefined {
    const outlet = scene.outlets.get(targetOf(listing));
    if (outlet === undefined) return undefined;
    const positions = positionsOf(scene, listing.skus);
    const known = scene.targets.get(outlet.id) ?? unplanned(listing);
    const before = { auditDue: this.clock.now() + FIRST_AUDIT_MS, ...known, skus: listing.skus };
    const { units, open, guarded } = scene.shares.of(outlet);
    return planTarget(before, {
      ...this.hearing(scene, before),
      units,
      open,
      guarded,
      positions: positions.map(({ sku, v }) => ({ sku, v })),
      trigger: triggerOf(
        positions.map(({ id, sku }) => {
          const heard = before.planned.find((planned) => planned.sku === sku)?.v ?? 0;
          return { moves: scene.moves.get(id) ?? [], heard };
        }),
      ),
    });
  }

  private async tellLocks(
    scene: Scene,
    planned: readonly { target: Target | undefined; won: boolean }[],
  ): Promise<void> {
    const locked = planned.flatMap(({ target, won }) => {
      const outlet = won && target?.lock !== undefined ? scene.outlets.get(target.id) : undefined;
      return target === undefined || outlet === undefined ? [] : [{ target, share: scene.shares.of(outlet) }];
    });
    await this.locks.tell(scene.seller, locked);
  }

  private hearing(scene: Omit<Scene, 'shares'>, target: Target): Hearing {
    const channel = scene.shops.get(target.shop)?.channel ?? '';
    const told = target.planned.length === 0 ? [] : positionsOf(scene, target.skus);
    return {
      heard: told.flatMap(({ id, sku }) => changesOf(target, { sku, moves: scene.moves.get(id) ?? [] })),
      guarded: target.guarded === true,
      countsReserved: this.channels.byCode.get(channel)?.manifest.countsReserved === true,
      now: this.clock.now(),
      skewMs: this.options.clockSkewMs,
    };
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
    await this.webhooks.ofStock(scene.seller, changed);
    const due = positions.filter((position) => position.due !== undefined);
    await this.positions.settle(
      due.map((position) => ({ id: position.id, v: position.v, troubled: isTroubled(position) })),
    );
    if (told.length === 0) return new Set();
    const now = await this.positions.readMany(told.map(({ id }) => id));
    return new Set(told.filter(({ id, v }) => now.get(id)?.v !== v).map(({ id }) => id));
  }
}

/** The skus that a listing is planned for; one that shares only a bundle's part with them is planned for them all. */
function asked(scene: Scene, listing: ListingRecord): readonly string[] {
  const own = listing.skus.filter((sku) => scene.skus.includes(sku));
  return own.length === 0 ? scene.skus : own;
}

const unplanned = (listing: ListingRecord): Target => ({
  id: targetOf(listing),
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

const positionsOf = ({ positions, seller }: Omit<Scene, 'shares'>, skus: readonly string[]) =>
  skus.flatMap((sku) => positions.get(positionIdOf(seller, sku)) ?? []);
