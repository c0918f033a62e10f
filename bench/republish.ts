import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { inBatches, targetIdOf, type ListingId, type SellerId, type ShopId } from '../src/domain';
import { bulkSwapRate } from './ceilings';
import { limitFigure, rateFigure, type Found } from './figures';
import { FIRST_UNITS } from './instant-channel';
import { onStack } from './stack';
import { INSTANT } from './world';

const LISTINGS = 50_000;
/** Of every fifty listings one was refused its number, and is written by publishing once more. */
const REFUSED_EVERY = 50;
const WANTED_UNITS = 7;
const PER_INSERT = 1000;
const CEILING_MS = 3000;
const HEAP_MB = 50;
const WRITTEN_WITHIN_MS = 60_000;
const HOUR_MS = 3_600_000;
const SELLER = 'seller-1' as SellerId;
const SHOP = 'shop-1' as ShopId;

type Doc = Record<string, unknown> & { readonly _id: string };

/** `republish.listings` and `republish.memory`: a shop of 50,000 listings is read back, and what differs is written. */
export function benchRepublish(): Promise<readonly Found[]> {
  const world = { sellers: 1, shopsPerSeller: 1, skusPerSeller: 1, units: FIRST_UNITS, channel: INSTANT };
  return onStack({ name: 'republish', roles: 'api,worker', world }, async ({ hub, db }) => {
    await fill(db);
    const found = await hub.ask('republish', { seller: SELLER, shop: SHOP });
    const written = LISTINGS / REFUSED_EVERY;
    if (found.report['written'] !== written || found.report['same'] !== LISTINGS - written + 1) {
      throw new Error(`it ended so: ${JSON.stringify(found.report)}`);
    }
    const writtenMs = await untilWritten(db, written);
    const swaps = await bulkSwapRate(db, { from: 'targets', count: 1000 }, CEILING_MS);
    const value = (found.done * 1000) / found.tookMs;
    const against = { name: 'bulkWrite of 64 swaps, 4 at a time', value: swaps, bar: null };
    return [
      {
        figure: rateFigure('republish.listings', { value }, against),
        notes: [
          `${found.done} listings of a channel that answers at once, in ${(found.tookMs / 1000).toFixed(1)} s; ${written} differed, and were written ${writtenMs.toFixed(0)} ms later`,
        ],
      },
      {
        figure: limitFigure('republish.memory', { value: found.heapMb, unit: 'MB' }, { bar: HEAP_MB }),
        notes: [
          `the most the heap held above idle meanwhile; resident ${found.residentMb.toFixed(0)} MB, at rest before it ${found.idleMb.toFixed(0)} MB`,
        ],
      },
    ];
  });
}

/** Listings and their targets as the hub wrote them an hour ago. */
async function fill(db: Db): Promise<void> {
  const at = Date.now() - HOUR_MS;
  const names = Array.from({ length: LISTINGS }, (_, index) => `old-${String(index).padStart(5, '0')}` as ListingId);
  for (const batch of inBatches(names, PER_INSERT)) {
    const listings = batch.map((listing) => listingOf(listing, at));
    const targets = batch.map((listing, index) => targetOf(listing, { at, isRefused: index % REFUSED_EVERY === 0 }));
    await Promise.all([
      db.collection<Doc>('listings').insertMany(listings, { ordered: false }),
      db.collection<Doc>('targets').insertMany(targets, { ordered: false }),
    ]);
  }
}

const listingOf = (listing: ListingId, at: number): Doc => ({
  _id: targetIdOf(SELLER, SHOP, listing),
  ...{ seller: SELLER, shop: SHOP, listing, v: 1, channelIds: { itemId: listing }, key: listing },
  ...{ parts: [{ sku: listing, units: 1 }], skus: [listing], updatedAt: at },
});

function targetOf(listing: ListingId, { at, isRefused }: { at: number; isRefused: boolean }): Doc {
  const shown = { units: FIRST_UNITS, version: 1, at };
  const refused = {
    wanted: { units: WANTED_UNITS, version: 2, at },
    refusal: { code: 'bench', message: 'not now', at },
    standing: 'refused',
  };
  return {
    ...{ _id: targetIdOf(SELLER, SHOP, listing), seller: SELLER, shop: SHOP, listing, skus: [listing], v: 3 },
    ...{ acknowledged: shown, drift: 0, planned: [{ sku: listing, v: 1 }], openUnits: 0, trigger: 'order', tries: 0 },
    ...(isRefused ? refused : { wanted: shown }),
  };
}

/** Every listing that differed shows its number; answers how long that took. */
async function untilWritten(db: Db, count: number): Promise<number> {
  const began = performance.now();
  for (;;) {
    const shown = await db.collection('targets').countDocuments({ 'acknowledged.units': WANTED_UNITS });
    const tookMs = performance.now() - began;
    if (shown === count) return tookMs;
    if (tookMs > WRITTEN_WITHIN_MS) throw new Error(`${shown} of ${count} listings were written`);
    await delay(50);
  }
}
