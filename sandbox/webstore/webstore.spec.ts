import { Client, eventually, openHook, type Answer, type Hook } from '../testing/client';
import { sign } from './sign';

const SHOP = { id: 'main', currency: 'SGD', listings: [{ sku: 'A', quantity: 10, price: '8.90' }, { sku: 'B' }] };

describe('the pretend own shop', () => {
  let client: Client;
  let hook: Hook;
  beforeAll(async () => {
    client = await Client.start();
    hook = await openHook(204);
  });
  afterAll(async () => {
    await hook.close();
    await client.close();
  });
  beforeEach(async () => {
    hook.heard.length = 0;
    await client.steer('DELETE', '/state');
    const app = { key: 'hub-1', secret: 'example-secret' };
    await client.steer('POST', '/setup', { channel: 'webstore', app, hookUrl: hook.url, shops: [SHOP] });
  });

  interface Signing {
    secret?: string;
    key?: string;
    atS?: number;
    body?: unknown;
  }

  function call(route: string, signing: Signing = {}): Promise<Answer> {
    const [method = '', target = ''] = route.split(' ');
    const { secret = 'example-secret', key = 'hub-1', atS = Math.floor(Date.now() / 1000) } = signing;
    const body = signing.body === undefined ? '' : JSON.stringify(signing.body);
    const headers = {
      'webstore-key': key,
      'webstore-timestamp': String(atS),
      'webstore-signature': sign(secret, `${atS}.${method} ${target}.`, body),
    };
    return client.send(method, `/webstore${target}`, body === '' ? { headers } : { headers, body });
  }

  const query = (value: unknown): string => encodeURIComponent(JSON.stringify(value));
  const stockOf = (...skus: string[]): Promise<Answer> => call(`GET /stock?shop=main&skus=${query(skus)}`);
  const put = (lines: unknown[]): Promise<Answer> => call('PUT /stock?shop=main', { body: { lines } });
  const buy = async (units = 1): Promise<string> => {
    const made = await client.steer('POST', '/webstore/shops/main/orders', { lines: [{ sku: 'A', units }] });
    return made.body.orderId as string;
  };

  it('opens to the right key, secret and clock only', async () => {
    const now = Math.floor(Date.now() / 1000);
    const target = `GET /stock?shop=main&skus=${query(['A'])}`;
    expect((await call(target)).status).toBe(200);
    for (const wrong of [{ secret: 'x' }, { key: 'x' }, { atS: now - 301 }, { atS: now + 301 }]) {
      expect((await call(target, wrong)).status).toBe(401);
    }
    expect((await call(target.replace('main', 'other'))).body).toMatchObject({ error: { code: 'key' } });
    await client.steer('POST', '/webstore/shops/main/tokens', { revoke: true });
    expect((await call(target)).body).toMatchObject({ error: { code: 'revoked' } });
  });

  it('sells, and writes and reads stock', async () => {
    await buy(3);
    expect((await stockOf('A', 'NO')).body).toEqual({ items: [{ sku: 'A', sellable: 7 }] });
    const written = await put([
      { sku: 'A', sellable: 20 },
      { sku: 'NO', sellable: 1 },
    ]);
    expect(written.body.results).toMatchObject([
      { sku: 'A', done: true },
      { sku: 'NO', done: false, code: 'unknown' },
    ]);
    expect((await stockOf('A')).body.items[0].sellable).toBe(20);
    expect((await put([{ sku: 'A', sellable: -1 }])).status).toBe(422);
  });

  it('does a relative change once per id, and none below what it keeps to itself', async () => {
    const change = (id: string, units: number): Promise<Answer> =>
      call('POST /stock/changes?shop=main', { body: { id, lines: [{ sku: 'A', units }] } });
    const first = await change('c1', -4);
    expect((await change('c1', -4)).body).toEqual(first.body);
    expect((await stockOf('A')).body.items[0].sellable).toBe(6);
    await client.steer('PUT', '/webstore/faults', { lockUnits: 5 });
    expect((await change('c2', -2)).body.results).toMatchObject([{ done: false, code: 'floor' }]);
    expect((await put([{ sku: 'A', sellable: 4 }])).body.results).toMatchObject([{ done: false, code: 'floor' }]);
  });

  it('tells an order with units that went different ways, and money that adds up', async () => {
    const { body } = await client.steer('POST', '/webstore/shops/main/orders', {
      lines: [{ sku: 'A', units: 3 }],
      discountSeller: '1.00',
      shipping: '2.50',
    });
    const id = body.orderId as string;
    await client.steer('POST', `/webstore/shops/main/orders/${id}/cancel`, { lines: [{ sku: 'A', units: 1 }] });
    const read = await call(`GET /orders?shop=main&ids=${query([id, '0'])}`);
    expect(read.body.orders).toMatchObject([
      {
        id,
        lines: [
          { sku: 'A', units: 2, unitPrice: '8.90', status: 'paid' },
          { sku: 'A', units: 1, status: 'cancelled' },
        ],
        totals: { discountSeller: '1.00', shipping: '2.50', paid: '28.20' },
      },
    ]);
  });

  it('lists changes by place, so that an order that moves takes no other along', async () => {
    await client.steer('PUT', '/webstore/shops/main/listings/A', { quantity: 100 });
    const ids = [await buy(), await buy(), await buy()];
    const page = (cursor?: string): Promise<Answer> => {
      const window = 'by=updated&from=2020-01-01T00%3A00%3A00.000Z&to=2099-01-01T00%3A00%3A00.000Z&limit=2';
      const after = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      return call(`GET /orders/changes?shop=main&${window}${after}`);
    };
    const first = await page();
    expect(first.body.ids).toEqual(ids.slice(0, 2));
    await client.steer('POST', `/webstore/shops/main/orders/${ids[0] ?? ''}/ship`);
    expect((await page(first.body.next as string)).body).toEqual({ ids: [ids[2], ids[0]], next: null });
  });

  it('keeps prices with their sale, in its own currency', async () => {
    const sale = { price: '7.00', startsAt: '2030-01-01T00:00:00.000Z', endsAt: '2030-01-02T00:00:00.000Z' };
    const lines = [{ sku: 'A', price: '9.90', sale }];
    await call('PUT /prices?shop=main', { body: { currency: 'SGD', lines } });
    expect((await call(`GET /prices?shop=main&skus=${query(['A'])}`)).body).toEqual({ currency: 'SGD', items: lines });
    const other = await call('PUT /prices?shop=main', { body: { currency: 'MYR', lines } });
    expect(other).toMatchObject({ status: 422, body: { error: { code: 'currency' } } });
  });

  it('shows its catalogue in pages', async () => {
    const first = await call('GET /catalogue?shop=main&limit=1');
    expect(first.body).toMatchObject({ items: [{ sku: 'A', live: true }], next: 'A', total: 2 });
    expect((await call('GET /catalogue?shop=main&limit=1&cursor=A')).body).toMatchObject({
      items: [{ sku: 'B' }],
      next: null,
    });
  });

  it('signs its messages, and says the same event again when it was not heard', async () => {
    hook.answer = { status: 503 };
    const id = await buy();
    await eventually(() => hook.heard.length === 1);
    hook.answer = { status: 204 };
    await client.steer('POST', '/webstore/pushes/retry', {});
    await eventually(() => hook.heard.length === 2);
    const [first, second] = hook.heard;
    expect(second?.body).toBe(first?.body);
    expect(JSON.parse(first?.body ?? '')).toMatchObject({ shop: 'main', type: 'order', order: id });
    const timestamp = String(first?.headers['webstore-timestamp']);
    expect(first?.headers['webstore-signature']).toBe(sign('example-secret', `${timestamp}.`, first?.body ?? ''));
  });

  it('fails with the documented statuses', async () => {
    const target = `GET /stock?shop=main&skus=${query(['A'])}`;
    await client.steer('PUT', '/webstore/faults', { throttlePerS: 0 });
    expect((await call(target)).status).toBe(429);
    await client.steer('PUT', '/webstore/faults', { maintenance: true });
    expect((await call(target)).body).toMatchObject({ error: { code: 'maintenance' } });
    await client.steer('PUT', '/webstore/faults', { partialFailureRate: 1 });
    expect((await put([{ sku: 'A', sellable: 1 }])).body.results).toMatchObject([{ done: false, code: 'busy' }]);
    expect((await call('GET /nothing?shop=main')).status).toBe(404);
  });
});
