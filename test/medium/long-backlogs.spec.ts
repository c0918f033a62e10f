import type { Connector } from '../../connectors/kit';
import { targetIdOf, type ListingId, type SellerId, type ShopId, type Target } from '../../src/domain';
import { DeliverService } from '../../src/push/deliver.service';
import { AppsStore } from '../../src/store/apps.store';
import { ListingsStore } from '../../src/store/listings.store';
import { ShopsStore } from '../../src/store/shops.store';
import { TargetsStore } from '../../src/store/targets.store';
import { appRecord, listingRecord, newShop } from '../builders/records';
import { shownTarget } from '../builders/targets';
import { makePlace, openRooms, type Rooms } from '../support/rooms/open-rooms';
import { TestChannel } from '../support/rooms/test-channel';

const seller = 'seller' as SellerId;
const stops: (() => Promise<void>)[] = [];
/** What the channel was asked, in its order: `lower`, `raise` or `read`. */
const asked: string[] = [];
const channel = new TestChannel('pretend');
let onRead: () => Promise<void> = async () => undefined;
let rooms: Rooms;
let targets: TargetsStore;

/** One item per call, as Shopee has it. */
function connector(): Connector {
  const made = channel.connector();
  return {
    ...made,
    manifest: { ...made.manifest, stockBatch: { most: 50, perItem: true } },
    pushStock: (call, writes) => {
      asked.push(...writes.map(({ sellable }) => (sellable < 10 ? 'lower' : 'raise')));
      return made.pushStock(call, writes);
    },
    readStock: async (_call, listings) => {
      asked.push(...listings.map(() => 'read'));
      await onRead();
      return listings.map(({ listing }) => ({ listing, sellable: 10 }));
    },
  };
}

beforeAll(async () => {
  const place = await makePlace();
  stops.unshift(place.remove);
  rooms = await openRooms({ place, connectors: [connector()] });
  stops.unshift(rooms.close);
  targets = rooms.get(TargetsStore);
  await rooms.get(AppsStore).insert(appRecord('app', 'pretend'), 'secret');
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

async function makeShop(name: string): Promise<ShopId> {
  await rooms.get(ShopsStore).insert(newShop({ seller, shop: name, app: 'app', channel: 'pretend' }));
  return name as ShopId;
}

/** Listings that show 10, with what each of them waits for. */
async function backlog(shop: ShopId, names: readonly string[], changes: Partial<Target>): Promise<void> {
  const made = names.map((name) => {
    const listing = name as ListingId;
    return shownTarget(10, { id: targetIdOf(seller, shop, listing), seller, shop, listing, skus: [name], ...changes });
  });
  await Promise.all(made.map((target) => targets.swap(target)));
  const records = names.map((listing) => {
    const record = listingRecord({ seller, shop, listing }, [{ sku: listing, units: 1 }]);
    return { ...record, channelIds: { item: listing, itemId: listing } };
  });
  await rooms.get(ListingsStore).makeMany(records);
}

const names = (count: number, of: string): readonly string[] => Array.from({ length: count }, (_, at) => `${of}${at}`);
const wanted = (units: number) => ({ units, version: 2, at: 1 });

describe('a shop with a long backlog', () => {
  it('hides no other shop from the sweep', async () => {
    const now = Date.now();
    const [large, small] = [await makeShop('large'), await makeShop('small')];
    await backlog(large, names(40, 'many'), { wanted: wanted(20), due: now - 60_000 });
    await backlog(small, ['one'], { wanted: wanted(3), due: now - 10 });
    const found = await targets.dirtyShops(now, 20);
    expect(found.map(({ shop }) => shop).sort()).toEqual(['large', 'small']);
  });

  it('shows what became due last first, and what waits longest beside it', async () => {
    const now = Date.now();
    const shop = await makeShop('both-ends');
    await backlog(shop, names(40, 'old'), { wanted: wanted(20), due: now - 60_000 });
    await backlog(shop, ['new'], { wanted: wanted(3), due: now - 10 });
    const found = await targets.dirty({ seller, shop }, { now, limit: 10 });
    expect([found.length, new Set(found.map(({ id }) => id)).size, found[0]?.listing]).toEqual([10, 10, 'new']);
  });

  it('lowers before it raises, and what is to be lowered meanwhile waits for few read-backs', async () => {
    const now = Date.now();
    const shop = await makeShop('sale');
    await backlog(shop, names(60, 'changed'), { check: true, due: now - 60_000 });
    await backlog(shop, names(5, 'up'), { wanted: wanted(20), due: now - 30_000 });
    await backlog(shop, names(3, 'down'), { wanted: wanted(3), lowering: true, due: now - 10 });
    const lowered = { wanted: wanted(3), lowering: true, due: now } as const;
    onRead = async () => {
      onRead = async () => undefined;
      await backlog(shop, ['late'], lowered);
    };
    await rooms.get(DeliverService).deliver({ seller, shop });
    expect(asked.slice(0, 8).sort()).toEqual([...names(3, '').map(() => 'lower'), ...names(5, '').map(() => 'raise')]);
    expect(asked.slice(0, 3)).toEqual(['lower', 'lower', 'lower']);
    expect(asked.slice(0, asked.lastIndexOf('lower')).filter((each) => each === 'read')).toHaveLength(8);
    expect(asked.filter((each) => each === 'read')).toHaveLength(60);
  });
});
