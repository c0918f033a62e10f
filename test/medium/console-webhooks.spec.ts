import {
  expectStatus,
  seedSeller,
  SGD,
  startConsoleHub,
  type ConsoleHub,
  type SeededSeller,
} from '../support/console-hub';

let hub: ConsoleHub;
let acme: SeededSeller;

beforeAll(async () => {
  hub = await startConsoleHub();
  acme = await seedSeller(hub, 'acme');
}, 60_000);
afterAll(() => hub.stop());

const get = async (role: string, path: string) =>
  (await expectStatus(hub.call({ path, as: acme.keys[role] }), 200)).body;
const send = (role: string, method: 'PUT' | 'POST' | 'DELETE', [path, body]: [string, unknown?]) =>
  hub.call({ method, path, as: acme.keys[role], body });

describe('low stock', () => {
  const thresholdOf = async (sku: string) =>
    (await hub.db.collection('positions').findOne({ seller: 'acme', sku }))?.['lowStockAt'];

  it("hands a sku's threshold to its position, and takes it back", async () => {
    const sku = { name: 'n', basePrice: SGD('1.00') };
    await expectStatus(send('editor', 'PUT', ['/v1/skus/LOW', { ...sku, lowStockAt: 4 }]), 201);
    expect([(await get('viewer', '/v1/skus/LOW')).lowStockAt, await thresholdOf('LOW')]).toEqual([4, 4]);
    await expectStatus(send('editor', 'PUT', ['/v1/skus/LOW', sku]), 200);
    expect([(await get('viewer', '/v1/skus/LOW')).lowStockAt, await thresholdOf('LOW')]).toEqual([undefined, null]);
  });
});

describe('webhooks', () => {
  const hook = (url: string, events: readonly string[] = ['stock.changed']) =>
    send('admin', 'POST', ['/v1/webhooks', { url, events }]);

  it('show their secret once, and nothing of it afterwards', async () => {
    const { body } = await expectStatus(hook('https://shop.example/in'), 201);
    expect(body).toMatchObject({ url: 'https://shop.example/in', events: ['stock.changed'] });
    expect(Buffer.from(body.secret.replace('whsec_', ''), 'base64')).toHaveLength(32);
    const { items } = await get('admin', '/v1/webhooks');
    expect(items.find(({ id }: { id: string }) => id === body.id)).not.toHaveProperty('secret');
    expect(JSON.stringify(await hub.db.collection('webhooks').find().toArray())).not.toContain(body.secret);
    await expectStatus(send('admin', 'DELETE', [`/v1/webhooks/${body.id}`]), 204);
    await expectStatus(send('admin', 'DELETE', [`/v1/webhooks/${body.id}`]), 404);
  });

  it('are tried out, and tell what was sent', async () => {
    const { id } = (await expectStatus(hook('https://shop.example/try'), 201)).body;
    await expectStatus(send('admin', 'POST', [`/v1/webhooks/${id}/test`]), 202);
    const page = await get('admin', `/v1/webhooks/${id}/deliveries`);
    expect(page).toMatchObject({ items: [{ type: 'test', state: 'waiting', tries: 0 }], next: null });
  });

  it('lead to public hosts over https only, and ask for events that there are', async () => {
    const urls = ['http://shop.example/', 'https://10.0.0.1/', 'https://localhost/', 'https://a:b@shop.example/', 'x'];
    for (const url of urls) {
      const { status, body } = await hook(url);
      expect([url, status, body.errors[0].path]).toEqual([url, 422, 'url']);
    }
    for (const events of [[], ['order.shipped'], ['stock.low', 'stock.low']]) {
      expect([events, (await hook('https://shop.example/', events)).status]).toEqual([events, 422]);
    }
  });
});
