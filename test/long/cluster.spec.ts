import { randomBytes } from 'node:crypto';
import { checkRedis, connectRedis } from '../../src/platform/redis';
import { FLOWS } from '../support/stack/flows';
import { freePort, type Part } from '../support/stack/part';
import { RedisCluster } from '../support/stack/redis-cluster';
import { Trial } from '../support/stack/trial';

const ORDERS_PER_MINUTE = 300;
const ORDERS_BESIDE = 10;

let cluster: RedisCluster;
let trial: Trial;
let seconds: readonly Part[] = [];

/** Two api and two worker processes. Channels call the first api, whoever joins as a flow the second. */
beforeAll(async () => {
  cluster = await RedisCluster.start();
  const mongo = new URL(process.env['MONGO_URL'] ?? '');
  mongo.pathname = `/cluster${randomBytes(4).toString('hex')}`;
  const env = { HUB_HOOKS_PER_SECOND: '100000' };
  trial = await Trial.start({ mongoUrl: mongo.href, redisUrl: cluster.url, env });
  const { stack, judged } = trial;
  const hubUrl = `http://127.0.0.1:${await freePort()}`;
  seconds = [stack.second('api', hubUrl), stack.second('worker')];
  for (const part of seconds) await part.start();
  process.env[FLOWS] = JSON.stringify({ places: { ...stack.places, hubUrl }, large: judged.seller });
  process.env['REDIS_URL'] = cluster.url;
});
afterAll(async () => {
  await Promise.all(seconds.map((part) => part.stop()));
  await trial.stop();
  await cluster.stop();
});

describe('a Redis Cluster', () => {
  it('carries the queues of a hub in more than one of its nodes', async () => {
    const sizes = await Promise.all([0, 1, 2].map((node) => cluster.tell(node, (redis) => redis.dbsize())));
    expect(sizes.filter((size) => size > 0).length).toBeGreaterThan(1);
  });

  it.each([0, 1, 2])('of which node %i dies under load and comes back loses no work', async (node) => {
    const dying = cluster.nodes[node] as Part;
    await trial.trade(ORDERS_PER_MINUTE, node + 1);
    await trial.moreOrders(ORDERS_BESIDE);
    await dying.kill();
    await trial.moreOrders(ORDERS_BESIDE);
    await dying.start();
    await cluster.whole();
    await trial.moreOrders(ORDERS_BESIDE);
    await trial.rest();
    expect(await trial.differences()).toEqual([]);
    const { api, worker } = trial.stack.parts;
    expect([api, worker, ...seconds].map(({ isRunning }) => isRunning)).toEqual([true, true, true, true]);
  });
});

/* eslint-disable @typescript-eslint/no-require-imports -- as they stand, with their own hooks after those above */
describe('on a Redis Cluster of three nodes, a flow:', () => {
  require('../flows/oversell.spec');
});
describe('on a Redis Cluster of three nodes, a race:', () => {
  require('../races/sales.spec');
});
/* eslint-enable @typescript-eslint/no-require-imports */

describe('a Redis Cluster at the boot', () => {
  it('is refused where one of its nodes may evict', async () => {
    const redis = connectRedis(cluster.url, 'client');
    expect(await checkRedis(redis, cluster.url)).toEqual([]);
    await cluster.tell(2, async (one) => {
      await one.config('SET', 'maxmemory', '1gb');
      await one.config('SET', 'maxmemory-policy', 'allkeys-lru');
    });
    await expect(checkRedis(redis, cluster.url)).rejects.toThrow('maxmemory-policy allkeys-lru');
    redis.disconnect();
  });
});
