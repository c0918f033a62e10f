import { RunCampaignsWorker } from '../../src/campaigns/run-campaigns.worker';
import {
  expectStatus,
  seedSeller,
  SGD,
  startConsoleHub,
  type CallAnswer,
  type ConsoleHub,
  type SeededSeller,
} from '../support/console-hub';
import { seedThings, type SeededThings } from '../support/console-seed';
import { HandClock } from '../support/rooms/hand-clock';

const HOUR = 3_600_000;

const clock = new HandClock();
let hub: ConsoleHub;
let acme: SeededSeller;
let things: SeededThings;
let count = 0;

beforeAll(async () => {
  hub = await startConsoleHub({ clock });
  acme = await seedSeller(hub, 'acme');
  things = await seedThings(hub, acme, '1');
}, 60_000);
afterAll(() => hub.stop());

const send = (role: string, method: 'POST' | 'PATCH' | 'PUT', [path, body, ifMatch]: [string, unknown?, string?]) =>
  hub.call({
    ...{ method, path, as: acme.keys[role] },
    ...(body !== undefined && { body }),
    ...(ifMatch !== undefined && { headers: { 'if-match': ifMatch } }),
  });
const get = async (path: string) => (await expectStatus(hub.call({ path, as: acme.keys['viewer'] }), 200)).body;

/** A counted sku that the seller's shop lists. */
async function newSku(onHand = 100): Promise<string> {
  count += 1;
  const sku = `SKU-${count}`;
  const listing = { channelIds: { itemId: `9${count}` }, sku };
  await expectStatus(send('editor', 'PUT', [`/v1/skus/${sku}`, { name: sku, basePrice: SGD('1.00') }]), 201);
  await expectStatus(send('editor', 'PUT', [`/v1/shops/${things.shop}/listings/${sku}`, listing]), 201);
  await expectStatus(send('operator', 'PUT', [`/v1/stock/${sku}`, { onHand, reason: 'counted' }]), 200);
  return sku;
}

const instant = (fromNowMs: number): string => new Date(clock.now() + fromNowMs).toISOString();
const row = (sku: string, quantity: number, shops = [things.shop]) => ({ sku, quantity, shops });

function body(items: readonly object[], changes: object = {}): object {
  const times = { startsAt: instant(HOUR), endsAt: instant(2 * HOUR) };
  return { name: 'Flash', kind: 'bulk', stockMode: 'allocation', ...times, items, ...changes };
}

const draft = async (items: readonly object[], changes: object = {}) =>
  (await expectStatus(send('editor', 'POST', ['/v1/campaigns', body(items, changes)]), 201)).body;

async function approved(items: readonly object[], changes: object = {}) {
  const { id } = await draft(items, changes);
  return (await expectStatus(send('editor', 'POST', [`/v1/campaigns/${id}/submit`]), 200)).body;
}

/** What the clock would do in a worker. */
async function tick(ms: number): Promise<void> {
  clock.advance(ms);
  const worker = hub.app.get(RunCampaignsWorker, { strict: false });
  while ((await worker.begin()) > 0) await worker.rest();
}

const paths = ({ body: { errors } }: CallAnswer) => errors.map(({ path }: { path: string }) => path);

