import { startTestHub, ownDatabase, stores } from '../support/test-hub';
import { CutWire } from '../support/cut-wire';
import { Flows, type Bench } from '../support/stack/flows';
import { ask, type Answer } from '../support/stack/http';
import { until } from '../support/until';

const DEEP = 1000;
const LARGE_BYTES = 5 * 1024 * 1024;

interface Body {
  readonly properties: Readonly<Record<string, unknown>>;
}

interface WriteRoute {
  readonly method: string;
  /** As the contract has it, with its parameters in braces. */
  readonly path: string;
  readonly fields: readonly string[];
}

describe('bad input over HTTP', () => {
  let flows: Flows;
  let bench: Bench;
  let routes: readonly WriteRoute[];

  beforeAll(async () => {
    flows = await Flows.join();
    bench = await flows.newSeller();
    routes = await writeRoutes();
  });
  afterAll(() => flows.leave());

  const callerOf = (path: string) => (path === '/v1/sellers' ? flows.root : bench.hub);
  const fill = (path: string) => path.replace('{seller}', bench.seller.id).replaceAll(/\{\w+\}/g, 'nothing');

  async function writeRoutes(): Promise<readonly WriteRoute[]> {
    const { body: docs } = await flows.root.get('/docs/json');
    const found = Object.entries(docs.paths as Record<string, Record<string, { requestBody?: unknown }>>).flatMap(
      ([path, methods]) =>
        Object.entries(methods).flatMap(([method, { requestBody }]) => {
          const name = /schemas\/(\w+)/.exec(JSON.stringify(requestBody ?? ''))?.[1];
          if (name === undefined || !path.startsWith('/v1/')) return [];
          const schema = docs.components.schemas[name] as Body;
          return [{ method: method.toUpperCase(), path, fields: Object.keys(schema.properties) }];
        }),
    );
    return found;
  }

  const sendRaw = (route: WriteRoute, text: string): Promise<Answer> =>
    callerOf(route.path).sendText(route.method, fill(route.path), text);

  /** How much is stored of the seller, in all collections. */
  async function stored(): Promise<Record<string, number>> {
    const collections = await flows.db.listCollections().toArray();
    const counts = await Promise.all(
      collections.map(async ({ name }) => {
        const collection = flows.db.collection(name);
        return [name, await collection.countDocuments({ seller: bench.seller.id })] as const;
      }),
    );
    return Object.fromEntries(counts);
  }

  it('the contract tells of every body', () => {
    expect(routes.length).toBeGreaterThan(12);
  });

  it.each([
    ['that is no JSON', '{"name": oops', [400]],
    ['that ends too early', '{"name":"x"', [400]],
    [`that is ${DEEP} deep`, `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`, [400, 422]],
    ['that reaches into prototypes', '{"__proto__":{"isRoot":true},"name":"x"}', [400, 422]],
    ['that is a list', '[]', [400, 422]],
    ['that is nothing', 'null', [400, 422]],
  ])('a body %s is a problem with every route, and stores nothing', async (_what, text, statuses) => {
    const before = await stored();
    for (const route of routes) {
      const answer = await sendRaw(route, text);
      const about = `${route.method} ${route.path}: ${answer.status}`;
      expect([about, statuses.includes(answer.status)]).toEqual([about, true]);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.body).toMatchObject({ status: answer.status });
    }
    expect(await stored()).toEqual(before);
  });

  it('a body with the wrong type in every field is 422 and names every one of them', async () => {
    const before = await stored();
    for (const route of routes.filter(({ fields }) => fields.length > 0)) {
      const wrong = Object.fromEntries([...route.fields.map((field) => [field, { no: ['such'] }]), ['extra', 1]]);
      const answer = await callerOf(route.path).send(route.method, fill(route.path), wrong);
      const about = `${route.method} ${route.path}: ${answer.status}`;
      expect([about, answer.status]).toEqual([about, 422]);
      const named = new Set(answer.body.errors.map(({ path }: { path: string }) => path.split('.')[0]));
      const unnamed = [...route.fields, 'extra'].filter((field) => !named.has(field));
      expect([about, unnamed]).toEqual([about, []]);
    }
    expect(await stored()).toEqual(before);
  });

  it('a body of 5 MB is 413, and the process is up', async () => {
    const text = `{"name":"${'x'.repeat(LARGE_BYTES)}"}`;
    const answer = await sendRaw(routes[0]!, text).catch(() => 'cut' as const);
    if (answer !== 'cut') expect(answer.status).toBe(413);
    expect((await flows.root.get('/health/live')).status).toBe(200);
  });

  it("what does not exist and what is another seller's are the same 404", async () => {
    const { large } = flows;
    const sku = (await flows.takeSkus(1))[0] as string;
    const order = await flows.db.collection('orders').findOne({ seller: 'large' });
    const delivery = await flows.db.collection('deliveries').findOne({ seller: 'large' });
    const theirs = [
      ['/v1/shops/', large.seller.shops.lazada.id],
      ['/v1/apps/', large.seller.shops.shopee.app],
      ['/v1/skus/', sku],
      ['/v1/stock/', sku],
      ['/v1/orders/', String(order?._id)],
      ['/v1/deliveries/', String(delivery?._id ?? 'none')],
    ] as const;
    for (const [path, id] of theirs) {
      const [their, unknown] = await Promise.all([
        bench.hub.get(path + encodeURIComponent(id)),
        bench.hub.get(`${path}nothing`),
      ]);
      expect([path, their.status, unknown.status]).toEqual([path, 404, 404]);
      expect(their.body).toEqual(unknown.body);
    }
    const written = await Promise.all([
      bench.hub.send('POST', `/v1/shops/${large.seller.shops.lazada.id}/pause`),
      bench.hub.send('POST', `/v1/orders/${encodeURIComponent(String(order?._id))}/restock`, { lines: [] }),
      bench.hub.send('PUT', `/v1/stock/${sku}`, { onHand: 0, reason: 'mischief' }),
    ]);
    expect(written.every(({ status }) => status === 404 || status === 422)).toBe(true);
    expect((await large.hub.must('GET', `/v1/stock/${sku}`)).onHand).toBe(100);
  });

  it('figures are there for whoever is on this machine, without the names of sellers, shops or skus', async () => {
    const { status, body } = await ask({ method: 'GET', url: `${flows.places.hubUrl}/metrics` });
    expect(status).toBe(200);
    expect(body).toContain('sluice_hooks_total');
    for (const name of [bench.seller.id, bench.seller.shops.lazada.id, 'S-00001']) expect(body).not.toContain(name);
  });
});

describe('health', () => {
  it.each([
    ['Redis', 'redisUrl'],
    ['MongoDB', 'mongoUrl'],
  ] as const)('is 503 and names %s while that is missing', async (name, which) => {
    const wire = await CutWire.to(stores()[which]);
    const env = which === 'redisUrl' ? { REDIS_URL: wire.url } : { MONGO_URL: ownDatabase(wire.url) };
    const hub = await startTestHub({ env });
    const ready = () => ask({ method: 'GET', url: `${hub.url}/health/ready` });
    expect((await ready()).status).toBe(200);
    wire.cut();
    const answer = await until('it is not ready', async () => {
      const said = await ready();
      return said.status === 503 && said;
    });
    expect(JSON.stringify(answer.body.missing)).toContain(name);
    expect((await ask({ method: 'GET', url: `${hub.url}/health/live` })).status).toBe(200);
    wire.mend();
    await until('it is ready again', async () => (await ready()).status === 200);
    await hub.stop();
    await wire.close();
  });
});
