import type { Db } from 'mongodb';
import {
  foldWishes,
  inBatches,
  keyOf,
  mergeOrder,
  orderIdOf,
  positionIdOf,
  wantBySku,
  type ListingId,
  type Move,
  type Order,
  type OrderState,
  type Position,
  type SellerId,
  type ShopId,
} from '../src/domain';
import { CHANNEL, type BenchShop, type World } from './world';

const PER_INSERT = 2000;
/** Moves that are still with their position, however many there were; the others are in the archive. */
const KEPT_MOVES = 8;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const APP = 'app-bench';

type Doc = Record<string, unknown> & { readonly _id: string };

interface Shelf {
  position: Position;
  moves: readonly Move[];
}

/** Fills a seller's past with orders that were placed, told by a push, and shipped, as the stores write them. */
export class OldOrders {
  readonly #shelves = new Map<string, Shelf>();

  private constructor(
    private readonly db: Db,
    private readonly shops: readonly BenchShop[],
  ) {}

  static async fill(db: Db, { shops }: World, count: number): Promise<void> {
    const old = new OldOrders(db, shops);
    await old.#open();
    const numbers = Array.from({ length: count }, (_, number) => number);
    for (const batch of inBatches(numbers, PER_INSERT)) await old.#insert(batch);
    await old.#close();
  }

  async #open(): Promise<void> {
    for await (const { sku, moves, ...position } of this.db.collection<Doc & Shelf['position']>('positions').find()) {
      this.#shelves.set(String(sku), { position, moves: moves as Move[] });
    }
  }

  async #insert(numbers: readonly number[]): Promise<void> {
    const orders = numbers.map((number) => this.#orderOf(number));
    const insert = async (name: string, docs: readonly Doc[]): Promise<unknown> =>
      docs.length > 0 && this.db.collection<Doc>(name).insertMany([...docs], { ordered: false });
    await Promise.all([
      insert(
        'orders',
        orders.map(({ order: { id, ...rest } }) => ({ ...rest, _id: id, skus: skusOf(rest), heardAt: rest.updatedAt })),
      ),
      insert('deliveries', orders.map(deliveryOf)),
      insert('moves', this.#archived()),
    ]);
  }

  /** One unit of one sku, sold and shipped: two moves. */
  #orderOf(number: number): { readonly order: Order; readonly shop: BenchShop } {
    const shop = this.shops[number % this.shops.length] as BenchShop;
    const { listing, itemId, sku } = shop.listings[Math.floor(number / this.shops.length) % shop.listings.length]!;
    const at = Date.now() - 2 * DAY_MS - number * MINUTE_MS;
    const seller = shop.seller as SellerId;
    const externalId = `OLD${number.toString(36)}`;
    const context = {
      ...{ id: orderIdOf(seller, shop.id as ShopId, externalId), seller, shop: shop.id as ShopId, channel: CHANNEL },
      restock: 'confirm' as const,
      resolve: () => ({ listing: listing as ListingId, parts: [{ sku, units: 1 }] }),
    };
    let order: Order | undefined;
    for (const isShipped of [false, true]) {
      const merged = mergeOrder(order, stateOf({ externalId, itemId, at, isShipped }), context);
      if (merged.kind !== 'changed') throw new Error('an order that was never seen is new');
      order = merged.order;
      this.#bring(order, at);
    }
    return { order: order as Order, shop };
  }

  #bring(order: Order, at: number): void {
    for (const { sku, request } of wantBySku(order)) {
      const shelf = this.#shelves.get(sku);
      if (shelf === undefined) throw new Error(`${sku} was not counted`);
      const { position, moves } = foldWishes(shelf.position, [request], { moves: shelf.moves.slice(-1), at });
      this.#shelves.set(sku, { position, moves: [...shelf.moves, ...moves] });
    }
  }

  #archived(): readonly Doc[] {
    return [...this.#shelves].flatMap(([sku, shelf]) => {
      const leaving = shelf.moves.slice(0, -KEPT_MOVES);
      shelf.moves = shelf.moves.slice(-KEPT_MOVES);
      const seller = this.shops[0]?.seller ?? '';
      return leaving.map((move) => ({ ...move, seller, sku, _id: keyOf(seller, sku, move.id) }));
    });
  }

  async #close(): Promise<void> {
    const seller = this.shops[0]?.seller as SellerId;
    const swaps = [...this.#shelves].map(([sku, { position, moves }]) => {
      const { v, onHand, committed } = position;
      const $set = { v, onHand, committed, moves, archived: true, handled: v };
      const filter = { _id: positionIdOf(seller, sku) as string };
      return { updateOne: { filter, update: { $set, $unset: { due: 1 as const } } } };
    });
    await this.db.collection<Doc>('positions').bulkWrite(swaps, { ordered: false });
  }
}

interface Telling {
  readonly externalId: string;
  readonly itemId: string;
  readonly at: number;
  readonly isShipped: boolean;
}

function stateOf({ externalId, itemId, at, isShipped }: Telling): OrderState {
  const status = isShipped ? 'shipped' : 'paid';
  const key = `${itemId}:0`;
  const counts = { units: 1, cancelled: 0, shipped: isShipped ? 1 : 0, returned: 0 };
  return {
    ...{ externalId, placedAt: at, updatedAt: isShipped ? at + MINUTE_MS : at, currency: 'SGD', status },
    lines: [{ id: `${key}@1250`, listingKey: key, ...counts, unitPrice: 1250, status }],
    totals: { items: 1250, discountSeller: 0, discountChannel: 0, shipping: 0, tax: 0, paid: 1250 },
    fulfilledBy: 'seller',
  };
}

const skusOf = ({ lines }: Pick<Order, 'lines'>): readonly string[] =>
  lines.flatMap(({ parts = [] }) => parts.map(({ sku }) => sku));

function deliveryOf({ order, shop }: { readonly order: Order; readonly shop: BenchShop }): Doc {
  const { seller, externalId, updatedAt: at } = order;
  const body = {
    data: { ordersn: externalId, status: 'SHIPPED', update_time: at },
    shop_id: shop.channelShopId,
    code: 3,
  };
  return {
    ...{ _id: keyOf(APP, externalId), v: 1, app: APP, channel: CHANNEL, channelShopId: shop.channelShopId, seller },
    ...{ shop: shop.id, order: order.id, bytes: Buffer.from(JSON.stringify(body)), headers: {} },
    ...{ receivedAt: at, updatedAt: at, verdict: 'accepted', copies: 0, tries: 0 },
    expiresAt: new Date(Date.now() + 30 * DAY_MS),
  };
}
