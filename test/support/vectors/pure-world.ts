import {
  adoptHoldLines,
  freeOf,
  mergeOrder,
  orderIdOf,
  OWN_SHOP,
  sharedOf,
  wantBySku,
  type HoldStatus,
  type ListingId,
  type Order,
  type OrderLine,
  type SellerId,
  type ShopId,
  type SkuUnits,
} from '../../../src/domain';
import { exposureOf } from './exposure';
import { OrderBook, type ToldOrder } from './order-book';
import { PureBoard } from './pure-board';
import { PureLedger } from './pure-ledger';
import { ONE_SKU, type Stage, type VectorEvent } from './scenario';
import type { Applied, StockNumbers, StockWorld, Traffic } from './stock-world';

type Event<Kind extends VectorEvent['do']> = Extract<VectorEvent, { do: Kind }>;
const SELLER = 'seller' as SellerId;
/** Between two events: more than a second, so that what is since an acknowledgement is so beyond doubt. */
const STEP_MS = 10_000;

/** A world of rules alone: no store, no clock, no channel. */
export class PureWorld implements StockWorld {
  readonly #ledger = new PureLedger();
  readonly #board: PureBoard;
  readonly #book: OrderBook;
  readonly #orders = new Map<string, Order>();
  #now = STEP_MS;
  #made = 0;

  constructor(private readonly stage: Stage) {
    this.#board = new PureBoard(stage, this.#ledger);
    this.#book = new OrderBook(stage);
    for (const { sku, onHand, safetyBuffer, exposure } of stage.skus) {
      this.#ledger.ask(sku, { kind: 'rules', id: 'rules', safetyBuffer, exposure }, this.#now);
      this.#ledger.ask(sku, { kind: 'count', id: 'first', onHand, reason: '', by: '' }, this.#now);
    }
    this.#board.follow(this.#now);
  }

  async apply(event: VectorEvent): Promise<Applied> {
    this.#now += STEP_MS;
    const before = this.#ledger.troubles();
    const refused = !this.#carryOut(event);
    if (event.do !== 'ack') this.#board.follow(this.#now);
    const opened = [...this.#ledger.troubles()].filter((key) => !before.has(key));
    return { refused, problems: opened.map((key) => key.split(' ')[0] ?? '') };
  }

  async published(): Promise<Record<string, number>> {
    return this.#board.published();
  }

  async stock(): Promise<Record<string, StockNumbers>> {
    const numbers = [...this.#ledger.positions].map(([sku, position]) => {
      const { onHand, committed } = position;
      return [sku, { onHand, committed, free: freeOf(position), shared: sharedOf(position) }] as const;
    });
    return Object.fromEntries(numbers);
  }

  async quotas(): Promise<Record<string, number>> {
    const live = [...this.#ledger.positions.values()].flatMap(({ quotas }) => quotas);
    return Object.fromEntries(live.map(({ id, remaining }) => [id, remaining]));
  }

  async exposed(): Promise<number> {
    return exposureOf(this.stage, this.#board.seen(), await this.stock());
  }

  async traffic(): Promise<Traffic> {
    return { ...this.#board.traffic(), shown: this.#board.seen() };
  }

  async close(): Promise<void> {
    return undefined;
  }

  /** False: refused. */
  #carryOut(event: VectorEvent): boolean {
    switch (event.do) {
      case 'start':
        return this.#start(event);
      case 'end':
        return this.#end(event);
      case 'order':
      case 'cancel':
      case 'ship':
      case 'return':
      case 'uncancel':
        return this.#tell(this.#book.tell(event, this.#now));
      case 'count':
        return this.#count(event);
      case 'move':
        return this.#move(event);
      case 'hold':
        return this.#hold(event.id, event.lines ?? [{ sku: ONE_SKU, units: event.quantity ?? 0 }]);
      case 'release':
        return this.#step(event.id, 'released');
      case 'confirm':
        return this.#step(event.id, 'confirmed');
      case 'ack':
        this.#board.ack(event.shop, this.#now);
        return true;
      case 'floor':
        this.#board.lock(event.shop, event.quantity);
        return true;
    }
  }

  #start({ shop, mode, quantity, quota, campaign, sku }: Event<'start'>): boolean {
    this.#made += 1;
    const id = quota ?? `quota-${this.#made}`;
    const wanted = { id, campaign: campaign ?? id, shop: shop as ShopId, mode, quantity };
    const wish = { kind: 'quota-start', id: `start ${id} ${this.#made}`, quota: wanted, cut: false } as const;
    return this.#ledger.ask(sku ?? ONE_SKU, wish, this.#now).kind === 'done';
  }

  #end({ quota, campaign }: Event<'end'>): boolean {
    const ended = [...this.#ledger.positions].flatMap(([sku, { quotas }]) =>
      quotas
        .filter((each) => (quota ?? each.id) === each.id && (campaign ?? each.campaign) === each.campaign)
        .map(({ id }) => this.#ledger.ask(sku, { kind: 'quota-end', id: `end ${id}`, quota: id }, this.#now)),
    );
    return ended.every(({ kind }) => kind === 'done');
  }

  #count({ onHand, sku }: Event<'count'>): boolean {
    this.#made += 1;
    const wish = { kind: 'count', id: `count ${this.#made}`, onHand, reason: '', by: '' } as const;
    return this.#ledger.ask(sku ?? ONE_SKU, wish, this.#now).kind === 'done';
  }

