import { createHmac, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { AppId, SellerId } from '../../src/domain';
import { Queues } from '../../src/platform/queues';
import { Sweeps } from '../../src/platform/sweep';
import { AppsStore, type AppRecord } from '../../src/store/apps.store';
import { DeliveriesStore } from '../../src/store/deliveries.store';
import { ProblemsStore } from '../../src/store/problems.store';
import { CutWire } from '../support/cut-wire';
import { ownDatabase, startTestHub, stores, type TestHub } from '../support/test-hub';
import { until } from '../support/until';

const SELLER = 's1' as SellerId;
const SECRET = 'lazada-secret';
const KEY = '100132';

const pushOf = (fields: object = {}) =>
  JSON.stringify({
    seller_id: '1234567',
    message_type: 0,
    data: { order_status: 'pending', trade_order_id: '260422900198363', ...fields },
    timestamp: 1_603_766_859_530,
    site: 'lazada_vn',
  });
const signed = (body: string | Buffer) => createHmac('sha256', SECRET).update(KEY).update(body).digest('hex');

async function makeApp(hub: TestHub, more: Partial<AppRecord> & { secret?: string } = {}): Promise<string> {
  const { secret = SECRET, ...fields } = more;
  const id = randomBytes(16).toString('hex');
  const app = {
    id: id as AppId,
    v: 1,
    seller: SELLER,
    channel: 'lazada',
    region: 'sg',
    key: KEY,
    hooks: [{ id, url: `${hub.url}/hooks/lazada/${id}` }],
    createdAt: 1,
    updatedAt: 1,
    ...fields,
  };
  await hub.app.get(AppsStore).insert(app, secret);
  return id;
}

function post(
  hub: TestHub,
  path: string,
  { body, headers = {} }: { body: string | Buffer; headers?: Record<string, string> },
): Promise<Response> {
  const authorization = signed(body);
  const init = { method: 'POST', headers: { authorization, 'content-type': 'application/json', ...headers } };
  return fetch(`${hub.url}/hooks/${path}`, { ...init, body: new Uint8Array(Buffer.from(body)) });
}

const waitingJobs = async (hub: TestHub) => {
  const jobs = await hub.app.get(Queues).of('normalize').getWaiting();
  return jobs.flatMap((job) => job.data.tasks.map(({ ids }) => (ids as { delivery: string }).delivery));
};

describe('a push', () => {
  let hub: TestHub;
  let app: string;

  beforeAll(async () => {
    hub = await startTestHub();
    app = await makeApp(hub);
  });
  afterAll(() => hub.stop());

  const stored = () => hub.db.collection('deliveries').find().toArray();
  beforeEach(() => hub.db.collection('deliveries').deleteMany({}));

  it('is kept with its exact bytes, queued, and answered as its channel wants it', async () => {
    const body = `  ${pushOf()}\n`;
    const answer = await post(hub, `lazada/${app}`, { body, headers: { 'user-agent': 'Lazada' } });
    expect(answer.status).toBe(200);
    const [delivery] = await stored();
    expect(delivery).toMatchObject({
      v: 1,
      app,
      channel: 'lazada',
      seller: SELLER,
      channelShopId: '1234567',
      verdict: 'accepted',
      copies: 1,
    });
    const [read] = await hub.app.get(DeliveriesStore).readMany([delivery?.['_id'] as never]);
    expect(read?.bytes.equals(Buffer.from(body))).toBe(true);
    expect(read?.headers).toEqual({ 'content-type': 'application/json', 'user-agent': 'Lazada' });
    await until('it is queued', async () => (await waitingJobs(hub)).includes(String(delivery?.['_id'])));
  });

  it('that arrives again is one delivery that waits once more', async () => {
    const send = () => post(hub, `lazada/${app}`, { body: pushOf() });
    const statuses = await Promise.all([send(), send(), send()]);
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200]);
    const [delivery, ...others] = await stored();
    expect(others).toHaveLength(0);
    expect(delivery).toMatchObject({ v: 3, copies: 3 });
  });

  it('makes no neighbour fail when it is a copy', async () => {
    await post(hub, `lazada/${app}`, { body: pushOf() });
    const bodies = [pushOf(), ...Array.from({ length: 30 }, (_, line) => pushOf({ trade_order_line_id: `${line}` }))];
    const answers = await Promise.all(bodies.map((body) => post(hub, `lazada/${app}`, { body })));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await stored()).toHaveLength(31);
  });

  it('with one byte changed is refused and not kept', async () => {
    const body = pushOf();
    const changed = body.replace('pending', 'Pending');
    const answer = await post(hub, `lazada/${app}`, { body: changed, headers: { authorization: signed(body) } });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ status: 401, code: 'forged' });
    expect((await post(hub, `lazada/${app}`, { body, headers: { authorization: '' } })).status).toBe(401);
    expect(await stored()).toHaveLength(0);
  });

  it('to an unknown app or channel is 404', async () => {
    expect((await post(hub, `lazada/${'0'.repeat(32)}`, { body: pushOf() })).status).toBe(404);
    expect((await post(hub, `amazon/${app}`, { body: pushOf() })).status).toBe(404);
    expect((await post(hub, `shopee/${app}`, { body: pushOf() })).status).toBe(404);
  });

  it("that is the channel's own check is answered and not kept", async () => {
    const body = JSON.stringify({
      seller_id: '9999',
      message_type: 0,
      data: { trade_order_id: '123456', order_status: 'x' },
    });
    expect((await post(hub, `lazada/${app}`, { body })).status).toBe(200);
    expect(await stored()).toHaveLength(0);
  });

  it.each([
    ['no JSON', '{"seller_id":"1", oops'],
    ['nothing at all', ''],
    ['bytes that are no text', Buffer.from([0, 255, 254, 10])],
    ['JSON a thousand deep', '['.repeat(1000)],
    ['a key that reaches into prototypes', '{"__proto__":{"admin":true},"message_type":0}'],
  ])('with a good signature is kept when it is %s', async (_what, body) => {
    expect((await post(hub, `lazada/${app}`, { body })).status).toBe(200);
    expect(await stored()).toHaveLength(1);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'nonsense'])('is taken as %s', async (type) => {
    expect((await post(hub, `lazada/${app}`, { body: pushOf(), headers: { 'content-type': type } })).status).toBe(200);
  });

  it('of more than 1 MiB is 413, also when it does not say how long it is', async () => {
    const body = Buffer.alloc(5 * 1024 * 1024, 'a');
    const said = await post(hub, `lazada/${app}`, { body }).then(
      ({ status }) => status,
      () => 'cut',
    );
    expect([413, 'cut']).toContain(said);
    expect(await chunked(hub, `/hooks/lazada/${app}`, body)).toContain(' 413 ');
    expect((await fetch(`${hub.url}/health/live`)).status).toBe(200);
    expect(await stored()).toHaveLength(0);
  });

  it('at an app without a secret is 401, and a problem until there is one', async () => {
    const bare = await makeApp(hub, { key: 'bare' });
    await hub.db.collection('apps').updateOne({ _id: bare as never }, { $set: { secrets: [] } });
    expect((await post(hub, `lazada/${bare}`, { body: pushOf() })).status).toBe(401);
    const problems = hub.app.get(ProblemsStore);
    const problem = await until('a problem', () => problems.find(SELLER, `secret-missing|${bare}`));
    expect(problem).toMatchObject({ kind: 'secret-missing' });
  });

  it('comes without a limit worth naming where it is signed, and with one where nothing is', async () => {
    const limited = await startTestHub({ env: { HUB_HOOKS_PER_SECOND: '40' } });
    const zalora = await makeApp(limited, { channel: 'zalora' });
    const send = (order: number) =>
      post(limited, `zalora/${zalora}`, {
        body: JSON.stringify({ event: 'onOrderCreated', payload: { OrderId: order } }),
      });
    const statuses = await Promise.all(Array.from({ length: 8 }, async (_, order) => (await send(order)).status));
    expect(statuses).toContain(429);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(2);
    await limited.stop();
  });
});

