import { Injectable } from '@nestjs/common';
import { ulid } from 'ulid';
import { positionIdOf, type Move, type SellerId, type ShopId } from '../domain';
import { AttemptsStore, type Attempt } from '../store/attempts.store';
import { DeliveriesStore } from '../store/deliveries.store';
import { MovesStore } from '../store/moves.store';
import type { StoredOrder } from '../store/orders.store';
import { PositionsStore } from '../store/positions.store';
import { TargetsStore } from '../store/targets.store';
import { instantText } from './money-border';
import type { EventView } from './orders.schema';
import { present } from './present';

interface SkuMove {
  readonly sku: string;
  readonly move: Move;
}

const MOST_DELIVERIES = 100;
const MOST_ATTEMPTS = 100;
/** A push that follows a move is looked for this long. */
const FOLLOWS_MS = 60_000;

/** All that happened to an order: deliveries, facts, moves and the pushes that followed them. */
@Injectable()
export class TimelineService {
  constructor(
    private readonly deliveries: DeliveriesStore,
    private readonly positions: PositionsStore,
    private readonly archive: MovesStore,
    private readonly targets: TargetsStore,
    private readonly attempts: AttemptsStore,
  ) {}

  async of(order: StoredOrder): Promise<EventView[]> {
    const skus = [...new Set(order.lines.flatMap(({ parts = [] }) => parts.map(({ sku }) => sku)))];
    const [deliveries, moves] = await Promise.all([
      this.deliveries.ofOrder(order.id, MOST_DELIVERIES),
      Promise.all(skus.map((sku) => this.movesOf(order, sku))),
    ]);
    const pushes = await this.pushesAfter(order.seller, skus, moves.flat());
    const events = [
      ...deliveries.map(({ id, receivedAt, verdict, why }) => ({
        at: receivedAt,
        view: { what: 'delivery' as const, kind: verdict, id, ...present({ why }) },
      })),
      ...order.facts.map(({ at, kind, line, units }) => ({
        at,
        view: { what: 'fact' as const, kind, ...present({ line, units }) },
      })),
      ...moves.flat().map(({ sku, move }) => ({ at: move.at, view: moveEvent(sku, move) })),
      ...pushes.map((attempt) => ({ at: attempt.at, view: pushEvent(attempt) })),
    ];
    return events.sort((a, b) => a.at - b.at).map(({ at, view }) => ({ at: instantText(at), ...view }));
  }

  private async movesOf({ seller, id }: StoredOrder, sku: string): Promise<SkuMove[]> {
    const position = await this.positions.find(positionIdOf(seller, sku));
    const archived = position?.archived === true ? await this.archive.ofOrders({ seller, sku }, [id]) : [];
    const present = position?.moves.filter((move) => move.order === id) ?? [];
    const byId = new Map([...archived, ...present].map((move) => [move.id, move]));
    return [...byId.values()].map((move) => ({ sku, move }));
  }

  /** Attempts on listings of these skus, from the first move to a minute after the last. */
  private async pushesAfter(seller: SellerId, skus: readonly string[], moves: readonly SkuMove[]): Promise<Attempt[]> {
    if (moves.length === 0) return [];
    const instants = moves.map(({ move }) => move.at);
    const [first, last] = [Math.min(...instants), Math.max(...instants) + FOLLOWS_MS];
    const targets = await this.targets.bySkus(seller, skus);
    const listings = new Set(targets.map(({ shop, listing }) => `${shop}|${listing}`));
    const shops = [...new Set(targets.map(({ shop }) => shop))];
    const pages = await Promise.all(shops.map((shop) => this.attemptsBefore(seller, shop, last)));
    return pages.flat().filter(({ shop, listing, at }) => at >= first && listings.has(`${shop}|${listing}`));
  }

  private attemptsBefore(seller: SellerId, shop: ShopId, at: number): Promise<readonly Attempt[]> {
    return this.attempts.list({ seller, shop }, { before: ulid(at), limit: MOST_ATTEMPTS });
  }
}

function moveEvent(sku: string, { id, kind, holding, reason }: Move): Omit<EventView, 'at'> {
  return { what: 'move', kind, id, sku, ...present({ drew: holding?.drew, why: reason }) };
}

function pushEvent({ id, shop, listing, state, target, answer }: Attempt): Omit<EventView, 'at'> {
  return { what: 'push', kind: state, id, shop, listing, units: target, ...present({ why: answer }) };
}
