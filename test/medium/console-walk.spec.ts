import {
  type CallAnswer,
  expectStatus,
  seedSeller,
  SGD,
  startConsoleHub,
  type ConsoleHub,
  type SeededSeller,
} from '../support/console-hub';
import { anOrder, seedThings, type SeededThings } from '../support/console-seed';

/** What came as JSON: a test says what it expects of it. */
type Json = CallAnswer['body'];

interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly template: string;
  readonly roles: readonly string[];
  readonly spec: Json;
}

let hub: ConsoleHub;
let acme: SeededSeller;
let other: SeededSeller;
let things: SeededThings;
let document: Json;
let operations: Operation[] = [];

beforeAll(async () => {
  hub = await startConsoleHub();
  [acme, other] = [await seedSeller(hub, 'acme'), await seedSeller(hub, 'other')];
  things = await seedThings(hub, acme, '1');
  document = (await expectStatus(hub.call({ path: '/docs/json' }), 200)).body;
  operations = Object.entries<Json>(document.paths).flatMap(([template, methods]) =>
    Object.entries<Json>(methods).map(([method, spec]) => ({
      id: `${method.toUpperCase()} ${template}`,
      method: method.toUpperCase() as Operation['method'],
      template,
      roles: spec['x-roles'],
      spec,
    })),
  );
}, 60_000);
afterAll(() => hub.stop());

const VALID: Readonly<Record<string, unknown>> = {
  'POST /v1/sellers': { id: 'third', name: 'Third', timeZone: 'Asia/Singapore', currency: 'SGD' },
  'PATCH /v1/sellers/{seller}/settings': { curatedSize: 7, secondPerson: { price: true, stockOnly: true } },
  'POST /v1/sellers/{seller}/keys': { name: 'k', person: 'p', roles: ['viewer'] },
  'POST /v1/apps': { channel: 'shopee', region: 'SG', key: 'k', secret: 's' },
  'PATCH /v1/apps/{id}': { key: 'other' },
  'POST /v1/shops': {
    ...{ app: 'x', channelShopId: '9', name: 'n', region: 'SG', currency: 'SGD', timeZone: 'Asia/Singapore' },
    tokens: { accessToken: 'a' },
    rules: { percent: 50 },
  },
  'PATCH /v1/shops/{id}': { name: 'n', tokens: { accessToken: 'a' }, rules: { cap: 3 } },
  'POST /v1/shops/{id}/listings/import': { mode: 'propose' },
  'POST /v1/shops/{id}/republish': { scope: { skus: ['MUG'], olderThanS: 60 } },
  'PUT /v1/shops/{id}/schedules/{schedule}': {
    ...{ cron: '0 3 * * *', timeZone: 'Asia/Singapore', scope: { category: 'c' } },
  },
  'POST /v1/shops/{id}/orders/sync': { days: 3 },
  'POST /v1/shops/{id}/orders/audit': { days: 1 },
  'PUT /v1/shops/{id}/listings/{listing}': {
    ...{ channelIds: { itemId: '5' }, bundle: [{ sku: 'MUG', units: 2 }], basePrice: SGD('1.00') },
  },
  'PUT /v1/skus/{sku}': { name: 'n', basePrice: SGD('1.00'), cost: SGD('0.50'), exposure: { policy: 'open' } },
  'PUT /v1/stock/{sku}': { onHand: 5, reason: 'r' },
  'POST /v1/stock/audit': { repair: false, sku: 'MUG' },
  'POST /v1/stock/moves': { id: 'm', lines: [{ sku: 'MUG', units: 1 }], reason: 'r' },
  'POST /v1/holds': { id: 'h', lines: [{ sku: 'MUG', units: 1 }], expiresInS: 60 },
  'POST /v1/orders': { ...anOrder('w'), totals: { shipping: SGD('1.00') }, buyer: { name: 'n' } },
  'POST /v1/orders/{id}/restock': { lines: [{ id: 'MUG@12.50', units: 0 }] },
  'POST /v1/campaigns': {
    ...{ name: 'n', kind: 'bulk', stockMode: 'allocation', timeZone: 'Asia/Singapore' },
    ...{ startsAt: '2030-01-01T00:00:00.000Z', endsAt: '2030-01-02T00:00:00.000Z' },
    items: [{ sku: 'MUG', quantity: 1, shops: ['x'] }],
  },
  'PATCH /v1/campaigns/{id}': { name: 'n', items: [{ sku: 'MUG', quantity: 1, shops: ['x'] }] },
  'POST /v1/campaigns/{id}/submit': { reason: 'r' },
  'POST /v1/campaigns/{id}/approve': { reason: 'r' },
  'POST /v1/campaigns/{id}/send-back': { reason: 'r' },
  'POST /v1/campaigns/{id}/cancel': { reason: 'r' },
  'POST /v1/campaigns/{id}/stop': { reason: 'r' },
  'POST /v1/webhooks': { url: 'https://shop.example/hook', events: ['stock.changed', 'order.created'] },
  'POST /v1/dead-letters/{id}/edit': { body: '{}' },
  'POST /v1/dead-letters/{id}/discard': { reason: 'r' },
};

