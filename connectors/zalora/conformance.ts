import type { ConformanceData } from '../kit';
import { aShop } from './a-shop';

const APP = { key: 'client-id', secrets: ['client-secret'], hookUrl: 'https://hub.example/hooks/zalora/a' };

/** Data for test/conformance. [Z1] nothing is signed, and there is no check of an address. */
export const conformance: ConformanceData = {
  shop: aShop(),
  push: {
    file: 'push-order-created.json',
    headers: {},
    app: APP,
    at: 1_700_000_000_000,
    asksFor: { kind: 'order', externalId: '1900321' },
  },
  pushes: [
    { file: 'push-status-changed.json', kind: 'order' },
    { text: '{"event":"onFeedCompleted","payload":{"Feed":"x"}}', kind: 'ignored' },
    { text: '{"event":"onOrderCreated","payload":{}}', kind: 'unreadable' },
  ],
  order: {
    externalId: '1900321',
    answers: [{ path: '/v2/orders/1900321', file: 'order.json' }],
    paid: 23_640,
    status: '"ready_to_ship"',
  },
  failures: [
    { kind: 'unauthorized', status: 401, text: '{"title":"Unauthorized","status":401}' },
    { kind: 'throttled', status: 429, text: '', headers: { 'retry-after': '3' } },
    { kind: 'unavailable', status: 503, file: 'maintenance-503.json' },
    { kind: 'refused', status: 422, file: 'problem-422.json' },
    { kind: 'malformed', text: '<html>' },
  ],
  sandbox: {
    app: { key: 'client-id', secret: 'client-secret' },
    shopId: 'ZSG-1024',
    listings: [
      { sku: 'JACKET-BLUE-M', quantity: 50, price: '99.90' },
      { sku: 'UMBRELLA', quantity: 50, price: '47.10' },
      { sku: 'SCARF / RED', quantity: 50, price: '6.00' },
    ],
  },
  unknown: { orderId: '999999', channelIds: { productId: '999999', sellerSku: 'NO-SUCH' } },
};
