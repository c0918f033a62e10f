import { startSandbox, type Sandbox } from '../../sandbox/server';
import { ROOT_KEY, startTestHub, type TestHub } from '../support/test-hub';
import { until } from '../support/until';

const APP = { key: 'hub-1', secret: 'a-shared-secret' };
const SKU = 'TEA-GREEN';

type Json = Record<string, unknown>;

let sandbox: Sandbox;
let hub: TestHub;

async function send(url: string, method: string, body?: unknown): Promise<Json> {
  const seller = url.endsWith('/v1/sellers') || url.includes('/_sandbox') ? {} : { 'sluice-seller': 'tea' };
  const headers = { authorization: `Bearer ${ROOT_KEY}`, ...seller };
  const response = await fetch(url, {
    method,
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return text === '' ? {} : (JSON.parse(text) as Json);
}
const ask = (method: string, path: string, body?: unknown): Promise<Json> => send(hub.url + path, method, body);
const steer = (method: string, path: string, body?: unknown): Promise<Json> =>
  send(`${sandbox.url}/_sandbox${path}`, method, body);
const listing = `/webstore/shops/north/listings`;
const shown = async (): Promise<unknown> => {
  const { items } = await steer('GET', `${listing}?sku=${SKU}`);
  return (items as Json[])[0]?.['quantity'];
};
const driftIn = async (open: boolean): Promise<Json | undefined> => {
  const { items } = await ask('GET', `/v1/problems?open=${open}`);
  return (items as Json[]).find(({ kind }) => kind === 'drift');
};

/** Waits are sixty times as short: what is in doubt is looked at again after seconds. */
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, host: '127.0.0.1' });
  const env = { HUB_ROLES: 'api,worker', HUB_WEBSTORE_URL: `${sandbox.url}/webstore`, HUB_CLOCK_FACTOR: '60' };
  hub = await startTestHub({ env });
  const shops = [{ id: 'north', listings: [{ sku: SKU, quantity: 1, price: '8.90' }] }];
  await steer('POST', '/setup', { channel: 'webstore', app: APP, shops });
  await ask('POST', '/v1/sellers', { id: 'tea', name: 'Tea', timeZone: 'Asia/Singapore', currency: 'SGD' });
});
afterAll(async () => {
  await hub.stop();
  await sandbox.close();
});

it('pain-09 a number that somebody changes at the marketplace is shown as such and put right', async () => {
  const app = await ask('POST', '/v1/apps', { channel: 'webstore', region: 'SG', ...APP });
  await ask('PUT', `/v1/skus/${SKU}`, { name: 'Green tea', basePrice: { amount: '8.90', currency: 'SGD' } });
  const shop = await ask('POST', '/v1/shops', {
    ...{ app: app['id'], channelShopId: 'north', name: 'north' },
    ...{ region: 'SG', currency: 'SGD', timeZone: 'Asia/Singapore' },
  });
  const path = `/v1/shops/${shop['id'] as string}`;
  await ask('PUT', `${path}/listings/tea`, { channelIds: { sku: SKU }, sku: SKU });
  await ask('PUT', `/v1/stock/${SKU}`, { onHand: 40, reason: 'counted' });
  await until('the shop shows the count', async () => (await shown()) === 40);

  await steer('PUT', `${listing}/${SKU}`, { quantity: 99 });
  const problem = await until('it is seen', async () => {
    await ask('POST', `${path}/republish`, { scope: { skus: [SKU] } });
    return driftIn(true);
  });
  expect(problem['detail']).toMatch(/shows 99 of tea in north where 40/);
  await until('it is put right', async () => (await shown()) === 40);
  const { items } = await ask('GET', `/v1/attempts?sku=${SKU}&trigger=drift`);
  expect(items).toMatchObject([{ listing: 'tea', target: 40, state: 'done' }]);
  await until('the problem is closed', () => driftIn(false));
  const { items: proved } = await ask('GET', `${path}/publications?state=proved`);
  expect(proved).toMatchObject([{ listing: 'tea', readBack: { units: 40 } }]);
});
