import { CHANNELS, type Channel } from '../support/stack/channels';
import type { Placed } from '../support/stack/market';
import { SilentMarkets } from '../support/stack/silent-markets';
import { until } from '../support/until';

const HOUR_MS = 3_600_000;

let news: SilentMarkets;

beforeAll(async () => {
  news = await SilentMarkets.start();
}, 120_000);
afterAll(() => news.stop());
afterEach(() => news.market.heal());

describe('marketplaces whose pushes are lost', () => {
  it('are read by polling: every order, and every change of one, is here within the bound, with its stock', async () => {
    await news.loseAll();
    const before = await news.look.stock('N-1');
    const placed = await news.orders(4);
    await news.untilAll(placed, 'paid');
    const cancelled = placed.filter((_, at) => at % 2 === 0);
    for (const order of cancelled) await news.market.move(order, 'cancel');
    await news.untilAll(cancelled, 'cancelled');
    const kept = placed.filter((order) => !cancelled.includes(order)).flatMap((order) => order.lines);
    const units = kept.filter(({ sku }) => sku === 'N-1').reduce((sum, line) => sum + line.units, 0);
    await news.look.untilStock('N-1', { committed: before.committed + units });
    const pushes = await news.market.pushes('state=delivered&limit=1000');
    const told = new Set(pushes.map(({ orderId }) => orderId));
    expect(placed.filter(({ orderId }) => told.has(orderId))).toEqual([]);
  }, 120_000);

  it('are told of as silent, until they push again', async () => {
    await news.loseAll();
    const silent = async () => (await news.look.problems()).filter(({ kind }) => kind === 'silent');
    await until(
      'all three are silent',
      async () => {
        await news.orders(1);
        return (await silent()).length === CHANNELS.length;
      },
      60_000,
    );
    await news.market.heal();
    await news.orders(1);
    await until('none is silent', async () => (await silent()).length === 0, 30_000);
  }, 120_000);
});

describe('an audit of a shop', () => {
  const past = (hours: number) => ({ silent: true, at: new Date(Date.now() - hours * HOUR_MS).toISOString() });
  const run = async (channel: Channel, what: 'sync' | 'audit') => {
    const { job } = await news.hub.must('POST', `/v1/shops/${news.seller.shops[channel].id}/orders/${what}`, {
      days: 2,
    });
    return until(
      `the ${what} is over`,
      async () => {
        const told = await news.hub.must('GET', `/v1/jobs/${job}`);
        if (told.state === 'failed') throw new Error(String(told.reason));
        return told.state === 'done' && (told as { report: Report });
      },
      60_000,
    );
  };

  interface Report {
    readonly written: number;
    readonly orders: readonly { readonly externalId: string; readonly differences: readonly string[] }[];
  }

  it.each(CHANNELS)(
    'at %s finds what is missing, in a wrong state and of wrong money, and mends it',
    async (channel) => {
      const [state, money] = [
        await news.market.order(channel, news.lines(0), past(3)),
        await news.market.order(channel, news.lines(1), past(3)),
      ];
      expect((await run(channel, 'sync')).report.written).toBeGreaterThanOrEqual(2);
      await news.untilAll([state, money], 'paid');
      const plant = (placed: Placed, what: object) =>
        news.stack.sandbox.must(
          'POST',
          `${news.market.shop(channel)}/orders/${encodeURIComponent(placed.orderId)}/plant`,
          what,
        );
      await plant(state, { state: 'shipped' });
      await plant(money, { discountSeller: '1.50' });
      const missing = await news.market.order(channel, news.lines(2), past(2));
      const { report } = await run(channel, 'audit');
      const found = new Map(report.orders.map(({ externalId, differences }) => [externalId, differences.join()]));
      expect([missing, state, money].map(({ orderId }) => found.get(orderId))).toEqual(['missing', 'state', 'money']);
      expect(found.size).toBe(3);
      const isIt = ({ kind, shop }: { kind: string; shop?: string }) =>
        kind === 'audit' && shop === news.seller.shops[channel].id;
      expect((await news.look.untilProblem(isIt)).orders).toHaveLength(3);
      expect(await news.statusOf(state)).toBe('shipped');
      expect(await news.statusOf(missing)).toBe('paid');
      expect((await run(channel, 'audit')).report.orders).toEqual([]);
      await news.look.untilNoProblem(isIt);
    },
    150_000,
  );
});
