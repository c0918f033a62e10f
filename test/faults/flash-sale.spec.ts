import { MongoClient } from 'mongodb';
import type { CampaignCrashPoint } from '../../src/platform/crash-point';
import { Shelf } from '../support/stack/goods';
import { FlashSale } from '../support/stack/flash-sale';
import { Api } from '../support/stack/http';
import { Look } from '../support/stack/look';
import { Market, type Shown } from '../support/stack/market';
import { makeSeller, type Seller } from '../support/stack/seller';
import { Stack } from '../support/stack/stack';
import { until } from '../support/until';

const SKU = 'SALE';
const LIVE_MS = 20_000;
const SEEN_MS = 15_000;

describe('a flash sale of a hub that is killed over its start and over its end', () => {
  let stack: Stack;
  let seller: Seller;
  let hub: Api;
  let market: Market;

  beforeAll(async () => {
    stack = await Stack.start();
    seller = await makeSeller(stack, { id: 'sales' });
    hub = new Api(stack.places.hubUrl).withKey(seller.key);
    market = new Market(stack.sandbox, seller);
    await new Shelf({ hub, sandbox: stack.sandbox }, seller).stock([{ sku: SKU, onHand: 100 }]);
  }, 120_000);
  afterAll(() => stack.stop());

  /** The worker comes up, dies at the point, and is gone. */
  async function dieAt(point: CampaignCrashPoint): Promise<void> {
    const { worker } = stack.parts;
    await worker.start({ HUB_CRASH_AT: `${point}:1` });
    await until(`the worker dies at ${point}`, () => !worker.isRunning, 20_000);
    expect(await worker.end()).toBe('SIGKILL');
  }

  /** Buyers see these numbers, and no call is out: a process that dies now leaves no listing unanswered. */
  async function untilWritten(shown: Shown): Promise<void> {
    await market.untilShown(SKU, shown, SEEN_MS);
    await until(
      'every listing is written',
      async () => {
        const { published } = await hub.must('GET', `/v1/stock/${SKU}`);
        return published.length === 3 && published.every(({ state }: { state: string }) => state === 'done');
      },
      SEEN_MS,
    );
  }

  /** The kinds of all moves of the sku, oldest first. */
  async function moves(): Promise<readonly string[]> {
    const client = await MongoClient.connect(stack.places.mongoUrl);
    try {
      const position = await client.db().collection('positions').findOne({ sku: SKU });
      return (position?.['moves'] as { kind: string }[]).map(({ kind }) => kind);
    } finally {
      await client.close();
    }
  }

  it('shows buyers 60, 40, 40 while it is live, 100 after it, and holds and gives back once', async () => {
    const { worker } = stack.parts;
    await untilWritten({ lazada: 100, shopee: 100, zalora: 100 });
    await worker.stop();
    const endsAt = new Date(Date.now() + LIVE_MS);
    const plan = { sku: SKU, channel: 'lazada', mode: 'allocation', quantity: 60, endsAt } as const;
    const sale = await FlashSale.open({ hub, seller }, plan);
    await dieAt('campaign.brought');
    await worker.start();
    await sale.untilState('live', SEEN_MS);
    await untilWritten({ lazada: 60, shopee: 40, zalora: 40 });
    await market.order('lazada', [{ sku: SKU, units: 10 }]);
    await new Look(hub).untilStock(SKU, { committed: 10 });
    await untilWritten({ lazada: 50, shopee: 40, zalora: 40 });
    await worker.kill();
    await until('its end is past', () => Date.now() > endsAt.getTime(), LIVE_MS);
    await dieAt('campaign.swapped');
    await dieAt('campaign.brought');
    await worker.start();
    await untilWritten({ lazada: 90, shopee: 90, zalora: 90 });
    const { completed, totals } = await sale.untilState('ended');
    expect([completed, totals.held, totals.sold, totals.remaining]).toEqual([true, 60, 10, 50]);
    const held = (await moves()).filter((kind) => kind.startsWith('quota'));
    expect(held).toEqual(['quota-start', 'quota-end']);
  }, 120_000);
});
