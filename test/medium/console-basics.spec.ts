import {
  expectStatus,
  seedSeller,
  SGD,
  startConsoleHub,
  type Call,
  type ConsoleHub,
  type SeededSeller,
} from '../support/console-hub';
import { anOrder, BUYER, seedThings, type SeededThings } from '../support/console-seed';

let hub: ConsoleHub;
let acme: SeededSeller;
let things: SeededThings;

beforeAll(async () => {
  hub = await startConsoleHub();
  acme = await seedSeller(hub, 'acme');
  things = await seedThings(hub, acme, '1');
}, 60_000);
afterAll(() => hub.stop());

const call = (role: string, one: Call) => hub.call({ ...one, as: acme.keys[role] });
const get = async (role: string, path: string) => (await expectStatus(call(role, { path }), 200)).body;
const send = (role: string, method: Call['method'] & string, [path, body]: [string, unknown?]) =>
  call(role, { method, path, body });

async function putSku(sku: string, change: object = {}): Promise<void> {
  const body = { name: sku, basePrice: SGD('1.00'), ...change };
  await expectStatus(send('editor', 'PUT', [`/v1/skus/${encodeURIComponent(sku)}`, body]), 201);
}
const count = (sku: string, onHand: number) =>
  expectStatus(send('operator', 'PUT', [`/v1/stock/${encodeURIComponent(sku)}`, { onHand, reason: 'count' }]), 200);

describe('skus', () => {
  it('makes, reads and replaces a sku by its version', async () => {
    const path = '/v1/skus/CUP';
    const body = { name: 'Red cup', category: 'kitchen', basePrice: SGD('12.50') };
    const made = await expectStatus(send('editor', 'PUT', [path, body]), 201);
    expect(made.headers['etag']).toBe('"1"');
    expect(made.body).toMatchObject({ sku: 'CUP', basePrice: SGD('12.50'), exposure: { policy: 'open' } });
    const headers = { 'if-match': '"1"' };
    await expectStatus(call('editor', { method: 'PUT', path, body, headers }), 200);
    const stale = await expectStatus(call('editor', { method: 'PUT', path, body, headers }), 412);
    expect(stale.headers['content-type']).toMatch('application/problem+json');
    expect(stale.body).toMatchObject({ code: 'stale', current: { sku: 'CUP' } });
    expect(stale.headers['etag']).toBe('"2"');
  });

  it('takes any sign but control signs in a sku', async () => {
    for (const sku of ['A/B', 'ä|%ö', '.*', 'x'.repeat(128), '日本']) {
      await putSku(sku);
      expect((await get('viewer', `/v1/skus/${encodeURIComponent(sku)}`)).sku).toBe(sku);
    }
    for (const sku of ['x'.repeat(129), 'a\nb']) {
      const body = { name: 'n', basePrice: SGD('1.00') };
      const answer = await send('editor', 'PUT', [`/v1/skus/${encodeURIComponent(sku)}`, body]);
      expect([answer.status, answer.body.errors[0].path]).toEqual([422, 'sku']);
    }
  });

  it('refuses money with digits that the currency has not', async () => {
    const body = { name: 'n', basePrice: SGD('1.005'), cost: { amount: '1.00', currency: 'USD' } };
    const { errors } = (await expectStatus(send('editor', 'PUT', ['/v1/skus/ODD', body]), 422)).body;
    expect(errors.map(({ path }: { path: string }) => path)).toEqual(['basePrice', 'cost.currency']);
  });

  it('pages through skus, and finds words literally', async () => {
    for (let at = 0; at < 7; at += 1) await putSku(`PAGE-${at}`, { name: `Paged thing ${at}`, category: 'paged' });
    const first = await get('viewer', '/v1/skus?category=paged&limit=4');
    const rest = await get('viewer', `/v1/skus?category=paged&limit=4&after=${first.next}`);
    const found = [...first.items, ...rest.items].map(({ sku }: { sku: string }) => sku);
    expect(found).toEqual(Array.from({ length: 7 }, (_, at) => `PAGE-${at}`));
    expect(rest.next).toBeNull();
    expect((await get('viewer', '/v1/skus?q=thing%203')).items).toMatchObject([{ sku: 'PAGE-3' }]);
    expect((await get('viewer', '/v1/skus?q=page-5')).items).toMatchObject([{ sku: 'PAGE-5' }]);
    expect((await get('viewer', '/v1/skus?q=.*')).items).toMatchObject([{ sku: '.*' }]);
    expect((await get('viewer', '/v1/skus?q=p.ge')).items).toEqual([]);
  });

  it("hands a sku's buffer and exposure to its position", async () => {
    await putSku('RULED', { safetyBuffer: 3, exposure: { policy: 'bounded', units: 5 } });
    await count('RULED', 10);
    expect(await get('viewer', '/v1/stock/RULED')).toMatchObject({
      ...{ onHand: 10, shared: 7, safetyBuffer: 3 },
      exposure: { policy: 'bounded', allowed: 5, now: 0 },
    });
  });
});

