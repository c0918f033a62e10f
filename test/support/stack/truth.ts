import type { Db } from 'mongodb';
import { keyOf } from '../../../src/domain';
import { CHANNELS, type Channel } from './channels';
import type { Part } from './goods';
import type { Api } from './http';
import type { Seller } from './seller';

/** What one sale of a listing takes, by channel and by the listing's name there. */
export type Catalogue = Readonly<Record<Channel, ReadonlyMap<string, readonly Part[]>>>;

export interface Judged {
  readonly sandbox: Api;
  readonly db: Db;
  readonly seller: Seller;
  readonly catalogue: Catalogue;
  /** What was counted of each sku, once, before any sale. */
  readonly counted: ReadonlyMap<string, number>;
}

interface MarketLine {
  readonly sku: string;
  readonly units: number;
  readonly cancelled: number;
  readonly shipped: number;
  readonly returned: number;
}

interface MarketOrder {
  readonly orderId: string;
  readonly status: string;
  readonly lines: readonly MarketLine[];
}

const COUNTS = ['units', 'cancelled', 'shipped', 'returned'] as const;

/** Everything the marketplaces know, read at one moment: their orders judge the hub. */
export interface Truth {
  readonly orders: Readonly<Record<Channel, ReadonlyMap<string, MarketOrder>>>;
  /** On hand and committed of each sku, as the orders leave them. */
  readonly stock: ReadonlyMap<string, { onHand: number; committed: number }>;
}

export async function readTruth(judged: Judged): Promise<Truth> {
  const read = await Promise.all(
    CHANNELS.map(async (channel) => {
      const shop = judged.seller.shops[channel].channelShopId;
      const { items } = await judged.sandbox.must('GET', `/${channel}/shops/${shop}/orders`);
      return [channel, new Map((items as MarketOrder[]).map((order) => [order.orderId, order]))] as const;
    }),
  );
  const orders = Object.fromEntries(read) as unknown as Truth['orders'];
  const stock = new Map([...judged.counted].map(([sku, onHand]) => [sku, { onHand, committed: 0 }]));
  for (const channel of CHANNELS) {
    for (const order of orders[channel].values()) {
      for (const line of order.lines) {
        for (const part of judged.catalogue[channel].get(line.sku) ?? []) {
          const held = stock.get(part.sku);
          if (held === undefined) continue;
          held.onHand -= line.shipped * part.units;
          held.committed += (line.units - line.cancelled - line.shipped) * part.units;
        }
      }
    }
  }
  return { orders, stock };
}

/** In what the hub's orders differ from the marketplaces'; one line for each difference. */
export async function orderDifferences(judged: Judged, truth: Truth): Promise<string[]> {
  const stored = await judged.db.collection('orders').find({ seller: judged.seller.id }).toArray();
  const byShop = new Map(stored.map((order) => [keyOf(String(order['shop']), String(order['externalId'])), order]));
  const differences: string[] = [];
  for (const channel of CHANNELS) {
    for (const order of truth.orders[channel].values()) {
      const key = keyOf(judged.seller.shops[channel].id, order.orderId);
      const known = byShop.get(key);
      byShop.delete(key);
      if (known === undefined) differences.push(`${channel} ${order.orderId} (${order.status}) is not known`);
      else differences.push(...differencesOf(channel, order, known));
    }
  }
  return [...differences, ...[...byShop.keys()].map((key) => `the order ${key} is nobody's`)];
}

interface Sum {
  readonly orderId: string;
  readonly totals: Readonly<Record<(typeof MONEY)[number], string>>;
}

const MONEY = ['items', 'discountSeller', 'discountChannel', 'shipping', 'tax', 'paid'] as const;
const ORDERS_PER_PAGE = 1000;

/** In what the money of the hub's orders differs from the marketplaces', to the cent; one line for each order. */
export async function moneyDifferences({ sandbox, db, seller }: Judged): Promise<string[]> {
  const differences: string[] = [];
  for (const channel of CHANNELS) {
    const { id: shop, channelShopId } = seller.shops[channel];
    for (let after: string | null = ''; after !== null;) {
      const path = `/${channel}/shops/${channelShopId}/orders?limit=${ORDERS_PER_PAGE}&after=${encodeURIComponent(after)}`;
      const page = (await sandbox.must('GET', path)) as { items: readonly Sum[]; next: string | null };
      const ids = page.items.map(({ orderId }) => orderId);
      const stored = await db
        .collection('orders')
        .find({ seller: seller.id, externalId: { $in: ids } })
        .toArray();
      const here = new Map(stored.filter((order) => order['shop'] === shop).map((o) => [String(o['externalId']), o]));
      for (const { orderId, totals } of page.items) {
        const there = MONEY.map((name) => Math.round(Number(totals[name]) * 100)).join('/');
        const known = here.get(orderId)?.['totals'] as Record<string, number> | undefined;
        const sums = MONEY.map((name) => String(known?.[name])).join('/');
        if (sums !== there) differences.push(`${channel} ${orderId} costs ${there}, not ${sums}`);
      }
      after = page.next;
    }
  }
  return differences;
}

