import { CHANNELS } from '../../connectors';
import {
  keyOf,
  positionIdOf,
  targetIdOf,
  type ListingId,
  type SellerId,
  type ShopId,
  type Target,
} from '../../src/domain';
import { GroupCommitService } from '../../src/ledger/group-commit.service';
import { SHARES } from '../../src/platform/meter';
import { AuditTimes } from '../../src/push/audit-times';
import { DeliverService } from '../../src/push/deliver.service';
import { DriftAuditWorker } from '../../src/push/drift-audit.worker';
import { PlanService } from '../../src/push/plan.service';
import { AttemptsStore } from '../../src/store/attempts.store';
import { ListingsStore } from '../../src/store/listings.store';
import { ProblemsStore } from '../../src/store/problems.store';
import { ShopsStore } from '../../src/store/shops.store';
import { TargetsStore } from '../../src/store/targets.store';
import { listingRecord, newShop } from '../builders/records';
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
  channel.writes.length = 0;
  channel.stockReads.length = 0;
});

const sweep = () => rooms.get(DriftAuditWorker).sweep();
const deliver = () => rooms.get(DeliverService).deliver({ seller, shop });
const idOf = (listing: string) => targetIdOf(seller, shop, listing as ListingId);
const targetOf = (listing: string) => targetIn(rooms, idOf(listing));
const problem = (listing: string) => rooms.get(ProblemsStore).find(seller, keyOf('drift', shop, listing));

/** A listing of a sku of its own, written and some time old. */
async function show(listing: string, units: number): Promise<void> {
  const sku = `${shop}-${listing}`;
  await rooms.get(ListingsStore).put(listingRecord({ seller, shop, listing }, [{ sku, units: 1 }]));
  await recount(listing, units);
}

async function recount(listing: string, units: number): Promise<void> {
  const sku = `${shop}-${listing}`;
  await rooms.get(GroupCommitService).ask(seller, sku, countWish(units));
  await rooms.get(PlanService).plan([positionIdOf(seller, sku)]);
  await deliver();
  clock.advance(HOUR);
}

/** One look, and a second one when news would have come. */
async function lookTwice(): Promise<void> {
  await sweep();
  clock.advance(rooms.get(AuditTimes).doubtMs + 1);
  await sweep();
}

