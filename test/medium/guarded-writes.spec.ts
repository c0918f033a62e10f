import { positionIdOf, targetIdOf, type ListingId, type SellerId, type ShopId, type Target } from '../../src/domain';
import { StockDoor } from '../../src/platform/doors';
import { FindCursorsWorker } from '../../src/polling/find-cursors.worker';
import { PollWorker } from '../../src/polling/poll.worker';
import { AuditTimes } from '../../src/push/audit-times';
import { DeliverService } from '../../src/push/deliver.service';
import { DriftAuditWorker } from '../../src/push/drift-audit.worker';
import { GuardService } from '../../src/push/guard.service';
import { PlanService } from '../../src/push/plan.service';
import { AppsStore } from '../../src/store/apps.store';
import { ListingsStore } from '../../src/store/listings.store';
import { ShopsStore } from '../../src/store/shops.store';
import { TargetsStore } from '../../src/store/targets.store';
import { lineState, NO_TOTALS, orderState } from '../builders/orders';
import { appRecord, listingRecord, newShop } from '../builders/records';
import { HandClock } from '../support/rooms/hand-clock';
import { makePlace, openRooms, type Rooms } from '../support/rooms/open-rooms';
import { TestChannel } from '../support/rooms/test-channel';

const seller = 'seller' as SellerId;
const SHUT = 'shut-shop' as ShopId;
const BESIDE = 'beside-shop' as ShopId;
const THIRD = 'third-shop' as ShopId;
const clock = new HandClock();
/** It takes numbers only as they are. */
const plain = new TestChannel('plain');
const adjusting = new TestChannel('adjusting');
adjusting.adjusts = true;
const stops: (() => Promise<void>)[] = [];
let rooms: Rooms;
let elsewhere: Rooms;
let skus = 0;
let sku = '';

