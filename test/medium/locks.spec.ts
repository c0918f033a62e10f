import { keyOf, lockOf, positionIdOf, targetIdOf, type ListingId, type SellerId, type ShopId } from '../../src/domain';
import { GroupCommitService } from '../../src/ledger/group-commit.service';
import { HubOptions } from '../../src/platform/options';
import { DeliverService } from '../../src/push/deliver.service';
import { DriftAuditWorker } from '../../src/push/drift-audit.worker';
import { LocksWorker } from '../../src/push/locks.worker';
import { PlanService } from '../../src/push/plan.service';
import { AppsStore } from '../../src/store/apps.store';
import { AttemptsStore } from '../../src/store/attempts.store';
import { DeadLettersStore } from '../../src/store/dead-letters.store';
import { ListingsStore } from '../../src/store/listings.store';
import { ProblemsStore } from '../../src/store/problems.store';
import { ShopsStore } from '../../src/store/shops.store';
import { TargetsStore } from '../../src/store/targets.store';
import { appRecord, listingRecord, newShop } from '../builders/records';
import { countWish, orderWish } from '../builders/stock';
import { HandClock } from '../support/rooms/hand-clock';
import { makePlace, openRooms, type Rooms } from '../support/rooms/open-rooms';
import { TestChannel } from '../support/rooms/test-channel';

const seller = 'seller' as SellerId;
const LOCKED = 'locked' as ShopId;
const OTHER = 'other' as ShopId;
const MINUTE = 60_000;
const stops: (() => Promise<void>)[] = [];
const channel = new TestChannel('pretend');
const clock = new HandClock();
let rooms: Rooms;
let sku = '';
let made = 0;

beforeAll(async () => {
  const place = await makePlace();
  stops.unshift(place.remove);
  rooms = await openRooms({ place, clock, connectors: [channel.connector()] });
  stops.unshift(rooms.close);
  await rooms.get(AppsStore).insert(appRecord('app', 'pretend'), 'secret');
  for (const shop of [LOCKED, OTHER]) {
    await rooms.get(ShopsStore).insert(newShop({ seller, shop, app: 'app', channel: 'pretend' }));
  }
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

/** A sku of 100 that both shops show. */
beforeEach(async () => {
  made += 1;
  sku = `hat-${made}`;
  channel.tellsLocks = true;
  for (const shop of [LOCKED, OTHER]) {
    await rooms.get(ListingsStore).put(listingRecord({ seller, shop, listing: sku }, [{ sku, units: 1 }]));
  }
  await count(100);
  await settle();
  channel.writes.length = 0;
});

const pollMs = () => rooms.get(HubOptions).pollMs;
const id = () => targetIdOf(seller, LOCKED, sku as ListingId);
const target = async () => (await rooms.get(TargetsStore).readMany([id()])).get(id())!;
const lock = async () => lockOf(await target(), clock.now());
const shown = () => [channel.shown(LOCKED, sku), channel.shown(OTHER, sku)];
const written = () => channel.writes.filter(({ shop }) => shop === LOCKED).map(({ units }) => units);
const problem = () => rooms.get(ProblemsStore).find(seller, keyOf('lock', LOCKED, sku));

async function count(onHand: number): Promise<void> {
  made += 1;
  await rooms.get(GroupCommitService).ask(seller, sku, countWish(onHand, `count-${made}`));
}

/** What the rooms do in a few moments. */
async function settle(): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    await rooms.get(LocksWorker).follow();
    await rooms.get(PlanService).plan([positionIdOf(seller, sku)]);
    for (const shop of [LOCKED, OTHER]) await rooms.get(DeliverService).deliver({ seller, shop });
    clock.advance(1000);
  }
}

async function sell(units: number): Promise<void> {
  made += 1;
  channel.change(LOCKED, sku, (channel.shown(LOCKED, sku) ?? 0) - units);
  const at = { placedAt: clock.now(), updatedAt: clock.now() };
  const sold = [{ listing: sku as ListingId, units, open: units }];
  const order = { id: `o-${made}`, shop: LOCKED };
  await rooms.get(GroupCommitService).ask(seller, sku, orderWish(order, { held: units }, { sold, ...at }));
}

describe('a number that a channel refuses because of its own event', () => {
  it('pain-08 is sent once: the lock is learned, the others give up what it keeps on show, and a person is told', async () => {
    channel.lock(LOCKED, sku, { units: 50 });
    await count(40);
    await settle();
    expect(shown()).toEqual([50, 30]);
    expect(written()).toEqual([40, 50]);
    expect(await lock()).toBe(50);
    expect(await problem()).toMatchObject({ kind: 'lock', shop: LOCKED, sku });
    expect((await problem())?.closedAt).toBeUndefined();
    expect((await problem())?.detail).toMatch(/keeps 50 .* 40 are planned, and 10 more/);
    expect(await rooms.get(DeadLettersStore).byCause(seller, 'refused-listing', { about: id(), limit: 5 })).toEqual([]);
    const attempts = await rooms.get(AttemptsStore).list({ seller, shop: LOCKED }, { limit: 20 });
    expect(attempts.filter(({ listing, state }) => listing === sku && state === 'refused')).toHaveLength(1);
    clock.advance(pollMs());
    await settle();
    expect(written()).toEqual([40, 50]);
    expect(shown()).toEqual([50, 30]);
  });

  it('is planned with the lock from then on, and not refused again', async () => {
    channel.lock(LOCKED, sku, { units: 50 });
    await count(40);
    await settle();
    await count(70);
    await settle();
    expect(shown()).toEqual([70, 70]);
    expect((await problem())?.closedAt).toBeDefined();
    await count(30);
    await settle();
    expect(shown()).toEqual([50, 10]);
    expect(written()).toEqual([40, 50, 70, 50]);
  });

  it('is counted down by what the listing sells', async () => {
    channel.lock(LOCKED, sku, { units: 50 });
    await count(40);
    await settle();
    clock.advance(5000);
    channel.lock(LOCKED, sku, { units: 40 });
    await sell(10);
    await rooms.get(PlanService).plan([positionIdOf(seller, sku)]);
    expect((await target()).wanted?.units).toBe(40);
    expect(await target()).not.toHaveProperty('due');
    await settle();
    expect(await lock()).toBe(40);
    expect(shown()).toEqual([40, 20]);
    expect(written()).toEqual([40, 50]);
  });
});

