import { startSandbox, type Sandbox } from '../../sandbox/server';
import { startTestHub, ROOT_KEY, type TestHub } from '../support/test-hub';
import { until } from '../support/until';

const APP = { key: 'hub-1', secret: 'a-shared-secret' };
const LISTINGS = [
  { sku: 'TEA-GREEN', quantity: 1, price: '8.90' },
  { sku: 'MUG-BLUE', quantity: 1, price: '14.90' },
];

let sandbox: Sandbox;
let hub: TestHub;
let seller: string;

type Json = Record<string, unknown>;

async function send(url: string, { method = 'GET', body }: { method?: string; body?: unknown }): Promise<Json> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${ROOT_KEY}`,
      ...(seller !== '' && { 'sluice-seller': seller }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return text === '' ? {} : (JSON.parse(text) as Json);
}
const ask = (method: string, path: string, body?: unknown): Promise<Json> => send(hub.url + path, { method, body });
const steer = (method: string, path: string, body?: unknown): Promise<Json> =>
  send(`${sandbox.url}/_sandbox${path}`, { method, body });
const shownIn = async (shop: string, sku: string): Promise<number | undefined> => {
  const { items } = await steer('GET', `/webstore/shops/${shop}/listings?sku=${sku}`);
  return (items as { quantity: number }[])[0]?.quantity;
};

beforeAll(async () => {
  seller = '';
  sandbox = await startSandbox({ port: 0, host: '127.0.0.1' });
  const env = { HUB_ROLES: 'api,worker', HUB_WEBSTORE_URL: `${sandbox.url}/webstore` };
  hub = await startTestHub({ env });
  const shops = ['north', 'south'].map((id) => ({ id, listings: LISTINGS }));
  await steer('POST', '/setup', { channel: 'webstore', app: APP, shops });
  const made = await ask('POST', '/v1/sellers', {
    id: 'tea',
    name: 'Tea',
    timeZone: 'Asia/Singapore',
    currency: 'SGD',
  });
  seller = made['id'] as string;
});
afterAll(async () => {
  await hub.stop();
  await sandbox.close();
});

describe("a seller's own shop", () => {
  it('is a channel with all that follows: orders in, numbers out to the other shops', async () => {
    const app = await ask('POST', '/v1/apps', { channel: 'webstore', region: 'SG', ...APP });
    await steer('PUT', '/webstore/apps/hub-1', { hookUrl: `${hub.url}/hooks/webstore/${app['id'] as string}` });
    await ask('PUT', '/v1/skus/TEA-GREEN', { name: 'Green tea', basePrice: { amount: '8.90', currency: 'SGD' } });
    for (const channelShopId of ['north', 'south']) {
      const shop = await ask('POST', '/v1/shops', {
        ...{ app: app['id'], channelShopId, name: channelShopId },
        ...{ region: 'SG', currency: 'SGD', timeZone: 'Asia/Singapore' },
      });
      expect(shop['health']).toMatchObject({ state: 'well', isAuthorized: true });
      const body = { channelIds: { sku: 'TEA-GREEN' }, sku: 'TEA-GREEN' };
      await ask('PUT', `/v1/shops/${shop['id'] as string}/listings/tea`, body);
    }
    await ask('PUT', '/v1/stock/TEA-GREEN', { onHand: 40, reason: 'counted' });
    const shows = (count: number) => async () =>
      (await shownIn('north', 'TEA-GREEN')) === count && (await shownIn('south', 'TEA-GREEN')) === count;
    await until('both shops show the count', shows(40));

    const lines = [{ sku: 'TEA-GREEN', units: 3 }];
    const { orderId } = await steer('POST', '/webstore/shops/north/orders', { lines, shipping: '2.00' });
    await until('the other shop shows what is left', shows(37));
    const { items } = await ask('GET', `/v1/orders?channel=webstore&externalId=${orderId as string}`);
    expect(items).toMatchObject([{ status: 'paid', totals: { paid: { amount: '28.70', currency: 'SGD' } } }]);
  });

  it('is called nowhere but at public addresses where its seller names the address', async () => {
    const bare = await startTestHub({ env: { HUB_ROLES: 'api,worker' } });
    const at = (method: string, path: string, body?: unknown) => send(bare.url + path, { method, body });
    try {
      const { port } = new URL(sandbox.url);
      seller = '';
      await at('POST', '/v1/sellers', { id: 'tea', name: 'Tea', timeZone: 'Asia/Singapore', currency: 'SGD' });
      seller = 'tea';
      const app = await at('POST', '/v1/apps', { channel: 'webstore', region: 'SG', ...APP });
      await at('PUT', '/v1/skus/TEA-GREEN', { name: 'Green tea', basePrice: { amount: '8.90', currency: 'SGD' } });
      const shop = await at('POST', '/v1/shops', {
        ...{
          app: app['id'],
          channelShopId: 'north',
          name: 'north',
          settings: { address: `https://localhost:${port}` },
        },
        ...{ region: 'SG', currency: 'SGD', timeZone: 'Asia/Singapore' },
      });
      const path = `/v1/shops/${shop['id'] as string}`;
      await at('PUT', `${path}/listings/tea`, { channelIds: { sku: 'TEA-GREEN' }, sku: 'TEA-GREEN' });
      await at('PUT', '/v1/stock/TEA-GREEN', { onHand: 5, reason: 'counted' });
      const attempt = await until('the write is refused', async () => {
        const { items } = await at('GET', `${path}/attempts`);
        return (items as Json[]).find(({ state }) => state === 'refused');
      });
      expect(JSON.stringify(attempt)).toContain('address');
    } finally {
      await bare.stop();
    }
  });
});
