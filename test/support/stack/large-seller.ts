import { MongoClient, type Db } from 'mongodb';
import { CHANNELS as CONNECTORS } from '../../../connectors';
import {
  EMPTY_POSITION,
  foldWishes,
  mergeOrder,
  orderIdOf,
  positionIdOf,
  targetIdOf,
  wantBySku,
  type ListingId,
  type Move,
  type Order,
  type Position,
  type SellerId,
  type ShopId,
} from '../../../src/domain';
import { searchWords } from '../../../src/store/search-words';
import { CHANNELS, type Channel } from './channels';
import type { Seller } from './seller';

/** How many of everything the large seller has. */
export const LARGE = 50_000;
/** What each of its listings shows, and each position has free. */
export const FREE_UNITS = 100;
const BATCH = 1000;
const AT_ONCE = 4;
const DAY_MS = 86_400_000;

type Doc = Record<string, unknown> & { _id: string };

/** One sku with all that hangs on it: an old order that was shipped, and three listings that show what is free. */
interface Row {
  readonly sku: Doc;
  readonly position: Doc;
  readonly order: Doc;
  readonly listings: readonly Doc[];
  readonly targets: readonly Doc[];
}

/**
 * Fills the seller's shelves with the documents that the stores would have written: every sku of the marketplaces'
 * catalogues counted, sold once, shipped, and shown by three listings.
 */
export async function fillShelves(mongoUrl: string, seller: Seller): Promise<void> {
  const client = await MongoClient.connect(mongoUrl, { maxPoolSize: AT_ONCE * 2 });
  try {
    const skus = seller.shops.lazada.listings.map(({ sku }) => sku);
    const starts = Array.from({ length: Math.ceil(skus.length / BATCH) }, (_, batch) => batch * BATCH);
    const lanes = Array.from({ length: AT_ONCE }, async () => {
      for (let start = starts.pop(); start !== undefined; start = starts.pop()) {
        const from = start;
        const rows = skus.slice(from, from + BATCH).map((sku, index) => rowOf(seller, sku, from + index));
        await write(client.db(), rows);
      }
    });
    await Promise.all(lanes);
  } finally {
    await client.close();
  }
}

/** The seller's skus alone, never counted. */
export async function fillSkus(db: Db, seller: Seller, skus: readonly string[]): Promise<void> {
  for (let from = 0; from < skus.length; from += BATCH) {
    const docs = skus.slice(from, from + BATCH).map((sku) => skuOf(seller, sku, Date.now()));
    await db.collection<Doc>('skus').insertMany(docs, { ordered: false });
  }
}

async function write(db: Db, rows: readonly Row[]): Promise<void> {
  const insert = (collection: string, docs: readonly Doc[]): Promise<unknown> =>
    db.collection<Doc>(collection).insertMany([...docs], { ordered: false });
  await Promise.all([
    insert(
      'skus',
      rows.map(({ sku }) => sku),
    ),
    insert(
      'positions',
      rows.map(({ position }) => position),
    ),
    insert(
      'orders',
      rows.map(({ order }) => order),
    ),
    insert(
      'listings',
      rows.flatMap(({ listings }) => listings),
    ),
    insert(
      'targets',
      rows.flatMap(({ targets }) => targets),
    ),
  ]);
}

function rowOf(seller: Seller, sku: string, index: number): Row {
  const at = Date.now() - DAY_MS - index * 60_000;
  const order = oldOrder(seller, { sku, index, at });
  const { position, moves } = positionAfter(order, at);
  const owner = seller.id as SellerId;
  const listings = CHANNELS.map((channel) => listingOf(seller, { channel, sku, index, at }));
  const { id, ...orderRest } = order;
  return {
    sku: skuOf(seller, sku, at),
    position: {
      ...position,
      ...{ _id: positionIdOf(owner, sku), seller: owner, sku, moves, archived: false, handled: position.v },
    },
    order: { ...orderRest, _id: id, heardAt: at },
    listings,
    targets: listings.map((listing) => targetOf(listing, { sku, at, planned: position.v })),
  };
}

