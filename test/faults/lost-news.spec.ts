import { MongoClient, type Db } from 'mongodb';
import { POLL_CRASH_POINTS } from '../../src/platform/crash-point';
import { CHANNELS, type Channel } from '../support/stack/channels';
import { Shelf } from '../support/stack/goods';
import { Api } from '../support/stack/http';
import { Look } from '../support/stack/look';
import { Market, type Placed } from '../support/stack/market';
import { makeSeller, type Seller } from '../support/stack/seller';
import { Stack } from '../support/stack/stack';
import { until } from '../support/until';

/** 240 s between polls, sixty times as fast. */
const ENV = { HUB_CLOCK_FACTOR: '60', HUB_POLL_SECONDS: '240' };
const POLL_MS = 4000;
/** What api.md promises: the time between polls and 30 s. */
const BOUND_MS = POLL_MS + 30_000;
const SKUS = ['N-1', 'N-2', 'N-3'];
const HOUR_MS = 3_600_000;

let stack: Stack;
let client: MongoClient;
let db: Db;
let seller: Seller;
let hub: Api;
let market: Market;
let look: Look;

beforeAll(async () => {
  stack = await Stack.start({ env: ENV });
  client = await MongoClient.connect(stack.places.mongoUrl);
  db = client.db();
  seller = await makeSeller(stack, { id: 'news' });
  hub = new Api(stack.places.hubUrl).withKey(seller.key);
  market = new Market(stack.sandbox, seller);
  look = new Look(hub);
  await new Shelf({ hub, sandbox: stack.sandbox }, seller).stock(SKUS.map((sku) => ({ sku, onHand: 1000 })));
}, 120_000);
afterAll(async () => {
  await client.close();
  await stack.stop();
});
afterEach(() => market.heal());

const loseAll = async () => {
  for (const channel of CHANNELS) await market.faults(channel, { loseRate: 1 });
};
const lines = (at: number) => [{ sku: SKUS[at % SKUS.length] ?? '', units: 1 + (at % 2) }];
const orders = async (count: number): Promise<readonly Placed[]> => {
  const placed: Placed[] = [];
  for (let at = 0; at < count; at += 1) {
    for (const channel of CHANNELS) placed.push(await market.order(channel, lines(at)));
  }
  return placed;
};
const statusOf = async (placed: Placed) => (await look.order(placed.orderId))?.status;
const untilAll = (placed: readonly Placed[], status: string, withinMs = BOUND_MS) =>
  until(
    `${placed.length} orders are ${status}`,
    async () => (await Promise.all(placed.map(statusOf))).every((each) => each === status),
    withinMs,
  );

describe('marketplaces whose pushes are lost', () => {
  it('are read by polling: every order, and every change of one, is here within the bound, with its stock', async () => {
    await loseAll();
    const before = await look.stock('N-1');
    const placed = await orders(4);
    await untilAll(placed, 'paid');
    const cancelled = placed.filter((_, at) => at % 2 === 0);
    for (const order of cancelled) await market.move(order, 'cancel');
    await untilAll(cancelled, 'cancelled');
    const kept = placed.filter((order) => !cancelled.includes(order)).flatMap((order) => order.lines);
    const units = kept.filter(({ sku }) => sku === 'N-1').reduce((sum, line) => sum + line.units, 0);
    await look.untilStock('N-1', { committed: before.committed + units });
    const pushes = await market.pushes('state=delivered&limit=1000');
    const told = new Set(pushes.map(({ orderId }) => orderId));
    expect(placed.filter(({ orderId }) => told.has(orderId))).toEqual([]);
  }, 120_000);

  it('are told of as silent, until they push again', async () => {
    await loseAll();
    const silent = async () => (await look.problems()).filter(({ kind }) => kind === 'silent');
    await until(
      'all three are silent',
      async () => {
        await orders(1);
        return (await silent()).length === CHANNELS.length;
      },
      60_000,
    );
    await market.heal();
    await orders(1);
    await until('none is silent', async () => (await silent()).length === 0, 30_000);
  }, 120_000);

  it(`lose nothing when the worker dies at ${POLL_CRASH_POINTS.join(', then at ')}`, async () => {
    await loseAll();
    const { worker } = stack.parts;
    await worker.stop();
    const placed: Placed[] = [];
    for (const point of POLL_CRASH_POINTS) {
      placed.push(...(await orders(1)));
      await worker.start({ HUB_CRASH_AT: `${point}:1` });
      await until(`it dies at ${point}`, () => !worker.isRunning, 40_000);
    }
    await worker.start();
    await untilAll(placed, 'paid', 60_000);
    const ids = await db.collection('orders').distinct('externalId', { seller: seller.id });
    for (const { orderId } of placed) expect(ids).toContain(orderId);
  }, 150_000);

  it('give back what Shopee could not deliver', async () => {
    await stack.parts.api.stop();
    await stack.sandbox.must('PUT', '/clock', { factor: 6000 });
    const placed = await market.order('shopee', lines(0));
    await until(
      'Shopee gives up',
      async () => (await market.pushes(`channel=shopee&orderId=${placed.orderId}`)).some(isGivenUp),
      30_000,
    );
    await stack.sandbox.must('PUT', '/clock', { factor: 1 });
    await stack.parts.api.start();
    const delivery = await until(
      'the push is taken out of the lost queue',
      async () => (await db.collection('deliveries').findOne({ 'headers.taken': 'lost' })) ?? undefined,
      30_000,
    );
    expect(delivery).toMatchObject({ channel: 'shopee', seller: seller.id });
    await untilAll([placed], 'paid');
  }, 120_000);
});

const isGivenUp = ({ state }: { state: string }) => state === 'given-up';

describe('an audit of a shop', () => {
  const past = (hours: number) => ({ silent: true, at: new Date(Date.now() - hours * HOUR_MS).toISOString() });
  const run = async (channel: Channel, what: 'sync' | 'audit') => {
    const { job } = await hub.must('POST', `/v1/shops/${seller.shops[channel].id}/orders/${what}`, { days: 2 });
    return until(
      `the ${what} is over`,
      async () => {
        const told = await hub.must('GET', `/v1/jobs/${job}`);
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
        await market.order(channel, lines(0), past(3)),
        await market.order(channel, lines(1), past(3)),
      ];
      expect((await run(channel, 'sync')).report.written).toBeGreaterThanOrEqual(2);
      await untilAll([state, money], 'paid');
      const plant = (placed: Placed, what: object) =>
        stack.sandbox.must('POST', `${market.shop(channel)}/orders/${encodeURIComponent(placed.orderId)}/plant`, what);
      await plant(state, { state: 'shipped' });
      await plant(money, { discountSeller: '1.50' });
      const missing = await market.order(channel, lines(2), past(2));
      const { report } = await run(channel, 'audit');
      const found = new Map(report.orders.map(({ externalId, differences }) => [externalId, differences.join()]));
      expect([missing, state, money].map(({ orderId }) => found.get(orderId))).toEqual(['missing', 'state', 'money']);
      expect(found.size).toBe(3);
      const isIt = ({ kind, shop }: { kind: string; shop?: string }) =>
        kind === 'audit' && shop === seller.shops[channel].id;
      expect((await look.untilProblem(isIt)).orders).toHaveLength(3);
      expect(await statusOf(state)).toBe('shipped');
      expect(await statusOf(missing)).toBe('paid');
      expect((await run(channel, 'audit')).report.orders).toEqual([]);
      await look.untilNoProblem(isIt);
    },
    150_000,
  );
});
