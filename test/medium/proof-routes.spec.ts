import { targetIdOf, type ListingId, type SellerId, type ShopId, type Target, type Trigger } from '../../src/domain';
import { AttemptsStore, type Attempt } from '../../src/store/attempts.store';
import { TargetsStore } from '../../src/store/targets.store';
import { expectStatus, seedSeller, startConsoleHub, type ConsoleHub, type SeededSeller } from '../support/console-hub';
import { seedThings, type SeededThings } from '../support/console-seed';

const DAY = 86_400_000;
const NOON = Date.parse('2026-11-20T12:00:00Z');
let hub: ConsoleHub;
let acme: SeededSeller;
let things: SeededThings;

beforeAll(async () => {
  hub = await startConsoleHub();
  acme = await seedSeller(hub, 'acme');
  things = await seedThings(hub, acme, '1');
  await hub.app.get(AttemptsStore).insert(ATTEMPTS.map(attemptOf));
  const sold = new Map(ATTEMPTS.map(attemptOf).map((attempt) => [attempt.listing, attempt]));
  await Promise.all([...sold.values()].map((attempt) => hub.app.get(TargetsStore).swap(targetOf(attempt))));
}, 60_000);
afterAll(() => hub.stop());

type Row = readonly [shop: string, sku: string, trigger: Trigger, state: Attempt['state'], day: number];
const ATTEMPTS: readonly Row[] = [
  ['s1', 'hat', 'order', 'done', 0],
  ['s1', 'hat', 'order', 'refused', 0],
  ['s1', 'mug', 'count', 'done', 1],
  ['s2', 'hat', 'drift', 'done', 1],
  ['s2', 'mug', 'order', 'done', 1],
  ['s2', 'mug', 'order', 'failed', 1],
];
const attemptOf = ([shop, sku, trigger, state, day]: Row, at: number): Omit<Attempt, 'id'> => ({
  ...{ seller: 'acme' as SellerId, shop: shop as ShopId, listing: `${sku}-in-${shop}` as ListingId, skus: [sku] },
  ...{ trigger, state, target: at, version: 1, at: NOON + day * DAY + at },
});

const targetOf = ({ seller, shop, listing, skus }: Omit<Attempt, 'id'>): Target => ({
  ...{ id: targetIdOf(seller, shop, listing), seller, shop, listing, skus },
  ...{ v: 1, drift: 0, planned: [], openUnits: 0, tries: 0 },
});

const get = async (path: string) => (await expectStatus(hub.call({ path, as: acme.keys['viewer'] }), 200)).body;
const targets = async (query: string): Promise<readonly number[]> =>
  (await get(`/v1/attempts?${query}`)).items.map(({ target }: { target: number }) => target);

describe('GET /v1/attempts', () => {
  it.each([
    ['', [5, 4, 3, 2, 1, 0]],
    ['shop=s1', [2, 1, 0]],
    ['sku=hat', [3, 1, 0]],
    ['sku=hat&shop=s2', [3]],
    ['shop=s2&listing=mug-in-s2', [5, 4]],
    ['trigger=order', [5, 4, 1, 0]],
    ['state=done', [4, 3, 2, 0]],
    ['trigger=order&state=done', [4, 0]],
    ['sku=hat&trigger=order&state=refused', [1]],
    ['shop=s1&state=done', [2, 0]],
    ['shop=s2&sku=mug&trigger=order', [5, 4]],
    ['trigger=campaign', []],
  ])('%s', async (query, found) => {
    expect(await targets(query)).toEqual(found);
  });

  it('goes on page by page, also over several triggers', async () => {
    const pages: number[][] = [];
    let after = '';
    for (let more = true; more;) {
      const page = await get(`/v1/attempts?state=done&limit=2${after}`);
      pages.push(page.items.map(({ target }: { target: number }) => target));
      after = `&after=${page.next}`;
      more = page.next !== null;
    }
    expect(pages).toEqual([
      [4, 3],
      [2, 0],
    ]);
  });

  it('says what is not asked that way', async () => {
    for (const query of ['listing=x', 'shop=s1&listing=x&sku=y', 'trigger=weather', 'state=maybe']) {
      await expectStatus(hub.call({ path: `/v1/attempts?${query}`, as: acme.keys['viewer'] }), 422);
    }
  });
});

