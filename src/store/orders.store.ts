import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Collection, Filter } from 'mongodb';
import type { Model } from 'mongoose';
import type { Buyer, Order, OrderId, OrderState, OrderStatus, SellerId, ShopId } from '../domain';
import { Batcher } from '../platform/batch';
import { Loader } from '../platform/loader';
import { Seal } from '../platform/seal';
import { FREE, recordSchema } from './record-schema';
import { Swapper } from './swapper';

/** The model's name, which is the collection's. */
export const ORDERS = 'orders';

/** An order as stored. The buyer is sealed, and opened only when somebody may see it. */
export interface StoredOrder extends Order {
  readonly buyer?: string;
  /** When the push that told of this version arrived, ms. */
  readonly heardAt?: number;
  /** When its channel was last asked and told this version, ms; earlier than the answer. */
  readonly readAt?: number;
  /** When to look at its stock next, ms; absent once the ledger holds what the order asks. */
  readonly due?: number;
}

interface OrderDoc extends Omit<StoredOrder, 'id'> {
  readonly _id: OrderId;
  /** What its lines take of, for the index. */
  readonly skus: readonly string[];
  readonly w?: string;
}

/** Orders changed at or after an instant, in the order of change; `after` is where the last page ended. */
export interface OrderFilter {
  readonly shop?: ShopId;
  readonly status?: OrderStatus;
  readonly channel?: string;
  readonly sku?: string;
  readonly updatedAfter?: number;
  readonly after?: { readonly updatedAt: number; readonly id: OrderId };
  readonly limit: number;
}

export const orderSchema = recordSchema<OrderDoc>(ORDERS, {
  seller: { type: String, required: true },
  channel: { type: String, required: true },
  shop: { type: String, required: true },
  externalId: { type: String, required: true },
  reference: { type: String },
  v: { type: Number, required: true },
  stockV: { type: Number, required: true },
  status: { type: String, required: true },
  placedAt: { type: Number, required: true },
  updatedAt: { type: Number, required: true },
  currency: { type: String, required: true },
  lines: { type: [FREE], required: true },
  skus: { type: [String], required: true },
  totals: { type: FREE, required: true },
  fulfilledBy: { type: String, required: true },
  shipBy: { type: Number },
  facts: { type: [FREE], required: true },
  hold: { type: FREE },
  buyer: { type: String },
  heardAt: { type: Number },
  readAt: { type: Number },
  due: { type: Number },
  w: { type: String },
});

interface SettledOrder {
  readonly id: OrderId;
  readonly v: number;
  readonly due?: number;
}

/** The stock is committed: this can wait for others. */
const SETTLE_MS = 5;
/** Reads of one order each that come together are one read. */
const GATHER_MS = 1;
/** A hold that is no order yet has the update instant 0, and is in no list. */
const FIRST_INSTANT = 1;

/** Canonical orders: state and facts in one document. */
@Injectable()
export class OrdersStore {
  private readonly swapper: Swapper<OrderDoc>;
  private readonly loader: Loader<OrderId, StoredOrder>;
  private readonly settler = new Batcher<SettledOrder, true>({
    flushMs: SETTLE_MS,
    most: 200,
    inFlight: 2,
    waiting: Infinity,
    write: (settled) => this.settleMany(settled),
  });

  constructor(
    @InjectModel(ORDERS) private readonly model: Model<OrderDoc>,
    private readonly seal: Seal,
  ) {
    this.swapper = new Swapper(() => this.collection());
    this.loader = new Loader({
      read: (ids) => this.read({ _id: { $in: [...ids] } }),
      idOf: (order) => order.id,
      gatherMs: GATHER_MS,
    });
  }

  /** The order as it is; reads of one moment go out together. */
  find(id: OrderId): Promise<StoredOrder | undefined> {
    return this.loader.load(id);
  }

  /** Writes `order` over version `order.v - 1`; version 1 makes it. False when somebody else was first. */
  swap(order: StoredOrder): Promise<boolean> {
    const { id, ...rest } = order;
    return this.swapper.swap({ was: order.v - 1, next: { ...rest, _id: id, skus: skusOf(order) } });
  }

  /** The ledger holds what this version asks: `due` goes (or becomes a hold's end), a newer version keeps its own. */
  async settle(id: OrderId, as: { readonly v: number; readonly due?: number }): Promise<void> {
    await this.settler.add({ id, ...as });
  }

  /** It is tried again then, by its job; the sweep leaves it alone until later. A newer version keeps its own `due`. */
  async postpone(id: OrderId, due: number): Promise<void> {
    const order = await this.find(id);
    if (order?.due !== undefined) await this.settle(id, { v: order.v, due });
  }

  private async settleMany(settled: readonly SettledOrder[]): Promise<readonly true[]> {
    const operations = settled.map(({ id, v, due }) => {
      const update = due === undefined ? { $unset: { due: '' as const } } : { $set: { due } };
      return { updateOne: { filter: { _id: id, v }, update } };
    });
    await this.collection().bulkWrite(operations, { ordered: false });
    return settled.map(() => true);
  }

