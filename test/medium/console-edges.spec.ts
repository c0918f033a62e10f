import { setTimeout as delay } from 'node:timers/promises';
import {
  expectStatus,
  seedSeller,
  SGD,
  startConsoleHub,
  type Call,
  type ConsoleHub,
  type SeededSeller,
} from '../support/console-hub';
import { BUYER, SECRET, seedThings, TOKEN, type SeededThings } from '../support/console-seed';
import { ROOT_KEY } from '../support/test-hub';

let hub: ConsoleHub;
let acme: SeededSeller;
let things: SeededThings;

beforeAll(async () => {
  hub = await startConsoleHub();
  acme = await seedSeller(hub, 'acme');
  things = await seedThings(hub, acme, '1');
}, 60_000);
afterAll(() => hub.stop());

const all = (one: Call) => hub.call({ as: acme.keys['all'], ...one });
const stored = (collection: string) => hub.db.collection(collection).countDocuments();

describe('an Idempotency-Key', () => {
  const move = (id: string, units: number, key: string) =>
    all({
      method: 'POST',
      path: '/v1/stock/moves',
      body: { id, lines: [{ sku: 'MUG', units }], reason: 'r' },
      headers: { 'idempotency-key': key },
    });

  it('gives the first answer again, and 422 to another body', async () => {
    const first = await expectStatus(move('i1', 1, 'one'), 201);
    const again = await expectStatus(move('i1', 1, 'one'), 201);
    expect(again.text).toBe(first.text);
    expect((await expectStatus(move('i1', 2, 'one'), 422)).body.code).toBe('other-body');
  });

  it('gives the status of the first answer again, whatever the route answers with', async () => {
    const pause = () =>
      all({ method: 'POST', path: `/v1/shops/${things.shop}/pause`, headers: { 'idempotency-key': 'pause' } });
    const first = await expectStatus(pause(), 200);
    const again = await expectStatus(pause(), 200);
    expect([again.text, again.headers['etag']]).toEqual([first.text, first.headers['etag']]);
  });

  it('gives a refusal by the state of things again, and forgets what the caller can mend', async () => {
    await expectStatus(move('i2', -100_000, 'two'), 409);
    const count = { method: 'PUT', path: '/v1/stock/MUG', body: { onHand: 200_000, reason: 'r' } } as const;
    await expectStatus(all(count), 200);
    expect((await expectStatus(move('i2', -100_000, 'two'), 409)).body).toMatchObject({ code: 'short' });
    await expectStatus(move('i3', 0, 'three'), 422);
    await expectStatus(move('i3', 1, 'three'), 201);
  });

  it('carries out twins once', async () => {
    const count = () =>
      all({
        method: 'PUT',
        path: '/v1/stock/MUG',
        body: { onHand: 777, reason: 'twins' },
        headers: { 'idempotency-key': 'twins' },
      });
    const answers = await Promise.all(Array.from({ length: 8 }, count));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const moves = (await all({ path: '/v1/stock/MUG/moves?limit=200' })).body.items;
    expect(moves.filter(({ reason }: { reason?: string }) => reason === 'twins')).toHaveLength(1);
  });

  it('keeps no answer that holds a key', async () => {
    const make = () =>
      all({
        method: 'POST',
        path: '/v1/sellers/acme/keys',
        body: { name: 'n', person: 'idle', roles: ['viewer'] },
        headers: { 'idempotency-key': 'secret' },
      });
    const { key } = (await expectStatus(make(), 201)).body;
    const before = await stored('keys');
    expect((await expectStatus(make(), 409)).body.code).toBe('not-repeatable');
    expect(await stored('keys')).toBe(before);
    expect(JSON.stringify(await hub.db.collection('idempotency').find().toArray())).not.toContain(key);
  });

  it('has 1 to 255 characters', async () => {
    for (const key of ['', 'x'.repeat(256)]) {
      const answer = await move('i9', 1, key);
      expect([answer.status, answer.body.errors[0].path]).toEqual([422, 'Idempotency-Key']);
    }
  });
});

describe('a key', () => {
  it('is dead within 5 s of its removal', async () => {
    const body = { name: 'n', person: 'leaver', roles: ['viewer'] };
    const made = await expectStatus(all({ method: 'POST', path: '/v1/sellers/acme/keys', body }), 201);
    const ask = () => hub.call({ path: '/v1/skus', as: made.body.key });
    await expectStatus(ask(), 200);
    await hub.db.collection('keys').deleteOne({ _id: made.body.id });
    await delay(4500);
    await expectStatus(ask(), 401);
  });

  it('does not give one person both sides of an approval, unless the root key makes it', async () => {
    const make = (roles: string[]) => ({
      method: 'POST' as const,
      path: '/v1/sellers/acme/keys',
      body: { name: 'n', person: 'Both', roles },
    });
    await expectStatus(all(make(['editor'])), 201);
    const before = await stored('keys');
    expect((await expectStatus(all(make(['approver'])), 409)).body.code).toBe('both-sides');
    expect(await stored('keys')).toBe(before);
    await expectStatus(hub.root(make(['approver'])), 201);
  });

  it('that acts for a seller by the root key is logged as such', async () => {
    await hub.root({ path: '/v1/skus', seller: 'acme' });
    expect(hub.lines.some((line) => line.includes('the root key acts for a seller') && line.includes('acme'))).toBe(
      true,
    );
    expect((await hub.root({ path: '/v1/skus' })).body.code).toBe('no-seller');
  });
});