describe('GET /v1/attempts/days', () => {
  it('tells how many there were, the newest day first, and stays when they are gone', async () => {
    await hub.db.collection('attempts').deleteMany({});
    const all = [
      { shop: 's1', day: '2026-11-21', counts: { count: { done: 1 } } },
      { shop: 's2', day: '2026-11-21', counts: { drift: { done: 1 }, order: { done: 1, failed: 1 } } },
      { shop: 's1', day: '2026-11-20', counts: { order: { done: 1, refused: 1 } } },
    ];
    expect((await get('/v1/attempts/days')).items).toEqual(all);
    expect((await get('/v1/attempts/days?from=2026-11-21')).items).toEqual(all.slice(0, 2));
    expect((await get('/v1/attempts/days?shop=s1&to=2026-11-20')).items).toEqual(all.slice(2));
    const { items, next } = await get('/v1/attempts/days?limit=1');
    const rest = await get(`/v1/attempts/days?limit=2&after=${next}`);
    expect([...items, ...rest.items]).toEqual(all);
  });

  it('counts each of many at once', async () => {
    const store = hub.app.get(AttemptsStore);
    const row: Row = ['s9', 'hat', 'hold', 'done', 3];
    await Promise.all(Array.from({ length: 40 }, (_, at) => store.insert([attemptOf(row, at), attemptOf(row, at)])));
    const { items } = await get('/v1/attempts/days?shop=s9');
    expect(items).toEqual([{ shop: 's9', day: '2026-11-23', counts: { hold: { done: 80 } } }]);
  });
});

describe('publications', () => {
  it('tell wanted, sent, acknowledged and read back, each with its age, by listing and by state', async () => {
    const [shop, at] = [things.shop as ShopId, Date.now() - 60_000];
    const known = { units: 7, version: 1, at };
    const target = {
      ...targetOf({ ...attemptOf(ATTEMPTS[0] as Row, 0), shop, listing: things.listing as ListingId }),
      skus: [things.sku],
      ...{ wanted: known, lastSent: { units: 7, at }, acknowledged: known, readBack: { units: 9, at } },
      drifted: { units: 9, expected: 7, at },
    };
    await hub.db.collection('targets').deleteMany({});
    expect(await hub.app.get(TargetsStore).swap(target)).toBe(true);
    const path = `/v1/shops/${things.shop}/publications`;
    const [publication] = (await get(path)).items;
    expect(publication).toMatchObject({
      ...{ listing: things.listing, standing: 'drifted', seen: 7 },
      ...{ wanted: { units: 7 }, sent: { units: 7 }, acknowledged: { units: 7 }, readBack: { units: 9 } },
      drifted: { units: 9, expected: 7, accepted: false },
    });
    expect(publication.readBack.ageS).toBeGreaterThanOrEqual(60);
    expect((await get(`${path}?state=drifted`)).items).toEqual([publication]);
    expect((await get(`${path}?state=refused`)).items).toEqual([]);
    const stock = await get(`/v1/stock/${things.sku}`);
    expect(stock.published).toMatchObject([{ readBack: 9, proof: { standing: 'drifted', readBack: { units: 9 } } }]);
    expect(stock.exposure).toMatchObject({ shown: 7, listings: [{ listing: things.listing, units: 7 }] });
  });
});

describe('schedules', () => {
  const put = (body: object) =>
    hub.call({ method: 'PUT', path: `/v1/shops/${things.shop}/schedules/nightly`, as: acme.keys['operator'], body });

  it('are made, changed and ended', async () => {
    const made = await expectStatus(put({ cron: '0 3 * * *' }), 201);
    expect(made.body).toMatchObject({ id: 'nightly', cron: '0 3 * * *', timeZone: 'Asia/Singapore', scope: {} });
    expect(new Date(made.body.next).getUTCHours()).toBe(19);
    const scope = { category: 'mugs', olderThanS: 3600 };
    await expectStatus(put({ cron: '0 4 * * *', timeZone: 'UTC', scope }), 200);
    const path = `/v1/shops/${things.shop}/schedules`;
    expect((await get(path)).items).toMatchObject([{ cron: '0 4 * * *', timeZone: 'UTC', scope }]);
    const end = { method: 'DELETE' as const, path: `${path}/nightly`, as: acme.keys['operator'] };
    await expectStatus(hub.call(end), 204);
    await expectStatus(hub.call(end), 404);
  });

  it.each(['0 0 3 * * *', '0 25 * * *', '0 0 30 2 *', 'nightly'])('are not made of %s', async (cron) => {
    await expectStatus(put({ cron }), 422);
  });
});

describe('republish', () => {
  it('answers the work that runs for the same scope, and refuses another beside it', async () => {
    const path = `/v1/shops/${things.shop}/republish`;
    const post = (body: object) => hub.call({ method: 'POST', path, as: acme.keys['operator'], body });
    const { job } = (await expectStatus(post({ scope: { skus: [things.sku] } }), 202)).body;
    expect((await expectStatus(post({ scope: { skus: [things.sku] } }), 202)).body).toEqual({ job });
    const { body } = await expectStatus(post({}), 409);
    expect(body).toMatchObject({ code: 'running', job });
    expect(await get(`/v1/jobs/${job}`)).toMatchObject({ kind: 'republish', about: things.shop, state: 'waiting' });
  });
});
