import type { ConformanceData } from '../kit';

/** The regression vector of the push signature. [L2] */
const APP = { key: '123456', secrets: ['helloworld'], hookUrl: 'https://hub.example/hooks/lazada/a' };
const AT = 1_603_766_860_000;

/** Data for test/conformance. */
export const conformance: ConformanceData = {
  shop: {
    channelShopId: '1234567',
    region: 'sg',
    currency: 'SGD',
    appKey: '123456',
    appSecret: 'helloworld',
    accessToken: 'token-1',
    settings: {},
  },
  push: {
    text: '{"seller_id":"1234567","message_type":0,"data":{"order_status":"unpaid","trade_order_id":"260422900198363","trade_order_line_id":"260422900298363","status_update_time":1603698638},"timestamp":1603766859530,"site":"lazada_vn"}',
    headers: { authorization: 'b0cfd0349e915667babf3c35e2335fb09653527421c46a94bd9e70e874c16322' },
    app: APP,
    at: AT,
    asksFor: { kind: 'order', channelShopId: '1234567', externalId: '260422900198363' },
  },
  ping: {
    file: 'push-console-check.json',
    headers: { authorization: '8b0ae3b34fb95bfb87a8a7085644e965a22814607141262a9898c0f62669fb27' },
    app: APP,
    at: AT,
  },
  pushes: [
    { file: 'push-reverse-order.json', kind: 'order' },
    { file: 'push-fulfilment.json', kind: 'order' },
    { file: 'push-low-stock.json', kind: 'listings' },
    { file: 'push-authorisation-expiring.json', kind: 'access' },
    { file: 'push-voucher-ends.json', kind: 'ignored' },
    { text: 'seller_id=1', kind: 'unreadable' },
  ],
  order: {
    externalId: '92604229001983631',
    answers: [
      { path: '/order/get?', file: 'order-get.json' },
      { path: '/orders/items/get?', file: 'orders-items-get.json' },
    ],
    paid: 5269,
    status: '"pending"',
  },
  failures: [
    { kind: 'unauthorized', text: '{"code":"IllegalAccessToken","type":"ISP","message":"expired","request_id":"1"}' },
    {
      kind: 'throttled',
      text: '{"code":"ApiCallLimit","type":"ISP","message":"ban will last 1 seconds","request_id":"1"}',
    },
    { kind: 'unavailable', text: '{"code":"6","type":"ISP","message":"Unexpected internal error","request_id":"1"}' },
    { kind: 'refused', text: '{"code":"InsufficientPermission","type":"ISV","message":"no","request_id":"1"}' },
    { kind: 'malformed', text: '<html>' },
  ],
  sandbox: {
    app: { key: '123456', secret: 'helloworld' },
    shopId: '1234567',
    listings: [
      { sku: 'CUP-RED', quantity: 50, price: '12.90' },
      { sku: 'PLATE', quantity: 50, price: '14.95' },
      { sku: 'BOWL & LID', quantity: 50, price: '6.00' },
    ],
  },
  unknown: { orderId: '999999', channelIds: { skuId: '2', sellerSku: 'NO-SUCH' } },
};
