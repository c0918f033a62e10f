import { ChannelError } from '../../connectors/kit';
import {
  keyOf,
  positionIdOf,
  targetIdOf,
  type ListingId,
  type LongJobId,
  type SellerId,
  type ShopId,
} from '../../src/domain';
import { GroupCommitService } from '../../src/ledger/group-commit.service';
import { nextRun } from '../../src/platform/cron';
import { AuditTimes } from '../../src/push/audit-times';
import { DeliverService } from '../../src/push/deliver.service';
import { DriftAuditWorker } from '../../src/push/drift-audit.worker';
import { PlanService } from '../../src/push/plan.service';
import { ScheduleWorker } from '../../src/push/schedule.worker';
import { AttemptsStore } from '../../src/store/attempts.store';
import { ListingsStore } from '../../src/store/listings.store';
import { LongJobsStore, type LongJob } from '../../src/store/long-jobs.store';
import { LongWork, REPUBLISH } from '../../src/store/long-work';
import { SchedulesStore, type RepublishScope } from '../../src/store/schedules.store';
import { ShopsStore } from '../../src/store/shops.store';
import { SkusStore } from '../../src/store/skus.store';
import { TargetsStore } from '../../src/store/targets.store';
import { listingRecord, newShop, skuRecord } from '../builders/records';
import { countWish } from '../builders/stock';
import { HandClock } from '../support/rooms/hand-clock';
import { openPair, targetIn, type Pair } from '../support/rooms/open-pair';
import type { Rooms } from '../support/rooms/open-rooms';
import { TestChannel } from '../support/rooms/test-channel';

const seller = 'seller' as SellerId;
const HOUR = 3_600_000;
const channel = new TestChannel('pretend');
const clock = new HandClock();
let pair: Pair;
let rooms: Rooms;
let elsewhere: Rooms;
let count = 0;
let shop: ShopId;

beforeAll(async () => {
  pair = await openPair(channel, clock);
  ({ rooms, elsewhere } = pair);
});
afterAll(() => pair.close());
beforeEach(async () => {
  count += 1;
  shop = `shop-${count}` as ShopId;
  await rooms.get(ShopsStore).insert(newShop({ seller, shop, app: 'app', channel: 'pretend' }));
  await show(['a', 'b', 'c']);
  channel.writes.length = 0;
  channel.stockReads.length = 0;
});

const skuOf = (listing: string) => `${shop}-${listing}`;
const idOf = (listing: string) => targetIdOf(seller, shop, listing as ListingId);
const deliver = () => rooms.get(DeliverService).deliver({ seller, shop });
const jobs = () => rooms.get(LongJobsStore);
const targetOf = (listing: string) => targetIn(rooms, idOf(listing));

/** Listings of skus of their own that show 10, and were written an hour ago. */
async function show(names: readonly string[]): Promise<void> {
  const skus = names.map(skuOf);
  const parts = names.map((listing) => listingRecord({ seller, shop, listing }, [{ sku: skuOf(listing), units: 1 }]));
  await Promise.all(parts.map((listing) => rooms.get(ListingsStore).put(listing)));
  await Promise.all(skus.map((sku) => rooms.get(GroupCommitService).ask(seller, sku, countWish(10))));
  await rooms.get(PlanService).plan(skus.map((sku) => positionIdOf(seller, sku)));
  await deliver();
  clock.advance(HOUR);
}

const begin = (scope: RepublishScope = {}, trigger: 'by-hand' | 'rule' = 'by-hand'): Promise<LongJob> =>
  jobs().begin({ seller, kind: REPUBLISH, about: shop, wish: { scope, trigger }, by: 'somebody' });
const stepOf = (job: LongJob) => rooms.get(LongWork).of(REPUBLISH)!(job);
const claim = (job: LongJob) => jobs().claim(keyOf(seller, job.id) as LongJobId, 60_000);