describe('a lock', () => {
  it('is read again every HUB_POLL_SECONDS beside all writing; what comes back when it is over is planned and put right', async () => {
    channel.lock(LOCKED, sku, { units: 50 });
    await count(40);
    await settle();
    channel.lock(LOCKED, sku);
    channel.change(LOCKED, sku, 70);
    clock.advance(pollMs());
    await settle();
    expect([shown(), await lock()]).toEqual([[70, 30], 50]);
    await rooms.get(DriftAuditWorker).sweep();
    await settle();
    expect(shown()).toEqual([40, 40]);
    expect(await target()).not.toHaveProperty('lock');
    expect((await problem())?.closedAt).toBeDefined();
    expect(await rooms.get(ProblemsStore).find(seller, keyOf('drift', LOCKED, sku))).toBeUndefined();
  });

  it('is read again at the instant of its end', async () => {
    const until = clock.now() + 30_000;
    channel.lock(LOCKED, sku, { units: 50, until });
    await count(40);
    await settle();
    expect((await problem())?.detail).toContain(new Date(until).toISOString());
    channel.lock(LOCKED, sku);
    clock.advance(until + 2000 - clock.now());
    await settle();
    expect(shown()).toEqual([40, 40]);
    expect(await target()).not.toHaveProperty('lock');
  });

  it('that was heard of in any reading is never written below', async () => {
    channel.lock(LOCKED, sku, { units: 50 });
    const { v, ...known } = await target();
    await rooms.get(TargetsStore).swap({ ...known, v: v + 1, check: true, due: clock.now() });
    await settle();
    expect(await lock()).toBe(50);
    await count(40);
    await settle();
    expect(written()).toEqual([50]);
    expect(shown()).toEqual([50, 30]);
  });

  it('is learned by the drift audit too, before any number is refused', async () => {
    channel.lock(LOCKED, sku, { units: 50 });
    clock.advance(60 * MINUTE);
    await rooms.get(DriftAuditWorker).sweep();
    expect(await lock()).toBe(50);
    await count(40);
    await settle();
    expect(written()).toEqual([50]);
    expect(shown()).toEqual([50, 30]);
  });

  it('of a bundle lowers every part elsewhere, also where another part changed', async () => {
    const [other, set] = [`${sku}-pin`, `${sku}-set`];
    const pair = [sku, other].map((name) => ({ sku: name, units: 1 }));
    await rooms.get(ListingsStore).put(listingRecord({ seller, shop: LOCKED, listing: set }, pair));
    await rooms.get(ListingsStore).put(listingRecord({ seller, shop: OTHER, listing: other }, [pair[1]!]));
    await rooms.get(GroupCommitService).ask(seller, other, countWish(100, `count-${other}`));
    await rooms.get(PlanService).plan([positionIdOf(seller, other)]);
    await settle();
    channel.lock(LOCKED, set, { units: 50 });
    await count(40);
    await settle();
    expect(channel.shown(LOCKED, set)).toBe(50);
    await count(20);
    await settle();
    expect([channel.shown(OTHER, sku), channel.shown(OTHER, other)]).toEqual([0, 70]);
  });

  it('goes with its listing, and so does every problem that the listing had', async () => {
    channel.lock(LOCKED, sku, { units: 50 });
    await count(40);
    await settle();
    const problems = rooms.get(ProblemsStore);
    const keys = ['lock', 'drift', 'refused'].map((kind) => keyOf(kind, LOCKED, sku));
    const told = { seller, kind: 'drift', detail: 'somebody changed it', action: 'look', shop: LOCKED } as const;
    for (const key of keys.slice(1)) await problems.open({ ...told, key }, clock.now());
    const listing = (await rooms.get(ListingsStore).find(seller, LOCKED, sku as ListingId))!;
    await rooms.get(ListingsStore).remove(listing);
    await settle();
    const closed = await Promise.all(keys.map(async (key) => (await problems.find(seller, key))?.closedAt));
    expect(closed).toEqual(keys.map(() => expect.any(Number) as number));
    expect(shown()[1]).toBe(40);
  });

  it('that no reading shows is believed for five minutes, then its number is tried once more', async () => {
    channel.tellsLocks = false;
    channel.lock(LOCKED, sku, { units: 50 });
    await count(40);
    await settle();
    expect(shown()).toEqual([100, 0]);
    expect(written()).toEqual([40]);
    for (const minutes of [3, 3, 3, 3]) {
      clock.advance(minutes * MINUTE);
      await settle();
    }
    expect(written()).toEqual([40, 40, 40]);
    channel.lock(LOCKED, sku);
    clock.advance(5 * MINUTE);
    await settle();
    expect(shown()).toEqual([40, 40]);
  });
});