describe('listings', () => {
  const path = (listing: string) => `/v1/shops/${things.shop}/listings/${listing}`;

  it('maps packs and bundles', async () => {
    await putSku('PART');
    const pack = { channelIds: { itemId: '50', modelId: '51' }, sku: 'PART', units: 3 };
    const made = await expectStatus(send('editor', 'PUT', [path('pack'), pack]), 201);
    expect(made.body).toMatchObject({ ...pack, listing: 'pack', shop: things.shop });
    const parts = [
      { sku: 'PART', units: 1 },
      { sku: 'MUG', units: 2 },
    ];
    const bundle = { channelIds: { itemId: '60' }, bundle: parts };
    await expectStatus(send('editor', 'PUT', [path('set'), bundle]), 201);
    expect((await get('viewer', path('set'))).bundle).toEqual(parts);
  });

  it('names missing ids, unknown skus and doubled ones at once', async () => {
    const bundle = ['MUG', 'NONE', 'MUG'].map((sku) => ({ sku, units: 1 }));
    const answer = await send('editor', 'PUT', [path('bad'), { channelIds: { shopId: '1' }, bundle }]);
    expect([answer.status, answer.body.errors.map((fault: { path: string }) => fault.path)]).toEqual([
      422,
      ['channelIds.itemId', 'channelIds.shopId', 'bundle.2.sku', 'bundle.1.sku'],
    ]);
  });

  it('lets one listing have the ids of a channel', async () => {
    const body = { channelIds: { itemId: '70' }, sku: 'MUG' };
    await expectStatus(send('editor', 'PUT', [path('first'), body]), 201);
    const second = await send('editor', 'PUT', [path('second'), body]);
    expect([second.status, second.body.code]).toEqual([409, 'taken']);
    await expectStatus(send('editor', 'DELETE', [path('first')]), 204);
    await expectStatus(send('editor', 'PUT', [path('second'), body]), 201);
  });

  it('needs its own price where the shop has another currency than the sku', async () => {
    await putSku('ABROAD', { basePrice: { amount: '3.00', currency: 'MYR' } });
    const body = { channelIds: { itemId: '80' }, sku: 'ABROAD' };
    const refused = await expectStatus(send('editor', 'PUT', [path('abroad'), body]), 422);
    expect(refused.body.errors[0].path).toBe('basePrice');
    await expectStatus(send('editor', 'PUT', [path('abroad'), { ...body, basePrice: SGD('1.20') }]), 201);
  });
});

describe('stock', () => {
  it('moves by so many units once per id, all lines or none', async () => {
    await Promise.all([putSku('S1'), putSku('S2')]);
    await Promise.all([count('S1', 10), count('S2', 1)]);
    const move = { id: 'move-1', lines: [{ sku: 'S1', units: -4 }], reason: 'broken' };
    await expectStatus(send('operator', 'POST', ['/v1/stock/moves', move]), 201);
    const again = await expectStatus(send('operator', 'POST', ['/v1/stock/moves', move]), 200);
    expect(again.body).toEqual({ id: 'move-1', status: 'duplicate' });
    const lines = ['S1', 'S2'].map((sku) => ({ sku, units: -2 }));
    const short = await expectStatus(send('operator', 'POST', ['/v1/stock/moves', { ...move, id: 'm2', lines }]), 409);
    expect(short.body).toMatchObject({ code: 'short', lines: [{ sku: 'S2' }] });
    expect(await get('viewer', '/v1/stock/S1')).toMatchObject({ onHand: 6, committed: 0, free: 6, counted: true });
  });

  it('shows every move, page by page, newest first, past what a position keeps', async () => {
    await putSku('MANY');
    const counts = Array.from({ length: 90 }, (_, at) => at);
    for (const onHand of counts) await count('MANY', onHand);
    const shown: number[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page = await get('viewer', `/v1/stock/MANY/moves?limit=20${next === '' ? '' : `&after=${next}`}`);
      shown.push(...page.items.map(({ onHand }: { onHand: number }) => onHand));
      ({ next } = page);
    }
    expect(shown).toEqual(counts.reverse());
  });

  it('answers 404 for a sku that the seller does not have', async () => {
    await expectStatus(send('operator', 'PUT', ['/v1/stock/NONE', { onHand: 1, reason: 'r' }]), 404);
    await expectStatus(call('viewer', { path: '/v1/stock/NONE' }), 404);
    await expectStatus(call('viewer', { path: '/v1/stock/NONE/moves' }), 404);
  });
});

