import { Client, type Answer, type LazadaCaller } from '../testing/client';

const AS: LazadaCaller = { key: '77', secret: 'quiet', token: 'tok-1' };
const SETUP = {
  channel: 'lazada',
  app: { key: '77', secret: 'quiet' },
  shops: [
    {
      id: '900',
      accessToken: 'tok-1',
      refreshToken: 'ref-1',
      listings: [
        { sku: 'A', quantity: 10, price: '12.50', itemId: 1, skuId: 11 },
        { sku: 'B', quantity: 20, price: '3.00', itemId: 1, skuId: 12 },
      ],
    },
    { id: '901', accessToken: 'tok-2', listings: [] },
  ],
};

function payload(rows: Record<string, unknown>[]): Record<string, string> {
  return { payload: JSON.stringify({ Request: { Product: { Skus: { Sku: rows } } } }) };
}

describe('the pretend Lazada', () => {
  let client: Client;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
    await client.steer('POST', '/setup', SETUP);
  });

  const update = (rows: Record<string, unknown>[], path = '/product/stock/sellable/update'): Promise<Answer> =>
    client.lazada(`POST ${path}`, payload(rows), AS);
  const seen = async (): Promise<unknown> =>
    ((await client.steer('GET', '/lazada/shops/900/listings')).body as { items: { quantity: number }[] }).items.map(
      (one) => one.quantity,
    );
  const order = async (fields: object): Promise<string> =>
    ((await client.steer('POST', '/lazada/shops/900/orders', fields)).body as { orderId: string }).orderId;

  it.each<[string, Partial<LazadaCaller>]>([
    ['IncompleteSignature', { secret: 'loud' }],
    ['IncompleteSignature', { sign: 'ab' }],
    ['IllegalTimestamp', { atMs: Date.now() - 7_300_000 }],
    ['IllegalAccessToken', { token: 'tok-x' }],
    ['InvalidAppKey', { key: '78' }],
  ])('answers %s with HTTP 200 to %o', async (code, change) => {
    const answer = await client.lazada('GET /order/get', { order_id: '1' }, { ...AS, ...change });
    expect(answer).toMatchObject({ status: 200, body: { code, type: 'ISV' } });
  });

  it('sets, moves and reads back sellable numbers', async () => {
    expect((await update([{ ItemId: 1, SkuId: 11, SellableQuantity: 4 }])).body).toMatchObject({ code: '0' });
    expect((await update([{ SkuId: 12, SellableQuantity: -5 }], '/product/stock/sellable/adjust')).body).toMatchObject({
      code: '0',
    });
    expect(await seen()).toEqual([4, 15]);
    const read = await client.lazada('GET /products/get', { sku_seller_list: '["A"]', limit: '50' }, AS);
    expect(read.body.data.products[0].skus[0].multiWarehouseInventories[0]).toMatchObject({ sellableQuantity: 4 });
  });

  it('takes a total that holds what is withheld and occupied', async () => {
    await order({ lines: [{ sku: 'A', units: 3 }] });
    expect((await update([{ SkuId: 11, Quantity: 2 }], '/product/price_quantity/update')).body).toMatchObject({
      code: '501',
    });
    expect((await update([{ SkuId: 11, Quantity: 9 }], '/product/price_quantity/update')).body).toMatchObject({
      code: '0',
    });
    expect(await seen()).toEqual([6, 20]);
  });

  it('says in detail which rows failed: code "0" when some, "501" when all', async () => {
    const some = await update([
      { ItemId: 1, SkuId: 11, SellableQuantity: 1 },
      { ItemId: 1, SkuId: 99, SellableQuantity: 1 },
    ]);
    expect(some.body).toMatchObject({
      code: '0',
      detail: [{ field: 'ItemId', message: 'ITEM_NOT_FOUND', code: 'E0501' }],
    });
    expect(await seen()).toEqual([1, 20]);
    const all = await update([{ SellerSku: 'Z', SellableQuantity: 1 }]);
    expect(all.body).toMatchObject({
      code: '501',
      type: 'ISP',
      detail: [{ seller_sku: 'Z', message: 'SELLER_SKU_NOT_FOUND' }],
    });
    const clean = await update([{ SkuId: 11, SellableQuantity: 1 }]);
    expect(clean.body).not.toHaveProperty('detail');
  });

  it('ignores an element of another name silently', async () => {
    expect((await update([{ SkuId: 11, Quantity: 3 }])).body).toMatchObject({ code: '0' });
    expect(await seen()).toEqual([10, 20]);
  });

  it('refuses a number under the campaign lock, and forgets the lock when it ends', async () => {
    await client.steer('PUT', '/lazada/faults', { lockUnits: 6 });
    expect((await update([{ SkuId: 11, SellableQuantity: 5 }])).body).toMatchObject({
      code: '501',
      detail: [{ code: '4170' }],
    });
    await client.steer('DELETE', '/lazada/faults');
    expect((await update([{ SkuId: 11, SellableQuantity: 5 }])).body).toMatchObject({ code: '0' });
  });

  it.each([
    [{}, '6'],
    [{ payload: 'x' }, '5'],
    [{ payload: '<Request/>' }, '30'],
    [payload(Array.from({ length: 51 }, () => ({ SkuId: 11, SellableQuantity: 1 }))), '204'],
  ])('refuses a faulty payload with code %#', async (fields, code) => {
    const answer = await client.lazada('POST /product/stock/sellable/update', fields, AS);
    expect(answer.body).toMatchObject({ code });
  });

  it('refuses a stock write by GET', async () => {
    const answer = await client.lazada('GET /product/stock/sellable/update', {}, AS);
    expect(answer.body).toMatchObject({ code: 'UnsupportedHTTPMethod' });
  });

  it('shows an order with one row per unit', async () => {
    const id = await order({ lines: [{ sku: 'A', units: 2 }], discountSeller: '1.01', shipping: '2.00' });
    await client.steer('POST', `/lazada/shops/900/orders/${id}/ship`, { lines: [{ sku: 'A', units: 1 }] });
    const head = await client.lazada('GET /order/get', { order_id: id }, AS);
    expect(head.body.data).toMatchObject({
      order_id: Number(id),
      price: '25.00',
      voucher: 1.01,
      shipping_fee: 2,
      items_count: 2,
    });
    expect(head.body.data.statuses).toEqual(['pending', 'shipped']);
    expect(head.body.data.created_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0800$/);
    const items = await client.lazada('GET /orders/items/get', { order_ids: `[${id}]` }, AS);
    const rows = items.body.data[0].order_items as Record<string, unknown>[];
    expect(rows.map((row) => [row['sku'], row['status'], row['voucher_seller']])).toEqual([
      ['A', 'pending', 0.5],
      ['A', 'shipped', 0.51],
    ]);
  });

  it('does not show an order to another shop', async () => {
    const id = await order({ lines: [{ sku: 'A', units: 1 }] });
    const answer = await client.lazada('GET /order/get', { order_id: id }, { ...AS, token: 'tok-2' });
    expect(answer.body).toMatchObject({ code: '16' });
  });

  it('pages orders by offset and refuses a limit above 100', async () => {
    for (let i = 0; i < 3; i += 1) await order({ lines: [{ sku: 'B', units: 1 }] });
    const since = new Date(Date.now() - 60_000).toISOString();
    const page = await client.lazada(
      'GET /orders/get',
      { update_after: since, limit: '2', offset: '2', sort_direction: 'ASC' },
      AS,
    );
    expect(page.body.data).toMatchObject({ count: 1, countTotal: 3 });
    const tooMany = await client.lazada('GET /orders/get', { update_after: since, limit: '101' }, AS);
    expect(tooMany.body).toMatchObject({ code: '19' });
    expect((await client.lazada('GET /orders/get', {}, AS)).body).toMatchObject({ code: 'MissingParameter' });
  });

  it('gives tokens for a consent code once, and renews them without moving the end', async () => {
    const page = await fetch(
      `${client.sandbox.url}/lazada/oauth/authorize?response_type=code&client_id=77&redirect_uri=http://hub.test/cb&state=s1`,
      { redirect: 'manual' },
    );
    const target = new URL(page.headers.get('location') ?? '');
    expect(target.searchParams.get('state')).toBe('s1');
    const code = target.searchParams.get('code') ?? '';
    const as = { key: AS.key, secret: AS.secret };
    const made = await client.lazada('POST /auth/token/create', { code }, as);
    expect(made.body).toMatchObject({ code: '0', country: 'sg', country_user_info: [{ seller_id: '900' }] });
    expect((await client.lazada('POST /auth/token/create', { code }, as)).body).toMatchObject({
      code: 'InvalidCode',
    });
    const again = await client.lazada(
      'POST /auth/token/refresh',
      { refresh_token: made.body.refresh_token as string },
      as,
    );
    expect(again.body).toMatchObject({ code: '0', country_user_info_list: [{ seller_id: '900' }] });
    expect(again.body.refresh_expires_in).toBeLessThanOrEqual(made.body.refresh_expires_in as number);
  });
});
