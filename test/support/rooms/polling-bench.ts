import { orderIdOf, type OrderState, type SellerId, type ShopId } from '../../../src/domain';
import { FindCursorsWorker } from '../../../src/polling/find-cursors.worker';
import { PollWorker } from '../../../src/polling/poll.worker';
import { AppsStore } from '../../../src/store/apps.store';
import { OrdersStore, type StoredOrder } from '../../../src/store/orders.store';
import { PollCursorsStore, type PollCursor } from '../../../src/store/poll-cursors.store';
import { ProblemsStore, type ProblemRecord } from '../../../src/store/problems.store';
import { ShopsStore } from '../../../src/store/shops.store';
import { lineState, NO_TOTALS, orderState } from '../../builders/orders';
import { appRecord, newShop } from '../../builders/records';
import { HandClock } from './hand-clock';
import { ListingChannel } from './listing-channel';
import { makePlace, openRooms, type Rooms } from './open-rooms';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const DAY = 86_400_000;
/** How long before now a window ends, so that no order can enter it while it is read. */
export const SETTLED = 4000;
/** The time between polls of rooms in tests. */
export const POLL = 120 * SECOND;

/** A seller's one shop at a channel that lists its orders, in rooms without timers: the test makes every look. */
export class PollingBench {
  readonly clock = new HandClock();
  readonly channel = new ListingChannel('listing');
  seller = '' as SellerId;
  shop = '' as ShopId;
  rooms!: Rooms;
  /** The same place in other rooms, as another process would be. */
  elsewhere!: Rooms;
  #stops: (() => Promise<void>)[] = [];
  #forget: () => Promise<unknown> = async () => undefined;
  #count = 0;

  async open(): Promise<void> {
    const place = await makePlace();
    this.#stops.unshift(place.remove);
    this.#forget = () => Promise.all(['shops', 'poll-cursors'].map((name) => place.db.collection(name).deleteMany({})));
    const parts = { place, clock: this.clock, connectors: [this.channel.connector()] };
    this.rooms = await openRooms(parts);
    this.#stops.unshift(this.rooms.close);
    this.elsewhere = await openRooms(parts);
    this.#stops.unshift(this.elsewhere.close);
    await this.rooms.get(AppsStore).insert(appRecord('app', 'listing'), 'secret');
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) await stop();
  }

  /** A new seller with a new shop that has its cursor; there are no others. */
  async newShop(): Promise<void> {
    await this.#forget();
    this.#count += 1;
    this.seller = `seller-${this.#count}` as SellerId;
    this.shop = `shop-${this.#count}` as ShopId;
    const ref = { seller: this.seller, shop: this.shop, app: 'app', channel: 'listing' };
    await this.rooms.get(ShopsStore).insert(newShop(ref));
    await this.rooms.get(FindCursorsWorker).sweep();
    this.channel.asked.length = 0;
    this.channel.reads.length = 0;
  }

  /** Everything that is due is looked at, until nothing is. */
  async poll(rooms = this.rooms): Promise<void> {
    const worker = rooms.get(PollWorker);
    while ((await worker.begin()) > 0) await worker.rest();
  }

  /** A buyer orders, so long ago. */
  sell(externalId: string, agoMs: number, changes: Partial<OrderState> = {}): void {
    const at = Math.floor((this.clock.now() - agoMs) / 1000) * 1000;
    const totals = { ...NO_TOTALS, items: 2000, paid: 2000 };
    const order = orderState({
      externalId,
      placedAt: at,
      updatedAt: at,
      totals,
      lines: [lineState('hat')],
      ...changes,
    });
    this.channel.sell(this.shop, order);
  }

  order(externalId: string): Promise<StoredOrder | undefined> {
    return this.rooms.get(OrdersStore).find(orderIdOf(this.seller, this.shop, externalId));
  }

  async ordersHere(): Promise<readonly string[]> {
    const orders = await this.rooms.get(OrdersStore).list(this.seller, { limit: 1000 });
    return orders.map(({ externalId }) => externalId).sort();
  }

  async cursor(): Promise<PollCursor> {
    const found = await this.rooms.get(PollCursorsStore).find(this.seller, this.shop);
    if (found === undefined) throw new Error('the shop has no cursor');
    return found;
  }

  async problems(kind: string): Promise<readonly ProblemRecord[]> {
    const open = await this.rooms.get(ProblemsStore).list(this.seller, { open: true, limit: 100 });
    return open.filter((problem) => problem.kind === kind);
  }
}
