import { Client, type Answer, type LazadaCaller } from '../testing/client';

const AS: LazadaCaller = { key: '77', secret: 'quiet', token: 'tok-1' };

function payload(sku: Record<string, unknown>): Record<string, string> {
  return { payload: JSON.stringify({ Request: { Product: { Skus: { Sku: [sku] } } } }) };
}

describe("the pretend Lazada's catalogue, prices and reverse orders", () => {
  let client: Client;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
    await client.steer('POST', '/setup', {
      channel: 'lazada',
      app: { key: '77', secret: 'quiet' },
      shops: [
        {
          id: '900',
          accessToken: 'tok-1',
          listings: [
            { sku: 'A', quantity: 10, price: '12.50', itemId: 1, skuId: 11 },
            { sku: 'B', quantity: 0, price: '3.00', itemId: 1, skuId: 12 },
            { sku: 'C', quantity: 0, price: '3.00', itemId: 2, skuId: 21, active: false },
          ],
        },
      ],
    });
  });

  const get = (path: string, fields: Record<string, string> = {}): Promise<Answer> =>
    client.lazada(`GET ${path}`, fields, AS);
  const items = async (fields: Record<string, string>): Promise<number[]> =>
    ((await get('/products/get', fields)).body.data.products as { item_id: number }[]).map((one) => one.item_id);
  const price = (sku: Record<string, unknown>): Promise<Answer> =>
    client.lazada('POST /product/price_quantity/update', payload(sku), AS);
  const skuA = async (): Promise<Record<string, unknown>> =>
    (await get('/product/item/get', { item_id: '1' })).body.data.skus[0] as Record<string, unknown>;
  const order = async (units: number): Promise<string> =>
    (await client.steer('POST', '/lazada/shops/900/orders', { lines: [{ sku: 'A', units }] })).body.orderId as string;
  const unitIds = async (id: string): Promise<string> =>
    JSON.stringify(
      ((await get('/order/items/get', { order_id: id })).body.data as { order_item_id: number }[]).map((row) =>
        String(row.order_item_id),
      ),
    );

  it('pages products by item, by filter and by update', async () => {
    expect(await items({})).toEqual([1, 2]);
    expect(await items({ limit: '1', offset: '1' })).toEqual([2]);
    expect(await items({ filter: 'live' })).toEqual([1]);
    expect(await items({ filter: 'inactive' })).toEqual([2]);
    expect(await items({ filter: 'sold-out' })).toEqual([2]);
    expect(await items({ sku_seller_list: '["A","B","nobody"]' })).toEqual([1]);
    expect(await items({ update_after: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
    expect((await get('/products/get', { limit: '100' })).body).toMatchObject({ code: '19' });
    expect((await get('/products/get', { filter: 'odd' })).body).toMatchObject({ code: '36' });
  });

  it('pages 50,000 products fast', async () => {
    await client.steer('POST', '/lazada/shops/900/listings', { listings: { count: 50_000 } });
    const startedMs = Date.now();
    for (let offset = 0; offset < 50_000; offset += 5000) {
      expect((await get('/products/get', { limit: '50', offset: String(offset) })).body.data.products).toHaveLength(50);
    }
    expect(Date.now() - startedMs).toBeLessThan(1000);
  });

  it('takes a price with a special price from day to day, and shows it', async () => {
    const written = await price({
      SkuId: 11,
      Price: '20',
      SalePrice: '15',
      SaleStartDate: '2020-01-01',
      SaleEndDate: '2099-12-31',
    });
    expect(written.body).toMatchObject({ code: '0' });
    expect(await skuA()).toMatchObject({
      price: 20,
      special_price: 15,
      special_from_date: '2020-01-01',
      special_to_date: '2099-12-31',
    });
    const shown = await client.steer('GET', '/lazada/shops/900/listings?sku=A');
    expect(shown.body.items[0]).toMatchObject({ price: '20.00', salePrice: '15.00', quantity: 10 });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ SalePrice: '12.50' }, 'SalePrice'],
    [{ Price: 'dear' }, 'Price'],
    [{ SalePrice: '9', SaleStartDate: '1.1.2030' }, 'SaleStartDate'],
    [{ SalePrice: '9', SaleStartDate: '2030-02-01', SaleEndDate: '2030-01-01' }, 'SaleStartDate'],
  ])('refuses %o whole', async (fields, field) => {
    expect((await price({ SkuId: 11, ...fields, Quantity: 3 })).body).toMatchObject({
      code: '501',
      detail: [{ field }],
    });
    expect(await skuA()).toMatchObject({ price: 12.5, special_price: 0, quantity: 10 });
  });

  it('refuses prices while a campaign has the listing', async () => {
    await client.steer('PUT', '/lazada/shops/900/listings/A', { locked: 2 });
    const answer = await price({ SkuId: 11, Price: '9' });
    expect(answer.body.detail[0].code).toMatch(/^THD_IC/);
  });

  it('takes a sale off by an empty price, or ignores it, as the reading says', async () => {
    await price({ SkuId: 11, SalePrice: '9' });
    await client.steer('PUT', '/readings', { lazadaEmptySale: 'ignored' });
    await price({ SkuId: 11, SalePrice: '' });
    expect(await skuA()).toMatchObject({ special_price: 9 });
    await client.steer('PUT', '/readings', { lazadaEmptySale: 'clears' });
    await price({ SkuId: 11, SalePrice: '' });
    expect(await skuA()).toMatchObject({ special_price: 0 });
  });

  it('lists what was cancelled and what came back as reverse orders in result, in cents', async () => {
    const id = await order(3);
    await client.steer('POST', `/lazada/shops/900/orders/${id}/cancel`, { lines: [{ sku: 'A', units: 1 }] });
    await client.steer('POST', `/lazada/shops/900/orders/${id}/ship`);
    await client.steer('POST', `/lazada/shops/900/orders/${id}/return`, { lines: [{ sku: 'A', units: 1 }] });
    const all = await get('/reverse/getreverseordersforseller', { page_no: '1', page_size: '10' });
    expect(all.body.result).toMatchObject({ page_no: 1, page_size: 10, success: true, total: 2 });
    expect(all.body.result.items).toMatchObject([
      { request_type: 'RETURN', is_rtm: true, trade_order_id: Number(id) },
      { request_type: 'CANCEL', reverse_order_lines: [{ reverse_status: 'CANCEL_SUCCESS', item_unit_price: 1250 }] },
    ]);
    const some = await get('/reverse/getreverseordersforseller', {
      page_no: '1',
      page_size: '10',
      request_type_list: '["RETURN"]',
      ReverseOrderLineModifiedTimeRangeStart: String(Date.now() - 60_000),
    });
    expect(some.body.result.total).toBe(1);
    expect((await get('/reverse/getreverseordersforseller')).body).toMatchObject({ code: 'MissingParameter' });
  });

  it('sets the stock to 0 when the seller cancels for out of stock, unless the reading says no', async () => {
    const quantity = async (): Promise<unknown> => (await skuA())['quantity'];
    const cancel = async (reason: string): Promise<Answer> => {
      const id = await order(1);
      const fields = { order_id: id, order_item_id_list: await unitIds(id) };
      expect((await get('/order/reverse/cancel/validate', fields)).body.data).toMatchObject({ tip_type: 'warn' });
      return get('/order/reverse/cancel/create', { ...fields, reason_id: reason });
    };
    expect((await cancel('10000019')).body).toMatchObject({ code: '0' });
    expect(await quantity()).toBe(10);
    expect((await cancel('1')).body).toMatchObject({ code: '104' });
    await client.steer('PUT', '/readings', { lazadaCancelZeroes: false });
    await cancel('10000021');
    expect(await quantity()).toBe(9);
    await client.steer('PUT', '/readings', { lazadaCancelZeroes: true });
    await cancel('10000021');
    expect(await quantity()).toBe(0);
  });

  it('tells the seller and his warehouses', async () => {
    expect((await get('/seller/get')).body.data).toMatchObject({ seller_id: '900', cb: false });
    expect((await get('/seller/warehouse/get')).body.data).toMatchObject([{ code: 'dropshipping' }]);
  });

  it('names the shop of every country in a cross-border authorisation', async () => {
    await client.steer('POST', '/setup', {
      channel: 'lazada',
      app: { key: '78', secret: 'quiet' },
      shops: ['SG', 'MY'].map((region, at) => ({ id: `91${at}`, region, crossBorder: true, refreshToken: `cb-${at}` })),
    });
    const as = { key: '78', secret: 'quiet' };
    const renewed = await client.lazada('POST /auth/token/refresh', { refresh_token: 'cb-0' }, as);
    expect(renewed.body).toMatchObject({
      country: 'cb',
      country_user_info_list: [
        { country: 'sg', seller_id: '910' },
        { country: 'my', seller_id: '911' },
      ],
    });
  });

  it('plays the readings that the documentation leaves open', async () => {
    const write = (skus: object[]): Promise<Answer> =>
      client.lazada(
        'POST /product/price_quantity/update',
        { payload: JSON.stringify({ Request: { Product: { Skus: { Sku: skus } } } }) },
        AS,
      );
    const rows = [
      { SkuId: 11, Quantity: 9 },
      { SkuId: 99, Quantity: 9 },
    ];
    expect((await write(rows)).body).toMatchObject({ code: '0', detail: [{ message: 'ITEM_NOT_FOUND' }] });
    await client.steer('PUT', '/readings', { lazadaMixed: '501', lazadaTotalWrites: 'refused', lazadaAuthStatus: 401 });
    expect((await write(rows)).body).toMatchObject({ code: '501', detail: [{ message: 'SELLER_NOT_PERMITTED' }, {}] });
    expect((await client.lazada('GET /seller/get', {}, { ...AS, token: 'x' })).status).toBe(401);
    expect((await get('/order/get', { order_id: '1' })).status).toBe(200);
  });
});
