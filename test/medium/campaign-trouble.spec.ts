import { RunCampaignsWorker } from '../../src/campaigns/run-campaigns.worker';
import { positionIdOf, type SellerId } from '../../src/domain';
import { StockDoor } from '../../src/platform/doors';
import type { CampaignRecord } from '../../src/store/campaigns.store';
import { PositionsStore } from '../../src/store/positions.store';
import { L, SELLER } from '../builders/stock';
import { CampaignBench, HOUR, itemsFor } from '../support/rooms/campaign-bench';

const WEEK = 7 * 24 * HOUR;

const bench = new CampaignBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

describe('a campaign that was missed', () => {
  it('is a problem for a week', async () => {
    const [sku = ''] = await bench.newSkus(1);
    const campaign = await bench.approved(itemsFor([sku], 5), { name: 'Midnight' });
    await bench.runAt(campaign.endsAt);
    expect(await bench.problems('campaign')).toMatchObject([{ detail: expect.stringContaining('Midnight') }]);
    await bench.runAt(campaign.endsAt + WEEK - 1);
    expect(await bench.problems('campaign')).toHaveLength(1);
    await bench.runAt(campaign.endsAt + WEEK);
    expect(await bench.problems('campaign')).toEqual([]);
    expect(await bench.now(campaign)).not.toHaveProperty('due');
  });
});

describe('many campaigns of one seller', () => {
  it('keep no other seller waiting', async () => {
    const other = 'other' as SellerId;
    await bench.rooms.get(StockDoor).count(other, 'SKU', { id: 'count', onHand: 9, reason: 'counted', by: 'olga' });
    for (let made = 0; made < 20; made += 1) await bench.approved([]);
    const late = await bench.approved(itemsFor(['SKU'], 5), { seller: other, startsAt: bench.clock.now() + HOUR + 1 });
    bench.clock.advance(late.startsAt - bench.clock.now());
    const worker = bench.rooms.get(RunCampaignsWorker);
    await worker.begin();
    await worker.rest();
    const found = await bench.rooms.get(PositionsStore).find(positionIdOf(other, 'SKU'));
    expect(found?.quotas).toMatchObject([{ remaining: 5 }]);
    await bench.run();
  });
});

describe('an item whose stock cannot be asked for', () => {
  /** Its position cannot be read until it is mended. */
  async function broken(sku: string): Promise<() => Promise<unknown>> {
    const positions = bench.db.collection<{ _id: string }>('positions');
    const _id = positionIdOf(SELLER, sku) as string;
    const whole = await positions.findOne({ _id });
    await positions.updateOne({ _id }, { $unset: { moves: 1 } });
    return () => positions.replaceOne({ _id }, whole ?? {});
  }

  async function runTwiceMore(campaign: CampaignRecord): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      bench.clock.advance(((await bench.now(campaign)).due ?? 0) - bench.clock.now());
      await bench.run(bench.elsewhere);
    }
  }

  it('is no problem any more once its campaign is stopped', async () => {
    const [sku = ''] = await bench.newSkus(1);
    const mend = await broken(sku);
    const campaign = await bench.approved(itemsFor([sku], 5));
    bench.clock.advance(campaign.startsAt - bench.clock.now());
    await bench.run(bench.elsewhere);
    await runTwiceMore(campaign);
    expect(await bench.problems('campaign')).toHaveLength(1);
    await mend();
    await bench.stop(campaign);
    await bench.run();
    expect(await bench.problems('campaign')).toEqual([]);
  });

  it('is a problem after some rounds, holds up no other, and is held once that is over', async () => {
    const [good = '', bad = ''] = await bench.newSkus(2);
    const mend = await broken(bad);
    bench.clock.advance(HOUR);
    const campaign = await bench.approved(itemsFor([good, bad], 5));
    bench.clock.advance(campaign.startsAt - bench.clock.now());
    await bench.run(bench.elsewhere);
    expect(await bench.heldOf(good)).toEqual([[L, 5, 5]]);
    await runTwiceMore(campaign);
    expect(await bench.problems('campaign')).toMatchObject([
      { detail: expect.stringContaining('failed again and again: 1') },
    ]);
    await mend();
    await bench.runAt((await bench.now(campaign)).due ?? 0);
    expect(await bench.heldOf(bad)).toEqual([[L, 5, 5]]);
    expect(await bench.problems('campaign')).toEqual([]);
    expect((await bench.now(campaign)).due).toBe(campaign.endsAt);
  });
});
