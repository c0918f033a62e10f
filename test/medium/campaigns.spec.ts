import { BringItemsService } from '../../src/campaigns/bring-items.service';
import { positionIdOf } from '../../src/domain';
import { GroupCommitService } from '../../src/ledger/group-commit.service';
import { StockDoor } from '../../src/platform/doors';
import { CampaignItemsStore } from '../../src/store/campaign-items.store';
import { CampaignsStore, listOf } from '../../src/store/campaigns.store';
import { PositionsStore } from '../../src/store/positions.store';
import { L, orderWish, S, SELLER } from '../builders/stock';
import { CampaignBench, HOUR, itemsFor } from '../support/rooms/campaign-bench';

const MINUTE = 60_000;
const MANY = 2000;

const bench = new CampaignBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

describe('a campaign that was approved', () => {
  it('holds stock from its start to its end, and says what it sold', async () => {
    const [sku = ''] = await bench.newSkus(1);
    const campaign = await bench.approved([...itemsFor([sku], 60), ...itemsFor([sku], 10, S)]);
    await bench.runAt(campaign.startsAt - 1);
    expect(await bench.heldOf(sku)).toEqual([]);
    await bench.runAt(campaign.startsAt);
    expect(await bench.heldOf(sku)).toEqual([
      [L, 60, 60],
      [S, 10, 10],
    ]);
    await bench.rooms.get(GroupCommitService).ask(SELLER, sku, orderWish({ id: 'l-1' }, { held: 12 }));
    await bench.runAt(campaign.endsAt - 1);
    expect(await bench.heldOf(sku)).toContainEqual([L, 60, 48]);
    await bench.runAt(campaign.endsAt);
    expect(await bench.heldOf(sku)).toEqual([]);
    expect(await bench.itemsOf(campaign)).toMatchObject([
      { shop: L, state: 'ended', held: 60, remaining: 48, lost: 0 },
      { shop: S, state: 'ended', held: 10, remaining: 10, lost: 0 },
    ]);
    const ended = await bench.now(campaign);
    expect([ended.state, ended.due, ended.did]).toEqual(['ended', undefined, ['made', 'started', 'ended']]);
  });

  it('takes what there is where the stock has shrunk, and a problem names the missing units until it ends', async () => {
    const [sku = ''] = await bench.newSkus(1, 20);
    const campaign = await bench.approved(itemsFor([sku], 60));
    await bench.runAt(campaign.startsAt);
    expect(await bench.heldOf(sku)).toEqual([[L, 20, 20]]);
    expect(await bench.itemsOf(campaign)).toMatchObject([{ quantity: 60, state: 'held', held: 20 }]);
    expect(await bench.problems('quota-cut')).toMatchObject([{ sku, detail: expect.stringContaining('40 of 60') }]);
    await bench.runAt(campaign.endsAt);
    expect(await bench.problems('quota-cut')).toEqual([]);
  });

  it('has its quotas tell that they are low by its own percentage', async () => {
    const [sku = ''] = await bench.newSkus(1);
    const campaign = await bench.approved(itemsFor([sku], 5), { lowStockPercent: 40 });
    await bench.runAt(campaign.startsAt);
    expect((await bench.position(sku)).quotas).toMatchObject([{ quantity: 5, lowStockPercent: 40 }]);
    await bench.runAt(campaign.endsAt);
  });

  it('is begun late where nobody looked at its start', async () => {
    const [sku = ''] = await bench.newSkus(1);
    const campaign = await bench.approved(itemsFor([sku], 5));
    await bench.runAt(campaign.startsAt + 20 * MINUTE);
    expect(await bench.heldOf(sku)).toEqual([[L, 5, 5]]);
    const log = await bench.rooms.get(CampaignsStore).activity(SELLER, campaign.id);
    expect(log.at(-1)).toMatchObject({ did: 'started', by: 'hub', lateMs: 20 * MINUTE });
  });

  it('takes nothing where nobody looked at its start and its end', async () => {
    const [sku = ''] = await bench.newSkus(1);
    const campaign = await bench.approved(itemsFor([sku], 5));
    await bench.runAt(campaign.endsAt + MINUTE);
    expect(await bench.heldOf(sku)).toEqual([]);
    expect(await bench.now(campaign)).toMatchObject({ state: 'ended', did: ['made', 'missed'] });
  });

  it('ends where nobody looked at its end', async () => {
    const [sku = ''] = await bench.newSkus(1);
    const campaign = await bench.approved(itemsFor([sku], 5));
    await bench.runAt(campaign.startsAt);
    await bench.runAt(campaign.endsAt + HOUR);
    expect(await bench.heldOf(sku)).toEqual([]);
    expect(await bench.itemsOf(campaign)).toMatchObject([{ state: 'ended', held: 5, remaining: 5 }]);
  });

  it('takes away the lists of edits that were overtaken', async () => {
    const [sku = ''] = await bench.newSkus(1);
    const campaign = await bench.approved(itemsFor([sku], 5));
    const overtaken = { ...listOf(campaign), list: 'overtaken' };
    await bench.rooms.get(CampaignItemsStore).insert(overtaken, itemsFor([sku], 7));
    await bench.runAt(campaign.startsAt);
    expect(await bench.rooms.get(CampaignItemsStore).all(overtaken)).toEqual([]);
    expect(await bench.itemsOf(campaign)).toHaveLength(1);
  });
});

