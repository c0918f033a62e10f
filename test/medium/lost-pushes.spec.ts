import { ChannelError, type Connector } from '../../connectors/kit';
import { LostPushesWorker } from '../../src/polling/lost-pushes.worker';
import { AppsStore } from '../../src/store/apps.store';
import { appRecord } from '../builders/records';
import { HandClock } from '../support/rooms/hand-clock';
import { makePlace, openRooms, type Rooms } from '../support/rooms/open-rooms';
import { TestChannel } from '../support/rooms/test-channel';

const clock = new HandClock();
const stops: (() => Promise<unknown>)[] = [];
const MINUTE = 60_000;
/** What the channel could not deliver, by the app's key; a page is given out until it is confirmed. */
const lost = new Map<string, string[]>();
const PAGE = 2;
let confirmFails = false;
let rooms: Rooms;
let elsewhere: Rooms;
let spoil: (app: string) => Promise<unknown>;
let kept: () => Promise<{ _id: string; bytes: string; channelShopId: string; copies: number }[]>;

const connector: Connector = {
  ...new TestChannel('losing').connector(),
  hint: (bytes) => ({ kind: 'order', channelShopId: 'their-shop', externalId: bytes.toString() }),
  keyOfPush: (bytes) => `key-of-${bytes.toString()}`,
  takeLostPushes: async ({ app }, keep) => {
    const all = lost.get(app.key) ?? [];
    const page = all.slice(0, PAGE);
    if (page.length === 0) return { count: 0, more: false };
    await keep(page.map((text) => Buffer.from(text)));
    if (confirmFails)
      throw new ChannelError({ kind: 'unavailable', unanswered: true }, 'no answer to the confirmation');
    lost.set(app.key, all.slice(page.length));
    return { count: page.length, more: all.length > page.length };
  },
};

beforeAll(async () => {
  const place = await makePlace();
  stops.unshift(place.remove);
  rooms = await openRooms({ place, clock, connectors: [connector] });
  stops.unshift(rooms.close);
  elsewhere = await openRooms({ place, clock, connectors: [connector] });
  stops.unshift(elsewhere.close);
  for (const key of ['one', 'two']) {
    await rooms.get(AppsStore).insert({ ...appRecord(`app-${key}`, 'losing'), key }, 'secret');
  }
  spoil = (app) =>
    place.db.collection('apps').updateOne({ _id: app as never }, { $set: { secrets: [{ sealed: 'of another key' }] } });
  kept = async () => {
    const docs = await place.db.collection('deliveries').find({}).sort({ _id: 1 }).toArray();
    return docs.map((doc) => ({ ...doc, bytes: String(doc['bytes']?.toString()) })) as never;
  };
  stops.unshift(() => place.db.collection('deliveries').deleteMany({}));
});
afterAll(async () => {
  for (const stop of stops) await stop();
});
beforeEach(async () => {
  confirmFails = false;
  clock.advance(10 * MINUTE);
});

const sweep = (where = rooms) => where.get(LostPushesWorker).sweep();

describe('pushes that a channel could not deliver', () => {
  it('are kept as if they had arrived, for every app, page by page', async () => {
    lost.set('one', ['a', 'b', 'c']);
    lost.set('two', ['d']);
    expect(await sweep()).toBe(4);
    expect((await kept()).map(({ _id, bytes, channelShopId }) => [_id, bytes, channelShopId])).toEqual([
      ['app-one|key-of-a', 'a', 'their-shop'],
      ['app-one|key-of-b', 'b', 'their-shop'],
      ['app-one|key-of-c', 'c', 'their-shop'],
      ['app-two|key-of-d', 'd', 'their-shop'],
    ]);
    expect([...lost.values()]).toEqual([[], []]);
  });

  it('are asked for by one process at a time, every five minutes', async () => {
    lost.set('one', ['e']);
    const both = await Promise.all([sweep(), sweep(elsewhere)]);
    expect([...both].sort()).toEqual([0, 1]);
    lost.set('one', ['f']);
    expect(await sweep()).toBe(0);
    clock.advance(5 * MINUTE);
    expect(await sweep(elsewhere)).toBe(1);
  });

  it('come again when the confirmation failed, and are then the same deliveries', async () => {
    const before = (await kept()).length;
    lost.set('one', ['g', 'h']);
    confirmFails = true;
    expect(await sweep()).toBe(0);
    expect(await kept()).toHaveLength(before + 2);
    confirmFails = false;
    clock.advance(5 * MINUTE);
    expect(await sweep()).toBe(2);
    const twice = (await kept()).filter(({ copies }) => copies === 2);
    expect(twice.map(({ bytes }) => bytes)).toEqual(['g', 'h']);
    expect(await kept()).toHaveLength(before + 2);
  });

  it('of one app do not wait for those of another that cannot be asked', async () => {
    lost.set('one', ['i']);
    lost.set('two', ['j']);
    confirmFails = true;
    await sweep();
    expect((await kept()).map(({ bytes }) => bytes)).toEqual(expect.arrayContaining(['i', 'j']));
  });

  it('of one app do not wait for another whose secret cannot be opened', async () => {
    await spoil('app-one');
    lost.set('two', ['k']);
    expect(await sweep()).toBe(1);
  });
});