describe('a draft', () => {
  it('is made with its items and their free stock, and read again as it is', async () => {
    const sku = await newSku(80);
    const made = await expectStatus(send('editor', 'POST', ['/v1/campaigns', body([row(sku, 30)])]), 201);
    expect(made.headers['etag']).toBe('"1"');
    expect(made.body).toMatchObject({ state: 'draft', version: 1, timeZone: 'Asia/Singapore', itemCount: 1 });
    expect(made.body.items).toEqual([{ ...row(sku, 30), free: 80, shared: 80 }]);
    expect(await get(`/v1/campaigns/${made.body.id}`)).toEqual(made.body);
    const { items } = await get(`/v1/campaigns/${made.body.id}/items`);
    expect(items).toMatchObject([{ sku, shop: things.shop, quantity: 30, state: 'pending', held: 0, free: 80 }]);
  });

  it('may hold what cannot be approved', async () => {
    const { id } = await draft([row('no-such-sku', 5, ['no-such-shop'])]);
    const { level, checks } = await get(`/v1/campaigns/${id}/checks`);
    expect(level).toBe('stop');
    expect(checks.map((one: { check: string; level: string }) => [one.check, one.level])).toEqual([
      ['items', 'ok'],
      ['time', 'ok'],
      ['stock', 'stop'],
      ['unlisted', 'stop'],
      ['overlap', 'ok'],
    ]);
  });

  it('may begin at once', async () => {
    const { startsAt, ...rest } = body([]) as { startsAt: string };
    const made = await expectStatus(send('editor', 'POST', ['/v1/campaigns', rest]), 201);
    expect(startsAt > made.body.startsAt).toBe(true);
    expect(Date.parse(made.body.startsAt)).toBe(clock.now());
  });

  it('is refused with every fault named, and what is not built yet said', async () => {
    const twice = [row('A', 1), row('A', 2)];
    expect(paths(await send('editor', 'POST', ['/v1/campaigns', body(twice)]))).toEqual(['items.1.shops.0']);
    const backwards = body([], { endsAt: instant(HOUR - 1) });
    expect(paths(await send('editor', 'POST', ['/v1/campaigns', backwards]))).toEqual(['endsAt']);
    const priced = body([{ ...row('A', 1), discountPercent: 20 }], { recurrence: 'FREQ=DAILY', audience: {} });
    const answer = await expectStatus(send('editor', 'POST', ['/v1/campaigns', priced]), 422);
    expect(paths(answer).sort()).toEqual(['audience', 'items.0.discountPercent', 'recurrence']);
    expect(answer.body.errors[0].message).toContain('not taken yet');
    const curated = body([], { kind: 'curated', stockMode: 'none' });
    const refused = await send('editor', 'POST', ['/v1/campaigns', curated]);
    expect(new Set(paths(refused))).toEqual(new Set(['kind', 'stockMode']));
    expect(refused.body.detail).toContain('curated is not taken yet');
  });

  it('is edited by its version only', async () => {
    const sku = await newSku();
    const { id } = await draft([row(sku, 30)]);
    const path = `/v1/campaigns/${id}`;
    await expectStatus(send('editor', 'PATCH', [path, { name: 'Other' }]), 428);
    const edited = await expectStatus(send('editor', 'PATCH', [path, { items: [row(sku, 7)] }, '"1"']), 200);
    expect(edited.headers['etag']).toBe('"2"');
    expect(edited.body).toMatchObject({ version: 2, name: 'Flash', items: [{ sku, quantity: 7 }] });
    const stale = await expectStatus(send('editor', 'PATCH', [path, { name: 'Late' }, '"1"']), 412);
    expect(stale.body).toMatchObject({ code: 'stale', current: { version: 2, items: [{ quantity: 7 }] } });
    expect(await hub.db.collection('campaign-items').countDocuments({ campaign: id })).toBe(1);
  });

  it('is edited once by two who saw the same', async () => {
    const { id } = await draft([row(await newSku(), 3)]);
    const items = (quantity: number) => [row('A', quantity), row('B', quantity)];
    const answers = await Promise.all(
      [4, 5].map((quantity) => send('editor', 'PATCH', [`/v1/campaigns/${id}`, { items: items(quantity) }, '"1"'])),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const winner = answers.find(({ status }) => status === 200)?.body.items;
    expect((await get(`/v1/campaigns/${id}`)).items).toEqual(winner);
    expect(await hub.db.collection('campaign-items').countDocuments({ campaign: id })).toBe(2);
  });
});

describe('submitting a draft', () => {
  it('approves it where no second person is needed, and makes it read-only', async () => {
    const { id, state } = await approved([row(await newSku(), 30)]);
    expect(state).toBe('approved');
    const late = await expectStatus(send('editor', 'PATCH', [`/v1/campaigns/${id}`, { name: 'x' }, '*']), 409);
    expect(late.body.code).toBe('approved');
    await expectStatus(send('editor', 'POST', [`/v1/campaigns/${id}/submit`]), 409);
  });

  it('is refused where there is less stock than asked for, counting other campaigns of that time', async () => {
    const sku = await newSku(100);
    await approved([row(sku, 60)]);
    const { id } = await draft([row(sku, 41)]);
    const short = await expectStatus(send('editor', 'POST', [`/v1/campaigns/${id}/submit`, { reason: 'r' }]), 409);
    expect(short.body).toMatchObject({ code: 'short', lines: [{ sku, asked: 41, available: 40 }] });
    await approved([row(sku, 100)], { startsAt: instant(2 * HOUR), endsAt: instant(3 * HOUR) });
  });

  it('is refused where a shop does not list the sku, where nothing is chosen, and after its end', async () => {
    await expectStatus(send('editor', 'PUT', ['/v1/skus/LOOSE', { name: 'x', basePrice: SGD('1.00') }]), 201);
    await expectStatus(send('operator', 'PUT', ['/v1/stock/LOOSE', { onHand: 5, reason: 'counted' }]), 200);
    const past = { startsAt: instant(-2 * HOUR), endsAt: instant(-HOUR) };
    for (const [code, items, changes] of [
      ['unlisted', [row('LOOSE', 1)], {}],
      ['items', [], {}],
      ['time', [row(await newSku(), 1)], past],
    ] as const) {
      const { id } = await draft(items, changes);
      const answer = await expectStatus(send('editor', 'POST', [`/v1/campaigns/${id}/submit`]), 409);
      expect(answer.body.code).toBe(code);
    }
  });

  it('is refused when its log is full, so that nothing makes the document grow for ever', async () => {
    const { id } = await draft([row(await newSku(), 1)]);
    await hub.db.collection('campaigns').updateOne({ id }, { $set: { entries: 1000 } });
    const path = `/v1/campaigns/${id}`;
    expect((await expectStatus(send('editor', 'PATCH', [path, { name: 'x' }, '*']), 409)).body.code).toBe('full');
    expect((await expectStatus(send('editor', 'POST', [`${path}/submit`]), 409)).body.code).toBe('full');
    await expectStatus(send('editor', 'POST', [`${path}/cancel`, { reason: 'r' }]), 200);
  });

  it('needs a reason over an overlap, and the log keeps it', async () => {
    const sku = await newSku(100);
    await approved([row(sku, 10)]);
    const { id } = await draft([row(sku, 10)]);
    const path = `/v1/campaigns/${id}/submit`;
    expect((await expectStatus(send('editor', 'POST', [path]), 409)).body.code).toBe('overlap');
    await expectStatus(send('editor', 'POST', [path, { reason: 'both are wanted' }]), 200);
    const { items } = await get(`/v1/campaigns/${id}/activity`);
    expect(items).toMatchObject([
      { did: 'made', by: 'editor of acme', version: 1 },
      { did: 'approved', by: 'editor of acme', version: 2, reason: 'both are wanted' },
    ]);
  });
});

describe('a seller who wants a second person', () => {
  const want = (stockOnly: boolean) =>
    expectStatus(
      hub.call({
        ...{ method: 'PATCH', path: `/v1/sellers/${acme.id}/settings`, as: acme.keys['admin'] },
        body: { secondPerson: { price: true, stockOnly } },
      }),
      200,
    );
  beforeAll(() => want(true));
  afterAll(() => want(false));

  it('has drafts submitted, sent back with a reason, and approved by somebody else', async () => {
    const { id } = await draft([row(await newSku(), 5)]);
    const press = (role: string, button: string, given?: object) =>
      send(role, 'POST', [`/v1/campaigns/${id}/${button}`, given]);
    expect((await expectStatus(press('editor', 'submit'), 200)).body.state).toBe('submitted');
    await expectStatus(send('editor', 'PATCH', [`/v1/campaigns/${id}`, { name: 'x' }, '*']), 409);
    await expectStatus(press('approver', 'send-back'), 422);
    expect((await expectStatus(press('approver', 'send-back', { reason: 'too few' }), 200)).body.state).toBe('draft');
    await expectStatus(press('approver', 'approve'), 409);
    await expectStatus(press('editor', 'submit'), 200);
    expect((await expectStatus(press('approver', 'approve'), 200)).body.state).toBe('approved');
  });

  it('has none approved by the person who edited it last', async () => {
    const sku = await newSku();
    const made = await expectStatus(send('all', 'POST', ['/v1/campaigns', body([row(sku, 5)])]), 201);
    const path = `/v1/campaigns/${made.body.id}`;
    await expectStatus(send('all', 'POST', [`${path}/submit`]), 200);
    expect((await expectStatus(send('all', 'POST', [`${path}/approve`]), 409)).body.code).toBe('same-person');
    const root = { method: 'POST', path: `${path}/approve`, seller: 'acme' } as const;
    await expectStatus(hub.root(root), 200);
  });
});

describe('a campaign', () => {
  it('is cancelled before it is live, and then does nothing', async () => {
    const { id } = await approved([row(await newSku(), 5)]);
    await expectStatus(send('editor', 'POST', [`/v1/campaigns/${id}/cancel`, { reason: 'no' }]), 200);
    await tick(HOUR);
    expect(await get(`/v1/campaigns/${id}`)).toMatchObject({ state: 'cancelled' });
    expect((await get(`/v1/campaigns/${id}`)).endedAt).toBeDefined();
  });

  it('tells what it sold, while it is live and when it has completed', async () => {
    const sku = await newSku(100);
    const { id } = await approved([row(sku, 60)]);
    await tick(HOUR);
    expect((await get(`/v1/stock/${sku}`)).quotas).toEqual([
      { campaign: id, shop: things.shop, mode: 'allocation', quantity: 60, remaining: 60 },
    ]);
    const live = await get(`/v1/campaigns/${id}/report`);
    expect(live).toMatchObject({ state: 'live', completed: false, totals: { held: 60, sold: 0, remaining: 60 } });
    expect(
      (await expectStatus(send('approver', 'POST', [`/v1/campaigns/${id}/cancel`, { reason: 'r' }]), 409)).body.code,
    ).toBe('live');
    await tick(HOUR);
    const over = await get(`/v1/campaigns/${id}/report`);
    expect(over).toMatchObject({
      state: 'ended',
      completed: true,
      totals: { held: 60, missing: 0, sold: 0 },
      next: null,
    });
    expect(over.items).toMatchObject([{ sku, state: 'ended', remaining: 60, free: 100, shared: 100 }]);
    expect((await get(`/v1/stock/${sku}`)).quotas).toEqual([]);
  });

  it('is stopped early by an approver with a reason, and has not completed', async () => {
    const sku = await newSku(100);
    const { id } = await approved([row(sku, 60)]);
    await tick(HOUR);
    await expectStatus(send('approver', 'POST', [`/v1/campaigns/${id}/stop`]), 422);
    await expectStatus(send('approver', 'POST', [`/v1/campaigns/${id}/stop`, { reason: 'recall' }]), 200);
    await tick(1);
    expect(await get(`/v1/campaigns/${id}/report`)).toMatchObject({ state: 'stopped', completed: false });
    expect((await get(`/v1/stock/${sku}`)).shared).toBe(100);
  });

  it('is listed by state, newest first', async () => {
    const first = await approved([row(await newSku(), 5)]);
    clock.advance(1);
    const second = await approved([row(await newSku(), 5)]);
    const { items, next } = await get('/v1/campaigns?state=approved&limit=1');
    expect([items[0].id, items[0].items]).toEqual([second.id, undefined]);
    expect((await get(`/v1/campaigns?state=approved&limit=1&after=${next}`)).items).toMatchObject([{ id: first.id }]);
  });

  it('narrows skus to its own, and a shop to its listings, each once, in pages that go on inside a sku', async () => {
    const skus = [await newSku(), await newSku(), await newSku()];
    const [one = '', other = '', elsewhere = ''] = skus;
    const list = (name: string, body: object) =>
      expectStatus(send('editor', 'PUT', [`/v1/shops/${things.shop}/listings/${name}`, body]), 201);
    await list(`${one}-pack`, { channelIds: { itemId: `8${count}` }, sku: one, units: 3 });
    const bundle = [one, other].map((sku) => ({ sku, units: 1 }));
    await list(`${one}-with`, { channelIds: { itemId: `7${count}` }, bundle });
    const shops = [things.shop, 'other-shop'];
    const { id } = await draft([row(one, 5, shops), row(other, 5, shops), row(elsewhere, 5, ['other-shop'])]);
    const pages = async (path: string, name: string, limit: number): Promise<readonly string[]> => {
      const found: string[] = [];
      for (let after = ''; ;) {
        const { items, next } = await get(`${path}?campaign=${id}&limit=${limit}${after}`);
        expect(items.length).toBeLessThanOrEqual(limit);
        found.push(...items.map((item: Record<string, string>) => item[name]));
        if (next === null) return found;
        after = `&after=${next}`;
      }
    };
    for (const limit of [1, 2, 50]) {
      expect(await pages('/v1/skus', 'sku', limit)).toEqual(skus);
      const listings = await pages(`/v1/shops/${things.shop}/listings`, 'listing', limit);
      expect(listings).toEqual([one, `${one}-pack`, `${one}-with`, other]);
    }
    expect((await get(`/v1/skus?campaign=${id}&q=${other}`)).items).toMatchObject([{ sku: other }]);
    expect((await get('/v1/skus?campaign=nothing')).items).toEqual([]);
  });

  it('of thousands of items is taken, paged and checked', async () => {
    const items = Array.from({ length: 8000 }, (_, at) => row(`BULK-${String(at).padStart(5, '0')}`, 1));
    const { id, itemCount, items: shown } = await draft(items);
    expect([itemCount, shown]).toEqual([8000, undefined]);
    const page = await get(`/v1/campaigns/${id}/items?limit=200`);
    const more = await get(`/v1/campaigns/${id}/items?limit=1&after=${page.next}`);
    expect([page.items[0].sku, more.items[0].sku]).toEqual(['BULK-00000', 'BULK-00200']);
    const { checks } = await get(`/v1/campaigns/${id}/checks`);
    expect(checks[3]).toMatchObject({ check: 'unlisted', count: 8000 });
    expect(checks[3].items).toHaveLength(100);
  });
});
