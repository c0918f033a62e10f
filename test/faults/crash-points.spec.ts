import { CRASH_POINTS, type CrashPoint } from '../../src/platform/crash-point';
import { Trial } from '../support/stack/trial';
import { until } from '../support/until';

/** Where a process dies after how many passages; the api passes what begins with `delivery`, the worker the rest. */
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
const ORDERS_PER_MINUTE = 1500;
const DIES_WITHIN_MS = 40_000;

describe('a process that dies under load', () => {
  let trial: Trial;

  beforeAll(async () => {
    trial = await Trial.start();
    await trial.trade(ORDERS_PER_MINUTE, 1);
  });
  afterAll(() => trial.stop());

  it.each(CRASH_POINTS)('at %s leaves every order once, and stock exact', async (point) => {
    const part = trial.stack.parts[point.startsWith('delivery.') ? 'api' : 'worker'];
    await part.stop();
    await part.start({ HUB_CRASH_AT: `${point}:${PASSAGES[point]}` });
    await trial.trade(ORDERS_PER_MINUTE, CRASH_POINTS.indexOf(point) + 2);
    await until(`it dies at ${point}`, () => !part.isRunning, DIES_WITHIN_MS);
    expect(await part.end()).toBe('SIGKILL');
    await part.start();
    await trial.rest();
    expect(await trial.differences()).toEqual([]);
  });

  it('shows buyers at all marketplaces what is there, once nobody waits for an answer', async () => {
    expect(await trial.differencesForBuyers()).toEqual([]);
    expect(await trial.ordered()).toBeGreaterThan(100);
  });
});
