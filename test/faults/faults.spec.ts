import { CRASH_POINTS, type CrashPoint } from '../../src/platform/crash-point';
import { until } from '../support/until';
import { Api } from '../support/stack/http';
import { dieAt, killEngine, killRedis, wipeRedis } from '../support/stack/mishaps';
import { tokensOf } from '../support/stack/seller';
import { Trial } from '../support/stack/trial';

/** After how many passages a process dies: late enough to be at work on many orders. */
const PASSAGES: Readonly<Record<CrashPoint, number>> = {
  'delivery.stored': 25,
  'delivery.queued': 25,
  'order.read': 15,
  'order.written': 25,
  'move.archived': 2,
  'position.committed': 25,
  'target.written': 20,
  'target.sent': 15,
  'target.acknowledged': 12,
};
const ORDERS_PER_MINUTE = 1200;
const ORDERS_BESIDE = 10;
/** A process that died keeps its lease on the shop's tokens until it is over. */
const LEASE_AND_MORE_MS = 60_000;

describe('a hub with buyers at three marketplaces', () => {
  let trial: Trial;
  let round = 0;

  beforeAll(async () => {
    trial = await Trial.start();
  });
  afterAll(() => trial.stop());

  const hub = () => new Api(trial.stack.places.hubUrl).withKey(trial.judged.seller.key);
  const openOf = async (kind: string): Promise<{ kind: string; shop?: string }[]> =>
    (await hub().must('GET', '/v1/problems?open=true&limit=200')).items.filter(
      (problem: { kind: string }) => problem.kind === kind,
    );
  const expireTokens = (channel: string) =>
    trial.stack.sandbox.must('PUT', `/${channel}/faults`, { expireTokens: true });
  const underLoad = async (mishap: () => Promise<void>) => {
    round += 1;
    await trial.trade(ORDERS_PER_MINUTE, round);
    await trial.moreOrders(ORDERS_BESIDE);
    await mishap();
    await trial.moreOrders(ORDERS_BESIDE);
    await trial.rest();
  };

  it.each(CRASH_POINTS)('of which a process dies at %s has every order once, and exact stock', async (point) => {
    await underLoad(() => dieAt(trial, point, PASSAGES[point]));
    expect(await trial.differences()).toEqual([]);
  });

  it.each([
    ['whose Redis is killed and started again', () => killRedis(trial, { isEmptied: false })],
    ['pain-18 whose Redis is wiped', () => wipeRedis(trial)],
    ['whose Redis is killed and comes back with nothing', () => killRedis(trial, { isEmptied: true })],
    ['whose database engine is killed and started again', () => killEngine(trial)],
  ])('%s has every order once, and exact stock', async (_what, mishap) => {
    await underLoad(mishap);
    expect(await trial.differences()).toEqual([]);
    expect([trial.stack.parts.api.isRunning, trial.stack.parts.worker.isRunning]).toEqual([true, true]);
  });

  it('of which a process dies with a new token in its hand goes on where the old one buys another', async () => {
    await underLoad(async () => {
      await dieAt(trial, 'tokens.renewed', { passages: 1, whenArmed: () => expireTokens('lazada') });
    });
    expect(await trial.differences()).toEqual([]);
    expect(await openOf('unauthorized')).toEqual([]);
  });

  it('of which a process dies with a new token in its hand says so where the old one served once', async () => {
    const { seller } = trial.judged;
    const { id, channelShopId } = seller.shops.shopee;
    await underLoad(async () => {
      await dieAt(trial, 'tokens.renewed', { passages: 1, whenArmed: () => expireTokens('shopee') });
      await until('the hub says so', async () => (await openOf('unauthorized')).length > 0, LEASE_AND_MORE_MS);
      expect(await openOf('unauthorized')).toEqual([expect.objectContaining({ shop: id })]);
      const known = await trial.stack.sandbox.must('POST', `/shopee/shops/${channelShopId}/tokens`, {});
      await hub().must('PATCH', `/v1/shops/${id}`, { tokens: tokensOf(known) });
    });
    expect(await trial.differences()).toEqual([]);
    await until('the hub is content', async () => (await openOf('unauthorized')).length === 0);
  });

  it('shows the buyers of all marketplaces what there is, after all of that', async () => {
    expect(await trial.differencesForBuyers()).toEqual([]);
    const ordered = await trial.ordered();
    console.info(`faults: ${CRASH_POINTS.length} crash points, 4 lost stores, ${ordered} orders, no difference`);
    expect(ordered).toBeGreaterThan(300);
  });
});
