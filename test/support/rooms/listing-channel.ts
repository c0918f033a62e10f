import {
  ChannelError,
  type Connector,
  type OrdersPage,
  type OrderWindow,
  type RawOrder,
} from '../../../connectors/kit';
import type { OrderState } from '../../../src/domain';
import { TestChannel } from './test-channel';

/** One call for a page, as it was asked. */
export interface AskedPage extends OrderWindow {
  readonly shop: string;
  readonly cursor?: string;
}

/** A channel that lists its orders by instant and id, pushes *shop order* as text, and fails as it is told. */
export class ListingChannel extends TestChannel {
  pageSize = 3;
  windowMs: number | undefined;
  /** Whether its list gives the instants too. */
  tellsInstants = false;
  readonly asked: AskedPage[] = [];
  /** How many times orders were read one by one or in batches, by id. */
  readonly reads: string[] = [];
  /** Thrown by the next calls for a page, in this order; undefined lets one pass. */
  readonly failures: (Error | undefined)[] = [];
  /** Listed, and not known when they are read. */
  readonly unreadable = new Set<string>();
  /** Orders whose reading fails in passing, and how often it still does. */
  readonly failing = new Map<string, number>();
  /** Waited for before a page is answered. */
  beforePage: () => Promise<void> = async () => undefined;

  override connector(): Connector {
    const connector = super.connector();
    const { windowMs } = this;
    return {
      ...connector,
      manifest: { ...connector.manifest, ...(windowMs !== undefined && { orderWindowMs: windowMs }) },
      hint: (bytes) => {
        const [channelShopId = '', externalId = ''] = bytes.toString().split(' ');
        return { kind: 'order', channelShopId, externalId };
      },
      readOrders: async (call, ids) => {
        this.reads.push(...ids);
        for (const id of ids) {
          const left = this.failing.get(id) ?? 0;
          this.failing.set(id, left - 1);
          if (left > 0) throw new ChannelError({ kind: 'unavailable', unanswered: false }, `no ${id} just now`);
        }
        const orders: readonly RawOrder[] = await connector.readOrders(call, ids);
        return orders.filter(({ externalId }) => !this.unreadable.has(externalId));
      },
      listOrders: ({ shop }, window, cursor) => this.#page(shop.channelShopId, window, cursor),
    };
  }

  async #page(shop: string, window: OrderWindow, cursor?: string): Promise<OrdersPage> {
    this.asked.push({ shop, ...window, ...(cursor !== undefined && { cursor }) });
    await this.beforePage();
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    const at = (order: OrderState) => (window.by === 'created' ? order.placedAt : order.updatedAt);
    const orders = this.ordersOf(shop)
      .filter((order) => at(order) >= window.from && at(order) <= window.to)
      .map((order) => ({ key: `${String(at(order)).padStart(15, '0')}|${order.externalId}`, order }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .filter(({ key }) => cursor === undefined || key > cursor);
    const page = orders.slice(0, this.pageSize);
    const last = page.at(-1);
    const externalIds = page.map(({ order }) => order.externalId);
    const updatedAt = new Map(page.map(({ order }) => [order.externalId, order.updatedAt]));
    const instants = this.tellsInstants ? { updatedAt } : {};
    return { externalIds, ...instants, ...(orders.length > page.length && last !== undefined && { next: last.key }) };
  }
}
