import type { Dialect } from '../dialect';
import { json } from '../http/call';
import { Router } from '../http/router';
import type { Ground } from '../world';
import { bearerOf, failure, forSeller } from './door';
import { listCallbacks, readCallback, retryCallback } from './callbacks';
import { listItems, listOrders, listReturns, readOrder } from './orders';
import { readPrice, readPrices, readSetPrices, writePrice, writeSetPrices } from './prices';
import { listProducts, listSetProducts, listSets, readBySku, readBySkus, readSet, readSetProduct } from './products';
import { readSetStock, readStock, writeStock } from './stock';
import { clientCredentials } from './tokens';
import {
  addresses,
  createWebhook,
  deleteWebhook,
  listEvents,
  listWebhooks,
  news,
  notice,
  NOTICE_KINDS,
  switchWebhook,
  updateWebhook,
} from './webhooks';

/** The time-out is not documented: 10 s here. Exactly 200 is success. [Z1 doc] */
const ACK_TIMEOUT_MS = 10_000;
const RETRY_AFTER_MIN = [1, 5, 10, 30, 60, 120, 300, 600];
const RETRY_DAILY_MIN = 1440;
const GIVE_UP_AFTER_MS = 30 * 86_400_000;

/** The pretend Zalora SellerCenter REST v2. */
export function zalora(ground: Ground): Dialect {
  return {
    channel: 'zalora',
    routes: routes(ground),
    ack: { timeoutMs: ACK_TIMEOUT_MS, accepts: (status) => status === 200 },
    callerKey: (call) => bearerOf(call) ?? 'anybody',
    throttled: () =>
      json(429, { title: 'Too Many Requests', status: 429, detail: 'Rate limit exceeded.' }, { 'retry-after': '1' }),
    badSign: () => failure(401, 'Unauthorized', 'The access token is invalid.'),
    notice,
    noticeKinds: NOTICE_KINDS,
    busy: () => failure(500, 'Internal Server Error', 'An unexpected error occurred.'),
    maintenance: () =>
      json(
        503,
        { message: 'Seller Center is under maintenance.', caused_by: 'maintenance_mode' },
        { 'retry-after': '2' },
      ),
    unknown: (_call, reason) =>
      reason === 'method'
        ? failure(405, 'Method Not Allowed', 'The method is not allowed.')
        : failure(404, 'Not Found', 'No route found.'),
    news: news(ground),
    addresses,
    headers: () => ({}),
    retryAfterMs: (tries, sinceFirstMs) => {
      const waitMs = (RETRY_AFTER_MIN[tries - 1] ?? RETRY_DAILY_MIN) * 60_000;
      return sinceFirstMs + waitMs > GIVE_UP_AFTER_MS ? undefined : waitMs;
    },
  };
}

function routes(ground: Ground): Router {
  const router = new Router();
  addProducts(router, ground);
  addWebhooks(router, ground);
  return router
    .add('POST', '/oauth/client-credentials', clientCredentials(ground))
    .add('GET', '/v2/orders', forSeller(ground, listOrders(false)))
    .add('GET', '/v2/archive/orders', forSeller(ground, listOrders(true)))
    .add('GET', '/v2/order-items/returns', forSeller(ground, listReturns))
    .add('GET', '/v2/orders/:id', forSeller(ground, readOrder))
    .add('GET', '/v2/order-items', forSeller(ground, listItems));
}

function addProducts(router: Router, ground: Ground): void {
  router
    .add('GET', '/v2/product-sets', forSeller(ground, listSets(ground)))
    .add('GET', '/v2/product-set/:id', forSeller(ground, readSet(ground)))
    .add('GET', '/v2/product-set/:id/products', forSeller(ground, listSetProducts))
    .add('GET', '/v2/product-set/:id/products/:product', forSeller(ground, readSetProduct))
    .add('GET', '/v2/product-set/:id/prices', forSeller(ground, readSetPrices))
    .add('PUT', '/v2/product-set/:id/prices', forSeller(ground, writeSetPrices))
    .add('GET', '/v2/products', forSeller(ground, listProducts))
    .add('GET', '/v2/product/:id/prices', forSeller(ground, readPrices))
    .add('GET', '/v2/product/:id/prices/:country', forSeller(ground, readPrice))
    .add('PUT', '/v2/stock/product', forSeller(ground, writeStock(ground)))
    .add('GET', '/v2/stock/product/:id', forSeller(ground, readStock(ground)))
    .add('GET', '/v2/stock/product-set/:id', forSeller(ground, readSetStock(ground)))
    .add('GET', '/v2/product/seller-skus', forSeller(ground, readBySkus))
    .add('GET', '/v2/product/seller-sku/:sku', forSeller(ground, readBySku))
    .add('PUT', '/v2/product/:id/prices/:country', forSeller(ground, writePrice));
}

function addWebhooks(router: Router, ground: Ground): void {
  router
    .add('GET', '/v2/webhook/callbacks/:url', forSeller(ground, listCallbacks(ground)))
    .add('GET', '/v2/webhook/callback/:id', forSeller(ground, readCallback(ground)))
    .add('POST', '/v2/webhook/callback/:id/retry/', forSeller(ground, retryCallback(ground)))
    .add('POST', '/v2/webhook/callback/:id/retry', forSeller(ground, retryCallback(ground)))
    .add('POST', '/v2/webhook', forSeller(ground, createWebhook))
    .add('PUT', '/v2/webhook/:id', forSeller(ground, updateWebhook))
    .add('DELETE', '/v2/webhook/:id', forSeller(ground, deleteWebhook))
    .add('POST', '/v2/webhook/:id/status', forSeller(ground, switchWebhook))
    .add('GET', '/v2/webhooks', forSeller(ground, listWebhooks))
    .add('GET', '/v2/webhook-entities', forSeller(ground, listEvents));
}