describe('a push while Redis is away', () => {
  it('is kept and answered at once, and the sweep queues it when Redis is back', async () => {
    const wire = await CutWire.to(stores().redisUrl);
    const hub = await startTestHub({ env: { REDIS_URL: wire.url } });
    const app = await makeApp(hub);
    await post(hub, `lazada/${app}`, { body: pushOf({ order_status: 'warm' }) });
    for (const fault of ['cut', 'hang'] as const) {
      wire[fault]();
      const began = performance.now();
      expect((await post(hub, `lazada/${app}`, { body: pushOf({ order_status: fault }) })).status).toBe(200);
      expect(performance.now() - began).toBeLessThan(500);
      wire.mend();
    }
    const unqueued = await hub.db.collection('deliveries').find().toArray();
    expect(unqueued).toHaveLength(3);
    await until('the sweep queues all', async () => {
      await hub.db.collection('deliveries').updateMany({ due: { $exists: true } }, { $set: { due: 1 } });
      await hub.app.get(Sweeps).runNow('deliveries');
      return new Set(await waitingJobs(hub).catch(() => [])).size === 3;
    });
    const swept = await hub.db.collection('deliveries').find().toArray();
    expect(swept.every(({ due }) => due > Date.now())).toBe(true);
    await hub.stop();
    await wire.close();
  });
});

describe('a push while MongoDB is away', () => {
  it('is 503, so that it is sent again, and is taken as soon as MongoDB is back', async () => {
    const wire = await CutWire.to(stores().mongoUrl);
    const hub = await startTestHub({ env: { MONGO_URL: ownDatabase(wire.url) } });
    const app = await makeApp(hub);
    const send = () => post(hub, `lazada/${app}`, { body: pushOf() });
    expect((await send()).status).toBe(200);
    for (const fault of ['cut', 'hang'] as const) {
      wire[fault]();
      const began = performance.now();
      const answers = await Promise.all([send(), send(), send()]);
      expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
      expect(performance.now() - began).toBeLessThan(5000);
      expect((await fetch(`${hub.url}/health/ready`)).status).toBe(503);
      wire.mend();
      await until('it is taken', async () => (await send()).status === 200);
    }
    await hub.stop();
    await wire.close();
  });
});

/** Sends a body in pieces without telling its length; answers the status line. */
function chunked(hub: TestHub, path: string, body: Buffer): Promise<string> {
  const { hostname, port } = new URL(hub.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (bytes) => (text += bytes.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text.split('\r\n')[0] ?? ''));
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    for (let at = 0; at < body.length; at += 65_536) {
      socket.write(`10000\r\n${body.subarray(at, at + 65_536).toString('latin1')}\r\n`);
    }
    socket.write('0\r\n\r\n');
  });
}
