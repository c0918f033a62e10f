import type {
  CallContext,
  CatalogueItem,
  CataloguePage,
  Connector,
  LockReading,
  StockChange,
  StockReading,
  StockResult,
  StockWrite,
} from '../../../connectors/kit';
import { heldUnits, type ListingId, type OrderState } from '../../../src/domain';

/** A number that a shop was told to show and has not said yes to. */
interface Held {
  readonly shop: string;
  readonly write: StockWrite;
  readonly sayYes: () => void;
}

/**
 * A channel in this process. It lowers a listing by itself for a sale and raises it for a cancellation, answers orders
 * as they are, and takes numbers at once or, with `acksByHand`, when it is told to.
 */
export class TestChannel {
  readonly code: string;
  acksByHand = false;
  /** Whether it has a call that changes a number by so much; set before its connector is made. */
  adjusts = false;
  /** Whether it answers every number with a final no. */
  refuses = false;
  /** What its shops offer, in pages of `itemsPerPage`. */
  offered: readonly CatalogueItem[] = [];
  itemsPerPage = 50;
  catalogueReads = 0;
  /** How many listings each read of numbers was for. */
  readonly stockReads: number[] = [];
  duringStockRead: () => Promise<unknown> = async () => undefined;
  /** Every number it was told, oldest first. */
  readonly writes: { readonly shop: string; readonly listing: string; readonly units: number }[] = [];
  readonly #orders = new Map<string, OrderState>();
  readonly #shown = new Map<string, number>();
  readonly #locks = new Map<string, LockReading>();
  /** Whether readings show locks, and refusals name them. */
  tellsLocks = true;
  #held: Held[] = [];

  constructor(code: string) {
    this.code = code;
  }

  /** A buyer orders, or an order changes: what its listings show changes with it. */
  sell(shop: string, state: OrderState): void {
    const before = this.#orders.get(`${shop}|${state.externalId}`);
    for (const line of before?.lines ?? []) this.#show(shop, line.listingKey, heldUnits(line));
    for (const line of state.lines) this.#show(shop, line.listingKey, -heldUnits(line));
    this.#orders.set(`${shop}|${state.externalId}`, state);
  }