describe('a campaign that is stopped', () => {
  it('gives its stock back at once', async () => {
    const [sku = ''] = await bench.newSkus(1);
    const campaign = await bench.approved(itemsFor([sku], 5));
    await bench.runAt(campaign.startsAt);
    await bench.stop(campaign);
    await bench.run();
    expect(await bench.heldOf(sku)).toEqual([]);
    expect(await bench.now(campaign)).toMatchObject({ state: 'stopped', did: ['made', 'started', 'stopped'] });
  });

  it('keeps out the start of an item that comes after its end', async () => {
    const [sku = ''] = await bench.newSkus(1);
    const campaign = await bench.approved(itemsFor([sku], 5), { state: 'live' });
    await bench.stop(campaign);
    await bench.run();
    const quota = {
      id: `${campaign.id}|${L}`,
      campaign: campaign.id,
      shop: L,
      mode: 'allocation',
      quantity: 5,
    } as const;
    const late = { id: `campaign|${campaign.id}|${L}|start`, quota, cut: true };
    expect(await bench.rooms.get(StockDoor).startQuota(SELLER, sku, late)).toMatchObject({ kind: 'duplicate' });
    expect(await bench.heldOf(sku)).toEqual([]);
    expect(await bench.itemsOf(campaign)).toMatchObject([{ state: 'ended', held: 0, remaining: 0 }]);
  });

  it('knows what an item sold whose start was not noted before the process died', async () => {
    const [sku = ''] = await bench.newSkus(1);
    const campaign = await bench.approved(itemsFor([sku], 5));
    await bench.runAt(campaign.startsAt);
    await bench.db
      .collection<{ _id: string }>('campaign-items')
      .updateMany({ campaign: campaign.id }, { $set: { state: 'pending' }, $unset: { held: 1 } });
    await bench.rooms.get(GroupCommitService).ask(SELLER, sku, orderWish({ id: `${campaign.id}-1` }, { held: 2 }));
    await bench.stop(campaign);
    await bench.run();
    expect(await bench.itemsOf(campaign)).toMatchObject([{ state: 'ended', held: 5, remaining: 3 }]);
  });
});

describe('two processes', () => {
  it('hold and give back each item once', async () => {
    const skus = await bench.newSkus(100);
    const campaign = await bench.approved(itemsFor(skus, 5));
    for (const instant of [campaign.startsAt, campaign.endsAt]) {
      bench.clock.advance(instant - bench.clock.now());
      await Promise.all([bench.run(), bench.run(bench.elsewhere)]);
      await Promise.all([bench.run(), bench.run(bench.elsewhere)]);
    }
    const { moves } = (await bench.rooms.get(PositionsStore).find(positionIdOf(SELLER, skus[0] ?? ''))) ?? {
      moves: [],
    };
    expect(moves.map(({ kind }) => kind)).toEqual(['count', 'quota-start', 'quota-end']);
    const fates = await bench.itemsOf(campaign);
    expect(fates.filter(({ state, remaining }) => state === 'ended' && remaining === 5)).toHaveLength(100);
  });
});

describe('a process that still holds what another one gives back', () => {
  it('leaves no quota and no item behind, whoever is first', async () => {
    const skus = await bench.newSkus(60);
    const campaign = await bench.approved(itemsFor(skus, 5), { state: 'live' });
    await bench.stop(campaign);
    const stopped = await bench.now(campaign);
    await Promise.all([
      bench.elsewhere.get(BringItemsService).bring(campaign, 'hold'),
      bench.rooms.get(BringItemsService).bring(stopped, 'release'),
      bench.elsewhere.get(BringItemsService).bring(campaign, 'hold'),
    ]);
    const positions = await bench.rooms.get(PositionsStore).readNumbers(SELLER, skus);
    expect([...positions.values()].filter(({ quotas }) => quotas.length > 0)).toEqual([]);
    const fates = await bench.itemsOf(campaign);
    expect(fates.filter(({ state, held, remaining }) => state === 'ended' && held === remaining)).toHaveLength(60);
  });
});

describe(`a campaign of ${MANY} items`, () => {
  it('holds and gives back all of them within seconds', async () => {
    const skus = await bench.newSkus(MANY);
    const campaign = await bench.approved(itemsFor(skus, 5));
    const took = async (instant: number): Promise<number> => {
      const began = performance.now();
      await bench.runAt(instant);
      return performance.now() - began;
    };
    const [startMs, endMs] = [await took(campaign.startsAt), await took(campaign.endsAt)];
    console.info(`campaigns: ${MANY} items held in ${Math.round(startMs)} ms, given back in ${Math.round(endMs)} ms`);
    const fates = await bench.itemsOf(campaign);
    expect(fates.filter(({ state, held }) => state === 'ended' && held === 5)).toHaveLength(MANY);
    expect(Math.max(startMs, endMs)).toBeLessThan(10_000);
  });
});
