import { randomUUID } from 'node:crypto';
import type { Dialect } from '../dialect';
import { Router } from '../http/router';
import type { Change } from '../order';
import type { Ground } from '../world';
import { failure, failureFor, forShop } from './door';
import { listChanges, readOrders } from './orders';
import { listCatalogue, readPrices, writePrices } from './products';
import { sign } from './sign';
import { changeStock, readStock, writeStock } from './stock';

/** PROTOCOL 4: any 2xx within 10 s; then after 10 s, 1, 5 and 30 minutes, then hourly for three days. */
const ACK_TIMEOUT_MS = 10_000;
const RETRY_AFTER_S = [10, 60, 300, 1800];
const GIVE_UP_AFTER_MS = 3 * 86_400_000;

/** A pretend shop of a seller's own, as connectors/webstore/PROTOCOL.md wants it. */
export function webstore(ground: Ground): Dialect {
  return {
    channel: 'webstore',
    routes: routes(ground),
    ack: { timeoutMs: ACK_TIMEOUT_MS, accepts: (status) => status >= 200 && status < 300 },
    callerKey: (call) => call.query.get('shop') ?? 'anybody',
    throttled: () => failureFor(1, 429, { code: 'too-many', message: 'Too many calls.' }),
    busy: () => failure(500, 'internal', 'Something went wrong.'),
    maintenance: () => failureFor(2, 503, { code: 'maintenance', message: 'The shop is closed for maintenance.' }),
    badSign: () => failure(401, 'signature', 'The signature does not match.'),
    unknown: () => failure(404, 'route', 'There is no such route.'),
    news: ({ order }: Change) => [
      {
        kind: 'order',
        orderId: order.id,
        body: JSON.stringify({ id: randomUUID(), shop: order.shop.id, type: 'order', order: order.id }),
      },
    ],
    addresses: (shop) => (shop.app.hookUrl === undefined ? [] : [shop.app.hookUrl]),
    headers: (app, _url, body) => {
      const timestamp = String(Math.floor(Date.now() / 1000));
      return { 'webstore-timestamp': timestamp, 'webstore-signature': sign(app.secret, `${timestamp}.`, body) };
    },
    retryAfterMs: (tries, sinceFirstMs) => {
      const waitMs = (RETRY_AFTER_S[tries - 1] ?? 3600) * 1000;
      return sinceFirstMs + waitMs > GIVE_UP_AFTER_MS ? undefined : waitMs;
    },
  };
}

function routes(ground: Ground): Router {
  return new Router()
    .add('GET', '/orders', forShop(ground, readOrders))
    .add('GET', '/orders/changes', forShop(ground, listChanges))
    .add('GET', '/stock', forShop(ground, readStock))
    .add('PUT', '/stock', forShop(ground, writeStock(ground)))
    .add('POST', '/stock/changes', forShop(ground, changeStock(ground)))
    .add('GET', '/catalogue', forShop(ground, listCatalogue))
    .add('GET', '/prices', forShop(ground, readPrices))
    .add('PUT', '/prices', forShop(ground, writePrices));
}
