import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Redis from 'ioredis';
import { ChannelError, type CallContext, type Connector } from '../../connectors/kit';
import { claimTarget, keyOf, targetIdOf, type ListingId, type SellerId, type ShopId } from '../../src/domain';
import { WriteStockService, type Answered } from '../../src/push/write-stock.service';
import { AppsStore } from '../../src/store/apps.store';
import { ListingsStore } from '../../src/store/listings.store';
import { ProblemsStore } from '../../src/store/problems.store';
import { ShopCalls } from '../../src/store/shop-calls.store';
import { ShopTrouble } from '../../src/store/shop-trouble.store';
import { ShopsStore } from '../../src/store/shops.store';
import { appRecord, listingRecord, newShop } from '../builders/records';
import { shownTarget } from '../builders/targets';
import { makePlace, openRooms, type Place, type Rooms } from '../support/rooms/open-rooms';
import { TestChannel } from '../support/rooms/test-channel';

const seller = 'seller' as SellerId;
const stops: (() => Promise<void>)[] = [];
let place: Place;
let processes: readonly [Rooms, Rooms];
let server: Server;
/** How many calls came, and whether the next is throttled inside an ordinary answer, as Lazada does. */
let calls = 0;
let throttles = false;
let afterMs = 60_000;

async function call({ http }: CallContext): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const { body } = await http({ method: 'GET', url: `http://127.0.0.1:${port}/`, effect: 'write' });
  if (body !== 'ok') throw new ChannelError({ kind: 'throttled', afterMs }, body);
}

function connector(): Connector {
  const made = new TestChannel('pretend').connector();
  return {
    ...made,
    pushStock: async (context, writes) => {
      await call(context);
      return writes.map(({ listing }) => ({ listing, kind: 'done' as const }));
    },
    readStock: async (context, listings) => {
      await call(context);
      return listings.map(({ listing }) => ({ listing, sellable: 1 }));
    },
  };
}

beforeAll(async () => {
  server = createServer((_request, response) => {
    calls += 1;
    response.end(throttles ? 'slow down' : 'ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const made = await makePlace();
  place = made;
  stops.unshift(made.remove);
  processes = [
    await openRooms({ place, connectors: [connector()] }),
    await openRooms({ place, connectors: [connector()] }),
  ];
  for (const rooms of processes) stops.unshift(rooms.close);
  await processes[0].get(AppsStore).insert(appRecord('app', 'pretend'), 'secret');
});
afterAll(async () => {
  for (const stop of stops) await stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  calls = 0;
  throttles = false;
  afterMs = 60_000;
});

async function makeShop(name: string): Promise<ShopId> {
  const [rooms] = processes;
  await rooms.get(ShopsStore).insert(newShop({ seller, shop: name, app: 'app', channel: 'pretend' }));
  for (const listing of ['a', 'b'])
    await rooms.get(ListingsStore).put(listingRecord({ seller, shop: name, listing }, [{ sku: 'hat', units: 1 }]));
  return name as ShopId;
}

interface Wish {
  readonly shop: ShopId;
  readonly listing: string;
  readonly units: number;
  readonly reads?: boolean;
}

/** One process calls the channel for a listing that shows 10. */
async function write(rooms: Rooms, { shop, listing, units, reads = false }: Wish): Promise<Answered> {
  const now = Date.now();
  const target = shownTarget(10, {
    id: targetIdOf(seller, shop, listing as ListingId),
    shop,
    listing: listing as ListingId,
    seller,
    wanted: { units, version: 2, at: now },
  });
  const claimed = { target: claimTarget(target, { token: 't', now, reads }), token: 't', reads };
  const ready = await rooms.get(ShopCalls).open(seller, shop);
  const [answered] = await rooms.get(WriteStockService).run(ready!, [claimed]);
  return answered!;
}

describe('a shop whose channel throttles a write inside an ordinary answer', () => {
  it('is called by no process for anything until the time that the channel named', async () => {
    const shop = await makeShop('busy');
    throttles = true;
    const until = Date.now() + 55_000;
    const first = await write(processes[0], { shop, listing: 'a', units: 4 });
    const second = await write(processes[1], { shop, listing: 'b', units: 4 });
    const third = await write(processes[1], { shop, listing: 'b', units: 4, reads: true });
    expect([first, second, third].map(({ answer }) => answer.kind)).toEqual(['again', 'again', 'unread']);
    for (const { answer } of [first, second]) expect(answer.kind === 'again' && answer.due).toBeGreaterThan(until);
    expect(calls).toBe(1);
  });

  it('is a problem where that is long, and none any more when a call works', async () => {
    const shop = await makeShop('spent');
    const [{ get }] = processes;
    const problem = () => get(ProblemsStore).find(seller, keyOf('throttled', shop));
    throttles = true;
    await write(processes[0], { shop: await makeShop('short'), listing: 'a', units: 4 });
    expect(await get(ProblemsStore).find(seller, keyOf('throttled', 'short'))).toBeUndefined();
    afterMs = 8 * 3_600_000;
    await write(processes[0], { shop, listing: 'a', units: 4 });
    expect(await problem()).toMatchObject({
      kind: 'throttled',
      shop,
      detail: expect.stringContaining('before 20') as string,
    });
    expect(await problem()).not.toHaveProperty('closedAt');
    const ready = await get(ShopCalls).open(seller, shop);
    await get(ShopTrouble).worked(ready!.shop);
    expect(await problem()).toHaveProperty('closedAt');
  });

  it('holds up no other shop of the app', async () => {
    throttles = true;
    await write(processes[0], { shop: await makeShop('tired'), listing: 'a', units: 4 });
    throttles = false;
    const other = await write(processes[1], { shop: await makeShop('fresh'), listing: 'a', units: 4 });
    expect(other.answer.kind).toBe('done');
    expect(calls).toBe(2);
  });
});

describe('a call for stock', () => {
  it.each([
    ['lower', { units: 4 }, 'got1'],
    ['raise', { units: 12 }, 'got2'],
    ['read', { units: 4, reads: true }, 'got4'],
  ])('counts as %s', async (name, wish, field) => {
    const redis = new Redis(place.redisUrl);
    await write(processes[0], { shop: await makeShop(name), listing: 'a', ...wish });
    const [key = ''] = await redis.keys(`*:shop:${seller}|${name}`);
    expect(Object.keys(await redis.hgetall(key))).toEqual([field]);
    redis.disconnect();
  });
});
