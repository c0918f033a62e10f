import { Injectable } from '@nestjs/common';
import {
  changesOf,
  hearFormer,
  targetIdOf,
  type Move,
  type PositionId,
  type SellerId,
  type Target,
  type TargetId,
} from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { HubOptions } from '../platform/options';
import type { MarketRead } from '../store/markets.store';
import type { StoredPosition } from '../store/positions.store';
import { ShopsStore } from '../store/shops.store';
import { TargetsStore, type DirtyShop } from '../store/targets.store';

/** Skus with their moves, as they were read for planning. */
export interface ToldBy extends Pick<MarketRead, 'seller' | 'positions' | 'outlets'> {
  readonly moves: ReadonlyMap<PositionId, readonly Move[]>;
}

/**
 * Orders that were placed before a listing was mapped to other skus stay with the skus of that time. What becomes of
 * them changes what the listing shows all the same: its target hears of it here, and nowhere else.
 */
@Injectable()
export class HearFormerService {
  constructor(
    private readonly targets: TargetsStore,
    private readonly shops: ShopsStore,
    private readonly channels: Channels,
    private readonly clock: Clock,
    private readonly options: HubOptions,
  ) {}

  /** @returns shops that have something to write; undefined where a target changed meanwhile: it is to be done again. */
  async hear(told: ToldBy): Promise<readonly DirtyShop[] | undefined> {
    const ids = formerOf(told);
    if (ids.length === 0) return [];
    const targets = [...(await this.targets.readMany(ids)).values()];
    const shops = await this.shops.findMany(told.seller, [...new Set(targets.map(({ shop }) => shop))]);
    const channelOf = new Map(shops.map(({ id, channel }) => [id, channel]));
    const heard = targets.flatMap((target) => this.heardBy(target, told, channelOf.get(target.shop) ?? '') ?? []);
    const won = await Promise.all(heard.map((target) => this.targets.swap(target)));
    return won.includes(false) ? undefined : heard.filter(({ due }) => due !== undefined);
  }

  private heardBy(target: Target, { positions, moves }: ToldBy, channel: string): Target | undefined {
    const heard = [...positions.values()].flatMap((position) => {
      const changes = changesOf(target, { sku: position.sku, moves: moves.get(position.id) ?? [] });
      return changes.length === 0 ? [] : [{ position, changes }];
    });
    return hearFormer(target, {
      heard: heard.flatMap(({ changes }) => changes),
      positions: heard.map(({ position: { sku, v } }) => ({ sku, v })),
      guarded: target.guarded === true,
      countsReserved: this.channels.byCode.get(channel)?.manifest.countsReserved === true,
      now: this.clock.now(),
      skewMs: this.options.clockSkewMs,
    });
  }
}

/** Listings that fresh moves tell of, and that sell none of these skus. */
function formerOf({ seller, positions, outlets, moves }: ToldBy): readonly TargetId[] {
  const told = [...positions.values()].flatMap((position) => toldOf(seller, position, moves.get(position.id) ?? []));
  return [...new Set(told)].filter((id) => !outlets.has(id));
}

const toldOf = (seller: SellerId, { handled }: StoredPosition, moves: readonly Move[]): readonly TargetId[] =>
  moves.flatMap(({ v, shop, shown = [] }) =>
    v > handled && shop !== undefined ? shown.map(({ listing }) => targetIdOf(seller, shop, listing)) : [],
  );
