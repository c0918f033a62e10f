import type { ConformanceData } from '../kit';
import { aShop } from './a-shop';

const APP = { key: 'hub-1', secrets: ['example-secret'], hookUrl: 'https://hub.example/hooks/webstore/a' };
const AT = 1_700_000_000_000;
const TIMESTAMP = '1700000000';

/** Data for test/conformance. The signatures are those of PROTOCOL.md, and one more for the ping. */
export const conformance: ConformanceData = {
  shop: aShop(),
  push: {
    text: '{"id":"evt-7001","shop":"main","type":"order","order":"1001"}',
    headers: {
      'webstore-timestamp': TIMESTAMP,
      'webstore-signature': 'ef8ff171ff4dcccd5349703d15898168811d2dfc82a649adffd34aedb9bd2a4e',
    },
    app: APP,
    at: AT,
    asksFor: { kind: 'order', channelShopId: 'main', externalId: '1001' },
  },
  ping: {
    text: '{"id":"evt-1","shop":"main","type":"ping"}',
    headers: {
      'webstore-timestamp': TIMESTAMP,
      'webstore-signature': '5d146cc33f6fcd56538214a0b9fbd0f2fd6f9395e74a51434ceb557ada259511',
    },
    app: APP,
    at: AT,
  },
  pushes: [
    { text: '{"id":"evt-2","shop":"main","type":"stock","skus":["TEA-GREEN"],"reason":"counted"}', kind: 'listings' },
    { text: '{"id":"evt-3","shop":"main","type":"review"}', kind: 'ignored' },
    { text: '{"id":"evt-4","shop":"main","type":"order"}', kind: 'unreadable' },
  ],
  order: {
    externalId: '1001',
    answers: [{ path: '/orders?', file: 'orders-1001.json' }],
    paid: 3400,
    status: '"paid"',
  },
  failures: [
    { kind: 'unauthorized', status: 401, file: 'error-401.json' },
    { kind: 'throttled', status: 429, text: '', headers: { 'retry-after': '3' } },
    { kind: 'unavailable', status: 503, text: '', headers: { 'retry-after': '120' } },
    { kind: 'refused', status: 422, file: 'error-422.json' },
    { kind: 'malformed', text: '<!doctype html><title>Welcome</title>' },
  ],
  sandbox: {
    app: { key: 'hub-1', secret: 'example-secret' },
    shopId: 'main',
    listings: [
      { sku: 'TEA-GREEN', quantity: 50, price: '8.90' },
      { sku: 'MUG-BLUE', quantity: 50, price: '14.90' },
      { sku: 'Müsli, 1 kg', quantity: 50, price: '6.00' },
    ],
  },
  unknown: { orderId: '999999', channelIds: { sku: 'NO-SUCH' } },
};