describe('a bad body', () => {
  const put = (raw: string, headers = {}) => all({ method: 'PUT', path: '/v1/skus/BAD', raw, headers });

  it('is refused, whatever is wrong with it, and nothing is stored', async () => {
    const deep = `{"name":${'['.repeat(1000)}${']'.repeat(1000)}}`;
    const proto = '{"name":"n","basePrice":{"amount":"1.00","currency":"SGD","__proto__":{"x":1}}}';
    const cases: [string, number][] = [
      ['{"name":', 400],
      ['', 422],
      ['[]', 422],
      ['"text"', 422],
      ['null', 422],
      [deep, 400],
      [proto, 400],
      ['{"constructor":{"name":"x"}}', 422],
      [JSON.stringify({ name: 'x'.repeat(5_000_000) }), 413],
    ];
    for (const [raw, status] of cases) {
      const answer = await put(raw);
      expect([raw.slice(0, 40), answer.status]).toEqual([raw.slice(0, 40), status]);
      expect(answer.headers['content-type']).toMatch('application/problem+json');
      expect(answer.text).not.toContain('node_modules');
    }
    expect(await hub.db.collection('skus').findOne({ sku: 'BAD' })).toBeNull();
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('is 415 when it is no JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      expect((await put('name=n', { 'content-type': type })).status).toBe(415);
    }
  });
});

describe('secrets', () => {
  it('are in no answer, no line of the log, and nowhere in the clear in the store', async () => {
    const paths = Object.keys((await hub.call({ path: '/docs/json' })).body.paths)
      .map((path) => path.replace('{seller}', 'acme').replace('{sku}', 'MUG').replace('{listing}', 'L1'))
      .map((path) => path.replace('{id}', encodeURIComponent(idFor(path))));
    const answers = await Promise.all(paths.map((path) => all({ path })));
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(20);
    const collections = await hub.db.listCollections().toArray();
    const docs = await Promise.all(collections.map(({ name }) => hub.db.collection(name).find().toArray()));
    const bytes = new Set([things.delivery, things.letter]);
    const kept = docs.flat().filter(({ _id }) => !bytes.has(String(_id)));
    const places = {
      answers: answers.map(({ text }) => text).join(),
      log: hub.lines.join(),
      store: JSON.stringify(kept),
    };
    const secrets = [SECRET, TOKEN, ROOT_KEY, BUYER.address, things.webhookSecret, ...Object.values(acme.keys)];
    for (const [place, text] of Object.entries(places)) {
      expect([place, secrets.filter((secret) => text.includes(secret))]).toEqual([place, []]);
    }
  });

  const idFor = (path: string): string => {
    const ids: Record<string, string> = { ...{ apps: things.app, shops: things.shop, orders: things.order } };
    const more: Record<string, string> = {
      deliveries: things.delivery,
      'dead-letters': things.letter,
      webhooks: things.webhook,
    };
    return { ...ids, ...more }[path.split('/')[2] ?? ''] ?? things.key;
  };
});

describe('a secret of an app', () => {
  it('overlaps with the one before it, and so does its address', async () => {
    const path = `/v1/apps/${things.app}`;
    const before = (await all({ path })).body.hookUrl;
    const change = { method: 'PATCH', path, body: { secret: 'another-secret', rotateHook: true } } as const;
    const { hookUrl } = (await expectStatus(all(change), 200)).body;
    expect(hookUrl).not.toBe(before);
    const push = (url: string) => hub.call({ method: 'POST', path: new URL(url).pathname, raw: '{}' });
    expect([(await push(before)).status, (await push(hookUrl)).status]).toEqual([401, 401]);
    expect((await push(`${before}x`)).status).toBe(404);
  });
});

describe('limits', () => {
  it('answer 429 with Retry-After to a key that calls too often', async () => {
    const small = await startConsoleHub({ env: { HUB_CALLS_PER_MINUTE: '20' } });
    const seller = await seedSeller(small, 'busy');
    const ask = () => small.call({ path: '/v1/skus', as: seller.keys['viewer'] });
    const answers = await Promise.all(Array.from({ length: 25 }, ask));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
    await expectStatus(small.call({ path: '/v1/skus', as: seller.keys['editor'] }), 200);
    await small.stop();
  });
});

describe('money', () => {
  it('leaves as it came, in the digits of its currency', async () => {
    const body = { name: 'n', basePrice: { amount: '12', currency: 'VND' }, cost: { amount: '0', currency: 'VND' } };
    const made = await expectStatus(all({ method: 'PUT', path: '/v1/skus/DONG', body }), 201);
    expect(made.body).toMatchObject({ basePrice: { amount: '12', currency: 'VND' } });
    const wrong = { name: 'n', basePrice: { amount: '12.5', currency: 'VND' } };
    await expectStatus(all({ method: 'PUT', path: '/v1/skus/DONG', body: wrong }), 422);
    const padded = { name: 'n', basePrice: SGD('12.5') };
    const shown = await expectStatus(all({ method: 'PUT', path: '/v1/skus/PAD', body: padded }), 201);
    expect(shown.body.basePrice).toEqual(SGD('12.50'));
  });
});