  /** A shop's orders as they are. */
  ordersOf(shop: string): readonly OrderState[] {
    return [...this.#orders].flatMap(([key, order]) => (key.startsWith(`${shop}|`) ? [order] : []));
  }

  /** What buyers see. */
  shown(shop: string, listing: string): number | undefined {
    const units = this.#shown.get(`${shop}|${listing}`);
    return units === undefined ? undefined : Math.max(0, units);
  }

  /** Somebody changes a listing at the marketplace. */
  change(shop: string, listing: string, units: number): void {
    this.#shown.set(`${shop}|${listing}`, units);
  }

  /** An event of the channel keeps so many units of a listing on show; without one it is over. */
  lock(shop: string, listing: string, lock?: LockReading): void {
    if (lock === undefined) this.#locks.delete(`${shop}|${listing}`);
    else this.#locks.set(`${shop}|${listing}`, lock);
  }

  /** Whether a call of this shop waits for its yes. */
  hasCallOf(shop: string): boolean {
    return this.#held.some((held) => held.shop === shop);
  }

  /** Says yes to all that waits in a shop. */
  ack(shop: string): void {
    const mine = this.#held.filter((held) => held.shop === shop);
    this.#held = this.#held.filter((held) => held.shop !== shop);
    for (const { sayYes } of mine) sayYes();
  }

  connector(): Connector {
    return {
      manifest: {
        code: this.code,
        name: this.code,
        regions: ['SG'],
        hosts: () => ({ api: 'https://channel.invalid', auth: 'https://channel.invalid' }),
        stockBatch: { most: 50, perItem: false },
        orderBatch: 50,
        callsPerSecond: 1000,
        accepted: { status: 200, body: '' },
        signsPushes: true,
        channelIds: { required: ['item'], optional: [] },
      },
      verify: () => ({ kind: 'forged', reason: 'this channel sends no pushes' }),
      hint: () => ({ kind: 'unreadable', reason: 'this channel sends no pushes' }),
      readOrders: async ({ shop }, ids) =>
        ids.flatMap((externalId) => {
          const payload = this.#orders.get(`${shop.channelShopId}|${externalId}`);
          return payload === undefined ? [] : [{ externalId, payload }];
        }),
      listOrders: async ({ shop }, { by, from, to }) => {
        const at = (order: OrderState): number => (by === 'created' ? order.placedAt : order.updatedAt);
        const listed = this.ordersOf(shop.channelShopId).filter((order) => at(order) >= from && at(order) <= to);
        return { externalIds: listed.map(({ externalId }) => externalId) };
      },
      normalize: ({ payload }) => ({ kind: 'order', order: payload as OrderState }),
      listingKey: (ids) => ids['item'] ?? '',
      listCatalogue: (_call, cursor) => Promise.resolve(this.#page(Number(cursor ?? 0))),
      pushStock: ({ shop }, writes) => Promise.all(writes.map((write) => this.#take(shop.channelShopId, write))),
      ...(this.adjusts && { adjustStock: this.#adjust.bind(this) }),
      readStock: async ({ shop }, listings) => {
        this.stockReads.push(listings.length);
        await this.duringStockRead();
        return listings.map(({ listing }) => this.#read(shop.channelShopId, listing));
      },
    };
  }

  #page(at: number): CataloguePage {
    this.catalogueReads += 1;
    const items = this.offered.slice(at, at + this.itemsPerPage);
    const end = at + items.length;
    return { items, total: this.offered.length, ...(end < this.offered.length && { next: String(end) }) };
  }

  #read(shop: string, listing: ListingId): StockReading {
    const lock = this.tellsLocks ? this.#locks.get(`${shop}|${listing}`) : undefined;
    return { listing, sellable: this.shown(shop, listing), ...(lock && { lock }) };
  }

  /** What is sold comes out of the lock first. */
  #show(shop: string, listing: string, change: number): void {
    const key = `${shop}|${listing}`;
    const units = this.#shown.get(key);
    const lock = this.#locks.get(key);
    if (lock !== undefined) this.#locks.set(key, { ...lock, units: Math.max(0, lock.units + change) });
    if (units !== undefined) this.#shown.set(key, units + change);
  }

  async #adjust({ shop }: CallContext, changes: readonly StockChange[]): Promise<readonly StockResult[]> {
    const lines = changes.map(({ units, ...line }) => {
      const sellable = (this.#shown.get(`${shop.channelShopId}|${line.listing}`) ?? 0) + units;
      return { ...line, sellable, openUnits: 0 };
    });
    return Promise.all(
      lines.map(async (line): Promise<StockResult> => {
        if (line.sellable >= 0) return this.#take(shop.channelShopId, line);
        const refused = { listing: line.listing, kind: 'refused', code: '212', reading: 'retry' } as const;
        return { ...refused, message: 'less than nothing would be left' };
      }),
    );
  }

  async #take(shop: string, write: StockWrite): Promise<StockResult> {
    this.writes.push({ shop, listing: write.listing, units: write.sellable });
    if (this.acksByHand) await new Promise<void>((sayYes) => this.#held.push({ shop, write, sayYes }));
    if (this.refuses) {
      return { listing: write.listing, kind: 'refused', code: 'banned', reading: 'listing', message: 'a final no' };
    }
    const { units: locked = 0 } = this.#locks.get(`${shop}|${write.listing}`) ?? {};
    if (write.sellable < locked) {
      const refused = { listing: write.listing, kind: 'refused', code: 'locked', reading: 'floor' } as const;
      return { ...refused, message: 'less than is locked', ...(this.tellsLocks && { floor: locked }) };
    }
    this.#shown.set(`${shop}|${write.listing}`, write.sellable);
    return { listing: write.listing, kind: 'done' };
  }
}
