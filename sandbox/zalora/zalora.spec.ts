import { Client, type Answer } from '../testing/client';

const SETUP = {
  channel: 'zalora',
  app: { key: 'client', secret: 'hush' },
  shops: [
    {
      id: 'Z1',
      accessToken: 'tok-1',
      listings: [
        { sku: 'A', quantity: 10, price: '12.50', productId: 71 },
        { sku: 'V', quantity: 5, productId: 72, ventureFulfilled: true },
      ],
    },
  ],
};

describe('the pretend Zalora', () => {
  let client: Client;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
    await client.steer('POST', '/setup', SETUP);
  });

  const call = (method: string, path: string, body?: unknown): Promise<Answer> =>
    client.zalora(`${method} ${path}`, 'tok-1', body);
  const order = async (fields: object): Promise<string> =>
    ((await client.steer('POST', '/zalora/shops/Z1/orders', fields)).body as { orderId: string }).orderId;

  const grant = (secret: string): Promise<Answer> =>
    client.send('POST', '/zalora/oauth/client-credentials', {
      body: 'grant_type=client_credentials',
      headers: {
        authorization: `Basic ${Buffer.from(`client:${secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    });

  it('gives a bearer token for an hour to a client that knows its secret', async () => {
    const { body } = await grant('hush');
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    expect((await client.zalora('GET /v2/webhooks', body.access_token as string)).status).toBe(200);
    expect((await grant('loud')).status).toBe(401);
  });

  it('answers 401 once tokens are expired, and again lets in who asks for a new one', async () => {
    await client.steer('PUT', '/zalora/faults', { expireTokens: true });
    expect((await call('GET', '/v2/webhooks')).status).toBe(401);
    expect((await client.zalora('GET /v2/webhooks', (await grant('hush')).body.access_token as string)).status).toBe(
      200,
    );
  });

  it('answers a stock write with the rows it refused', async () => {
    const rows = [71, 72, 99].map((productId) => ({ productId, quantity: 4 }));
    const answer = await call('PUT', '/v2/stock/product', rows);
    expect(answer).toEqual({ status: 200, body: rows.slice(1) });
    expect((await call('PUT', '/v2/stock/product', [{ productId: 71, quantity: 3 }])).body).toEqual([]);
  });

  it('takes reserved and unverified items off the quantity', async () => {
    await order({ lines: [{ sku: 'A', units: 2 }] });
    await order({ lines: [{ sku: 'A', units: 1 }], unpaid: true });
    await call('PUT', '/v2/stock/product', [{ productId: 71, quantity: 8 }]);
    expect((await call('GET', '/v2/stock/product/71')).body).toMatchObject({
      quantity: 8,
      reservedStock: 2,
      preVerificationStock: 1,
      available: 5,
    });
    const shownNow = await client.steer('GET', '/zalora/shops/Z1/listings?sku=A');
    expect(shownNow.body.items[0].quantity).toBe(5);
  });

  it.each([
    { a: 1 },
    [{ productId: '71', quantity: 1 }],
    Array.from({ length: 101 }, () => ({ productId: 71, quantity: 1 })),
  ])('refuses a faulty stock write with 422 problem+json (%#)', async (body) => {
    expect(await call('PUT', '/v2/stock/product', body)).toMatchObject({ status: 422, body: { status: 422 } });
  });

  it('shows an order with one item per unit and instants in microseconds', async () => {
    const id = await order({ lines: [{ sku: 'A', units: 2 }], discountChannel: '2.00' });
    await client.steer('POST', `/zalora/shops/Z1/orders/${id}/cancel`, { lines: [{ sku: 'A', units: 1 }] });
    const { body } = await call('GET', `/v2/orders/${id}`);
    expect(body).toMatchObject({
      id: Number(id),
      itemCount: 2,
      grandTotal: 23,
      statusList: { pending: 1, canceled: 1 },
    });
    expect(body.updatedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(body.items[1]).toMatchObject({
      status: 'canceled',
      unitPrice: 12.5,
      paidPrice: 11.5,
      product: { sellerSku: 'A' },
    });
    expect((await call('GET', '/v2/orders/1')).status).toBe(404);
  });

  it('pages orders with hasNext, and wants limit and offset', async () => {
    for (let i = 0; i < 3; i += 1) await order({ lines: [{ sku: 'A', units: 1 }] });
    const page = await call('GET', '/v2/orders?limit=2&offset=0&sort=updatedAt&sortDir=desc');
    expect(page.body.pagination).toEqual({ limit: 2, offset: 0, hasNext: true });
    expect((await call('GET', '/v2/orders?limit=2')).status).toBe(422);
    const since = new Date(Date.now() + 60_000).toISOString();
    const later = await call('GET', `/v2/orders?limit=2&offset=0&updateDateStart=${since}`);
    expect(later.body.items).toEqual([]);
  });

  it('writes prices left out as null', async () => {
    await call('PUT', '/v2/product/71/prices/sg', { price: 20, salePrice: 15 });
    expect((await client.steer('GET', '/zalora/shops/Z1/listings?sku=A')).body.items[0]).toMatchObject({
      price: '20.00',
      salePrice: '15.00',
    });
    expect((await call('PUT', '/v2/product/71/prices/sg', { salePrice: 9 })).body).toMatchObject({
      price: null,
      salePrice: 9,
    });
  });

  it('keeps webhooks: made, listed, changed, removed', async () => {
    const made = await call('POST', '/v2/webhook', { callbackUrl: 'http://hub.test/z', events: ['onOrderCreated'] });
    expect(made.status).toBe(201);
    const id = made.body.webhookId as string;
    expect((await call('GET', '/v2/webhooks')).body).toMatchObject([{ webhookId: id, isEnabled: true }]);
    expect((await call('PUT', `/v2/webhook/${id}`, { callbackUrl: 'x', events: [] })).status).toBe(422);
    expect((await call('DELETE', `/v2/webhook/${id}`)).status).toBe(204);
    expect((await call('GET', '/v2/webhooks')).body).toEqual([]);
  });
});
