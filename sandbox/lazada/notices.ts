import type { Draft } from '../dialect';
import { problem } from '../http/call';
import type { App, Listing, Shop } from '../shop';
import { site } from './news';

/** What the console's test of an address sends, signed as the real ones. [L2 doc][L14 obs] */
export function verification(_app: App): string {
  return JSON.stringify({
    seller_id: '9999',
    message_type: 0,
    data: {
      order_status: 'unpaid',
      trade_order_id: '123456',
      trade_order_line_id: '12345',
      status_update_time: Math.floor(Date.now() / 1000),
    },
    timestamp: Date.now(),
    site: 'lazada_sg',
  });
}

const TYPES: Record<string, number> = {
  'product-qc': 1,
  'product-created': 3,
  'product-edited': 4,
  'product-deleted': 5,
  'low-stock': 6,
  'authorisation-expiring': 8,
  promotion: 11,
  category: 12,
  'seller-status': 13,
  package: 14,
};
export const NOTICE_KINDS = Object.keys(TYPES);

/** Types whose `timestamp` is in seconds. [L2 doc] */
const IN_SECONDS = [6, 8, 13, 14];
const OF_LISTINGS = [1, 3, 4, 5, 6];

/** Push types that tell no order line's change. [L2 doc] */
export function notice(shop: Shop, kind: string, listing: Listing | undefined): Draft {
  const type = TYPES[kind] ?? 0;
  if (OF_LISTINGS.includes(type) && listing === undefined) throw problem(422, 'sku is required for this kind');
  const body = {
    // A message for the app has the text "null" here. [L2 doc]
    seller_id: type === 8 ? 'null' : shop.id,
    message_type: type,
    data: dataOf(shop, type, listing),
    timestamp: IN_SECONDS.includes(type) ? Math.floor(Date.now() / 1000) : Date.now(),
    site: site(shop),
  };
  return { kind: String(type), orderId: undefined, body: JSON.stringify(body) };
}

function dataOf(shop: Shop, type: number, listing: Listing | undefined): Record<string, unknown> {
  if (type === 8) {
    return {
      app_key: shop.app.key,
      auth_expiry_time: Math.floor(shop.tokens.refreshEndsMs / 1000),
      seller_id: shop.id,
    };
  }
  if (type === 13) return { seller_id: shop.id, status: 'normal' };
  if (type === 14) {
    return {
      ...{ trade_order_id: 1, buyer_id: 1000001, fulfillment_package_id: 'FP000000001', status: 'READY_TO_SHIP' },
      status_update_time: Math.floor(Date.now() / 1000),
    };
  }
  if (listing === undefined) return {};
  return type === 6 ? stockOf(listing) : { item_id: listing.itemId, status: 'APPROVED', sku_ids: [listing.modelId] };
}

/** The only stock push, when fewer than 5 are left: sellable = real - withhold - occupy. [L2 doc] */
function stockOf(listing: Listing): Record<string, unknown> {
  return {
    ...{ seller_sku: listing.sku, sku_id: listing.modelId, warehouse: 'dropshipping', pre_order_quantity: 0 },
    real_quantity: listing.sellable + listing.withheld + listing.occupied,
    withhold_quantity: listing.withheld,
    occupy_quantity: listing.occupied,
  };
}
