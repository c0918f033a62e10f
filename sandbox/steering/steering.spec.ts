import { request } from 'node:http';
import { Client } from '../testing/client';

describe('steering', () => {
  let client: Client;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
  });

  function statusOf(headers: Record<string, string>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const sent = request(`${client.sandbox.url}/_sandbox/report`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject).end();
    });
  }

  it('is for its own host and for no page of another origin', async () => {
    expect(await statusOf({ host: 'evil.example' })).toBe(421);
    expect(await statusOf({ origin: 'http://evil.example' })).toBe(403);
    expect(await statusOf({})).toBe(200);
  });

  it('takes JSON only and names every fault at once', async () => {
    const form = await client.send('PUT', '/_sandbox/lazada/faults', {
      body: 'a=1',
      headers: { 'content-type': 'text/plain' },
    });
    expect(form.status).toBe(415);
    const faulty = await client.steer('PUT', '/lazada/faults', {
      latencyMs: -1,
      loseRate: 2,
      down: 'yes',
      nonsense: 1,
    });
    expect(faulty.status).toBe(422);
    expect((faulty.body.errors as { path: string }[]).map((one) => one.path)).toEqual([
      'latencyMs',
      'loseRate',
      'down',
      'nonsense',
    ]);
    expect((await client.steer('GET', '/ebay/shops')).status).toBe(404);
  });

  it('makes 50,000 listings at once', async () => {
    const made = await client.steer('POST', '/setup', {
      channel: 'zalora',
      app: { key: 'c', secret: 's' },
      shops: [{ id: 'Z', listings: { count: 50_000, prefix: 'S-', quantity: 100, price: '10.00' } }],
    });
    expect(made.status).toBe(201);
    expect(made.body.shops[0].listings).toHaveLength(50_000);
    expect(made.body.shops[0].listings[49_999]).toMatchObject({ sku: 'S-50000', channelIds: { sellerSku: 'S-50000' } });
  });

  it('makes the same demo every time', async () => {
    const first = await client.steer('POST', '/demo');
    const second = await client.steer('POST', '/demo');
    const ids = (answer: typeof first): unknown =>
      (answer.body.channels as { shop: { accessToken: string }; listings: unknown }[]).map((one) => [
        one.shop.accessToken,
        one.listings,
      ]);
    expect(ids(first)).toEqual(ids(second));
    expect(first.body.skus).toHaveLength(20);
  });

  it('lets buyers race and reports what was oversold', async () => {
    await client.steer('POST', '/demo', { quantity: 100 });
    const race = await client.steer('POST', '/race', { sku: 'KETTLE', buyers: 500, units: 1, seed: 1 });
    expect(race.body).toMatchObject({
      buyers: 500,
      succeeded: 300,
      perChannel: { lazada: 100, shopee: 100, zalora: 100 },
    });
    const report = await client.steer('GET', '/report?sku=KETTLE');
    expect(report.body.skus).toMatchObject([{ sku: 'KETTLE', sold: 300, existed: 100, oversold: 200 }]);
  });

  it('lets buyers come by themselves until stopped', async () => {
    await client.steer('POST', '/demo');
    await client.steer('POST', '/buyers', { perMinute: 60_000, seed: 2 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await client.steer('DELETE', '/buyers');
    const { totals } = (await client.steer('GET', '/report')).body as { totals: { sold: number } };
    expect(totals.sold).toBeGreaterThan(0);
  });

  it('refuses an order that shows too little with 409, and an unknown sku with 422', async () => {
    await client.steer('POST', '/demo', { quantity: 2 });
    const path = '/shopee/shops/600100/orders';
    expect((await client.steer('POST', path, { lines: [{ sku: 'KETTLE', units: 3 }] })).status).toBe(409);
    expect((await client.steer('POST', path, { lines: [{ sku: 'NO', units: 0 }] })).body.errors).toHaveLength(2);
    expect((await client.steer('POST', path, { lines: [] })).status).toBe(422);
  });
});

describe('faults', () => {
  let client: Client;
  let token: string;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
    const demo = await client.steer('POST', '/demo');
    token = demo.body.channels[2].shop.accessToken as string;
  });

  const read = (): Promise<{ status: number }> => client.zalora('GET /v2/webhooks', token);
  const write = (quantity: number): Promise<unknown> =>
    client.zalora('PUT /v2/stock/product', token, [{ productId: 7_100_001, quantity }]);
  const kinds = async (): Promise<unknown[]> =>
    ((await client.steer('GET', '/calls?channel=zalora')).body.items as { fault: string | null }[]).map(
      (call) => call.fault,
    );

  it('delay, throttle, break and cut calls, and the log says which', async () => {
    await client.steer('PUT', '/zalora/faults', { latencyMs: 60 });
    const startedMs = Date.now();
    expect((await read()).status).toBe(200);
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(58);
    await client.steer('PUT', '/zalora/faults', { throttlePerS: 1 });
    expect([(await read()).status, (await read()).status]).toEqual([200, 429]);
    await client.steer('PUT', '/zalora/faults', { errorRate: 1, errorKind: 'http' });
    expect((await read()).status).toBeGreaterThanOrEqual(502);
    await client.steer('PUT', '/zalora/faults', { maintenance: true });
    expect((await read()).status).toBe(503);
    await client.steer('PUT', '/zalora/faults', { down: true });
    await expect(read()).rejects.toThrow();
    await client.steer('DELETE', '/zalora/faults');
    expect((await read()).status).toBe(200);
    expect(await kinds()).toEqual([null, null, 'throttled', 'error', 'maintenance', 'down', null]);
  });

  it('leave a write unanswered that took effect', async () => {
    await client.steer('PUT', '/zalora/faults', { unansweredRate: 1 });
    await expect(write(33)).rejects.toThrow();
    const [listing] = (await client.steer('GET', '/zalora/shops/ZSG-700/listings?sku=TEA-GREEN')).body.items as {
      quantity: number;
    }[];
    expect(listing?.quantity).toBe(33);
  });

  it('show in the report which writes were refused and which overlapped', async () => {
    await client.steer('PUT', '/zalora/faults', { partialFailureRate: 1 });
    await write(5);
    await client.steer('PUT', '/zalora/faults', { latencyMs: 80 });
    await Promise.all([write(6), write(7)]);
    await write(8);
    const { body } = await client.steer('GET', '/report?sku=TEA-GREEN');
    const row = (body.listings as { channel: string }[]).find((one) => one.channel === 'zalora');
    expect(row).toMatchObject({ pushesReceived: 4, refused: 1, outOfOrder: 1, quantity: 8 });
  });

  it('log the sku and number of each write', async () => {
    await write(12);
    const { body } = await client.steer('GET', '/calls?path=/v2/stock&limit=1');
    expect(body.items[0]).toMatchObject({
      shop: 'ZSG-700',
      status: 200,
      writes: [{ sku: 'TEA-GREEN', number: 12, kind: 'stock' }],
    });
  });
});
