import type { Db } from 'mongodb';
import { positionIdOf, type CampaignItem, type Position, type ShopId } from '../../src/domain';
import { BringItemsService } from '../../src/campaigns/bring-items.service';
import { RunCampaignsWorker } from '../../src/campaigns/run-campaigns.worker';
import { GroupCommitService } from '../../src/ledger/group-commit.service';
import { StockDoor } from '../../src/platform/doors';
import { CampaignItemsStore, type CampaignItemRecord } from '../../src/store/campaign-items.store';
import { CampaignsStore, listOf, type CampaignRecord } from '../../src/store/campaigns.store';
import { PositionsStore } from '../../src/store/positions.store';
import { ProblemsStore, type ProblemRecord } from '../../src/store/problems.store';
import { L, orderWish, S, SELLER } from '../builders/stock';
import { HandClock } from '../support/rooms/hand-clock';
import { makePlace, openRooms, type Rooms } from '../support/rooms/open-rooms';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MANY = 2000;

const clock = new HandClock();
const stops: (() => Promise<void>)[] = [];
let rooms: Rooms;
/** The same place in other rooms, as another process would be. */
let elsewhere: Rooms;
let db: Db;
let count = 0;

beforeAll(async () => {
  const place = await makePlace();
  db = place.db;
  stops.unshift(place.remove);
  rooms = await openRooms({ place, clock });
  stops.unshift(rooms.close);
  elsewhere = await openRooms({ place, clock });
  stops.unshift(elsewhere.close);
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

/** Skus of this test alone, each counted. */
async function newSkus(many: number, onHand = 100): Promise<readonly string[]> {
  count += 1;
  const skus = Array.from({ length: many }, (_, at) => `C${count}-${String(at).padStart(4, '0')}`);
  await Promise.all(
    skus.map((sku) => rooms.get(StockDoor).count(SELLER, sku, { id: 'count', onHand, reason: 'counted', by: 'tess' })),
  );
  return skus;
}

const of = (skus: readonly string[], quantity: number, shop: ShopId = L): CampaignItem[] =>
  skus.map((sku) => ({ sku, shop, quantity }));

/** A campaign that was approved: it starts in an hour and ends an hour later. */
async function approved(
  items: readonly CampaignItem[],
  changes: Partial<CampaignRecord> = {},
): Promise<CampaignRecord> {
  count += 1;
  const now = clock.now();
  const startsAt = changes.startsAt ?? now + HOUR;
  const campaign: CampaignRecord = {
    ...{ id: `campaign-${count}`, seller: SELLER, v: 1, name: 'Flash', kind: 'bulk', stockMode: 'allocation' },
    ...{ timeZone: 'Asia/Singapore', startsAt, endsAt: startsAt + HOUR, state: 'approved', list: `list-${count}` },
    ...{ itemCount: items.length, entries: 1, editedBy: 'tess', createdAt: now, updatedAt: now, tries: 0 },
    ...{ due: startsAt, ...changes },
  };
  await rooms.get(CampaignItemsStore).insert(listOf(campaign), items);
  await rooms.get(CampaignsStore).insert(campaign, { at: now, by: 'tess', did: 'made' });
  return campaign;
}

/** What is due is done. */
async function run(where = rooms): Promise<void> {
  const worker = where.get(RunCampaignsWorker);
  await worker.begin();
  await worker.rest();
}

async function runAt(instant: number): Promise<void> {
  clock.advance(instant - clock.now());
  await run();
}

async function position(sku: string): Promise<Position> {
  const found = await rooms.get(PositionsStore).find(positionIdOf(SELLER, sku));
  if (found === undefined) throw new Error(`no position of ${sku}`);
  return found;
}

const heldOf = async (sku: string): Promise<readonly [shop: string, quantity: number, remaining: number][]> =>
  (await position(sku)).quotas.map(({ shop, quantity, remaining }) => [shop, quantity, remaining]);

const itemsOf = (campaign: CampaignRecord): Promise<CampaignItemRecord[]> =>
  rooms.get(CampaignItemsStore).all(listOf(campaign));

async function now(campaign: CampaignRecord): Promise<CampaignRecord & { readonly did: readonly string[] }> {
  const found = await rooms.get(CampaignsStore).find(SELLER, campaign.id);
  if (found === undefined) throw new Error('no campaign');
  const log = await rooms.get(CampaignsStore).activity(SELLER, campaign.id);
  return { ...found, did: log.map(({ did }) => did) };
}

async function problems(kind: string): Promise<readonly ProblemRecord[]> {
  const open = await rooms.get(ProblemsStore).list(SELLER, { open: true, limit: 100 });
  return open.filter((problem) => problem.kind === kind);
}

async function stop(campaign: CampaignRecord): Promise<void> {
  const change = { state: 'stopped', endedAt: clock.now(), due: clock.now() } as const;
  await rooms.get(CampaignsStore).swap(await now(campaign), change, { at: clock.now(), by: 'tess', did: 'stopped' });
}

describe('a campaign that was approved', () => {
  it('holds stock from its start to its end, and says what it sold', async () => {
    const [sku = ''] = await newSkus(1);
    const campaign = await approved([...of([sku], 60), ...of([sku], 10, S)]);
    await runAt(campaign.startsAt - 1);
    expect(await heldOf(sku)).toEqual([]);
    await runAt(campaign.startsAt);
    expect(await heldOf(sku)).toEqual([
      [L, 60, 60],
      [S, 10, 10],
    ]);
    await rooms.get(GroupCommitService).ask(SELLER, sku, orderWish({ id: 'l-1' }, { held: 12 }));
    await runAt(campaign.endsAt - 1);
    expect(await heldOf(sku)).toContainEqual([L, 60, 48]);
    await runAt(campaign.endsAt);
    expect(await heldOf(sku)).toEqual([]);
    expect(await itemsOf(campaign)).toMatchObject([
      { shop: L, state: 'ended', held: 60, remaining: 48, lost: 0 },
      { shop: S, state: 'ended', held: 10, remaining: 10, lost: 0 },
    ]);
    const ended = await now(campaign);
    expect([ended.state, ended.due, ended.did]).toEqual(['ended', undefined, ['made', 'started', 'ended']]);
  });

  it('takes what there is where the stock has shrunk, and a problem names the missing units until it ends', async () => {
    const [sku = ''] = await newSkus(1, 20);
    const campaign = await approved(of([sku], 60));
    await runAt(campaign.startsAt);
    expect(await heldOf(sku)).toEqual([[L, 20, 20]]);
    expect(await itemsOf(campaign)).toMatchObject([{ quantity: 60, state: 'held', held: 20 }]);
    expect(await problems('quota-cut')).toMatchObject([{ sku, detail: expect.stringContaining('40 of 60') }]);
    await runAt(campaign.endsAt);
    expect(await problems('quota-cut')).toEqual([]);
  });

  it('has its quotas tell that they are low by its own percentage', async () => {
    const [sku = ''] = await newSkus(1);
    const campaign = await approved(of([sku], 5), { lowStockPercent: 40 });
    await runAt(campaign.startsAt);
    expect((await position(sku)).quotas).toMatchObject([{ quantity: 5, lowStockPercent: 40 }]);
    await runAt(campaign.endsAt);
  });

  it('is begun late where nobody looked at its start', async () => {
    const [sku = ''] = await newSkus(1);
    const campaign = await approved(of([sku], 5));
    await runAt(campaign.startsAt + 20 * MINUTE);
    expect(await heldOf(sku)).toEqual([[L, 5, 5]]);
    const log = await rooms.get(CampaignsStore).activity(SELLER, campaign.id);
    expect(log.at(-1)).toMatchObject({ did: 'started', by: 'hub', lateMs: 20 * MINUTE });
  });

  it('takes nothing where nobody looked at its start and its end', async () => {
    const [sku = ''] = await newSkus(1);
    const campaign = await approved(of([sku], 5));
    await runAt(campaign.endsAt + MINUTE);
    expect(await heldOf(sku)).toEqual([]);
    expect(await now(campaign)).toMatchObject({ state: 'ended', did: ['made', 'missed'] });
    expect((await now(campaign)).due).toBeUndefined();
  });

  it('ends where nobody looked at its end', async () => {
    const [sku = ''] = await newSkus(1);
    const campaign = await approved(of([sku], 5));
    await runAt(campaign.startsAt);
    await runAt(campaign.endsAt + HOUR);
    expect(await heldOf(sku)).toEqual([]);
    expect(await itemsOf(campaign)).toMatchObject([{ state: 'ended', held: 5, remaining: 5 }]);
  });

  it('takes away the lists of edits that were overtaken', async () => {
    const [sku = ''] = await newSkus(1);
    const campaign = await approved(of([sku], 5));
    const overtaken = { ...listOf(campaign), list: 'overtaken' };
    await rooms.get(CampaignItemsStore).insert(overtaken, of([sku], 7));
    await runAt(campaign.startsAt);
    expect(await rooms.get(CampaignItemsStore).all(overtaken)).toEqual([]);
    expect(await itemsOf(campaign)).toHaveLength(1);
  });
});

describe('a campaign that is stopped', () => {
  it('gives its stock back at once', async () => {
    const [sku = ''] = await newSkus(1);
    const campaign = await approved(of([sku], 5));
    await runAt(campaign.startsAt);
    await stop(campaign);
    await run();
    expect(await heldOf(sku)).toEqual([]);
    expect(await now(campaign)).toMatchObject({ state: 'stopped', did: ['made', 'started', 'stopped'] });
  });

  it('keeps out the start of an item that comes after its end', async () => {
    const [sku = ''] = await newSkus(1);
    const campaign = await approved(of([sku], 5), { state: 'live' });
    await stop(campaign);
    await run();
    const quota = {
      id: `${campaign.id}|${L}`,
      campaign: campaign.id,
      shop: L,
      mode: 'allocation',
      quantity: 5,
    } as const;
    const late = { id: `campaign|${campaign.id}|${L}|start`, quota, cut: true };
    expect(await rooms.get(StockDoor).startQuota(SELLER, sku, late)).toMatchObject({ kind: 'duplicate' });
    expect(await heldOf(sku)).toEqual([]);
    expect(await itemsOf(campaign)).toMatchObject([{ state: 'ended', held: 0, remaining: 0 }]);
  });

  it('knows what an item sold whose start was not noted before the process died', async () => {
    const [sku = ''] = await newSkus(1);
    const campaign = await approved(of([sku], 5));
    await runAt(campaign.startsAt);
    await db
      .collection<{ _id: string }>('campaign-items')
      .updateMany({ campaign: campaign.id }, { $set: { state: 'pending' }, $unset: { held: 1 } });
    await rooms.get(GroupCommitService).ask(SELLER, sku, orderWish({ id: `${campaign.id}-1` }, { held: 2 }));
    await stop(campaign);
    await run();
    expect(await itemsOf(campaign)).toMatchObject([{ state: 'ended', held: 5, remaining: 3 }]);
  });
});

describe('two processes', () => {
  it('hold and give back each item once', async () => {
    const skus = await newSkus(100);
    const campaign = await approved(of(skus, 5));
    for (const instant of [campaign.startsAt, campaign.endsAt]) {
      clock.advance(instant - clock.now());
      await Promise.all([run(), run(elsewhere)]);
      await Promise.all([run(), run(elsewhere)]);
    }
    const { moves } = (await rooms.get(PositionsStore).find(positionIdOf(SELLER, skus[0] ?? ''))) ?? { moves: [] };
    expect(moves.map(({ kind }) => kind)).toEqual(['count', 'quota-start', 'quota-end']);
    const fates = await itemsOf(campaign);
    expect(fates.filter(({ state, remaining }) => state === 'ended' && remaining === 5)).toHaveLength(100);
  });
});

describe('a process that still holds what another one gives back', () => {
  it('leaves no quota and no item behind, whoever is first', async () => {
    const skus = await newSkus(60);
    const campaign = await approved(of(skus, 5), { state: 'live' });
    await stop(campaign);
    const stopped = await now(campaign);
    await Promise.all([
      elsewhere.get(BringItemsService).bring(campaign, 'hold'),
      rooms.get(BringItemsService).bring(stopped, 'release'),
      elsewhere.get(BringItemsService).bring(campaign, 'hold'),
    ]);
    const positions = await rooms.get(PositionsStore).readNumbers(SELLER, skus);
    expect([...positions.values()].filter(({ quotas }) => quotas.length > 0)).toEqual([]);
    const fates = await itemsOf(campaign);
    expect(fates.filter(({ state, held, remaining }) => state === 'ended' && held === remaining)).toHaveLength(60);
  });
});

describe('an item whose stock cannot be asked for', () => {
  it('is a problem after some rounds, holds up no other, and is held once that is over', async () => {
    const [good = '', bad = ''] = await newSkus(2);
    const positions = db.collection<{ _id: string }>('positions');
    const _id = positionIdOf(SELLER, bad) as string;
    const whole = await positions.findOne({ _id });
    await positions.updateOne({ _id }, { $unset: { moves: 1 } });
    clock.advance(HOUR);
    const campaign = await approved(of([good, bad], 5));
    clock.advance(campaign.startsAt - clock.now());
    await run(elsewhere);
    expect(await heldOf(good)).toEqual([[L, 5, 5]]);
    for (let round = 0; round < 2; round += 1) {
      clock.advance(((await now(campaign)).due ?? 0) - clock.now());
      await run(elsewhere);
    }
    expect(await problems('campaign')).toMatchObject([
      { detail: expect.stringContaining('failed again and again: 1') },
    ]);
    await positions.replaceOne({ _id }, whole ?? {});
    await runAt((await now(campaign)).due ?? 0);
    expect(await heldOf(bad)).toEqual([[L, 5, 5]]);
    expect(await problems('campaign')).toEqual([]);
    expect((await now(campaign)).due).toBe(campaign.endsAt);
  });
});

describe(`a campaign of ${MANY} items`, () => {
  it('holds and gives back all of them within seconds', async () => {
    const skus = await newSkus(MANY);
    const campaign = await approved(of(skus, 5));
    const took = async (instant: number): Promise<number> => {
      const began = performance.now();
      await runAt(instant);
      return performance.now() - began;
    };
    const [startMs, endMs] = [await took(campaign.startsAt), await took(campaign.endsAt)];
    console.info(`campaigns: ${MANY} items held in ${Math.round(startMs)} ms, given back in ${Math.round(endMs)} ms`);
    const fates = await itemsOf(campaign);
    expect(fates.filter(({ state, held }) => state === 'ended' && held === 5)).toHaveLength(MANY);
    expect(Math.max(startMs, endMs)).toBeLessThan(10_000);
  });
});
