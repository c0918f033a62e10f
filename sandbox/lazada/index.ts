import type { Dialect } from '../dialect';
import { Router } from '../http/router';
import type { Ground } from '../world';
import { failure, forSeller, parametersOf, signed } from './door';
import { news, refreshed } from './news';
import { NOTICE_KINDS, notice, verification } from './notices';
import { listOrders, readItems, readManyItems, readOrder } from './orders';
import { listProducts, readProduct } from './products';
import { cancelItems, listReverseOrders, validateCancel } from './reverse';
import { readSeller, readWarehouses } from './seller';
import { signPush } from './sign';
import { writeStock } from './stock';
import { consent, createToken, refreshToken } from './tokens';

/** HTTP 200 within 500 ms; then every 30 minutes, at most 12 times. [L2 doc] */
const ACK_TIMEOUT_MS = 500;
const RETRY_EVERY_MS = 30 * 60_000;
const MOST_RETRIES = 12;

/** The pretend Lazada Open Platform. */
export function lazada(ground: Ground): Dialect {
  return {
    channel: 'lazada',
    routes: routes(ground),
    ack: { timeoutMs: ACK_TIMEOUT_MS, accepts: (status) => status === 200 },
    callerKey: (call) => parametersOf(call).get('access_token') ?? 'anybody',
    throttled: (kind) =>
      kind === 'usual'
        ? failure('ApiCallLimit', 'This API call is limited, the ban will last 1 seconds', { type: 'ISP' })
        : failure('901', 'E901: The request is too frequent, or the function is temporarily unavailable', {
            type: 'ISP',
          }),
    quotaSpent: () => failure('AppCallLimit', 'The calls of this app for today are used up', { type: 'ISP' }),
    badSign: () => failure('IncompleteSignature', 'The request signature does not conform to platform standards'),
    mayHear: (shop) => !shop.revoked && shop.tokens.refreshEndsMs > Date.now(),
    verification,
    notice,
    noticeKinds: NOTICE_KINDS,
    busy: () => failure('6', 'E006: Unexpected internal error', { type: 'SYSTEM' }),
    maintenance: () => failure('998', 'E998: The service is switched off during the campaign', { type: 'SYSTEM' }),
    unknown: (_call, reason) =>
      reason === 'method'
        ? failure('UnsupportedHTTPMethod', 'The HTTP method is not supported by this API')
        : failure('InvalidApiPath', 'The specified API path is invalid'),
    news,
    refreshed,
    addresses: (shop) => (shop.app.hookUrl === undefined ? [] : [shop.app.hookUrl]),
    headers: (app, _url, body) => ({ authorization: signPush(app.key, app.secret, body) }),
    retryAfterMs: (tries) => (tries <= MOST_RETRIES ? RETRY_EVERY_MS : undefined),
  };
}

function routes(ground: Ground): Router {
  const router = new Router();
  for (const method of ['GET', 'POST']) {
    router.add(method, '/rest/auth/token/create', signed(ground, createToken(ground)));
    router.add(method, '/rest/auth/token/refresh', signed(ground, refreshToken(ground)));
  }
  for (const method of ['GET', 'POST']) {
    router.add(method, '/rest/reverse/getreverseordersforseller', forSeller(ground, listReverseOrders));
    router.add(method, '/rest/order/reverse/cancel/create', forSeller(ground, cancelItems(ground)));
  }
  return router
    .add('GET', '/oauth/authorize', consent(ground))
    .add('GET', '/rest/order/reverse/cancel/validate', forSeller(ground, validateCancel))
    .add('GET', '/rest/orders/get', forSeller(ground, listOrders(ground)))
    .add('GET', '/rest/order/get', forSeller(ground, readOrder(ground)))
    .add('GET', '/rest/order/items/get', forSeller(ground, readItems(ground)))
    .add('GET', '/rest/orders/items/get', forSeller(ground, readManyItems(ground)))
    .add('GET', '/rest/products/get', forSeller(ground, listProducts(ground)))
    .add('GET', '/rest/product/item/get', forSeller(ground, readProduct(ground)))
    .add('POST', '/rest/product/stock/sellable/update', forSeller(ground, writeStock(ground, 'sellable')))
    .add('POST', '/rest/product/stock/sellable/adjust', forSeller(ground, writeStock(ground, 'adjust')))
    .add('POST', '/rest/product/price_quantity/update', forSeller(ground, writeStock(ground, 'total')))
    .add('GET', '/rest/seller/get', forSeller(ground, readSeller))
    .add('GET', '/rest/seller/warehouse/get', forSeller(ground, readWarehouses));
}
