import type { SellerId, ShopId, StockRequest } from '../../src/domain';
import { BringOrderService } from '../../src/ledger/bring-order.service';
import { GroupCommitService } from '../../src/ledger/group-commit.service';
import { BALANCES } from '../../src/store/balances.store';
import { OrdersStore } from '../../src/store/orders.store';
import { countWish, orderWish } from '../builders/stock';
import { expectStatus, seedSeller, startConsoleHub, type ConsoleHub, type SeededSeller } from '../support/console-hub';
import { seedThings, type SeededThings } from '../support/console-seed';
import { HandClock } from '../support/rooms/hand-clock';

const clock = new HandClock();
const SECOND = 1000;
let hub: ConsoleHub;
let acme: SeededSeller;
let things: SeededThings;

beforeAll(async () => {
  hub = await startConsoleHub({ clock });
  acme = await seedSeller(hub, 'acme');
  things = await seedThings(hub, acme, '1');
}, 60_000);
afterAll(() => hub.stop());

const as = (role: string) => acme.keys[role];
const ask = (sku: string, wish: StockRequest) => hub.app.get(GroupCommitService).ask('acme' as SellerId, sku, wish);
const why = async (sku: string, query = '') =>
  (await expectStatus(hub.call({ path: `/v1/stock/${sku}/why${query}`, as: as('viewer') }), 200)).body;
const instant = (at: number) => new Date(at).toISOString();

/** A sku that the shop sells by a listing of its own. */
async function newSku(sku: string, units = 1): Promise<void> {
  const body = { name: sku, basePrice: { amount: '1.00', currency: 'SGD' } };
  await expectStatus(hub.call({ method: 'PUT', path: `/v1/skus/${sku}`, as: as('editor'), body }), 201);
  const listing = { channelIds: { itemId: `9${sku.length}${sku.charCodeAt(0)}` }, sku, units };
  const path = `/v1/shops/${things.shop}/listings/of-${sku}`;
  await expectStatus(hub.call({ method: 'PUT', path, as: as('editor'), body: listing }), 201);
}

async function setRules(rules: object): Promise<void> {
  const path = `/v1/shops/${things.shop}`;
  await expectStatus(hub.call({ method: 'PATCH', path, as: as('admin'), body: { rules } }), 200);
}

const sale = (id: number | string, held = 1, shop = 'L') => orderWish({ id: `${id}`, shop: shop as ShopId }, { held });

describe('why a sku shows what it shows', () => {
  it('is told step by step, as data and in sentences', async () => {
    await newSku('PACK', 3);
    await setRules({ percent: 50, buffer: 2 });
    await ask('PACK', countWish(100));
    await ask('PACK', sale('a', 20));
    const { numbers, listings, sentences, moves, notKept } = await why('PACK', `?shop=${things.shop}`);
    expect(numbers).toEqual({ onHand: 100, committed: 20, free: 80, shared: 80, safetyBuffer: 0 });
    expect(listings).toMatchObject([{ listing: 'of-PACK', number: 12, rules: { percent: 50, buffer: 2 } }]);
    expect(listings[0].steps.map(({ what, units }: { what: string; units: number }) => [what, units])).toEqual([
      ['rules', 38],
      ['part', 38],
      ['number', 12],
    ]);
    expect(sentences).toContain('100 of PACK are on hand, open orders and holds have 20: 80 are free.');
    expect(moves.map(({ kind }: { kind: string }) => kind)).toEqual(['order', 'count']);
    expect(moves[1].sentence).toBe('somebody counted 100 (stocktaking).');
    expect(notKept).toEqual([]);
    await setRules({});
  });

  it('names quotas, the safety buffer and strict exposure', async () => {
    await newSku('FLASH');
    await ask('FLASH', countWish(100));
    await ask('FLASH', { kind: 'rules', id: 'r', safetyBuffer: 10, exposure: { policy: 'strict' } });
    const quota = {
      id: 'q',
      campaign: 'noon',
      shop: things.shop as ShopId,
      mode: 'reservation',
      quantity: 30,
    } as const;
    await ask('FLASH', { kind: 'quota-start', id: 's', quota, cut: false });
    const { listings, sentences, quotas, exposure } = await why('FLASH');
    expect([exposure, quotas.length, listings[0].number, listings[0].open]).toEqual(['strict', 1, 90, 90]);
    expect(listings[0].steps.map(({ what }: { what: string }) => what)).toEqual([
      'own-quota',
      'exposure',
      'part',
      'number',
    ]);
    expect(sentences.join('\n')).toContain('Campaign noon still holds 30 of 30');
    expect(sentences.join('\n')).toContain('10 are kept as safety buffer.');
  });

  it('is known at any instant of the past, on either side of the archive', async () => {
    await newSku('HOT');
    await ask('HOT', countWish(10_000));
    const start = clock.now();
    const quota = {
      id: 'q2',
      campaign: 'noon',
      shop: things.shop as ShopId,
      mode: 'allocation',
      quantity: 500,
    } as const;
    for (let at = 1; at <= 200; at += 1) {
      clock.advance(SECOND);
      if (at === 70) await setRules({ cap: 7 });
      if (at === 140) await ask('HOT', { kind: 'quota-start', id: 's2', quota, cut: false });
      const shop = at > 140 ? things.shop : 'L';
      await Promise.all([1, 2, 3, 4].map((which) => ask('HOT', sale(`h${at}-${which}`, 1, shop))));
    }
    clock.advance(SECOND);
    expect(await hub.db.collection(BALANCES).countDocuments({ sku: 'HOT' })).toBeGreaterThanOrEqual(3);
    const known = [
      [5, 9980],
      [69, 9724],
      [70, 7],
      [110, 7],
      [142, 492, 492],
      [199, 264, 264],
    ] as const;
    for (const [at, number, remaining] of known) {
      const told = await why('HOT', `?at=${instant(start + at * SECOND)}`);
      expect([at, told.numbers.committed, told.listings[0].number]).toEqual([at, 4 * at, number]);
      expect(told.quotas.map((one: { remaining: number }) => one.remaining)).toEqual(
        remaining === undefined ? [] : [remaining],
      );
      expect(told.moves[0].order).toContain(`h${at}-`);
      expect(told.notKept[0]).toContain('Locks and promotion reserves of that time are not kept');
    }
    await setRules({});
  });

  it('knows what a listing sold then, and leaves out one that was made later', async () => {
    await newSku('OLD');
    await ask('OLD', countWish(12));
    clock.advance(SECOND);
    const before = clock.now();
    clock.advance(SECOND);
    const path = `/v1/shops/${things.shop}/listings`;
    const put = async (listing: string, body: object) =>
      expectStatus(
        hub.call({ method: 'PUT', path: `${path}/${listing}`, as: as('editor'), body }),
        listing === 'of-OLD' ? 200 : 201,
      );
    const { listing } = (await expectStatus(hub.call({ path: `${path}/of-OLD`, as: as('viewer') }), 200)).body;
    const same = { channelIds: { itemId: '9379' }, sku: 'OLD', units: 4 };
    await put(listing, same);
    await put('later', { channelIds: { itemId: '99' }, sku: 'OLD' });
    const numbers = async (query: string) =>
      (await why('OLD', query)).listings.map((one: { listing: string; number: number }) => [one.listing, one.number]);
    expect(await numbers('')).toEqual([
      ['later', 12],
      ['of-OLD', 3],
    ]);
    expect(await numbers(`?at=${instant(before)}`)).toEqual([['of-OLD', 12]]);
  });

  it("is not told of another seller's sku or shop", async () => {
    const other = await seedSeller(hub, 'other');
    const told = (path: string, key = other.keys['viewer']) => hub.call({ path, as: key });
    expect((await told('/v1/stock/MUG/why')).status).toBe(404);
    expect((await told(`/v1/orders/${encodeURIComponent(things.order)}/why`)).status).toBe(404);
    expect((await told('/v1/stock/MUG/why?shop=none', as('viewer'))).status).toBe(404);
    expect((await told('/v1/stock/MUG/why?at=yesterday', as('viewer'))).status).toBe(422);
  });
});