  #move({ id, units, sku }: Event<'move'>): boolean {
    const wish = { kind: 'manual', id, units, reason: '', by: '' } as const;
    return this.#ledger.ask(sku ?? ONE_SKU, wish, this.#now).kind !== 'short';
  }

  #tell({ shop, state }: ToldOrder): boolean {
    const id = orderIdOf(SELLER, shop as ShopId, state.externalId);
    const found = this.#orders.get(id);
    const stored = found && adoptHoldLines(found, state.lines);
    const merged = mergeOrder(stored, state, {
      id,
      seller: SELLER,
      shop: shop as ShopId,
      channel: shop,
      restock: 'auto',
      resolve: (key) => this.#resolve(shop, key),
    });
    if (merged.kind === 'changed') this.#bring(merged.order);
    return true;
  }

  #resolve(shop: string, key: string) {
    if (shop === OWN_SHOP) return { parts: [{ sku: key, units: 1 }] };
    const listing = this.stage.listings.find(({ id }) => id === key);
    return listing && { listing: listing.id as ListingId, parts: listing.parts };
  }

  /** True when no sku was short of what the order asked. */
  #bring(order: Order): boolean {
    this.#orders.set(order.id, order);
    const answers = wantBySku(order).map(({ sku, request }) => this.#ledger.ask(sku, request, this.#now));
    return answers.every(({ kind }) => kind !== 'short');
  }

  #hold(name: string, lines: readonly SkuUnits[]): boolean {
    const id = orderIdOf(SELLER, OWN_SHOP, name);
    const stored = this.#orders.get(id);
    if (stored !== undefined && stored.hold?.status !== 'refused') return stored.hold?.status === 'held';
    const pending = pendingHold(stored, { id, name, lines, at: this.#now });
    const fits = this.#bring(pending) && this.#board.isWithinPolicy(lines.map(({ sku }) => sku));
    if (!fits) {
      this.#bring(withStatus(pending, 'refused'));
      return false;
    }
    this.#orders.set(id, { ...withStatus(pending, 'held'), stockV: pending.stockV });
    return true;
  }

  #step(name: string, to: 'released' | 'confirmed'): boolean {
    const id = orderIdOf(SELLER, OWN_SHOP, name);
    const order = this.#orders.get(id);
    if (order?.hold?.status === to && to === 'confirmed') return true;
    if (order?.hold?.status !== 'held') return false;
    if (to === 'released') return this.#bring(withStatus(order, to));
    this.#orders.set(id, { ...withStatus(order, to), stockV: order.stockV, updatedAt: order.placedAt });
    const lines = order.lines.map(({ listingKey, units }) => ({ sku: listingKey, units }));
    this.#book.addOwn(name, lines, this.#now);
    return true;
  }
}

const withStatus = (order: Order, status: HoldStatus): Order => ({
  ...order,
  v: order.v + 1,
  stockV: order.stockV + 1,
  hold: { expiresAt: Number.MAX_SAFE_INTEGER, status },
});

const holdLine = ({ sku, units }: SkuUnits): OrderLine => {
  const counts = { units, cancelled: 0, shipped: 0, returned: 0, restocked: 0, unitPrice: 0 };
  return { id: sku, listingKey: sku, ...counts, status: 'unpaid', parts: [{ sku, units: 1 }] };
};

function pendingHold(
  refused: Order | undefined,
  hold: { id: Order['id']; name: string; lines: readonly SkuUnits[]; at: number },
): Order {
  const totals = { items: 0, discountSeller: 0, discountChannel: 0, shipping: 0, tax: 0, paid: 0 };
  const who = { id: hold.id, seller: SELLER, channel: OWN_SHOP, shop: OWN_SHOP, externalId: hold.name };
  const versions = { v: (refused?.v ?? 0) + 1, stockV: (refused?.stockV ?? 0) + 1 };
  const times = { placedAt: hold.at, updatedAt: 0 };
  const lines = hold.lines.map(holdLine);
  const state = { status: 'unpaid', currency: '', fulfilledBy: 'seller', totals, facts: [] } as const;
  return { ...who, ...versions, ...times, ...state, lines, hold: { status: 'pending', expiresAt: hold.at + 60_000 } };
}

export const openPureWorld = async (stage: Stage): Promise<StockWorld> => new PureWorld(stage);
