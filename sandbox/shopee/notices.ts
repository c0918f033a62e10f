import type { Draft } from '../dialect';
import { problem } from '../http/call';
import type { Order } from '../order';
import type { Listing, Shop } from '../shop';

const CODES: Record<string, number> = {
  'tracking-number': 4,
  'shopee-updates': 5,
  webchat: 10,
  video: 11,
  brand: 13,
  'shipping-document': 15,
  'item-violation': 16,
  'price-update': 22,
  booking: 23,
  'publish-failed': 27,
  penalty: 28,
  'package-status': 30,
  'fbs-stock': 36,
  'package-info': 47,
};
export const NOTICE_KINDS = Object.keys(CODES);

/** Codes that are about an item, and about an order: the shop's newest. */
const OF_ITEMS = [16, 22, 27, 36];
const OF_ORDERS = [4, 15, 30, 47];

/** Push codes that tell no change of an order's own status. [S2][S7 doc] */
export function notice(shop: Shop, kind: string, listing: Listing | undefined): Draft {
  const code = CODES[kind] ?? 0;
  if (OF_ITEMS.includes(code) && listing === undefined) throw problem(422, 'sku is required for this kind');
  const order = [...shop.orders.values()].at(-1);
  if (OF_ORDERS.includes(code) && order === undefined) throw problem(409, 'the shop has no orders');
  const timestamp = Math.floor(Date.now() / 1000);
  const data = dataOf(code, { listing, order, timestamp });
  const body = JSON.stringify({ code, shop_id: Number(shop.id), timestamp, data });
  return { kind: String(code), orderId: undefined, body };
}

interface Subject {
  listing: Listing | undefined;
  order: Order | undefined;
  timestamp: number;
}

function dataOf(code: number, { listing, order, timestamp }: Subject): Record<string, unknown> {
  if (order !== undefined && OF_ORDERS.includes(code)) return orderData(code, order, timestamp);
  if (listing !== undefined && OF_ITEMS.includes(code)) return itemData(code, listing, timestamp);
  if (code === 5)
    return { actions: [{ title: 'Update', content: 'News of the platform', url: '', update_time: timestamp }] };
  return { update_time: timestamp };
}

/** Both spellings of the order's number are seen in code 15. [S2][S7] */
function orderData(code: number, order: Order, timestamp: number): Record<string, unknown> {
  const packageNumber = `OFG${order.id}1`;
  if (code === 4) return { ordersn: order.id, forder_id: '1', package_number: packageNumber, tracking_no: 'SG0000001' };
  if (code === 15) return { order_sn: order.id, package_number: packageNumber, status: 'READY' };
  const status = { fulfillment_status: 'LOGISTICS_PICKUP_DONE', update_time: timestamp };
  return { ordersn: order.id, package_number: packageNumber, ...status };
}

function itemData(code: number, listing: Listing, timestamp: number): Record<string, unknown> {
  const ids = { item_id: listing.itemId, model_id: listing.modelId };
  if (code !== 22) return { ...ids, update_time: timestamp };
  const price = (listing.priceHundredths ?? 0) / 100;
  return { ...ids, update_field: 'original_price', old_value: price, new_value: price, update_time: timestamp };
}
