import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  auditShare,
  owedOf,
  positionIdOf,
  wantBySku,
  type Move,
  type OrderId,
  type OrderRequest,
  type SellerId,
  type ShareDifference,
} from '../domain';
import { Clock } from '../platform/clock';
import { Pace } from '../platform/pace';
import { MovesStore } from '../store/moves.store';
import { OrdersStore, type StoredOrder } from '../store/orders.store';
import { PositionsStore } from '../store/positions.store';
import { BringOrderService } from './bring-order.service';
import { tellShare } from './stock-audit-report';

/** An order's share of a sku that differs from its newest move there. */
export interface WrongShare {
  readonly order: OrderId;
  readonly sku: string;
  readonly what: string;
  /** Units on hand that bringing the order again takes (negative) or brings. */
  readonly owed: number;
}

/** Where a walk over orders goes on. */
export interface OrderPlace {
  readonly updatedAt: number;
  readonly id: OrderId;
}

export interface SharesPage {
  readonly orders: number;
  readonly wrong: readonly WrongShare[];
  readonly after?: OrderPlace;
}

interface Asked {
  readonly order: StoredOrder;
  readonly sku: string;
  readonly request: OrderRequest;
}

const PER_PAGE = 100;
/** The embedded engine sorts all that it finds of a sku for each page: fewer pages are less to read. */
const OF_SKU_PER_PAGE = 1000;
const LOOK_AGAIN_MS = 1500;
const MOST_TRIES = 5;
/** Holds, which are no orders yet, have the instant 0. */
const FIRST: OrderPlace = { updatedAt: 0, id: '' as OrderId };

/** Compares what orders ask for with what their moves say that they hold, and brings again those that differ. */
@Injectable()
export class AuditSharesService {
  constructor(
    private readonly orders: OrdersStore,
    private readonly positions: PositionsStore,
    private readonly moves: MovesStore,
    private readonly bringer: BringOrderService,
    private readonly clock: Clock,
    private readonly pace: Pace,
  ) {}

  /** One page of a seller's orders, or of those that name one sku. What differs is looked at twice. */
  async page(seller: SellerId, after: OrderPlace = FIRST, sku?: string): Promise<SharesPage> {
    const limit = sku === undefined ? PER_PAGE : OF_SKU_PER_PAGE;
    const orders = await this.orders.list(seller, { after, limit, ...(sku !== undefined && { sku }) });
    const wrong = await this.wrongOf(seller, asksOf(orders, this.clock.now(), sku));
    const last = orders.at(-1);
    const isMore = orders.length === limit && last !== undefined;
    return {
      orders: orders.length,
      wrong: wrong.length === 0 ? [] : await this.believed(seller, wrong, sku),
      ...(isMore && { after: { updatedAt: last.updatedAt, id: last.id } }),
    };
  }

  /**
   * Brings an order again under a new number, so that its newest move holds what it asks. False: it could not be
   * written, because it changed all the time.
   */
  async repair(id: OrderId, by: string): Promise<boolean> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const order = await this.orders.find(id);
      if (order === undefined) return false;
      const stockV = Math.max(order.stockV, await this.highestOf(order)) + 1;
      // A hold that is due is over: it keeps its end.
      const due = order.hold?.status === 'held' ? order.hold.expiresAt : this.clock.now();
      const raised = { ...order, v: order.v + 1, stockV, due };
      if (!(await this.orders.swap(raised))) continue;
      await this.bringer.bring(raised, { reason: 'the ledger audit found its share wrong', by });
      return true;
    }
    return false;
  }

  private async believed(seller: SellerId, wrong: readonly WrongShare[], sku?: string): Promise<readonly WrongShare[]> {
    await delay(this.pace.of(LOOK_AGAIN_MS));
    const ids = [...new Set(wrong.map(({ order }) => order))];
    const found = await Promise.all(ids.map((id) => this.orders.find(id)));
    const orders = found.flatMap((order) => order ?? []);
    const again = await this.wrongOf(seller, asksOf(orders, this.clock.now(), sku));
    const known = new Set(wrong.map((each) => `${each.order} ${each.sku} ${each.what}`));
    return again.filter((each) => known.has(`${each.order} ${each.sku} ${each.what}`));
  }

  /** In whom the move of the order's own number differs; only then the newest one is looked for. */
  private async wrongOf(seller: SellerId, asked: readonly Asked[]): Promise<readonly WrongShare[]> {
    const archived = await this.moves.ofSkus(
      seller,
      asked.map(({ sku, request }) => ({ sku, id: request.id })),
    );
    const byKey = new Map(archived.map((move) => [`${move.sku} ${move.id}`, move]));
    const suspects = asked.filter(({ sku, request }) => differenceOf(request, byKey.get(`${sku} ${request.id}`)));
    const newest = await this.newestOf(seller, suspects);
    return suspects.flatMap(({ order, sku, request }) => {
      const difference = differenceOf(request, newest.get(`${sku} ${order.id}`));
      if (difference === undefined) return [];
      return [{ order: order.id, sku, what: tellShare(difference), owed: owedOf(difference) }];
    });
  }

  /** The newest move of each order on each sku, by `sku order`. */
  private async newestOf(seller: SellerId, asked: readonly Asked[]): Promise<ReadonlyMap<string, Move>> {
    const bySku = new Map<string, OrderId[]>();
    for (const { sku, order } of asked) bySku.set(sku, [...(bySku.get(sku) ?? []), order.id]);
    const positions = await this.positions.readMany([...bySku.keys()].map((sku) => positionIdOf(seller, sku)));
    const newest = new Map<string, Move>();
    for (const position of positions.values()) {
      const orders = bySku.get(position.sku) ?? [];
      const wanted = new Set<OrderId | undefined>(orders);
      const archived = position.archived ? await this.moves.ofOrders(position, orders) : [];
      const here = position.moves.filter(({ order }) => wanted.has(order));
      for (const move of [...archived, ...here]) {
        const key = `${position.sku} ${move.order ?? ''}`;
        if ((newest.get(key)?.stockV ?? -1) < (move.stockV ?? 0)) newest.set(key, move);
      }
    }
    return newest;
  }

  private async highestOf(order: StoredOrder): Promise<number> {
    const newest = await this.newestOf(order.seller, asksOf([order], Infinity));
    return Math.max(0, ...[...newest.values()].map(({ stockV = 0 }) => stockV));
  }
}

const differenceOf = (request: OrderRequest, move: Move | undefined): ShareDifference | undefined =>
  auditShare(request.want, move);

/** What orders ask of skus, but for those whose stock is on its way. */
function asksOf(orders: readonly StoredOrder[], now: number, only?: string): readonly Asked[] {
  const brought = orders.filter(({ due, hold }) => due === undefined || (hold?.status === 'held' && due > now));
  return (now === Infinity ? orders : brought).flatMap((order) =>
    wantBySku(order)
      .filter(({ sku }) => only === undefined || sku === only)
      .map(({ sku, request }) => ({ order, sku, request })),
  );
}
