import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import Redis from 'ioredis';
import { ChannelError } from '../../connectors/kit';
import type { DeliveryId, OrderId } from '../../src/domain';
import { createLog } from '../../src/platform/logger';
import { Metrics } from '../../src/platform/metrics';
import { Pace } from '../../src/platform/pace';
import { JOB_NAMES } from '../../src/platform/jobs';
import { Queues } from '../../src/platform/queues';
import { Sweeps } from '../../src/platform/sweep';
import { Workers, type Task } from '../../src/platform/worker';
import { CutWire } from '../support/cut-wire';
import { stores } from '../support/test-hub';
import { until } from '../support/until';

const log = createLog('silent');
const namespace = () => `t-${randomBytes(6).toString('hex')}`;
const delivery = (id: string) => ({ delivery: id as DeliveryId });

async function makeWorkers(url = stores().redisUrl, name = namespace()) {
  const metrics = new Metrics();
  const queues = new Queues({ url, namespace: name, log, metrics });
  await until('Redis is there', () => queues.client.status === 'ready');
  return { queues, workers: new Workers({ queues, log, metrics, pace: new Pace(1) }), metrics };
}

/** Handlers for the jobs that a test does not care about. */
function handleRest(workers: Workers, ...but: string[]): void {
  const onGiveUp = () => Promise.resolve();
  for (const name of JOB_NAMES.filter((one) => !but.includes(one))) {
    workers.handle(name, { concurrency: 1, onGiveUp }, () => Promise.resolve(undefined));
  }
}

describe('a queue', () => {
  it('gives each job to one of the workers, once', async () => {
    const name = namespace();
    const [here, there] = await Promise.all([makeWorkers(undefined, name), makeWorkers(undefined, name)]);
    const seen: string[] = [];
    for (const { workers } of [here, there]) {
      handleRest(workers, 'normalize');
      workers.handle('normalize', { concurrency: 5, onGiveUp: () => Promise.resolve() }, ({ ids }) => {
        seen.push(ids.delivery);
        return Promise.resolve(undefined);
      });
      workers.start();
    }
    const ids = Array.from({ length: 200 }, (_, index) => `d${index}`);
    await here.queues.enqueue('normalize', ids.map(delivery), { generation: 1 });
    await until('all are seen', () => seen.length >= 200);
    await delay(50);
    expect([...seen].sort()).toEqual([...ids].sort());
    await Promise.all([here.queues.close(), there.queues.close()]);
  });

  it('takes the same ids again in another generation, and once in the same', async () => {
    const { queues } = await makeWorkers();
    for (const generation of [1, 1, 2]) await queues.enqueue('normalize', [delivery('d')], { generation });
    expect(await queues.of('normalize').getWaitingCount()).toBe(2);
    await queues.close();
  });

  it('says no within the time while Redis is away, and works when it is back', async () => {
    const wire = await CutWire.to(stores().redisUrl);
    const { queues, metrics } = await makeWorkers(wire.url);
    const add = (id: string) => queues.enqueue('normalize', [delivery(id)], { generation: 1 });
    await until('it works', () => add('first'));
    for (const fault of ['hang', 'cut'] as const) {
      wire[fault]();
      const began = performance.now();
      expect(await add(fault)).toBe(false);
      expect(performance.now() - began).toBeLessThan(200);
    }
    expect(await metrics.registry.metrics()).toMatch(/sluice_jobs_not_queued_total{queue="normalize"} [2-9]/);
    wire.mend();
    await until('it works again', () => add('later'));
    await queues.close();
    await wire.close();
  });

  it('says no when Redis refuses a command, and works after Redis forgot its scripts', async () => {
    const { queues } = await makeWorkers();
    const redis = new Redis(stores().redisUrl);
    await until('it works', () => queues.enqueue('normalize', [delivery('a')], { generation: 1 }));
    await redis.script('FLUSH');
    await until('it works', () => queues.enqueue('normalize', [delivery('b')], { generation: 1 }));
    const wait = queues.of('reserve').toKey('wait');
    await redis.set(wait, 'no list');
    expect(await queues.enqueue('reserve', [{ order: 'o' as OrderId }], { generation: 1 })).toBe(false);
    await redis.del(wait);
    redis.disconnect();
    await queues.close();
  });
});