describe('holds', () => {
  it('holds, refuses what is short, and makes an order', async () => {
    await putSku('HELD');
    await count('HELD', 3);
    const hold = { id: 'h1', lines: [{ sku: 'HELD', units: 2 }], expiresInS: 60 };
    const made = await expectStatus(send('storefront', 'POST', ['/v1/holds', hold]), 201);
    expect(made.body).toMatchObject({ id: 'h1', status: 'held', lines: hold.lines });
    await expectStatus(send('storefront', 'POST', ['/v1/holds', hold]), 200);
    const short = await expectStatus(send('storefront', 'POST', ['/v1/holds', { ...hold, id: 'h2' }]), 409);
    expect(short.body).toMatchObject({ code: 'short', lines: [{ sku: 'HELD', asked: 2, available: 1 }] });
    const { order } = (await expectStatus(send('storefront', 'POST', ['/v1/holds/h1/confirm']), 200)).body;
    expect(await get('viewer', `/v1/orders/${encodeURIComponent(order)}`)).toMatchObject({ id: order, shop: 'own' });
    const released = await send('storefront', 'DELETE', ['/v1/holds/h1']);
    expect([released.status, released.body.code]).toEqual([409, 'confirmed']);
    await expectStatus(send('storefront', 'DELETE', ['/v1/holds/none']), 404);
  });

  it('is no order before it is confirmed', async () => {
    const id = encodeURIComponent('acme|own|H-1');
    await expectStatus(call('viewer', { path: `/v1/orders/${id}` }), 404);
    expect((await get('viewer', '/v1/orders?externalId=H-1')).items).toEqual([]);
  });
});

describe('orders', () => {
  const post = (change: object, role = 'storefront') =>
    send(role, 'POST', ['/v1/orders', { ...anOrder('X'), ...change }]);

  it('makes an order, moves it on, and knows what is older or contradicts', async () => {
    expect((await expectStatus(post({}), 201)).body).toMatchObject({
      ...{ channel: 'own', shop: 'own', externalId: 'X', status: 'paid', updatedAt: '2026-01-01T00:00:00.000Z' },
      lines: [{ id: 'MUG@12.50', sku: 'MUG', units: 2, unitPrice: SGD('12.50'), status: 'paid' }],
      totals: { items: SGD('25.00'), paid: SGD('25.00') },
    });
    await expectStatus(post({}), 200);
    const conflict = await expectStatus(post({ status: 'cancelled' }), 409);
    expect(conflict.body.code).toBe('conflict');
    await expectStatus(post({ status: 'cancelled', updatedAt: '2026-01-02T00:00:00.000Z' }), 200);
    expect((await expectStatus(post({}), 200)).body.status).toBe('cancelled');
  });

  it('names every unknown sku', async () => {
    const lines = ['MUG', 'N1', 'N2'].map((sku) => ({ sku, units: 1, unitPrice: SGD('1.00') }));
    const { errors } = (await expectStatus(post({ id: 'Y', lines }), 422)).body;
    expect(errors.map(({ path }: { path: string }) => path)).toEqual(['lines.1.sku', 'lines.2.sku']);
  });

  it('lists by its filters, page by page', async () => {
    for (let at = 1; at <= 5; at += 1) {
      await expectStatus(post({ id: `L${at}`, updatedAt: `2026-02-0${at}T00:00:00.000Z`, reference: `N-${at}` }), 201);
    }
    const from = '/v1/orders?updatedAfter=2026-02-01T00:00:00.000Z&shop=own&status=paid&channel=own&limit=3';
    const first = await get('viewer', from);
    const rest = await get('viewer', `${from}&after=${first.next}`);
    const ids = [...first.items, ...rest.items].map(({ externalId }: { externalId: string }) => externalId);
    expect(ids).toEqual(['L2', 'L3', 'L4', 'L5']);
    for (const text of ['L3', 'N-3']) {
      expect((await get('viewer', `/v1/orders?externalId=${text}`)).items).toMatchObject([{ externalId: 'L3' }]);
    }
    expect((await get('viewer', '/v1/orders?externalId=L3&status=shipped')).items).toEqual([]);
  });

  it('masks the buyer, and reveals it to an operator, which is logged', async () => {
    const { id } = (await expectStatus(post({ id: 'BOUGHT', buyer: BUYER }), 201)).body;
    const path = `/v1/orders/${encodeURIComponent(id)}`;
    const stored = await hub.db.collection('orders').findOne({ _id: id });
    expect(JSON.stringify(stored)).not.toContain(BUYER.name);
    expect((await get('viewer', path)).buyer).toEqual({ name: 'A***', phone: '***67', address: '***' });
    await expectStatus(call('viewer', { path: `${path}?reveal=buyer` }), 403);
    expect((await get('operator', `${path}?reveal=buyer`)).buyer).toEqual(BUYER);
    expect(hub.lines.filter((line) => line.includes('a buyer is revealed'))).toHaveLength(1);
  });

  it('shows in its timeline what happened', async () => {
    const { timeline } = await get('viewer', `/v1/orders/${encodeURIComponent(things.order)}`);
    expect(timeline.map(({ what, kind }: { what: string; kind: string }) => [what, kind])).toContainEqual([
      ...['fact', 'OrderPlaced'],
    ]);
  });

  it('takes back into stock no more than came back', async () => {
    const returned = { id: 'R', status: 'returned', updatedAt: '2026-03-01T00:00:00.000Z' };
    const { id } = (await expectStatus(post(returned), 201)).body;
    const path = `/v1/orders/${encodeURIComponent(id)}/restock`;
    const lines = (units: number) => ({ lines: [{ id: 'MUG@12.50', units }] });
    const tooMany = await expectStatus(send('operator', 'POST', [path, lines(3)]), 422);
    expect(tooMany.body.errors[0].path).toBe('lines.0.units');
    const done = await expectStatus(send('operator', 'POST', [path, lines(2)]), 200);
    expect(done.body.lines[0]).toMatchObject({ returned: 2, restocked: 2 });
  });
});