/** What stands in an address for its parameter: the first seller's own. */
function pathOf({ template }: Operation): string {
  const ids: Record<string, string> = {
    seller: acme.id,
    sku: things.sku,
    listing: things.listing,
    '/v1/sellers': things.key,
    '/v1/apps': things.app,
    '/v1/shops': things.shop,
    '/v1/holds': things.hold,
    '/v1/orders': things.order,
    '/v1/deliveries': things.delivery,
    '/v1/dead-letters': things.letter,
    '/v1/jobs': things.job,
    '/v1/webhooks': things.webhook,
    '/v1/campaigns': things.campaign,
  };
  const base = template.split('/').slice(0, 3).join('/');
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? ids[base] ?? 'unknown'));
}

/** What a route takes: JSON, or a file. */
const sentTo = ({ id, spec }: Operation) =>
  spec.requestBody?.content['text/csv']
    ? { raw: 'sku,onHand\nMUG,1\n', headers: { 'content-type': 'text/csv' } }
    : { body: VALID[id] };

const send = (operation: Operation, as: string | undefined, body?: unknown) =>
  hub.call({ method: operation.method, path: pathOf(operation), as, ...(body ? { body } : sentTo(operation)) });

/** Everything that is stored, but what was never asked for. */
async function stored(): Promise<string> {
  const names = (await hub.db.listCollections().toArray())
    .map(({ name }) => name)
    .filter((name) => name !== 'idempotency');
  const all = await Promise.all(names.sort().map((name) => hub.db.collection(name).find().sort({ _id: 1 }).toArray()));
  return JSON.stringify(all);
}

describe('the contract as served', () => {
  it('names security, roles and problem details on every route', () => {
    expect(operations.length).toBeGreaterThan(40);
    for (const { id, roles, spec } of operations) {
      expect([id, Array.isArray(roles) && roles.length > 0, spec.security]).toEqual([id, true, [{ bearer: [] }]]);
      for (const status of ['401', '403', '404', '422', '429']) {
        expect([id, Object.keys(spec.responses[status]?.content ?? {})]).toEqual([id, ['application/problem+json']]);
      }
      expect([id, Object.keys(spec.responses).some((status) => status.startsWith('2'))]).toEqual([id, true]);
    }
  });

  it('has a schema for every body that is sent here', () => {
    const described = operations
      .filter(({ spec }) => spec.requestBody?.content['application/json'])
      .map(({ id }) => id);
    expect(described.sort()).toEqual(Object.keys(VALID).sort());
  });
});

describe('every route', () => {
  it('answers 401 without a key, and with one that is none', async () => {
    const before = await stored();
    for (const operation of operations) {
      for (const as of [undefined, 'x'.repeat(43)]) {
        const { status, body, headers } = await send(operation, as);
        expect([operation.id, status, body.code]).toEqual([operation.id, 401, 'unauthenticated']);
        expect(headers['content-type']).toMatch('application/problem+json');
      }
    }
    expect(await stored()).toBe(before);
  });

  it('answers 403 to a key without the role', async () => {
    const before = await stored();
    for (const operation of operations) {
      const wrong = Object.keys(acme.keys).filter((role) => role !== 'all' && !operation.roles.includes(role));
      expect(wrong).not.toHaveLength(0);
      for (const role of wrong) {
        const { status, body } = await send(operation, acme.keys[role]);
        expect([operation.id, role, status, body.code]).toEqual([operation.id, role, 403, 'forbidden']);
      }
    }
    expect(await stored()).toBe(before);
  });

  it("answers 404 to another seller's key, exactly as for what does not exist", async () => {
    const named = operations.filter(
      ({ template, roles }) => template.includes('{') && !roles.every((r) => r === 'root'),
    );
    const before = await stored();
    for (const operation of named.filter(({ id }) => id !== 'PUT /v1/skus/{sku}')) {
      const { status, body, text } = await send(operation, other.keys['all']);
      expect([operation.id, status, body.code]).toEqual([operation.id, 404, 'not-found']);
      const path = operation.template.replace(/\{\w+\}/g, 'no-such-thing');
      const unknown = await hub.call({ method: operation.method, path, as: other.keys['all'], ...sentTo(operation) });
      expect([operation.id, unknown.text]).toEqual([operation.id, text]);
    }
    expect(await stored()).toBe(before);
  });

  it("lists nothing of another seller's", async () => {
    const lists = operations.filter(
      ({ method, template, spec }) =>
        method === 'GET' && !template.includes('{') && spec.responses['200'].content['application/json'],
    );
    for (const operation of lists) {
      const { status, body } = await send(operation, other.keys['all']);
      expect([operation.id, status, body.items, body.next]).toEqual([operation.id, 200, [], null]);
    }
  });

  it('lets the root key in for a seller, and for no seller that does not exist', async () => {
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
      const path = pathOf(operation);
      const { status } = await hub.root({ path, seller: 'acme' });
      expect([operation.id, status]).toEqual([operation.id, 200]);
      const unknown = await hub.root({ path, seller: 'nobody' });
      expect([operation.id, unknown.status]).toEqual([operation.id, 404]);
    }
  });
});

