import type { AppId, DeliveryId, SellerId } from '../../src/domain';
import { DeadLettersStore } from '../../src/store/dead-letters.store';
import { DeliveriesStore } from '../../src/store/deliveries.store';
import { LongJobsStore } from '../../src/store/long-jobs.store';
import { expectStatus, SGD, type ConsoleHub, type SeededSeller } from './console-hub';

export const SECRET = 'the-secret-of-the-app-that-nobody-sees';
export const TOKEN = 'the-token-of-the-shop-that-nobody-sees';
export const BUYER = { name: 'Ana Lim', phone: '+6581234567', address: '1 Example Street' };

/** One of everything, by the names that stand in addresses. */
export interface SeededThings {
  readonly app: string;
  readonly shop: string;
  readonly sku: string;
  readonly listing: string;
  readonly order: string;
  readonly hold: string;
  readonly delivery: string;
  readonly letter: string;
  readonly key: string;
  readonly job: string;
  readonly campaign: string;
  readonly webhook: string;
  readonly webhookSecret: string;
}

/** Gives a seller one of everything. `mark` keeps two sellers' shops of one channel apart. */
export async function seedThings(hub: ConsoleHub, seller: SeededSeller, mark: string): Promise<SeededThings> {
  const as = seller.keys['all'];
  const put = (path: string, body: unknown) => expectStatus(hub.call({ method: 'PUT', path, as, body }), 201);
  const post = (path: string, body: unknown) => expectStatus(hub.call({ method: 'POST', path, as, body }), 201);
  const app = (await post('/v1/apps', { channel: 'shopee', region: 'SG', key: `8${mark}`, secret: SECRET })).body.id;
  const shopBody = { app, channelShopId: `7${mark}`, name: 'Shop', region: 'SG', currency: 'SGD' };
  const tokens = { accessToken: TOKEN, refreshToken: TOKEN };
  const shop = (await post('/v1/shops', { ...shopBody, timeZone: 'Asia/Singapore', tokens })).body.id;
  await put('/v1/skus/MUG', { name: 'Red mug', basePrice: SGD('12.50') });
  await put(`/v1/shops/${shop}/listings/L1`, { channelIds: { itemId: `1${mark}` }, sku: 'MUG' });
  const count = { onHand: 100, reason: 'first count' };
  await expectStatus(hub.call({ method: 'PUT', path: '/v1/stock/MUG', as, body: count }), 200);
  await post('/v1/holds', { id: 'H-1', lines: [{ sku: 'MUG', units: 1 }], expiresInS: 600 });
  const order = (await post('/v1/orders', { ...anOrder('O-1'), buyer: BUYER })).body.id;
  const key = await post(`/v1/sellers/${seller.id}/keys`, { name: 'x', person: `x of ${mark}`, roles: ['viewer'] });
  const delivery = await aDelivery(hub, { seller: seller.id, app, mark });
  const work = { seller: seller.id as SellerId, kind: 'sync-orders', about: shop, wish: { days: 1 }, by: 'seed' };
  const { id: job } = await hub.app.get(LongJobsStore).begin(work);
  const items = [{ sku: 'MUG', quantity: 1, shops: [shop] }];
  const sale = { name: 'Sale', kind: 'bulk', stockMode: 'allocation', endsAt: '2030-01-01T00:00:00.000Z', items };
  const campaign = (await post('/v1/campaigns', sale)).body.id;
  const webhook = (await post('/v1/webhooks', { url: 'https://shop.example/hook', events: ['stock.changed'] })).body;
  const made = { webhook: webhook.id, webhookSecret: webhook.secret, key: key.body.id, job, campaign };
  return { app, shop, sku: 'MUG', listing: 'L1', order, hold: 'H-1', ...delivery, ...made };
}

export const anOrder = (id: string, units = 2) => ({
  id,
  updatedAt: '2026-01-01T00:00:00.000Z',
  status: 'paid',
  currency: 'SGD',
  lines: [{ sku: 'MUG', units, unitPrice: SGD('12.50') }],
});

/** A push that could not be read, and the dead letter of it. */
async function aDelivery(
  hub: ConsoleHub,
  { seller, app, mark }: { seller: string; app: string; mark: string },
): Promise<{ delivery: string; letter: string }> {
  const id = `${app}|push-${mark}` as DeliveryId;
  const bytes = Buffer.from(JSON.stringify({ ordersn: 'A1', buyer_username: 'ana', access_token: TOKEN }));
  const about = { app: app as AppId, channel: 'shopee', seller: seller as SellerId, headers: {} };
  const now = Date.now();
  await hub.app.get(DeliveriesStore).insertBatch([{ id, ...about, bytes, receivedAt: now, due: now + 60_000 }], now);
  const failure = { kind: 'delivery', cause: 'malformed', message: 'no order', delivery: id, bytes } as const;
  const letter = await hub.app.get(DeadLettersStore).record({ ...failure, seller: seller as SellerId }, now);
  return { delivery: id, letter };
}