function differencesOf(channel: Channel, order: MarketOrder, known: Record<string, unknown>): string[] {
  const lines = known['lines'] as (MarketLine & { listing?: string; sellerSku?: string })[];
  const here = countsBy(lines, (line) => line.listing ?? line.sellerSku ?? '?');
  const there = countsBy(order.lines, (line) => line.sku);
  const name = `${channel} ${order.orderId}`;
  const status = known['status'] === order.status ? [] : [`${name} is ${order.status}, not ${String(known['status'])}`];
  return here === there ? status : [...status, `${name} holds ${there}, not ${here}`];
}

function countsBy<Line extends MarketLine>(lines: readonly Line[], nameOf: (line: Line) => string): string {
  const sums = new Map<string, number[]>();
  for (const line of lines) {
    const before = sums.get(nameOf(line)) ?? [0, 0, 0, 0];
    sums.set(
      nameOf(line),
      COUNTS.map((count, index) => (before[index] ?? 0) + line[count]),
    );
  }
  return [...sums]
    .map(([sku, counts]) => `${sku}:${counts.join('/')}`)
    .sort()
    .join(' ');
}

/** In what the hub's stock differs, and whether each number is the sum of its moves. */
export async function stockDifferences(judged: Judged, truth: Truth): Promise<string[]> {
  const differences: string[] = [];
  const positions = await judged.db.collection('positions').find({ seller: judged.seller.id }).toArray();
  const bySku = new Map(positions.map((position) => [String(position['sku']), position]));
  for (const [sku, { onHand, committed }] of truth.stock) {
    const position = bySku.get(sku);
    const here = `${String(position?.['onHand'])}/${String(position?.['committed'])}`;
    if (here !== `${onHand}/${committed}`) differences.push(`${sku} has ${onHand}/${committed}, not ${here}`);
    if (position !== undefined) differences.push(...(await moveFaults(judged, sku, position['moves'] as MoveDoc[])));
  }
  return differences;
}

interface MoveDoc {
  readonly id: string;
  readonly v: number;
  readonly order?: string;
  readonly stockV?: number;
  readonly committed: number;
  readonly onHand: number;
}

/** Each move is there once, with the archive, and the newest of them has the position's numbers. */
async function moveFaults(judged: Judged, sku: string, kept: readonly MoveDoc[]): Promise<string[]> {
  const archive = judged.db.collection<MoveDoc & { seller: string; sku: string }>('moves');
  const archived = await archive.find({ seller: judged.seller.id, sku }).toArray();
  const keptIds = new Set(kept.map(({ id }) => id));
  const all = [...archived.filter(({ id }) => !keptIds.has(id)), ...kept];
  const ids = new Set(all.map(({ id }) => id));
  return ids.size === all.length ? [] : [`${sku} has ${all.length - ids.size} moves twice`];
}

/** What every listing shows is what the marketplaces' own orders leave; `by` says whose word for *shows* is taken. */
export async function listingDifferences(judged: Judged, truth: Truth, by: 'hub' | 'buyers'): Promise<string[]> {
  const differences: string[] = [];
  for (const channel of CHANNELS) {
    const shown = by === 'hub' ? await wanted(judged, channel) : await seen(judged, channel);
    for (const [listing, parts] of judged.catalogue[channel]) {
      const expected = sellable(parts, truth.stock);
      const number = shown.get(listing);
      if (number !== expected)
        differences.push(`${channel} ${listing} is ${String(number)} for ${by}, not ${expected}`);
    }
  }
  return differences;
}

function sellable(parts: readonly Part[], stock: Truth['stock']): number {
  const numbers = parts.map((part) => {
    const { onHand, committed } = stock.get(part.sku) ?? { onHand: 0, committed: 0 };
    return Math.floor(Math.max(0, onHand - committed) / part.units);
  });
  return Math.min(...numbers);
}

async function wanted(judged: Judged, channel: Channel): Promise<ReadonlyMap<string, number>> {
  const { id: seller, shops } = judged.seller;
  const targets = await judged.db.collection('targets').find({ seller, shop: shops[channel].id }).toArray();
  return new Map(targets.map((target) => [String(target['listing']), Number(target['wanted']?.units)]));
}

async function seen(judged: Judged, channel: Channel): Promise<ReadonlyMap<string, number>> {
  const shop = judged.seller.shops[channel].channelShopId;
  const { items } = await judged.sandbox.must('GET', `/${channel}/shops/${shop}/listings`);
  return new Map((items as { sku: string; quantity: number }[]).map(({ sku, quantity }) => [sku, quantity]));
}

/** Deliveries that were answered with a yes and did not become an order. */
export async function deliveryFaults(judged: Judged): Promise<string[]> {
  const bad = await judged.db
    .collection('deliveries')
    .find({ seller: judged.seller.id, $or: [{ verdict: { $in: ['dead', 'ignored'] } }, { order: { $exists: false } }] })
    .toArray();
  return bad.map((each) => `the delivery ${String(each._id)} is ${String(each['verdict'])}: ${String(each['why'])}`);
}