/** Does the job's steps as a worker would. */
async function run(job: LongJob): Promise<LongJob> {
  for (let claimed = await claim(job); claimed !== undefined; claimed = await claim(job)) {
    await jobs().enter(claimed, await stepOf(claimed));
  }
  return (await jobs().find(seller, job.id))!;
}

async function refuse(listing: string): Promise<void> {
  const target = await targetOf(listing);
  const wanted = { units: 7, version: 2, at: clock.now() };
  const refusal = { code: 'x', message: 'no', at: clock.now() };
  await rooms.get(TargetsStore).swap({ ...target, v: target.v + 1, wanted, refusal });
}

describe('publishing once more', () => {
  it('reads all listings back and writes none where nothing changed', async () => {
    const job = await run(await begin());
    expect(job).toMatchObject({ state: 'done', done: 3, total: 3, report: { same: 3, written: 0, doubted: 0 } });
    expect(channel.stockReads).toEqual([3]);
    expect(channel.writes).toEqual([]);
    expect((await targetOf('a')).readBack).toMatchObject({ units: 10 });
  });

  it('is of the skus, of the category or of the listings that were not read for long, as it is asked', async () => {
    expect((await run(await begin({ skus: [skuOf('a'), skuOf('b'), 'none'] }))).report).toMatchObject({ same: 2 });
    await rooms.get(SkusStore).put({ ...skuRecord(seller, skuOf('c')), category: shop });
    expect((await run(await begin({ category: shop }))).report).toMatchObject({ same: 1 });
    expect(channel.stockReads).toEqual([2, 1]);
    await run(await begin({ olderThanS: 3600 }));
    expect(channel.stockReads).toEqual([2, 1]);
    clock.advance(HOUR + 1);
    await run(await begin({ olderThanS: 3600 }));
    expect(channel.stockReads).toEqual([2, 1, 3]);
  });

  it('writes right what somebody changed, once no news can explain it', async () => {
    channel.change(shop, 'b', 50);
    expect((await run(await begin())).report).toMatchObject({ same: 2, doubted: 1, written: 0 });
    clock.advance(rooms.get(AuditTimes).doubtMs + 1);
    await rooms.get(DriftAuditWorker).sweep();
    await deliver();
    expect(channel.shown(shop, 'b')).toBe(10);
  });

  it('tries a refused number again by hand, and not by a schedule', async () => {
    await refuse('a');
    expect((await run(await begin({}, 'rule'))).report).toMatchObject({ same: 2, passedOver: 1 });
    await deliver();
    expect(channel.writes).toEqual([]);
    clock.advance(1000);
    expect((await run(await begin())).report).toMatchObject({ same: 2, written: 1 });
    await deliver();
    expect(channel.writes).toMatchObject([{ listing: 'a', units: 7 }]);
    const [attempt] = await rooms.get(AttemptsStore).list({ seller, shop, trigger: 'by-hand' }, { limit: 5 });
    expect(attempt).toMatchObject({ listing: 'a', skus: [skuOf('a')], target: 7, state: 'done' });
  });

  it('goes on where it was when its process is killed, and reads nothing twice', async () => {
    const names = Array.from({ length: 57 }, (_, at) => `l${String(at).padStart(2, '0')}`);
    await show(names);
    const job = await begin({ skus: [...names, 'a', 'b', 'c'].map(skuOf) });
    await stepOf((await claim(job))!);
    expect(channel.stockReads).toEqual([50]);
    clock.advance(60_001);
    expect(await run(job)).toMatchObject({ state: 'done', done: 60, report: { same: 60 } });
    expect(channel.stockReads).toEqual([50, 10]);
  });

  it('of a whole shop says from its first step how many listings there are', async () => {
    const uncounted = Array.from({ length: 200 }, (_, at) => `u${at}`);
    const listings = uncounted.map((listing) => listingRecord({ seller, shop, listing }, [{ sku: 'none', units: 1 }]));
    await Promise.all(listings.map((listing) => rooms.get(ListingsStore).put(listing)));
    const job = (await claim(await begin()))!;
    expect(await jobs().enter(job, await stepOf(job))).toMatchObject({ state: 'running', done: 200, total: 203 });
    expect(await run(job)).toMatchObject({ state: 'done', done: 203, total: 203 });
  });

  it('waits for a channel that does not answer', async () => {
    channel.duringStockRead = async () => {
      channel.duringStockRead = async () => undefined;
      throw new ChannelError({ kind: 'throttled', afterMs: 5000 }, 'wait');
    };
    const job = await begin();
    const claimed = (await claim(job))!;
    await expect(stepOf(claimed)).rejects.toThrow('wait');
    await jobs().fail(claimed, 'wait', { delayMs: 0 });
    expect((await run(job)).report).toMatchObject({ same: 3 });
  });
});