describe('the drift audit', () => {
  it('reads what was written back, and finds nothing', async () => {
    await show('hat', 10);
    await sweep();
    expect(await targetOf('hat')).toMatchObject({ readBack: { units: 10, at: clock.now() } });
    expect(channel.stockReads).toEqual([1]);
    await sweep();
    expect(channel.stockReads).toEqual([1]);
    expect(await rooms.get(TargetsStore).standing({ seller, shop }, { standing: 'proved', limit: 5 })).toHaveLength(1);
  });

  it('pain-09 an edit by hand at the marketplace is seen, shown and put right', async () => {
    await show('hat', 10);
    channel.change(shop, 'hat', 50);
    await sweep();
    expect((await problem('hat'))?.since).toBeUndefined();
    clock.advance(rooms.get(AuditTimes).doubtMs + 1);
    await sweep();
    expect(await problem('hat')).toMatchObject({ kind: 'drift', shop, sku: `${shop}-hat` });
    expect((await problem('hat'))?.detail).toMatch(/shows 50 .* where 10 /);
    expect(await rooms.get(TargetsStore).standing({ seller, shop }, { standing: 'drifted', limit: 5 })).toHaveLength(1);
    await deliver();
    expect(channel.shown(shop, 'hat')).toBe(10);
    const [attempt] = await rooms.get(AttemptsStore).list({ seller, shop }, { limit: 1 });
    expect(attempt).toMatchObject({ trigger: 'drift', target: 10, state: 'done' });
    clock.advance(rooms.get(AuditTimes).doubtMs + 1);
    await sweep();
    expect((await problem('hat'))?.closedAt).toBe(clock.now());
    expect((await targetOf('hat')).drifted).toBeUndefined();
  });

  it('leaves it where the shop accepts it, until its number changes, and counts it as what buyers see', async () => {
    const record = await rooms.get(ShopsStore).find(seller, shop);
    await rooms.get(ShopsStore).change(record!, { drift: 'accept' }, clock.now());
    await show('hat', 10);
    channel.change(shop, 'hat', 50);
    await lookTwice();
    await rooms.get(PlanService).plan([positionIdOf(seller, `${shop}-hat`)]);
    await deliver();
    expect(channel.shown(shop, 'hat')).toBe(50);
    expect(await targetOf('hat')).toMatchObject({ acknowledged: { units: 50 }, drift: 0, accepted: 1 });
    expect(await problem('hat')).toMatchObject({ kind: 'drift' });
    await recount('hat', 9);
    expect(channel.shown(shop, 'hat')).toBe(9);
    await sweep();
    expect((await problem('hat'))?.closedAt).toBeDefined();
  });

  it('makes room where a guarded listing shows less, and wakes who waits for it', async () => {
    const record = await rooms.get(ShopsStore).find(seller, shop);
    await rooms.get(ShopsStore).change(record!, { drift: 'accept' }, clock.now());
    await show('hat', 10);
    await show('waiting', 10);
    const { skus } = await targetOf('hat');
    const guard = async (listing: string, change: Partial<Target>): Promise<void> => {
      const target = await targetOf(listing);
      await rooms.get(TargetsStore).swap({ ...target, v: target.v + 1, guarded: true, skus, ...change });
    };
    await guard('hat', {});
    await guard('waiting', { due: clock.now() + HOUR });
    channel.change(shop, 'hat', 4);
    await lookTwice();
    expect(await targetOf('hat')).toMatchObject({ acknowledged: { units: 10 }, drift: -6, accepted: 1 });
    expect((await targetOf('waiting')).due).toBe(clock.now());
  });

  it('reads at once what was refused', async () => {
    await show('hat', 10);
    const target = await targetOf('hat');
    expect(target.auditDue).toBeGreaterThan(clock.now() - HOUR);
    const refusal = { code: 'x', message: 'no', at: clock.now() };
    const wanted = { units: 7, version: 2, at: clock.now() };
    const refused = { ...target, v: target.v + 1, wanted, refusal, auditDue: clock.now() };
    await rooms.get(TargetsStore).swap(refused);
    await sweep();
    expect(await targetOf('hat')).toMatchObject({ readBack: { units: 10, at: clock.now() }, refusal });
  });

  it('goes back to a listing that was written while it was read', async () => {
    await show('hat', 10);
    channel.change(shop, 'hat', 50);
    channel.duringStockRead = async () => {
      const before = await targetOf('hat');
      await rooms.get(TargetsStore).swap({ ...before, v: before.v + 1, openUnits: 3 });
      channel.duringStockRead = async () => undefined;
    };
    await sweep();
    expect(await targetOf('hat')).toMatchObject({ openUnits: 3 });
    expect((await targetOf('hat')).readBack).toBeUndefined();
    await sweep();
    expect((await targetOf('hat')).readBack).toMatchObject({ units: 50 });
  });

  it('is done once by two processes, in reads of what the channel takes', async () => {
    for (let at = 0; at < 60; at += 1) await show(`l${at}`, 5);
    await Promise.all([sweep(), elsewhere.get(DriftAuditWorker).sweep()]);
    expect(channel.stockReads.filter((listings) => listings > 1).sort()).toEqual([10, 50]);
  });
});

describe('pain-13 a drift sweep finishes', () => {
  const LISTINGS = 50_000;

  it.each(
    CHANNELS.filter(({ manifest }) => manifest.callsPerSecond > 0).map(({ manifest }) => [manifest.code, manifest]),
  )(
    '50,000 listings of a shop at %s are read within six hours, were each of them a call, in what bulk leaves',
    (_code, manifest) => {
      const callsPerSecond = Math.max(1, Math.floor(manifest.callsPerSecond * SHARES.bulk));
      const tookMs = (LISTINGS / callsPerSecond) * 1000;
      const { nextMs } = rooms.get(AuditTimes);
      expect(nextMs + tookMs).toBeLessThanOrEqual(6 * HOUR);
    },
  );
});
