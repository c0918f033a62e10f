import type { ConformanceData } from '../kit';
import { aShop } from './a-shop';

/** [S9] Shopee's own sample of a signed push, recomputed. */
const APP = {
  key: '123456',
  secrets: ['chave-de-teste-nao-e-credencial'],
  hookUrl: 'http://www.example.com/example/uri',
};
const AT = 1_700_000_000_000;

/** Data for test/conformance. */
export const conformance: ConformanceData = {
  shop: aShop(),
  push: {
    text: '{"shop_id": 123, "code": 1, "success": 1, "extra": "shop_id 123 is authorized successfully", "data": {"more_info": "more info"}, "timestamp": 1470198856}',
    headers: { authorization: '501aac61724c5ebfcbf8759d47a4e155ad45f4e1f766e5407a2a9c05ac76c950' },
    app: APP,
    at: AT,
    asksFor: { kind: 'access', channelShopId: '123', news: 'granted' },
  },
  ping: { file: 'push-ping.json', headers: {}, app: APP, at: AT },
  pushes: [
    { file: 'push-order-status.json', kind: 'order' },
    { file: 'push-return.json', kind: 'order' },
    { file: 'push-reserved-stock.json', kind: 'order' },
    { file: 'push-item-promotion.json', kind: 'listings' },
    { file: 'push-shop-deauthorised.json', kind: 'access' },
    { file: 'push-authorisation-expiring.json', kind: 'access' },
    { text: '{"code":99,"shop_id":7890,"timestamp":1}', kind: 'ignored' },
    { text: 'code=3', kind: 'unreadable' },
  ],
  order: {
    externalId: '231114SLUICE01',
    answers: [{ path: '/api/v2/order/get_order_detail?', file: 'order-detail.json' }],
    paid: 3629,
    status: '"READY_TO_SHIP"',
  },
  failures: [
    {
      kind: 'unauthorized',
      text: '{"error":"invalid_acceess_token","message":"Invalid access_token","request_id":"1"}',
    },
    { kind: 'throttled', text: '{"error":"error_rate_limit","message":"Too many requests","request_id":"1"}' },
    { kind: 'unavailable', text: '{"error":"error_system_busy","message":"please try later","request_id":"1"}' },
    { kind: 'refused', text: '{"error":"error_param","message":"Wrong parameters","request_id":"1"}' },
    { kind: 'malformed', text: '<html>' },
  ],
  sandbox: {
    app: { key: '123456', secret: 'shop-secret' },
    shopId: '7890',
    listings: [
      { sku: 'JACKET-BLUE-M', itemId: 800_100, modelId: 900_200, quantity: 50, price: '82.00' },
      { sku: 'JACKET-BLUE-L', itemId: 800_100, modelId: 900_201, quantity: 50, price: '84.50' },
      { sku: 'UMBRELLA', itemId: 800_101, quantity: 50, price: '18.40' },
    ],
  },
  unknown: { orderId: '991231NOSUCHXX', channelIds: { modelId: '999999' } },
};
