import { CRASH_POINTS, type CrashPoint } from '../../src/platform/crash-point';
import { dieAt, killEngine, killRedis, wipeRedis } from '../support/stack/mishaps';
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

describe('a hub with buyers at three marketplaces', () => {
  let trial: Trial;
  let round = 0;

  beforeAll(async () => {
    trial = await Trial.start();
  });
  afterAll(() => trial.stop());

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

  it('shows the buyers of all marketplaces what there is, after all of that', async () => {
    expect(await trial.differencesForBuyers()).toEqual([]);
    const ordered = await trial.ordered();
    console.info(`faults: ${CRASH_POINTS.length} crash points, 4 lost stores, ${ordered} orders, no difference`);
    expect(ordered).toBeGreaterThan(300);
  });
});
