import { Injectable } from '@nestjs/common';
import {
  allowanceOf,
  orderIdOf,
  OWN_SHOP,
  positionIdOf,
  roomOf,
  sharedOf,
  wantBySku,
  type HoldStatus,
  type Order,
  type OrderLine,
  type SellerId,
  type SkuUnits,
} from '../domain';
import { Clock } from '../platform/clock';
import type { HoldAnswer, HoldStepAnswer, ShortLine } from '../platform/doors';
import { OrdersStore, type StoredOrder } from '../store/orders.store';
import { PositionsStore } from '../store/positions.store';
import { SellersStore } from '../store/sellers.store';
import { ShownStock } from '../store/shown-stock.store';
import { BringOrderService } from './bring-order.service';
import { GroupCommitService } from './group-commit.service';

/** A hold whose asker has no answer after this long is taken back. */
const PENDING_MS = 10_000;

interface HoldWish {
  readonly id: string;
  readonly lines: readonly SkuUnits[];
  readonly expiresInMs: number;
}

/** Holds: an order document that takes all its skus from the shared pool, or none. Each step is one swap. */
@Injectable()
export class HoldsService {
  constructor(
    private readonly orders: OrdersStore,
    private readonly positions: PositionsStore,
    private readonly ledger: GroupCommitService,
    private readonly bringer: BringOrderService,
    private readonly sellers: SellersStore,
    private readonly shownStock: ShownStock,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes every line or none. The same id with the same lines answers as before; a refused id may ask again, once what
   * it took before is given back: its next lines may be others.
   */
  async hold(seller: SellerId, wish: HoldWish): Promise<HoldAnswer> {
    const id = orderIdOf(seller, OWN_SHOP, wish.id);
    const stored = await this.orders.find(id);
    if (stored !== undefined && stored.hold?.status !== 'refused') return answerAgain(stored, wish);
    if (stored?.due !== undefined) await this.bringer.bring(stored);
    const pending = this.pending(seller, wish, stored);
    if (!(await this.orders.swap(pending))) return this.hold(seller, wish);
    return this.take(pending);
  }

  async release(seller: SellerId, id: string): Promise<HoldStepAnswer> {
    return this.step(seller, id, 'released');
  }

  async confirm(seller: SellerId, id: string): Promise<HoldStepAnswer> {
    return this.step(seller, id, 'confirmed');
  }

  /** What a worker finds due: a held one that is over, or a pending one that nobody waits for. */
  async end(order: StoredOrder): Promise<void> {
    const status = order.hold?.status;
    if (status === 'held') await this.undo(order, 'expired');
    else if (status === 'pending') await this.undo(order, 'refused');
    else await this.bringer.bring(order);
  }

  private pending(seller: SellerId, wish: HoldWish, refused: StoredOrder | undefined): StoredOrder {
    const now = this.clock.now();
    return {
      id: orderIdOf(seller, OWN_SHOP, wish.id),
      seller,
      channel: OWN_SHOP,
      shop: OWN_SHOP,
      externalId: wish.id,
      v: (refused?.v ?? 0) + 1,
      stockV: (refused?.stockV ?? 0) + 1,
      status: 'unpaid',
      placedAt: now,
      updatedAt: 0,
      currency: '',
      lines: wish.lines.map(lineOf),
      totals: { items: 0, discountSeller: 0, discountChannel: 0, shipping: 0, tax: 0, paid: 0 },
      fulfilledBy: 'seller',
      facts: [],
      hold: { status: 'pending', expiresAt: now + wish.expiresInMs },
      due: now + PENDING_MS,
    };
  }

  /** Skus in sorted order; at the first short one the hold is refused and undone. */
  private async take(pending: StoredOrder): Promise<HoldAnswer> {
    for (const { sku, request } of wantBySku(pending)) {
      const answer = await this.ledger.ask(pending.seller, sku, request);
      if (answer.kind === 'done' || answer.kind === 'duplicate') continue;
      const first = answer.kind === 'short' ? [{ sku, asked: answer.asked, available: answer.available }] : [];
      const lines = await this.shortLines(pending, first);
      await this.undo(pending, 'refused');
      return { kind: 'short', lines };
    }
    const beyond = await this.beyondPolicy(pending);
    if (beyond.length > 0) {
      await this.undo(pending, 'refused');
      return { kind: 'short', lines: beyond };
    }
    const held = withStatus(pending, 'held');
    if (await this.orders.swap({ ...held, due: pending.hold?.expiresAt ?? 0 })) return { kind: 'made', order: held };
    const now = await this.orders.find(pending.id);
    return now?.hold?.status === 'held' ? { kind: 'made', order: now } : { kind: 'short', lines: [] };
  }

  /**
   * Lines that what channels show of bounded and strict skus leaves no room for. Looked at after the take, as raises
   * are after they are claimed: of two that meet, at least one sees the other.
   */
  private async beyondPolicy(pending: StoredOrder): Promise<readonly ShortLine[]> {
    const wants = wantBySku(pending);
    const positions = await this.positions.readNumbers(
      pending.seller,
      wants.map(({ sku }) => sku),
    );
    const guarded = [...positions].flatMap(([sku, { exposure }]) => (allowanceOf(exposure) === undefined ? [] : [sku]));
    if (guarded.length === 0) return [];
    const on = await this.shownStock.read(pending.seller, guarded);
    return wants.flatMap(({ sku, request }) => {
      const room = guarded.includes(sku) ? roomOf(sku, on) : 0;
      const asked = request.want.held;
      return room < 0 ? [{ sku, asked, available: Math.max(0, asked + room) }] : [];
    });
  }

  /** The first short line, and those after it that would be short too. */
  private async shortLines(order: Order, first: readonly ShortLine[]): Promise<readonly ShortLine[]> {
    const known = new Set(first.map((line) => line.sku));
    const rest = wantBySku(order).filter(({ sku }) => sku > (first[0]?.sku ?? '') && !known.has(sku));
    const positions = await this.positions.readMany(rest.map(({ sku }) => positionIdOf(order.seller, sku)));
    const short = rest.flatMap(({ sku, request }) => {
      const position = positions.get(positionIdOf(order.seller, sku));
      const available = position === undefined ? 0 : sharedOf(position);
      return request.want.held > available ? [{ sku, asked: request.want.held, available }] : [];
    });
    return [...first, ...short];
  }

  /** One swap to a state that holds nothing, then every sku hears of it, also where nothing was taken. */
  private async undo(order: StoredOrder, status: 'refused' | 'released' | 'expired'): Promise<StoredOrder | undefined> {
    const undone: StoredOrder = {
      ...withStatus(order, status),
      stockV: order.stockV + 1,
      status: 'cancelled',
      due: this.clock.now(),
    };
    if (!(await this.orders.swap(undone))) return undefined;
    await this.bringer.bring(undone);
    return undone;
  }

  private async step(seller: SellerId, id: string, to: 'released' | 'confirmed'): Promise<HoldStepAnswer> {
    const order = await this.orders.find(orderIdOf(seller, OWN_SHOP, id));
    if (order?.hold === undefined) return { kind: 'unknown' };
    const over = order.hold.expiresAt <= this.clock.now();
    if (order.hold.status === to && to === 'confirmed') return { kind: 'same', order };
    if (order.hold.status !== 'held' || (over && to === 'confirmed')) {
      return { kind: 'refused', status: over && order.hold.status === 'held' ? 'expired' : order.hold.status };
    }
    const done = to === 'released' ? await this.undo(order, 'released') : await this.becomeOrder(order);
    return done === undefined ? this.step(seller, id, to) : { kind: 'done', order: done };
  }

  private async becomeOrder(order: StoredOrder): Promise<StoredOrder | undefined> {
    const { due: _due, ...rest } = withStatus(order, 'confirmed');
    const v = rest.v;
    const at = order.placedAt;
    const currency = (await this.sellers.find(order.seller))?.currency ?? '';
    const confirmed: StoredOrder = { ...rest, currency, updatedAt: at, facts: [{ kind: 'OrderPlaced', at, v }] };
    if (!(await this.orders.swap({ ...confirmed, due: this.clock.now() }))) return undefined;
    await this.bringer.settle(confirmed);
    return confirmed;
  }
}

const withStatus = (order: StoredOrder, status: HoldStatus): StoredOrder => ({
  ...order,
  v: order.v + 1,
  hold: { expiresAt: order.hold?.expiresAt ?? 0, status },
});

const lineOf = ({ sku, units }: SkuUnits): OrderLine => ({
  id: sku,
  listingKey: sku,
  sellerSku: sku,
  units,
  cancelled: 0,
  shipped: 0,
  returned: 0,
  restocked: 0,
  unitPrice: 0,
  status: 'unpaid',
  parts: [{ sku, units: 1 }],
});

function answerAgain(stored: StoredOrder, wish: HoldWish): HoldAnswer {
  const asked = new Map(wish.lines.map((line) => [line.sku, line.units]));
  const same =
    stored.hold !== undefined &&
    stored.lines.length === asked.size &&
    stored.lines.every((line) => asked.get(line.listingKey) === line.units);
  const lives = stored.hold?.status === 'held' || stored.hold?.status === 'confirmed';
  return { kind: same && lives ? 'same' : 'conflict', order: stored };
}