beforeAll(async () => {
  const place = await makePlace();
  stops.unshift(place.remove);
  for (const keep of [(made: Rooms) => (rooms = made), (made: Rooms) => (elsewhere = made)]) {
    const made = keep(await openRooms({ place, clock, connectors: [plain.connector(), adjusting.connector()] }));
    stops.unshift(made.close);
  }
  for (const [shop, channel] of [[SHUT, 'plain'] as const, [BESIDE, 'adjusting'] as const]) {
    await rooms.get(AppsStore).insert(appRecord(channel, channel), 'secret');
    await rooms.get(ShopsStore).insert(newShop({ seller, shop, app: channel, channel }));
  }
  await rooms.get(ShopsStore).insert(newShop({ seller, shop: THIRD, app: 'adjusting', channel: 'adjusting' }));
  await rooms.get(FindCursorsWorker).sweep();
  await poll();
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

const stock = () => rooms.get(StockDoor);
const plan = () => rooms.get(PlanService).plan([positionIdOf(seller, sku)]);
const deliver = (shop: ShopId) => rooms.get(DeliverService).deliver({ seller, shop });
const shown = () => [plain.shown(SHUT, sku) ?? 0, adjusting.shown(BESIDE, sku) ?? 0] as const;
const count = (onHand: number) =>
  stock().count(seller, sku, { id: `count ${onHand} ${sku}`, onHand, reason: 'counted', by: 'test' });

async function poll(): Promise<void> {
  while ((await rooms.get(PollWorker).begin()) > 0) await rooms.get(PollWorker).rest();
}

async function targetIn(shop: ShopId): Promise<Target> {
  const id = targetIdOf(seller, shop, sku as ListingId);
  return (await rooms.get(TargetsStore).readMany([id])).get(id) as Target;
}

/** Everything is planned, written and heard, as far as time brings it. */
async function settle(ms: number): Promise<void> {
  for (let passed = 0; passed <= ms; passed += 1000) {
    await plan();
    for (const shop of [SHUT, BESIDE]) await deliver(shop);
    await poll();
    clock.advance(1000);
  }
}

/** A buyer orders; the hub hears of it when it reads. */
function sell(shop: ShopId, units: number): void {
  const at = clock.now();
  const channel = shop === SHUT ? plain : adjusting;
  const externalId = `order ${sku} ${at} ${units}`;
  const totals = { ...NO_TOTALS, items: 1000, paid: 1000 };
  const lines = [lineState(sku, { units })];
  channel.sell(shop, orderState({ externalId, placedAt: at, updatedAt: at, totals, lines }));
}

beforeEach(async () => {
  skus += 1;
  sku = `sku-${skus}`;
  for (const shop of [SHUT, BESIDE]) {
    await rooms.get(ListingsStore).put(listingRecord({ seller, shop, listing: sku }, [{ sku, units: 1 }]));
  }
  plain.change(SHUT, sku, 0);
  adjusting.change(BESIDE, sku, 0);
  await stock().setRules(seller, sku, { exposure: { policy: 'strict' } });
  await count(20);
  await settle(14_000);
  expect(shown()).toEqual([10, 10]);
});

describe('a strict sku whose stock shrinks before its sales are heard', () => {
  it('is changed by so much where the channel can, and no sale comes back on sale', async () => {
    sell(BESIDE, 4);
    await count(16);
    await plan();
    await deliver(BESIDE);
    expect(adjusting.shown(BESIDE, sku)).toBe(4);
    expect((await targetIn(BESIDE)).acknowledged?.units).toBe(8);
  });

  it('is closed elsewhere, heard of, and only then opened with what is left', async () => {
    const before = plain.writes.length;
    sell(SHUT, 4);
    await count(16);
    await plan();
    await deliver(SHUT);
    expect(plain.shown(SHUT, sku)).toBe(0);
    expect(await targetIn(SHUT)).toMatchObject({ missing: { units: 10 }, closedAt: expect.any(Number) as number });
    await settle(14_000);
    expect(shown().reduce((sum, units) => sum + units, 0)).toBe(12);
    expect(plain.writes.slice(before).map(({ units }) => units)).toEqual([0, 6]);
    const opened = await targetIn(SHUT);
    expect(opened.closedMs).toBeGreaterThan(0);
    expect(opened).not.toHaveProperty('missing');
  });

  it('that dies while it is closed is opened by whoever looks next', async () => {
    await count(16);
    await plan();
    plain.acksByHand = true;
    const dies = deliver(SHUT);
    while (!plain.hasCallOf(SHUT)) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(40_000);
    plain.acksByHand = false;
    plain.ack(SHUT);
    await dies;
    await settle(14_000);
    expect(shown()).toEqual([8, 8]);
  });
});

describe('a listing whose number is refused, and that somebody lowers at the marketplace', () => {
  afterEach(() => (adjusting.refuses = false));

  it('leaves the others their room when that stood as long as news may be under way', async () => {
    adjusting.refuses = true;
    await count(16);
    await settle(20_000);
    expect(shown()).toEqual([6, 10]);
    adjusting.change(BESIDE, sku, 3);
    await rooms.get(DriftAuditWorker).sweep();
    clock.advance(rooms.get(AuditTimes).doubtMs + 1);
    await rooms.get(DriftAuditWorker).sweep();
    expect(await targetIn(BESIDE)).toMatchObject({ refusal: { code: 'banned' }, missing: { units: 7 } });
    await settle(30_000);
    expect(shown()).toEqual([8, 3]);
    expect(await targetIn(BESIDE)).not.toHaveProperty('missing');
    expect(await targetIn(BESIDE)).not.toHaveProperty('due');
  });
});

describe('a listing that is mapped to another sku while its raise is due', () => {
  const other = () => `other ${sku}`;
  /** 20 more units for the sku that it is mapped away from before it is planned for the strict one it sells now. */
  const mapAway = async () => {
    await stock().setRules(seller, other(), { exposure: { policy: 'strict' } });
    await stock().count(seller, other(), { id: `count ${other()}`, onHand: 3, reason: 'counted', by: 'test' });
    await count(40);
    await plan();
    const mapped = listingRecord({ seller, shop: BESIDE, listing: sku }, [{ sku: other(), units: 1 }]);
    expect(await rooms.get(ListingsStore).put({ ...mapped, v: 2 })).toMatchObject({ kind: 'changed' });
  };
  const planOther = () => rooms.get(PlanService).plan([positionIdOf(seller, other())]);

  it('is not raised before it is planned for what it sells now', async () => {
    await mapAway();
    clock.advance(14_000);
    await deliver(BESIDE);
    expect(adjusting.shown(BESIDE, sku)).toBe(10);
    expect(await targetIn(BESIDE)).not.toHaveProperty('sent');
    await planOther();
    await deliver(BESIDE);
    expect(adjusting.shown(BESIDE, sku)).toBe(3);
  });

  it('is not raised when it was claimed just before', async () => {
    await count(40);
    await plan();
    const guards = rooms.get(GuardService);
    const verify = guards.verify.bind(guards);
    const once = jest.spyOn(guards, 'verify').mockImplementationOnce(async (claimed) => {
      await mapAway();
      return verify(claimed);
    });
    await deliver(BESIDE);
    once.mockRestore();
    expect(adjusting.shown(BESIDE, sku)).toBe(10);
  });

  it('is not written where neither was guarded before', async () => {
    await stock().setRules(seller, sku, { exposure: { policy: 'open' } });
    await settle(3000);
    expect(shown()).toEqual([20, 20]);
    await mapAway();
    await deliver(BESIDE);
    expect(adjusting.shown(BESIDE, sku)).toBe(20);
    await planOther();
    clock.advance(2000);
    await deliver(BESIDE);
    expect(adjusting.shown(BESIDE, sku)).toBe(3);
  });
});

describe('a hold', () => {
  it('fits beside what channels show, and no more', async () => {
    const hold = (units: number) =>
      stock().hold(seller, { id: `hold ${sku} ${units}`, lines: [{ sku, units }], expiresInMs: 60_000 });
    expect(await hold(1)).toEqual({ kind: 'short', lines: [{ sku, asked: 1, available: 0 }] });
    await count(25);
    expect(await hold(6)).toEqual({ kind: 'short', lines: [{ sku, asked: 6, available: 5 }] });
    expect((await hold(5)).kind).toBe('made');
  });
});

describe('two raises in two processes, each of which takes all the room there is,', () => {
  const ROUNDS = 5;

  /** What is on show of 20 units after both went out at one moment. */
  async function meet(round: string): Promise<number> {
    sku = `race ${round}`;
    for (const shop of [BESIDE, THIRD]) {
      await rooms.get(ListingsStore).put(listingRecord({ seller, shop, listing: sku }, [{ sku, units: 1 }]));
      adjusting.change(shop, sku, 0);
    }
    await stock().setRules(seller, sku, { exposure: { policy: 'strict' } });
    await count(20);
    await plan();
    for (const shop of [BESIDE, THIRD]) {
      const target = await targetIn(shop);
      const wanted = { units: 20, version: 99, at: clock.now() };
      const known = { acknowledged: { units: 0, version: 1, at: clock.now() }, wanted, due: clock.now() };
      expect(await rooms.get(TargetsStore).swap({ ...target, v: target.v + 1, ...known })).toBe(true);
    }
    const [one, other] = [rooms.get(DeliverService), elsewhere.get(DeliverService)];
    await Promise.all([one.deliver({ seller, shop: BESIDE }), other.deliver({ seller, shop: THIRD })]);
    return (adjusting.shown(BESIDE, sku) ?? 0) + (adjusting.shown(THIRD, sku) ?? 0);
  }

  it('are never both sent', async () => {
    for (let round = 0; round < ROUNDS; round += 1) expect(await meet(`right ${round}`)).toBeLessThanOrEqual(20);
  });

  it('are both sent where nobody looks once more after claiming', async () => {
    for (const each of [rooms, elsewhere]) {
      jest.spyOn(each.get(GuardService), 'verify').mockImplementation((claimed) => Promise.resolve(claimed));
    }
    const shownOf20: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) shownOf20.push(await meet(`naive ${round}`));
    expect(Math.max(...shownOf20)).toBe(40);
  });
});