const resolved = (schema: Json): Json =>
  schema.$ref
    ? resolved(document.components.schemas[schema.$ref.split('/').at(-1)])
    : schema.allOf?.[0]
      ? resolved(schema.allOf[0])
      : schema;

/** The body with a wrong type in every field: containers stay, so that what is inside them is looked at. */
function spoilt(given: Json, wrong: unknown): Json {
  if (Array.isArray(given)) return given.map((item) => spoilt(item, wrong));
  if (typeof given !== 'object' || given === null) return wrong;
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, spoilt(value, wrong)]));
}

function leaves(given: Json, path = ''): string[] {
  if (typeof given !== 'object' || given === null) return [path];
  return Object.entries(given).flatMap(([name, value]) => leaves(value, path === '' ? name : `${path}.${name}`));
}

describe('a faulty body', () => {
  const FREE = ['PUT /v1/shops/{id}/listings/{listing}'];

  it('names every field of a wrong type, and stores nothing', async () => {
    const before = await stored();
    for (const operation of operations.filter(({ id }) => VALID[id] !== undefined)) {
      const valid = VALID[operation.id];
      const fields = Object.keys(resolved(operation.spec.requestBody.content['application/json'].schema).properties);
      for (const wrong of [null, { a: 1 }, [[]], [], true]) {
        const flat = Object.fromEntries(fields.map((name) => [name, wrong]));
        const as = operation.roles.includes('root') ? undefined : acme.keys['all'];
        const one = { method: operation.method, path: pathOf(operation) };
        const answer = as ? await hub.call({ ...one, as, body: flat }) : await hub.root({ ...one, body: flat });
        const named = new Set<string>(answer.body.errors?.map(({ path }: { path: string }) => path.split('.')[0]));
        const isFine = (name: string) => fits(operation, name, wrong);
        expect([operation.id, wrong, answer.status]).toEqual([operation.id, wrong, 422]);
        expect([operation.id, wrong, fields.filter((name) => !named.has(name) && !isFine(name))]).toEqual([
          ...[operation.id, wrong],
          [],
        ]);
      }
      if (FREE.includes(operation.id)) continue;
      const deep = spoilt(valid, { x: {} });
      const answer = operation.roles.includes('root')
        ? await hub.root({ method: operation.method, path: pathOf(operation), body: deep })
        : await send(operation, acme.keys['all'], deep);
      const paths = (answer.body.errors ?? []).map(({ path }: { path: string }) => path);
      const missing = leaves(valid).filter(
        (leaf) => !paths.some((path: string) => leaf === path || leaf.startsWith(`${path}.`)),
      );
      expect([operation.id, answer.status, missing]).toEqual([operation.id, 422, []]);
    }
    expect(await stored()).toBe(before);
  });

  /** Whether a value happens to be right for a field: true for a flag, [] for a list that may be empty. */
  function fits(operation: Operation, name: string, wrong: unknown): boolean {
    const schema = resolved(operation.spec.requestBody.content['application/json'].schema).properties[name];
    const field = resolved(schema);
    if (wrong === true) return field.type === 'boolean';
    if (Array.isArray(wrong) && wrong.length === 0) return field.type === 'array' && (field.minItems ?? 0) === 0;
    return false;
  }

  it('refuses a field that is unknown, at any depth', async () => {
    const before = await stored();
    for (const operation of operations.filter(({ id }) => VALID[id] !== undefined)) {
      const body = { ...(VALID[operation.id] as object), surprise: 1 };
      const one = { method: operation.method, path: pathOf(operation), body };
      const answer = operation.roles.includes('root')
        ? await hub.root(one)
        : await hub.call({ ...one, as: acme.keys['all'] });
      expect([operation.id, answer.status, answer.body.errors?.map((e: Json) => e.path)]).toEqual([
        ...[operation.id, 422],
        ['surprise'],
      ]);
    }
    expect(await stored()).toBe(before);
  });
});

describe('an address', () => {
  it('refuses what it does not know, and limits above 200', async () => {
    const lists = operations.filter(({ spec }) => spec.parameters?.some((p: Json) => p.name === 'limit'));
    expect(lists.length).toBeGreaterThan(7);
    for (const operation of lists) {
      for (const query of ['limit=201', 'limit=0', 'limit=x', 'limit=5&limit=6', 'after=x', 'surprise=1']) {
        const { status, body } = await hub.call({ path: `${pathOf(operation)}?${query}`, as: acme.keys['all'] });
        const name = query.split('=')[0];
        expect([operation.id, query, status, body.errors?.[0].path]).toEqual([operation.id, query, 422, name]);
      }
    }
  });

  it('answers 404 in problem details where there is no route', async () => {
    const { status, headers } = await hub.call({ path: '/v1/nothing', as: acme.keys['all'] });
    expect([status, headers['content-type']]).toEqual([404, expect.stringMatching('problem')]);
  });
});
