import { Client, eventually, openHook, type Answer } from './testing/client';

const AS = { key: '77', secret: 'quiet', token: 'tok-1' };
const APP = { key: '77', secret: 'quiet' };
const HOUR_S = 3600;

describe('misbehaviour on request', () => {
  let client: Client;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
    await client.steer('PUT', '/clock', { factor: 1 });
    await client.steer('POST', '/setup', {
      channel: 'lazada',
      app: APP,
      shops: [
        {
          id: '900',
          accessToken: 'tok-1',
          refreshToken: 'ref-1',
          listings: [
            { sku: 'A', quantity: 10, itemId: 1, skuId: 11 },
            { sku: 'B', quantity: 20, itemId: 2, skuId: 12 },
          ],
        },
        { id: '901', accessToken: 'tok-2', refreshToken: 'ref-2', listings: [] },
      ],
    });
    await client.steer('POST', '/setup', {
      channel: 'zalora',
      app: { key: 'client', secret: 'hush' },
      shops: [{ id: 'Z1', accessToken: 'ztok', listings: [{ sku: 'A', quantity: 10, productId: 71 }] }],
    });
  });

  const seller = (as = AS): Promise<Answer> => client.lazada('GET /seller/get', {}, as);
  const refresh = (token: string): Promise<Answer> =>
    client.lazada('POST /auth/token/refresh', { refresh_token: token }, APP);
  const code = async (): Promise<unknown> => (await seller()).body.code;
  const faults = (body: object): Promise<Answer> => client.steer('PUT', '/lazada/faults', body);
  const order = async (units = 1): Promise<string> =>
    (await client.steer('POST', '/lazada/shops/900/orders', { lines: [{ sku: 'A', units }] })).body.orderId as string;
  const pushStates = async (): Promise<string[]> =>
    ((await client.steer('GET', '/pushes')).body.items as { state: string }[]).map((push) => push.state);
  const update = (skus: number[]): Promise<Answer> =>
    client.lazada(
      'POST /product/stock/sellable/update',
      {
        payload: JSON.stringify({
          Request: { Product: { Skus: { Sku: skus.map((SkuId) => ({ SkuId, SellableQuantity: 3 })) } } },
        }),
      },
      AS,
    );
  const fetchZalora = (path: string): Promise<Response> =>
    fetch(`${client.sandbox.url}/zalora${path}`, { headers: { authorization: 'Bearer ztok' } });

  it.each([
    [{ throttleRate: 1 }, 'ApiCallLimit'],
    [{ throttleRate: 1, throttleKind: 'other' }, '901'],
    [{ dailyCalls: 0 }, 'AppCallLimit'],
    [{ maintenance: true }, '998'],
    [{ signErrorRate: 1 }, 'IncompleteSignature'],
    [{ clockSkewS: 7300 }, 'IllegalTimestamp'],
    [{ clockSkewS: -7300 }, 'IllegalTimestamp'],
    [{ clockSkewS: 7100 }, '0'],
  ])('%o answers %s', async (body, wanted) => {
    await faults(body);
    expect(await code()).toBe(wanted);
  });

  it('lets so many calls a day through', async () => {
    await faults({ dailyCalls: 2 });
    expect([await code(), await code(), await code()]).toEqual(['0', '0', 'AppCallLimit']);
  });

  it('meets only the paths that are named', async () => {
    await faults({ maintenance: true, paths: ['/orders'] });
    expect(await code()).toBe('0');
    const listed = await client.lazada('GET /orders/get', { created_after: '2020-01-01T00:00:00Z' }, AS);
    expect(listed.body.code).toBe('998');
  });

  it('ends by itself after a window', async () => {
    await faults({ maintenance: true, forMs: 100 });
    expect(await code()).toBe('998');
    await eventually(async () => (await code()) === '0');
    expect((await client.steer('GET', '/lazada/faults')).body).toMatchObject({ maintenance: false });
  });

  it('tells when to come again: during maintenance with 503, when throttled with 429', async () => {
    await client.steer('PUT', '/zalora/faults', { maintenance: true, retryAfterS: 7 });
    const closed = await fetchZalora('/v2/webhooks');
    expect([closed.status, closed.headers.get('retry-after')]).toEqual([503, '7']);
    await client.steer('PUT', '/zalora/faults', { throttleRate: 1, retryAfterS: 3 });
    const throttled = await fetchZalora('/v2/webhooks');
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '3']);
  });

  it('refuses the rows of named skus: some is code "0" with detail, all is code "501" with detail', async () => {
    await faults({ refuseSkus: ['B'] });
    expect((await update([11, 12])).body).toMatchObject({ code: '0', detail: [{ seller_sku: 'B' }] });
    expect((await update([12])).body).toMatchObject({ code: '501', detail: [{ seller_sku: 'B' }] });
    await client.steer('PUT', '/zalora/faults', { refuseSkus: ['A'] });
    const rows = [{ productId: 71, quantity: 4 }];
    expect((await client.zalora('PUT /v2/stock/product', 'ztok', rows)).body).toEqual(rows);
  });

  it('reads stock that no 32 bits hold', async () => {
    await faults({ absurdStock: true });
    const { body } = await client.lazada('GET /product/item/get', { item_id: '1' }, AS);
    expect(body.data.skus[0]).toMatchObject({ quantity: 1.37e12, Available: 1.37e12 });
  });

  it('refreshes, and does not say so', async () => {
    await faults({ refreshUnansweredRate: 1 });
    await expect(refresh('ref-1')).rejects.toThrow();
    const [shop] = (await client.steer('GET', '/lazada/shops')).body.items as { accessToken: string }[];
    expect(shop?.accessToken).not.toBe('tok-1');
    expect(await code()).toBe('0');
  });

  it('takes a used refresh token again, or not, as the reading says', async () => {
    expect([(await refresh('ref-1')).body.code, (await refresh('ref-1')).body.code]).toEqual(['0', '0']);
    await client.steer('PUT', '/readings', { lazadaUsedRefresh: 'dead' });
    expect((await refresh('ref-1')).body.code).toBe('IllegalRefreshToken');
  });

  it('names every fault of a faulty body', async () => {
    const { status, body } = await faults({
      throttleRate: 2,
      throttleKind: 'odd',
      paths: [1],
      clockSkewS: 1e6,
      forMs: 0,
    });
    expect(status).toBe(422);
    expect((body.errors as { path: string }[]).map((one) => one.path).sort()).toEqual([
      'clockSkewS',
      'forMs',
      'paths',
      'throttleKind',
      'throttleRate',
    ]);
  });

  it('gives tokens the life that it is told, and never moves the end of a refresh token', async () => {
    await client.steer('PUT', '/lazada/token-life', { accessS: 1, refreshS: 2 });
    await client.steer('POST', '/lazada/shops/900/tokens');
    const [shop] = (await client.steer('GET', '/lazada/shops')).body.items as { refreshToken: string }[];
    const renewed = (await refresh(shop?.refreshToken ?? '')).body;
    expect(renewed).toMatchObject({ code: '0', expires_in: expect.any(Number) as number });
    expect(renewed.refresh_expires_in).toBeLessThanOrEqual(2);
    const as = { ...AS, token: renewed.access_token as string };
    expect((await seller(as)).body.code).toBe('0');
    await eventually(async () => (await seller(as)).body.code === 'IllegalAccessToken');
    await eventually(async () => (await refresh(renewed.refresh_token as string)).body.code === 'IllegalRefreshToken');
  });

  it('shortens token lives by the clock’s factor, and says the real seconds', async () => {
    await client.steer('PUT', '/clock', { factor: HOUR_S });
    expect((await client.steer('GET', '/lazada/token-life')).body).toEqual({ realAccessS: 720, realRefreshS: 4320 });
    await client.steer('PUT', '/clock', { factor: 60 });
    const grant = await client.send('POST', '/zalora/oauth/client-credentials', {
      body: 'grant_type=client_credentials',
      headers: {
        authorization: `Basic ${Buffer.from('client:hush').toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
    expect(grant.body).toMatchObject({ expires_in: 60 });
  });

  it('shortens the delay of news by the clock’s factor', async () => {
    const hook = await openHook();
    await client.steer('PUT', '/lazada/apps/77', { hookUrl: hook.url });
    await client.steer('PUT', '/clock', { factor: 60 });
    await faults({ newsDelayMs: 60_000 });
    const startedMs = Date.now();
    await order();
    await eventually(() => hook.heard.length === 1);
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(990);
    await hook.close();
  });

  it('ends the tokens of one shop, or of all', async () => {
    const other = { ...AS, token: 'tok-2' };
    await client.steer('POST', '/lazada/shops/900/tokens', { expire: true });
    expect([await code(), (await seller(other)).body.code]).toEqual(['IllegalAccessToken', '0']);
    expect((await refresh('ref-1')).body.code).toBe('0');
    expect((await client.steer('POST', '/lazada/tokens', { revoke: true })).body).toEqual({ shops: ['900', '901'] });
    expect((await seller(other)).body.code).toBe('IllegalAccessToken');
    expect((await refresh('ref-2')).body.code).toBe('IllegalRefreshToken');
    expect((await client.steer('POST', '/lazada/tokens', {})).status).toBe(422);
  });

  it('tells a seller who took the authorisation back nothing, until it is given again', async () => {
    const hook = await openHook();
    await client.steer('PUT', '/lazada/apps/77', { hookUrl: hook.url });
    await client.steer('POST', '/lazada/shops/900/tokens', { revoke: true });
    const id = await order();
    expect(await pushStates()).toEqual(['unauthorised']);
    await client.steer('POST', '/lazada/shops/900/tokens');
    await client.steer('POST', `/lazada/shops/900/orders/${id}/ship`);
    await eventually(() => hook.heard.length === 1);
    expect(await pushStates()).toEqual(['unauthorised', 'delivered']);
    await hook.close();
  });

  it('shows a status that nobody knows, until the unit moves', async () => {
    const id = await order(2);
    await client.steer('POST', `/lazada/shops/900/orders/${id}/status`, { status: 'teleported' });
    const read = async (): Promise<unknown> =>
      (await client.lazada('GET /order/get', { order_id: id }, AS)).body.data.statuses;
    expect(await read()).toEqual(['teleported']);
    await client.steer('POST', `/lazada/shops/900/orders/${id}/ship`);
    expect(await read()).toEqual(['shipped']);
  });

  it('sets the stock to 0 when the seller says that there is no more', async () => {
    const id = await order();
    await client.steer('POST', `/lazada/shops/900/orders/${id}/cancel`, { outOfStock: true });
    const [listing] = (await client.steer('GET', '/lazada/shops/900/listings?sku=A')).body.items as object[];
    expect(listing).toMatchObject({ quantity: 0, total: 0 });
    const items = await client.lazada('GET /order/items/get', { order_id: id }, AS);
    expect(items.body.data).toMatchObject([{ status: 'canceled', cancel_return_initiator: 'seller' }]);
  });

  it('sends what tells no order’s change, and the console’s test', async () => {
    const hook = await openHook();
    await client.steer('PUT', '/lazada/apps/77', { hookUrl: hook.url });
    const { kinds } = (await client.steer('GET', '/lazada/shops/900/notices')).body as { kinds: string[] };
    expect(kinds).toContain('low-stock');
    await client.steer('POST', '/lazada/shops/900/notices', { kind: 'authorisation-expiring' });
    await client.steer('POST', '/lazada/shops/900/notices', { kind: 'low-stock', sku: 'A' });
    await eventually(() => hook.heard.length === 2);
    const types = hook.heard.map((one) => (JSON.parse(one.body) as { message_type: number }).message_type);
    expect(types.sort()).toEqual([6, 8]);
    expect((await client.steer('POST', '/lazada/shops/900/notices', { kind: 'low-stock' })).status).toBe(422);
    expect((await client.steer('POST', '/lazada/shops/900/notices', { kind: 'odd' })).status).toBe(422);
    expect((await client.steer('POST', '/lazada/apps/77/verify')).body).toMatchObject({ good: true, status: 200 });
    expect(JSON.parse(hook.heard[2]?.body ?? '{}')).toMatchObject({ seller_id: '9999', message_type: 0 });
    await hook.close();
  });
});
