import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import path from 'node:path';
import type Redis from 'ioredis';
import { MongoClient } from 'mongodb';
import { CHANNELS } from '../../connectors';
import { Queues } from '../../src/platform/queues';
import { checkRedis, connectRedis } from '../../src/platform/redis';
import { checkMongo } from '../../src/store/connection';
import { ensureIndexes } from '../../src/store/ensure-indexes';
import { ROOT_KEY, ownDatabase, startTestHub, stores, type TestHub } from '../support/test-hub';
import { until } from '../support/until';

const MAIN = path.resolve(__dirname, '../../dist/src/main.js');

/** The hub as a process of its own; nothing of this process's settings reaches it but the path. */
function startProcess(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env['PATH'] ?? '', ...env } });
  const seen = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (seen.out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (seen.err += bytes.toString()));
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  return { child, seen, ended };
}

const settings = (env: Record<string, string> = {}) => ({
  MONGO_URL: ownDatabase(stores().mongoUrl),
  REDIS_URL: stores().redisUrl,
  HUB_QUEUE_NAMESPACE: `t-boot-${process.pid}`,
  HUB_ADMIN_KEY: ROOT_KEY,
  HUB_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  HUB_PORT: '0',
  ...env,
});

describe('the process', () => {
  it('names every faulty setting, and ends with 1', async () => {
    const { seen, ended } = startProcess({ HUB_PORT: 'x', HUB_ADMIN_KEY: 'short' });
    expect(await ended).toEqual([1, null]);
    for (const name of ['HUB_PORT', 'HUB_ADMIN_KEY', 'HUB_SECRET_KEY', 'MONGO_URL', 'REDIS_URL']) {
      expect(seen.err).toContain(`  ${name}: `);
    }
    expect(seen.err).not.toContain('short');
  });

  it('says in one line that a store is not there, and ends with 1', async () => {
    const { seen, ended } = startProcess(settings({ REDIS_URL: 'redis://127.0.0.1:1' }));
    expect(await ended).toEqual([1, null]);
    expect(seen.err).toBe('The hub does not start: Redis does not answer at redis://127.0.0.1:1\n');
  });

  it('says that its port is taken', async () => {
    const hub = await startTestHub();
    const { seen, ended } = startProcess(settings({ HUB_PORT: new URL(hub.url).port, HUB_ROLES: 'api' }));
    expect(await ended).toEqual([1, null]);
    expect(seen.err).toContain(`HUB_PORT ${new URL(hub.url).port} is in use on 127.0.0.1`);
    await hub.stop();
  });

  it.each(['api', 'worker', 'api,worker'])('as %s stops in order when it is told to', async (roles) => {
    const { child, seen, ended } = startProcess(settings({ HUB_ROLES: roles }));
    await until('it runs', () => seen.out.includes('the hub runs'), 20_000);
    expect(seen.out.includes('the API listens')).toBe(roles !== 'worker');
    const began = performance.now();
    child.kill('SIGTERM');
    expect({ ended: await ended, ...seen }).toMatchObject({ ended: [0, null] });
    expect(performance.now() - began).toBeLessThan(8000);
    const steps = ['no longer listening', 'what runs is finished', 'queues and connections', '"msg":"stopped"'];
    const places = steps.map((step) => seen.out.indexOf(step));
    expect(places).toEqual([...places].sort((left, right) => left - right));
    expect(places).not.toContain(-1);
  });

  it('dies at the crash point it is armed with', async () => {
    const { seen, ended } = startProcess(settings({ HUB_CRASH_AT: 'nowhere' }));
    expect(await ended).toEqual([1, null]);
    expect(seen.err).toContain('HUB_CRASH_AT: must be a crash point and a count: name:N (is "nowhere")');
  });
});

describe('the boot', () => {
  it('refuses a Redis that may evict, and one that is not there', async () => {
    const { redisUrl } = stores();
    const answers = (info: string) => ({ info: () => Promise.resolve(info) }) as unknown as Redis;
    await expect(checkRedis(answers('maxmemory:1\r\nmaxmemory_policy:allkeys-lru'), redisUrl)).rejects.toThrow(
      'may evict',
    );
    const nowhere = connectRedis('redis://127.0.0.1:1', 'client');
    await expect(checkRedis(nowhere, 'redis://u:secret@127.0.0.1:1', 1)).rejects.toThrow(
      'Redis does not answer at redis://***@127.0.0.1:1',
    );
    nowhere.disconnect();
  });

  it('refuses a MongoDB that is not there', async () => {
    await expect(checkMongo('mongodb://127.0.0.1:1/x', 1)).rejects.toThrow(
      'MongoDB does not answer at mongodb://127.0.0.1:1/x',
    );
  });

  it('refuses two channels with one code', async () => {
    const [first] = CHANNELS;
    await expect(startTestHub({ connectors: [...CHANNELS, ...(first ? [first] : [])] })).rejects.toThrow(
      'two channels have the code',
    );
  });

  it('names the index that cannot be built', async () => {
    const client = await MongoClient.connect(ownDatabase(stores().mongoUrl));
    await client
      .db()
      .collection<{ _id: string; a: number }>('things')
      .insertMany([
        { _id: 'x', a: 1 },
        { _id: 'y', a: 1 },
      ]);
    const spec = { collection: 'things', key: { a: 1 }, unique: true, serves: 'nothing' } as const;
    await expect(ensureIndexes(client.db(), [spec])).rejects.toThrow('the index things(a) cannot be built');
    await client.db().dropDatabase();
    await client.close();
  });
});

describe('what operators call', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub({ env: { HUB_HOSTS: 'hub.internal' } });
  });
  afterAll(() => hub.stop());

  const get = (path: string, headers: Record<string, string> = {}) => fetch(hub.url + path, { headers });
  const proxied = { 'x-forwarded-for': '203.0.113.7' };
  const bearer = { authorization: `Bearer ${ROOT_KEY}` };

  it('is health, live and ready', async () => {
    expect(await (await get('/health/live')).json()).toEqual({ status: 'live' });
    expect(await (await get('/health/ready')).json()).toEqual({ status: 'ready' });
  });

  it('shows metrics on this machine or to the root key, without names of sellers', async () => {
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toContain('sluice_queue_jobs{queue="normalize",state="waiting"} 0');
    expect((await get('/metrics', proxied)).status).toBe(401);
    expect((await get('/metrics', { ...proxied, ...bearer })).status).toBe(200);
  });

  it('shows the queues to the root key only, and changes none', async () => {
    expect((await get('/queues')).status).toBe(401);
    expect((await get('/queues/api/queues', { authorization: 'Bearer nope' })).status).toBe(401);
    const basic = { authorization: `Basic ${Buffer.from(`x:${ROOT_KEY}`).toString('base64')}` };
    const page = await get('/queues', basic);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await get('/queues/api/queues', bearer)).status).toBe(200);
    const clean = await fetch(`${hub.url}/queues/api/queues/normalize/pause`, { method: 'PUT', headers: bearer });
    expect(clean.status).not.toBe(200);
    expect(await hub.app.get(Queues).of('normalize').isPaused()).toBe(false);
  });

  it('answers its own hosts only', async () => {
    const statusFor = (host: string) =>
      new Promise((resolve) => {
        request(`${hub.url}/health/live`, { headers: { host } }, ({ statusCode }) => resolve(statusCode)).end();
      });
    expect(await Promise.all(['hub.internal', 'localhost:9', 'evil.example'].map(statusFor))).toEqual([200, 200, 421]);
  });

  it('has a plain page with security headers', async () => {
    const page = await get('/');
    expect(await page.text()).toContain('Sluice');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(page.headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
  });
});