describe('an order that was short', () => {
  it('is told who took the units since the last count', async () => {
    await newSku('RARE');
    await ask('RARE', countWish(50, 'long ago'));
    await ask('RARE', sale('before', 3));
    await ask('RARE', countWish(10));
    await ask('RARE', sale('early', 5));
    await ask('RARE', { kind: 'manual', id: 'broken', units: -1, reason: 'broken', by: 'Ann' });
    const line = { sku: 'RARE', units: 4, unitPrice: { amount: '1.00', currency: 'SGD' } };
    const body = { id: 'LATE', updatedAt: '2026-01-01T00:00:00.000Z', status: 'paid', currency: 'SGD', lines: [line] };
    const { id } = (
      await expectStatus(hub.call({ method: 'POST', path: '/v1/orders', as: as('storefront'), body }), 201)
    ).body;
    const order = (await hub.app.get(OrdersStore).find(id))!;
    await hub.app.get(BringOrderService).bring(order);
    const path = `/v1/orders/${encodeURIComponent(id)}/why`;
    const { short } = (await expectStatus(hub.call({ path, as: as('viewer') }), 200)).body;
    expect(short).toMatchObject([{ sku: 'RARE', short: 3, free: 7 }]);
    expect(short[0].taken).toMatchObject([
      { kind: 'order', units: 5 },
      { kind: 'manual', units: 1, by: 'Ann', reason: 'broken' },
    ]);
    expect(short[0].sentences[1]).toMatch(/7 were free\. somebody counted 10/);
    const found = await hub.call({ path: `/v1/orders/${encodeURIComponent(things.order)}/why`, as: as('viewer') });
    expect(found.body).toMatchObject({ short: [], sentences: ['The order found all that it asked for.'] });
  });
});

describe('an audit by hand', () => {
  const begin = (body: object, role = 'operator', key = as(role)) =>
    hub.call({ method: 'POST', path: '/v1/stock/audit', as: key, body });

  it('is begun in the background, once at a time', async () => {
    const { body } = await expectStatus(begin({ sku: 'MUG' }), 202);
    expect((await expectStatus(begin({ sku: 'MUG' }), 202)).body).toEqual(body);
    const repair = await expectStatus(begin({ sku: 'MUG', repair: true }), 202);
    expect(repair.body.job).not.toBe(body.job);
    const job = await expectStatus(hub.call({ path: `/v1/jobs/${repair.body.job}`, as: as('viewer') }), 200);
    expect(job.body).toMatchObject({ kind: 'audit-stock', state: 'waiting' });
  });

  it("knows no other seller's sku", async () => {
    const { keys } = await seedSeller(hub, 'third');
    expect((await begin({ sku: 'MUG' }, 'operator', keys['operator'])).status).toBe(404);
    expect((await begin({}, 'viewer')).status).toBe(403);
  });
});