function skuOf(seller: Seller, sku: string, at: number): Doc {
  const name = `Article ${sku}`;
  const category = `Category ${sku.slice(-2)}`;
  return {
    _id: positionIdOf(seller.id as SellerId, sku),
    ...{ seller: seller.id, sku, v: 1, name, category, basePrice: { minor: 1000, currency: 'SGD' } },
    ...{ safetyBuffer: 0, exposure: { policy: 'open' }, createdAt: at, updatedAt: at },
    words: searchWords(sku, name, category),
  };
}

function keyOfListing(channel: Channel, channelIds: Readonly<Record<string, string>>): string {
  const connector = CONNECTORS.find(({ manifest }) => manifest.code === channel);
  return connector?.listingKey(channelIds) ?? '';
}

interface Place {
  readonly channel: Channel;
  readonly sku: string;
  readonly index: number;
  readonly at: number;
}

function listingOf(seller: Seller, { channel, sku, index, at }: Place): Doc {
  const shop = seller.shops[channel];
  const channelIds = { ...shop.listings[index]?.channelIds };
  return {
    _id: targetIdOf(seller.id as SellerId, shop.id as ShopId, sku as ListingId),
    ...{ seller: seller.id, shop: shop.id, listing: sku, v: 1, channelIds, key: keyOfListing(channel, channelIds) },
    ...{ parts: [{ sku, units: 1 }], skus: [sku], updatedAt: at },
  };
}

function targetOf(listing: Doc, { sku, at, planned }: { sku: string; at: number; planned: number }): Doc {
  const shown = { units: FREE_UNITS, version: 1, at };
  return {
    ...{ _id: listing._id, seller: listing['seller'], shop: listing['shop'], listing: sku, skus: [sku], v: 3 },
    ...{ wanted: shown, acknowledged: shown, drift: 0, planned: [{ sku, v: planned }], openUnits: 0 },
    ...{ trigger: 'order', tries: 0 },
  };
}

/** One unit, sold, paid and shipped long ago, in one of the three shops by turns. */
function oldOrder(seller: Seller, { sku, index, at }: Omit<Place, 'channel'>): Order {
  const channel = CHANNELS[index % CHANNELS.length] as Channel;
  const shop = seller.shops[channel].id as ShopId;
  const owner = seller.id as SellerId;
  const externalId = `OLD${index}`;
  const key = keyOfListing(channel, { ...seller.shops[channel].listings[index]?.channelIds });
  const counts = { units: 1, cancelled: 0, shipped: 1, returned: 0 };
  const line = { id: `${key}@1000`, listingKey: key, sellerSku: sku, ...counts, unitPrice: 1000 };
  const totals = { items: 1000, discountSeller: 0, discountChannel: 0, shipping: 0, tax: 0, paid: 1000 };
  const state = {
    ...{ externalId, placedAt: at, updatedAt: at, currency: 'SGD', status: 'shipped' as const, totals },
    lines: [{ ...line, status: 'shipped' as const }],
    fulfilledBy: 'seller' as const,
  };
  const merged = mergeOrder(undefined, state, {
    ...{ id: orderIdOf(owner, shop, externalId), seller: owner, shop, channel, restock: 'confirm' },
    resolve: () => ({ listing: sku as ListingId, parts: [{ sku, units: 1 }] }),
  });
  if (merged.kind !== 'changed') throw new Error('an order that was never seen is new');
  return merged.order;
}

function positionAfter(order: Order, at: number): { position: Position; moves: readonly Move[] } {
  const count = {
    kind: 'count',
    id: `count|${order.externalId}`,
    onHand: FREE_UNITS + 1,
    reason: 'counted',
    by: 'tess',
  };
  const wishes = [count as never, ...wantBySku(order).map(({ request }) => request)];
  const { position, moves } = foldWishes(EMPTY_POSITION, wishes, { moves: [], at });
  return { position, moves };
}