describe('a schedule', () => {
  const schedule = async (cron: string, timeZone: string): Promise<void> => {
    const record = { seller, shop, id: 'nightly', v: 1, cron, timeZone, scope: {}, by: 'somebody' };
    const due = nextRun(record, clock.now());
    await rooms.get(SchedulesStore).put({ ...record, ...(due !== undefined && { due }) });
  };
  const sweep = () => rooms.get(ScheduleWorker).sweep();
  const ref = () => ({ seller, shop });
  const lastOf = async () => (await rooms.get(SchedulesStore).find(ref(), 'nightly'))?.last;
  /** Looks every hour; the instants that work was begun for. */
  const watch = async (hours: number): Promise<readonly string[]> => {
    const begun = new Set<string>();
    for (let hour = 0; hour < hours; hour += 1) {
      clock.advance(HOUR);
      if ((await sweep()) === 0) continue;
      const last = (await lastOf())!;
      begun.add(new Date(last.at).toISOString());
      await run((await jobs().find(seller, last.job))!);
    }
    return [...begun];
  };

  it('runs once on each day, also where clocks go forward or back over its hour', async () => {
    clock.advance(Date.parse('2027-03-13T00:00:00Z') - clock.now());
    await schedule('30 2 * * *', 'America/New_York');
    expect(await watch(72)).toEqual([
      '2027-03-13T07:30:00.000Z',
      '2027-03-14T07:00:00.000Z',
      '2027-03-15T06:30:00.000Z',
    ]);
    await rooms.get(SchedulesStore).remove(ref(), 'nightly');
    clock.advance(Date.parse('2027-11-07T00:00:00Z') - clock.now());
    await schedule('30 1 * * *', 'America/New_York');
    expect(await watch(24)).toEqual(['2027-11-07T05:30:00.000Z']);
    await rooms.get(SchedulesStore).remove(ref(), 'nightly');
  });

  it('runs once after a hub that was down over several of its instants is up again', async () => {
    await schedule('0 * * * *', 'UTC');
    clock.advance(5.5 * HOUR);
    await Promise.all([sweep(), elsewhere.get(ScheduleWorker).sweep()]);
    await sweep();
    expect(await jobs().dueBefore(clock.now(), 100)).toHaveLength(1);
    const { job = '' } = (await lastOf()) ?? {};
    expect(await run((await jobs().find(seller, job))!)).toMatchObject({
      state: 'done',
      about: keyOf(shop, 'nightly'),
    });
    await sweep();
    expect((await lastOf())?.job).toBe(job);
    clock.advance(HOUR);
    await sweep();
    expect((await lastOf())?.job).not.toBe(job);
  });

  it('is passed over where the work of its last instant still runs', async () => {
    await schedule('0 * * * *', 'UTC');
    clock.advance(HOUR);
    await sweep();
    const first = (await lastOf())?.job;
    clock.advance(HOUR);
    await sweep();
    expect((await lastOf())?.job).toBe(first);
  });
});
