import { POLL_CRASH_POINTS } from '../../src/platform/crash-point';
import type { Placed } from '../support/stack/market';
import { SilentMarkets } from '../support/stack/silent-markets';
import { until } from '../support/until';

let news: SilentMarkets;

beforeAll(async () => {
  news = await SilentMarkets.start();
}, 120_000);
afterAll(() => news.stop());
afterEach(() => news.market.heal());

const isGivenUp = ({ state }: { state: string }) => state === 'given-up';

describe('marketplaces whose pushes are lost', () => {
  it(`lose nothing when the worker dies at ${POLL_CRASH_POINTS.join(', then at ')}`, async () => {
    await news.loseAll();
    const { worker } = news.stack.parts;
    await worker.stop();
    const placed: Placed[] = [];
    for (const point of POLL_CRASH_POINTS) {
      placed.push(...(await news.orders(1)));
      await worker.start({ HUB_CRASH_AT: `${point}:1` });
      await until(`it dies at ${point}`, () => !worker.isRunning, 40_000);
    }
    await worker.start();
    await news.untilAll(placed, 'paid', 60_000);
    const ids = await news.db.collection('orders').distinct('externalId', { seller: news.seller.id });
    for (const { orderId } of placed) expect(ids).toContain(orderId);
  }, 150_000);

  it('give back what Shopee could not deliver', async () => {
    await news.stack.parts.api.stop();
    await news.stack.sandbox.must('PUT', '/clock', { factor: 6000 });
    const placed = await news.market.order('shopee', news.lines(0));
    await until(
      'Shopee gives up',
      async () => (await news.market.pushes(`channel=shopee&orderId=${placed.orderId}`)).some(isGivenUp),
      30_000,
    );
    await news.stack.sandbox.must('PUT', '/clock', { factor: 1 });
    await news.stack.parts.api.start();
    const delivery = await until(
      'the push is taken out of the lost queue',
      async () => (await news.db.collection('deliveries').findOne({ 'headers.taken': 'lost' })) ?? undefined,
      30_000,
    );
    expect(delivery).toMatchObject({ channel: 'shopee', seller: news.seller.id });
    await news.untilAll([placed], 'paid');
  }, 120_000);
});
