import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { ChannelError, type ChannelRequest } from '../../connectors/kit';
import { Breakers } from '../../src/platform/breaker';
import { Budgets, NoTurn, type Payer } from '../../src/platform/budget';
import { ChannelCalls } from '../../src/platform/http';
import { Meter, URGENCIES, type Urgency } from '../../src/platform/meter';
import { Metrics } from '../../src/platform/metrics';
import { closeRedis, connectRedis, type RedisLink } from '../../src/platform/redis';
import { CutWire } from '../support/cut-wire';
import { stores } from '../support/test-hub';
import { until } from '../support/until';

const namespace = () => `t-${randomBytes(6).toString('hex')}`;
const payer = (shop: string, more: Partial<Payer> = {}): Payer => ({
  ...{ channel: 'shopee', app: 'app', shop, callsPerSecond: 10 },
  ...more,
});

/** What two processes have: a connection each. */
async function twoProcesses(url = stores().redisUrl) {
  const name = namespace();
  const redis = [connectRedis(url, 'budget'), connectRedis(url, 'budget')] as const;
  await Promise.all(redis.map((one) => until('it connects', () => one.status === 'ready')));
  return { redis, budgets: redis.map((one) => new Budgets(one, name)) as [Budgets, Budgets] };
}

describe('budgets of two processes', () => {
  let redis: readonly RedisLink[];
  let one: Budgets;
  let other: Budgets;

  beforeAll(async () => {
    const made = await twoProcesses();
    redis = made.redis;
    [one, other] = made.budgets;
  });
  afterAll(() => Promise.all(redis.map(closeRedis)));

  it('are silent for a quarter of an hour at most, whatever one answer says', async () => {
    const now = 1_700_000_000_000;
    const who = payer('a day');
    await one.heed(who, { afterMs: 86_400_000 }, now);
    expect(await other.ask(who, 'lower', now)).toEqual({ ms: 15 * 60_000, isBlocked: true });
  });

  it('answer as the meter in memory does, whatever is asked', async () => {
    const step = fc.record({
      after: fc.nat(900),
      urgency: fc.constantFrom(...URGENCIES),
      process: fc.boolean(),
      throttledMs: fc.option(fc.nat(1500), { freq: 12 }),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), async (steps, limit) => {
        const meter = new Meter();
        const who = payer(`same-${(run += 1)}`, { callsPerSecond: limit });
        let now = 1_700_000_000_000;
        for (const { after, urgency, process, throttledMs } of steps) {
          now += after;
          const budgets = process ? one : other;
          if (throttledMs !== null) {
            meter.throttle(now, limit, throttledMs);
            await budgets.heed(who, { afterMs: throttledMs }, now);
          }
          const ask = { now, limit, urgency };
          const expected = meter.ask(ask);
          if (expected.ms === 0) meter.grant(ask);
          expect(await budgets.ask(who, urgency, now)).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('pass the limit together in no second, and use it', async () => {
    const granted: number[] = [];
    const began = performance.now();
    const call = async (budgets: Budgets) => {
      while (performance.now() - began < 2500) {
        await budgets.take(payer('busy'), 'lower');
        granted.push(performance.now());
      }
    };
    await Promise.all([one, other, one, other].map(call));
    granted.sort((a, b) => a - b);
    // The answers of two calls may be as far apart as a round trip on a busy machine.
    granted.forEach((at, index) => {
      const eleventh = granted[index + 10];
      if (eleventh !== undefined) expect(eleventh - at).toBeGreaterThan(900);
    });
    expect(granted.length).toBeGreaterThanOrEqual(20);
    expect(granted.length).toBeLessThanOrEqual(34);
  });

  it('serve calls of one urgency in the order they came', async () => {
    const served: number[] = [];
    const calls = Array.from({ length: 15 }, (_, nth) =>
      one.take(payer('in line'), 'lower').then(() => served.push(nth)),
    );
    await Promise.all(calls);
    expect(served).toEqual(Array.from({ length: 15 }, (_, nth) => nth));
    const refused = await Promise.allSettled(Array.from({ length: 60 }, () => one.take(payer('in line'), 'lower')));
    expect(refused.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(25);
  });

  it('fail at once with the rest of the time while the channel asks one of them to wait', async () => {
    await one.heed(payer('told'), { afterMs: 60_000 });
    const began = performance.now();
    for (const budgets of [one, other]) {
      const failed = await budgets.take(payer('told'), 'lower').catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(NoTurn);
      const { failure, message } = failed as ChannelError;
      expect(message).toBe('the channel asked us to wait');
      expect(failure.kind === 'throttled' && failure.afterMs).toBeGreaterThan(55_000);
      expect(failure.kind === 'throttled' && failure.afterMs).toBeLessThanOrEqual(60_000);
    }
    expect(performance.now() - began).toBeLessThan(1500);
    await other.take(payer('another shop'), 'bulk');
  });

  it('wait for a short time that the channel asked for', async () => {
    await one.heed(payer('short'), { afterMs: 400 });
    const began = performance.now();
    await other.take(payer('short'), 'lower');
    expect(performance.now() - began).toBeGreaterThanOrEqual(350);
  });

  it('stop all shops of an app where the whole app has to wait, and those of no other', async () => {
    const app = { app: 'tired' };
    await one.heed(payer('a', app), { afterMs: 60_000, scope: 'app' });
    await expect(other.take(payer('b', app), 'lower')).rejects.toBeInstanceOf(NoTurn);
    await other.take(payer('b', { app: 'fresh' }), 'lower');
  });

  it('slow down the shop that was told where its app has no documented limit', async () => {
    const at = 1_700_000_000_000;
    const asked = async (who: Payer) => {
      const waits: number[] = [];
      for (let n = 0; n < 10; n += 1) waits.push((await other.ask(who, 'lower', at + 100)).ms);
      return waits.filter((ms) => ms === 0).length;
    };
    await one.heed(payer('loud', { app: 'no limit' }), { afterMs: 100, scope: 'app' }, at);
    expect(await asked(payer('loud', { app: 'no limit' }))).toBe(5);
    expect(await asked(payer('quiet', { app: 'no limit' }))).toBe(10);
    const limited = { app: 'with one', appCallsPerSecond: 8 };
    await one.heed(payer('loud', limited), { afterMs: 100, scope: 'app' }, at);
    expect(await asked(payer('quiet', limited))).toBe(4);
  });

  it('count an app over all its shops', async () => {
    const ofApp = { app: 'counted', appCallsPerSecond: 4 };
    const at = 1_700_000_000_000;
    const waits: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      const budgets = n % 2 === 0 ? one : other;
      waits.push((await budgets.ask(payer(`shop-${n}`, ofApp), 'lower', at)).ms);
    }
    expect(waits).toEqual([0, 0, 0, 0, 1000, 1000]);
    // A call that its app refused has used up nothing of its shop.
    expect((await one.ask(payer('shop-5', { ...ofApp, callsPerSecond: 1 }), 'lower', at + 1000)).ms).toBe(0);
  });

  it('keep what is left for what is more urgent, and let nobody starve', async () => {
    const got = new Map<Urgency, number>();
    const now = 1_700_000_000_000;
    for (let at = 0; at < 6000; at += 50) {
      for (const urgency of URGENCIES) {
        const budgets = at % 100 === 0 ? one : other;
        if ((await budgets.ask(payer('crowd'), urgency, now + at)).ms === 0) {
          got.set(urgency, (got.get(urgency) ?? 0) + 1);
        }
      }
    }
    expect(got.get('lower')).toBeGreaterThan(30);
    for (const urgency of URGENCIES) expect(got.get(urgency)).toBeGreaterThanOrEqual(1);
    expect([...got.values()].reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(60);
  });

  it('keep their documents in one slot of a cluster, and not for ever', async () => {
    await one.take(payer('kept', { app: 'slot', appCallsPerSecond: 100 }), 'read');
    await one.heed(payer('kept', { app: 'slot' }), { afterMs: 3_600_000 });
    const keys = await redis[0]!.keys('*:slot}:*');
    expect(new Set(keys.map((key) => /\{.*\}/.exec(key)?.[0])).size).toBe(1);
    expect(keys).toHaveLength(4);
    for (const key of keys) {
      const ttl = await redis[0]!.pttl(key);
      expect(ttl).toBeGreaterThan(0);
      expect(ttl).toBeLessThan(3_700_000);
    }
  });
});

describe('budgets while Redis is away', () => {
  it('are counted by each process alone, and a time to wait is kept by who heard of it', async () => {
    const wire = await CutWire.to(stores().redisUrl);
    const { redis, budgets } = await twoProcesses(wire.url);
    const [one, other] = budgets;
    wire.cut();
    await until('it is cut', () => redis.every(({ status }) => status !== 'ready'));
    const now = 1_700_000_000_000;
    const waits = async (process: Budgets) => {
      const asked: number[] = [];
      for (let n = 0; n < 3; n += 1)
        asked.push((await process.ask(payer('x', { callsPerSecond: 2 }), 'lower', now)).ms);
      return asked;
    };
    expect(await waits(one)).toEqual([0, 0, 1000]);
    expect(await waits(other)).toEqual([0, 0, 1000]);
    await one.heed(payer('y'), { afterMs: 60_000 });
    await expect(one.take(payer('y'), 'lower')).rejects.toBeInstanceOf(NoTurn);
    await other.take(payer('y'), 'lower');
    wire.mend();
    await until('Redis is back', () => redis.every(({ status }) => status === 'ready'));
    await Promise.all(redis.map(closeRedis));
    await wire.close();
  });
});

describe('a budget beside a Redis that hangs', () => {
  it('asks it once in a while, and does not make each call wait for it', async () => {
    const wire = await CutWire.to(stores().redisUrl);
    const { redis, budgets } = await twoProcesses(wire.url);
    wire.hang();
    const began = performance.now();
    for (let n = 0; n < 8; n += 1) await budgets[0].take(payer('slow'), 'lower');
    expect(performance.now() - began).toBeLessThan(600);
    wire.mend();
    await Promise.all(redis.map(closeRedis));
    await wire.close();
  });
});

describe('a channel that throttles', () => {
  let server: Server;
  let url: string;
  let asked = 0;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(429, { 'retry-after': '30' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  });
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  it('is called by nobody until the time it named, in no process and for nothing', async () => {
    const { redis, budgets } = await twoProcesses();
    const processes = budgets.map((each) => {
      const metrics = new Metrics();
      const breakers = new Breakers(metrics);
      return { breakers, calls: new ChannelCalls(breakers, each, metrics) };
    });
    const read: ChannelRequest = { method: 'GET', url, effect: 'read' };
    const failures: unknown[] = [];
    for (const { calls } of processes) {
      for (const urgency of ['lower', 'read'] as const) {
        const failed = await calls
          .of(
            payer('busy'),
            urgency,
          )(read)
          .catch((error: unknown) => error);
        failures.push(failed instanceof ChannelError ? failed.failure.kind : failed);
      }
    }
    expect(failures).toEqual(['throttled', 'throttled', 'throttled', 'throttled']);
    expect(asked).toBe(1);
    for (const { calls, breakers } of processes) {
      calls.close();
      breakers.close();
    }
    await Promise.all(redis.map(closeRedis));
  });
});