  /** The channel was asked again and told the same; a newer version keeps its own. */
  async confirm(orders: readonly Pick<StoredOrder, 'id' | 'v'>[], readAt: number): Promise<void> {
    if (orders.length === 0) return;
    const operations = orders.map(({ id, v }) => ({
      updateOne: { filter: { _id: id, v }, update: { $set: { readAt } } },
    }));
    await this.collection().bulkWrite(operations, { ordered: false });
  }

  /** Orders whose stock waits, those that wait longest first. */
  async dueBefore(now: number, limit: number): Promise<readonly OrderId[]> {
    const docs = await this.collection()
      .find({ due: { $lte: now } }, { projection: { _id: 1 } })
      .sort({ due: 1 })
      .limit(limit)
      .toArray();
    return docs.map((doc) => doc._id);
  }

  /** A page of a seller's orders by update instant and id. */
  async list(seller: SellerId, filter: OrderFilter): Promise<readonly StoredOrder[]> {
    const from = filter.after?.updatedAt ?? Math.max(FIRST_INSTANT, filter.updatedAfter ?? FIRST_INSTANT);
    const where: Filter<OrderDoc> = {
      seller,
      ...(filter.shop === undefined ? {} : { shop: filter.shop }),
      ...(filter.status === undefined ? {} : { status: filter.status }),
      ...(filter.channel === undefined ? {} : { channel: filter.channel }),
      ...(filter.sku === undefined ? {} : { skus: filter.sku }),
      updatedAt: { $gte: from },
    };
    const after = filter.after;
    if (after === undefined) return this.page(where, filter.limit);
    const same = { ...where, updatedAt: after.updatedAt, _id: { $gt: after.id } } as Filter<OrderDoc>;
    const atInstant = await this.page(same, filter.limit);
    if (atInstant.length >= filter.limit) return atInstant;
    const later = { ...where, updatedAt: { $gt: after.updatedAt } } as Filter<OrderDoc>;
    return [...atInstant, ...(await this.page(later, filter.limit - atInstant.length))];
  }

  /** The source's ids of a shop's orders that were placed in `[from, to)`, at most `limit`. */
  async placedBetween(
    { seller, shop }: { readonly seller: SellerId; readonly shop: ShopId },
    { from, to }: { readonly from: number; readonly to: number },
    limit: number,
  ): Promise<readonly string[]> {
    const docs = await this.collection()
      .find({ seller, shop, placedAt: { $gte: from, $lt: to } }, { projection: { externalId: 1 } })
      .sort({ placedAt: 1 })
      .limit(limit)
      .toArray();
    return docs.map(({ externalId }) => externalId);
  }

  /** Orders with this id or number at their source. */
  async byExternalId(seller: SellerId, text: string): Promise<readonly StoredOrder[]> {
    const [byId, byNumber] = await Promise.all([
      this.page({ seller, externalId: text }, 200),
      this.page({ seller, reference: text }, 200),
    ]);
    const known = new Set(byId.map((order) => order.id));
    return [...byId, ...byNumber.filter((order) => !known.has(order.id))];
  }

  /** The buyer as told, sealed for this order; what is stored stays where nothing is told. */
  buyerOf(
    order: Pick<Order, 'seller' | 'id'>,
    by: { readonly told: OrderState; readonly stored: StoredOrder | undefined },
  ): string | undefined {
    if (by.told.buyer === undefined) return by.stored?.buyer;
    return this.seal.seal(JSON.stringify(by.told.buyer), [order.seller, order.id, 'buyer']);
  }

  /** The buyer in clear, for whoever may see it. */
  openBuyer(order: StoredOrder): Buyer | undefined {
    if (order.buyer === undefined) return undefined;
    return JSON.parse(this.seal.open(order.buyer, [order.seller, order.id, 'buyer'])) as Buyer;
  }

  private page(filter: Filter<OrderDoc>, limit: number): Promise<readonly StoredOrder[]> {
    return this.read(filter, { limit, sort: { updatedAt: 1, _id: 1 } });
  }

  private async read(
    filter: Filter<OrderDoc>,
    options: { limit?: number; sort?: Record<string, 1 | -1> } = {},
  ): Promise<readonly StoredOrder[]> {
    const docs = await this.collection().find(filter, options).toArray();
    return docs.map((doc) => storedOf(doc as OrderDoc));
  }

  private collection(): Collection<OrderDoc> {
    return this.model.collection as unknown as Collection<OrderDoc>;
  }
}

const skusOf = ({ lines }: StoredOrder): readonly string[] => [
  ...new Set(lines.flatMap(({ parts = [] }) => parts.map(({ sku }) => sku))),
];

function storedOf({ _id, w: _w, skus: _skus, ...doc }: OrderDoc): StoredOrder {
  return { ...doc, id: _id };
}
