import type { Draft } from '../dialect';
import type { Change, Order, OrderUnit } from '../order';
import type { Shop } from '../shop';
import { itemStatus } from './rows';

/** `lazada_vn`, `lazada_sg`. [L2 doc] */
export function site(shop: Shop): string {
  return `lazada_${shop.region.toLowerCase()}`;
}

/** One push per order line, that is per unit. A return is told as a trade order and as a reverse order. [L2 doc] */
export function news(change: Change): Draft[] {
  if (change.kind === 'cancel-requested') return [];
  const drafts = change.units.map((unit) => tradePush(change.order, unit));
  if (change.kind !== 'returned') return drafts;
  return [...drafts, ...change.units.map((unit) => reversePush(change.order, unit))];
}

/** Type 0: ids as text, update instant in seconds, envelope instant in milliseconds. [L2 doc] */
function tradePush(order: Order, unit: OrderUnit): Draft {
  const { shop } = order;
  const reverse =
    unit.reverseId === undefined
      ? {}
      : { reverse_order_id: String(unit.reverseId), reverse_order_line_id: String(unit.reverseId) };
  const body = {
    // Sometimes a number. [L2 doc]
    seller_id: unit.id % 5 === 0 && /^\d{1,15}$/.test(shop.id) ? Number(shop.id) : shop.id,
    message_type: 0,
    data: {
      order_status: itemStatus(unit),
      trade_order_id: order.id,
      trade_order_line_id: String(unit.id),
      status_update_time: Math.floor(unit.changedUs / 1_000_000),
      ...reverse,
    },
    timestamp: Date.now(),
    site: site(shop),
  };
  return { kind: '0', orderId: order.id, unitId: unit.id, body: JSON.stringify(body) };
}

/** Type 10: ids as numbers, envelope instant in seconds. [L2 doc] */
function reversePush(order: Order, unit: OrderUnit): Draft {
  const { shop } = order;
  const sellerId = Number(shop.id);
  const body = {
    seller_id: shop.id,
    message_type: 10,
    data: {
      reverse_order_id: unit.reverseId,
      reverse_order_line_id: unit.reverseId,
      trade_order_id: Number(order.id),
      trade_order_line_id: unit.id,
      buyer_id: 1000001,
      seller_id: Number.isFinite(sellerId) ? sellerId : 0,
      status_update_time: Math.floor(unit.changedUs / 1_000_000),
      extraParams: {},
      reverse_status: 'RTM_RECEIVE_ITEM',
    },
    timestamp: Math.floor(Date.now() / 1000),
    site: site(shop),
  };
  return { kind: '10', orderId: order.id, body: JSON.stringify(body) };
}

/** Before a retry Lazada reads the order again: it carries the latest status. [L2 doc] */
export function refreshed(shop: Shop, draft: Draft): string | undefined {
  if (draft.unitId === undefined || draft.orderId === undefined) return undefined;
  const order = shop.orders.get(draft.orderId);
  const unit = order?.units.find((one) => one.id === draft.unitId);
  return order === undefined || unit === undefined ? undefined : tradePush(order, unit).body;
}