describe('a worker', () => {
  it('tries again by the table of retries, keeps that, and gives up at its end', async () => {
    const { queues, workers } = await makeWorkers();
    const kept: unknown[] = [];
    const seen: number[] = [];
    handleRest(workers, 'normalize');
    const options = {
      concurrency: 1,
      onRetry: ({ ids }: Task<'normalize'>, { tries }: { tries: number }) =>
        Promise.resolve(void kept.push([ids.delivery, tries])),
      onGiveUp: (_task: Task<'normalize'>, { then, failure }: { then: string; failure: { kind: string } }) =>
        Promise.resolve(void kept.push([then, failure.kind])),
    };
    workers.handle('normalize', options, ({ tries }) => {
      seen.push(tries);
      if (tries === 2) throw new ChannelError({ kind: 'refused', reason: 'no' }, 'no');
      throw new ChannelError({ kind: 'throttled', afterMs: 20 }, 'slow down');
    });
    workers.start();
    await queues.enqueue('normalize', [delivery('d')], { generation: 1 });
    await until('it gives up', () => kept.length === 3, 20_000);
    expect(seen).toEqual([0, 1, 2]);
    expect(kept).toEqual([
      ['d', 1],
      ['d', 2],
      ['dead', 'refused'],
    ]);
    await queues.close();
  });

  it('takes jobs that come together in one batch, and fails one alone', async () => {
    const { queues, workers } = await makeWorkers();
    const batches: number[] = [];
    const dead: string[] = [];
    handleRest(workers, 'normalize');
    const onGiveUp = ({ ids }: Task<'normalize'>) => Promise.resolve(void dead.push(ids.delivery));
    const batch = { most: 20, flushMs: 20 };
    workers.handleBatch('normalize', { concurrency: 1, batch, onGiveUp }, (tasks) => {
      batches.push(tasks.length);
      const no = new ChannelError({ kind: 'refused', reason: 'no' }, 'no');
      return Promise.resolve(tasks.map(({ ids }) => (ids.delivery === 'd3' ? no : undefined)));
    });
    workers.start();
    await queues.enqueue(
      'normalize',
      Array.from({ length: 20 }, (_, id) => delivery(`d${id}`)),
      { generation: 1 },
    );
    await until('all are done', () => batches.reduce((sum, size) => sum + size, 0) === 20);
    expect(batches.length).toBeLessThan(8);
    await until('one is dead', () => dead.length === 1);
    expect(dead).toEqual(['d3']);
    await queues.close();
  });

  it('refuses to start when a job has no handler', async () => {
    const { queues, workers } = await makeWorkers();
    handleRest(workers, 'plan', 'deliver');
    expect(() => workers.start()).toThrow('nobody works on these jobs: plan, deliver');
    await queues.close();
  });

  it('goes on after Redis lost everything', async () => {
    const name = namespace();
    const { queues, workers } = await makeWorkers(undefined, name);
    const seen: string[] = [];
    handleRest(workers, 'normalize');
    workers.handle('normalize', { concurrency: 3, onGiveUp: () => Promise.resolve() }, async ({ ids }) => {
      await delay(100);
      seen.push(ids.delivery);
      return undefined;
    });
    workers.start();
    await queues.enqueue('normalize', ['a', 'b', 'c'].map(delivery), { generation: 1 });
    await delay(40);
    const redis = new Redis(stores().redisUrl);
    const keys = await redis.keys(`{${name}:*`);
    await redis.del(...keys);
    redis.disconnect();
    await until('it works on', async () => {
      await queues.enqueue('normalize', [delivery('later')], { generation: 'sweep-1' });
      return seen.includes('later');
    });
    await queues.close();
  });

  it('finishes what it works on when it stops, and takes nothing new', async () => {
    const { queues, workers } = await makeWorkers();
    const [begun, ended]: [string[], string[]] = [[], []];
    handleRest(workers, 'normalize');
    workers.handle('normalize', { concurrency: 1, onGiveUp: () => Promise.resolve() }, async ({ ids }) => {
      begun.push(ids.delivery);
      await delay(300);
      ended.push(ids.delivery);
      return undefined;
    });
    workers.start();
    await queues.enqueue('normalize', ['a', 'b'].map(delivery), { generation: 1 });
    await until('one is worked on', () => begun.length === 1);
    await workers.stop();
    expect(ended).toHaveLength(1);
    expect(await queues.of('normalize').getWaitingCount()).toBe(1);
    await queues.close();
  });
});

describe('a sweep', () => {
  it('never overlaps itself, and a failed one is followed by another', async () => {
    const sweeps = new Sweeps(log, new Metrics());
    let [running, most, runs] = [0, 0, 0];
    const sweep = async () => {
      most = Math.max(most, (running += 1));
      runs += 1;
      await delay(15);
      running -= 1;
      if (runs === 1) throw new Error('down');
      return 1;
    };
    sweeps.every({ name: 'x', everyMs: 5, sweep });
    sweeps.start();
    void sweeps.runNow('x');
    await until('it ran', () => runs >= 4);
    await sweeps.stop();
    const after = runs;
    await delay(40);
    expect([most, running, runs]).toEqual([1, 0, after]);
  });
});