describe('shops', () => {
  it('lets nobody take an account of a channel that has a shop', async () => {
    const shop = { app: things.app, channelShopId: '71', name: 's', region: 'sg', currency: 'SGD' };
    const body = { ...shop, timeZone: 'Asia/Singapore' };
    const taken = await send('admin', 'POST', ['/v1/shops', body]);
    expect([taken.status, taken.body.code]).toEqual([409, 'taken']);
    const made = await expectStatus(send('admin', 'POST', ['/v1/shops', { ...body, channelShopId: '72' }]), 201);
    expect(made.body).toMatchObject({ region: 'SG', health: { state: 'unauthorized', breaker: 'closed' } });
  });

  it('pauses and resumes by its version, and plans its listings anew', async () => {
    const path = `/v1/shops/${things.shop}`;
    const paused = await expectStatus(send('operator', 'POST', [`${path}/pause`]), 200);
    expect(paused.body).toMatchObject({ paused: true, health: { state: 'paused' } });
    await expectStatus(send('operator', 'POST', [`${path}/resume`]), 200);
    const headers = { 'if-match': String(paused.headers['etag']) };
    const body = { rules: { percent: 50 } };
    await expectStatus(call('admin', { method: 'PATCH', path, body, headers }), 412);
    expect((await expectStatus(send('admin', 'PATCH', [path, body]), 200)).body.rules).toEqual({ percent: 50 });
    expect(await hub.db.collection('shops').findOne({ _id: things.shop as never })).toHaveProperty('due');
  });
});

describe('dead letters', () => {
  it('are listed, grouped and discarded with a reason, once', async () => {
    const path = `/v1/dead-letters/${things.letter}`;
    expect((await get('operator', '/v1/dead-letters')).items).toMatchObject([{ id: things.letter, state: 'open' }]);
    expect((await get('operator', '/v1/dead-letters/groups')).items).toMatchObject([{ key: 'malformed', count: 1 }]);
    expect((await get('operator', path)).bytes.body).toMatchObject({ ordersn: 'A1', buyer_username: '***' });
    await expectStatus(send('operator', 'POST', [`${path}/discard`, { reason: 'a test' }]), 200);
    const again = await send('operator', 'POST', [`${path}/retry`]);
    expect([again.status, again.body.code]).toEqual([409, 'discarded']);
    expect((await get('operator', '/v1/dead-letters/groups')).items).toEqual([]);
  });

  it('makes a delivery wait again on retry, and takes a corrected copy in as a push of its own', async () => {
    const zed = await seedSeller(hub, 'zed');
    const { delivery, letter } = await seedThings(hub, zed, '2');
    const as = zed.keys['operator'];
    const edit = {
      method: 'POST' as const,
      path: `/v1/dead-letters/${letter}/edit`,
      as,
      body: { body: '{"ordersn":"B"}' },
    };
    expect((await expectStatus(hub.call(edit), 200)).body).toMatchObject({ state: 'retried', by: 'operator of zed' });
    const kept = (await expectStatus(hub.call({ path: '/v1/deliveries', as }), 200)).body.items;
    expect(kept).toHaveLength(2);
    const original = await hub.call({ path: `/v1/deliveries/${encodeURIComponent(delivery)}/body`, as });
    expect(original.body.body).toMatchObject({ ordersn: 'A1' });
  });
});
