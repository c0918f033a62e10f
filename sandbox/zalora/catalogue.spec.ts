import { Client, eventually, openHook, type Answer } from '../testing/client';

describe("the pretend Zalora's catalogue, prices, archive and callbacks", () => {
  let client: Client;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
    await client.steer('POST', '/setup', {
      channel: 'zalora',
      app: { key: 'client', secret: 'hush' },
      shops: [
        {
          id: 'Z1',
          accessToken: 'tok-1',
          listings: [
            { sku: 'A-S', quantity: 10, price: '12.50', itemId: 5, productId: 71 },
            { sku: 'A-M', quantity: 0, price: '12.50', itemId: 5, productId: 72 },
            { sku: 'B', quantity: 0, itemId: 6, productId: 73, active: false },
          ],
        },
      ],
    });
  });

  const call = (method: string, path: string, body?: unknown): Promise<Answer> =>
    client.zalora(`${method} ${path}`, 'tok-1', body);
  const ids = async (path: string): Promise<unknown[]> =>
    ((await call('GET', path)).body.items as { id: number }[]).map((one) => one.id);
  const order = async (units = 1): Promise<string> =>
    (await client.steer('POST', '/zalora/shops/Z1/orders', { lines: [{ sku: 'A-S', units }] })).body.orderId as string;

  it('pages product sets, at most 100 at once, and tells their products apart', async () => {
    const page = await call('GET', '/v2/product-sets?limit=500&offset=0');
    expect(page.body.pagination).toEqual({ limit: 100, offset: 0, totalCount: 2 });
    expect(page.body.items[0]).not.toHaveProperty('products');
    expect(await ids('/v2/product-sets?limit=1&offset=1')).toEqual([6]);
    expect(await ids('/v2/product-sets?limit=9&offset=0&status=active')).toEqual([5]);
    expect(await ids('/v2/product-sets?limit=9&offset=0&inStock=false')).toEqual([6]);
    expect((await call('GET', '/v2/product-set/5/products')).body).toMatchObject([
      { id: 71, sellerSku: 'A-S', productSetId: 5 },
      { id: 72, sellerSku: 'A-M' },
    ]);
    expect((await call('GET', '/v2/product-set/5/products/72')).body).toMatchObject({ sellerSku: 'A-M' });
    expect((await call('GET', '/v2/products?productIds[]=73&productIds[]=9')).body).toMatchObject([{ id: 73 }]);
    expect((await call('GET', '/v2/product-sets?limit=9')).status).toBe(422);
    await client.steer('PUT', '/readings', { zaloraSetProducts: 'inside' });
    const inside = await call('GET', '/v2/product-sets?limit=1&offset=0');
    expect(inside.body.items[0].products).toHaveLength(2);
  });

  it('pages 50,000 product sets fast', async () => {
    await client.steer('POST', '/zalora/shops/Z1/listings', { listings: { count: 50_000 } });
    const startedMs = Date.now();
    for (let offset = 0; offset < 50_000; offset += 5000) {
      expect(await ids(`/v2/product-sets?limit=100&offset=${offset}`)).toHaveLength(100);
    }
    expect(Date.now() - startedMs).toBeLessThan(1000);
  });

  it('reads prices back as written, dates and nulls too', async () => {
    const sale = { salePrice: 9, saleStartDate: '2026-01-01T00:00:00Z', saleEndDate: '2026-01-02T00:00:00+08:00' };
    await call('PUT', '/v2/product/71/prices/sg', { price: 20, ...sale });
    const read = await call('GET', '/v2/product/71/prices/SG');
    expect(read.body).toMatchObject({ price: 20, salePrice: 9, saleEndDate: '2026-01-01T16:00:00.000Z' });
    await call('PUT', '/v2/product/71/prices/sg', { price: 20 });
    expect((await call('GET', '/v2/product/71/prices')).body).toMatchObject([
      { price: 20, salePrice: null, saleStartDate: null },
    ]);
  });

  it('keeps the status when a price leaves it out', async () => {
    await call('PUT', '/v2/product/71/prices/sg', { price: 20, status: 'inactive' });
    expect((await call('PUT', '/v2/product/71/prices/sg', { price: 21 })).body).toMatchObject({ status: 'inactive' });
  });

  it('writes the prices of a set in one array', async () => {
    const rows = [71, 72].map((productId) => ({ productId, price: productId }));
    expect((await call('PUT', '/v2/product-set/5/prices', rows)).body).toMatchObject([{ price: 71 }, { price: 72 }]);
    expect((await call('GET', '/v2/product-set/5/prices')).body).toMatchObject([{ price: 71 }, { price: 72 }]);
    expect((await call('PUT', '/v2/product-set/5/prices', [{ productId: 73, price: 1 }])).status).toBe(422);
  });

  it.each([
    { price: 'dear' },
    { price: 5, salePrice: 6 },
    { price: 5, salePrice: 4, saleStartDate: 'soon' },
    { price: 5, status: 'odd' },
  ])('refuses the price %o', async (body) => {
    expect((await call('PUT', '/v2/product/71/prices/sg', body)).status).toBe(422);
  });

  it('moves archived orders where only the archive lists them', async () => {
    const [old, young] = [await order(), await order()];
    await client.steer('POST', `/zalora/shops/Z1/orders/${old}/archive`);
    expect(await ids('/v2/orders?limit=10&offset=0')).toEqual([Number(young)]);
    expect(await ids('/v2/archive/orders?limit=10&offset=0')).toEqual([Number(old)]);
    expect((await call('GET', `/v2/orders/${old}`)).status).toBe(404);
  });

  it('lists the items that came back', async () => {
    const id = await order(2);
    await client.steer('POST', `/zalora/shops/Z1/orders/${id}/ship`);
    await client.steer('POST', `/zalora/shops/Z1/orders/${id}/return`, { lines: [{ sku: 'A-S', units: 1 }] });
    const { body } = await call('GET', '/v2/order-items/returns?limit=10&offset=0');
    expect(body).toMatchObject({ items: [{ orderId: Number(id), status: 'returned' }], pagination: { totalCount: 1 } });
  });

  it('keeps a log of callbacks and sends one again by hand', async () => {
    const hook = await openHook(500);
    await call('POST', '/v2/webhook', { callbackUrl: hook.url, events: ['onOrderCreated'] });
    await order();
    const log = async (): Promise<{ id: number; status: string }[]> =>
      (await call('GET', `/v2/webhook/callbacks/${encodeURIComponent(hook.url)}?limit=10&offset=0`)).body.items as [];
    await eventually(async () => (await log())[0]?.status === 'fail');
    hook.answer = { status: 200 };
    await call('POST', `/v2/webhook/callback/${(await log())[0]?.id ?? 0}/retry/`);
    await eventually(async () => (await log())[0]?.status === 'success');
    expect(hook.heard).toHaveLength(2);
    await hook.close();
  });

  it('ends the older tokens with a new one when the reading says so', async () => {
    const grant = (): Promise<Answer> =>
      client.send('POST', '/zalora/oauth/client-credentials', {
        body: 'grant_type=client_credentials',
        headers: {
          authorization: `Basic ${Buffer.from('client:hush').toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
      });
    await grant();
    expect((await call('GET', '/v2/webhooks')).status).toBe(200);
    await client.steer('PUT', '/readings', { zaloraTokens: 'one' });
    const { body } = await grant();
    expect((await call('GET', '/v2/webhooks')).status).toBe(401);
    expect((await client.zalora('GET /v2/webhooks', body.access_token as string)).status).toBe(200);
  });
});
