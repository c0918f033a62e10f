import { toFloat, share } from '../money';
import { countLine, hasLeft, itemsTotal, type Order, type OrderLine, type OrderUnit, type UnitState } from '../order';
import type { Fields } from './door';

/** The order's own status, in British spelling. [S5 doc] */
export function orderStatus(order: Order): string {
  const odd = order.units.find((unit) => unit.oddStatus !== undefined)?.oddStatus;
  if (odd !== undefined) return odd;
  const states = order.units.filter((unit) => unit.state !== 'cancelled').map((unit) => unit.state);
  const every = (...wanted: UnitState[]): boolean => states.every((state) => wanted.includes(state));
  if (states.length === 0) return 'CANCELLED';
  if (order.cancelRequested) return 'IN_CANCEL';
  if (states.includes('returned')) return 'TO_RETURN';
  if (states.includes('unpaid')) return 'UNPAID';
  if (every('delivered')) return 'COMPLETED';
  if (every('shipped', 'delivered')) return 'SHIPPED';
  return every('paid') ? 'READY_TO_SHIP' : 'PROCESSED';
}

export function seconds(us: number): number {
  return Math.floor(us / 1_000_000);
}

/** What an order shows by itself; the rest comes only when asked for. [S6 doc] */
export function describeOrder(order: Order, asked: ReadonlySet<string>): Fields {
  const { shop } = order;
  const row: Fields = {
    order_sn: order.id,
    region: shop.region,
    currency: shop.currency,
    cod: false,
    order_status: orderStatus(order),
    create_time: seconds(order.createdUs),
    update_time: seconds(order.updatedUs),
    days_to_ship: 3,
    ship_by_date: order.paidUs === undefined ? 0 : seconds(order.paidUs) + 3 * 86_400,
    message_to_seller: '',
  };
  for (const [name, value] of Object.entries(OPTIONAL)) if (asked.has(name)) row[name] = value(order);
  return row;
}

const OPTIONAL: Record<string, (order: Order) => unknown> = {
  item_list: (order) => order.lines.map((line) => describeLine(order, line)),
  recipient_address: recipient,
  total_amount: (order) => toFloat(buyerPaid(order)),
  pay_time: (order) => (order.paidUs === undefined ? 0 : seconds(order.paidUs)),
  buyer_user_id: () => 1000001,
  buyer_username: (order) => masked(order.buyer.name),
  payment_method: () => 'Credit Card',
  package_list: packages,
  cancel_by: (order) => (orderStatus(order) === 'CANCELLED' ? 'buyer' : ''),
  cancel_reason: (order) => (orderStatus(order) === 'CANCELLED' ? 'BUYER_REQUESTED' : ''),
  buyer_cancel_reason: (order) => (orderStatus(order) === 'CANCELLED' || order.cancelRequested ? 'Change of mind' : ''),
  note: () => '',
  shipping_carrier: () => 'Sandbox Express',
  checkout_shipping_carrier: () => 'Sandbox Express',
  fulfillment_flag: (order) => (order.fulfilledByMarketplace ? 'fulfilled_by_shopee' : 'fulfilled_by_local_seller'),
  estimated_shipping_fee: (order) => toFloat(order.money.shipping),
  actual_shipping_fee: (order) => toFloat(order.money.shipping),
  split_up: () => false,
  invoice_data: () => null,
};

export function buyerPaid(order: Order): number {
  const { money } = order;
  return itemsTotal(order) - money.discountSeller - money.discountChannel + money.shipping;
}

/** A line keeps the quantity that was bought; what became of it is in the newer quantities. [S6 doc] */
function describeLine(order: Order, line: OrderLine): Fields {
  const counts = countLine(order, line);
  const { listing } = line;
  return {
    item_id: listing.itemId,
    item_name: `Product ${listing.sku}`,
    item_sku: listing.modelId === 0 ? listing.sku : `P-${listing.itemId}`,
    model_id: listing.modelId,
    model_name: listing.modelId === 0 ? '' : listing.sku,
    model_sku: listing.modelId === 0 ? '' : listing.sku,
    model_quantity_purchased: line.units,
    model_original_price: toFloat(line.originalPriceHundredths),
    model_discounted_price: toFloat(line.unitPriceHundredths),
    wholesale: false,
    weight: 0.1,
    ...{ add_on_deal: false, main_item: false, add_on_deal_id: 0 },
    ...{ promotion_type: '', promotion_id: 0, promotion_group_id: 0 },
    order_item_id: listing.itemId,
    line_item_id: line.id,
    product_location_id: [],
    active_qty: line.units - counts.cancelled - counts.returned,
    cancel_requested_qty: order.cancelRequested ? line.units - counts.cancelled - counts.shipped : 0,
    cancelled_qty: counts.cancelled,
    return_requested_qty: 0,
    returned_qty: counts.returned,
  };
}

function recipient(order: Order): Fields {
  const { buyer, shop } = order;
  return {
    name: masked(buyer.name),
    phone: masked(buyer.phone),
    ...{ town: '', district: '', state: '', zipcode: '****', full_address: '****' },
    city: buyer.city,
    region: shop.region,
  };
}

/** Values may be masked with `****`. [S6 doc] */
function masked(text: string): string {
  return text === '' ? '' : `${text.charAt(0)}****`;
}

const LOGISTICS: Record<UnitState, string> = {
  unpaid: 'LOGISTICS_NOT_START',
  paid: 'LOGISTICS_READY',
  packed: 'LOGISTICS_REQUEST_CREATED',
  ready: 'LOGISTICS_REQUEST_CREATED',
  shipped: 'LOGISTICS_PICKUP_DONE',
  delivered: 'LOGISTICS_DELIVERY_DONE',
  cancelled: 'LOGISTICS_REQUEST_CANCELED',
  returned: 'LOGISTICS_DELIVERY_DONE',
};

/** One package per logistics status. [S5 doc] */
function packages(order: Order): Fields[] {
  const byStatus = new Map<string, OrderUnit[]>();
  for (const unit of order.units) {
    const status = LOGISTICS[unit.state];
    const units = byStatus.get(status) ?? [];
    units.push(unit);
    byStatus.set(status, units);
  }
  return [...byStatus].map(([status, units], index) => ({
    package_number: `OFG${order.id}${index + 1}`,
    logistics_status: status,
    shipping_carrier: units.some((unit) => hasLeft(unit.state)) ? 'Sandbox Express' : '',
    item_list: order.lines
      .map((line) => ({ line, quantity: units.filter((unit) => unit.line === line).length }))
      .filter((part) => part.quantity > 0)
      .map(({ line, quantity }) => ({
        item_id: line.listing.itemId,
        model_id: line.listing.modelId,
        model_quantity: quantity,
        order_item_id: line.listing.itemId,
      })),
  }));
}

/** `order_income` of `get_escrow_detail`; a line's money is a subtotal for its quantity. [S6 doc][S9 obs] */
export function describeIncome(order: Order): Fields {
  const { money, lines } = order;
  return {
    escrow_amount: toFloat(itemsTotal(order) - money.discountSeller),
    buyer_total_amount: toFloat(buyerPaid(order)),
    original_price: toFloat(lines.reduce((sum, line) => sum + line.units * line.originalPriceHundredths, 0)),
    seller_discount: toFloat(
      lines.reduce((sum, line) => sum + line.units * (line.originalPriceHundredths - line.unitPriceHundredths), 0),
    ),
    shopee_discount: 0,
    voucher_from_seller: toFloat(money.discountSeller),
    voucher_from_shopee: toFloat(money.discountChannel),
    seller_voucher_code: [],
    ...{ coins: 0, commission_fee: 0, service_fee: 0, seller_transaction_fee: 0 },
    buyer_paid_shipping_fee: toFloat(money.shipping),
    final_shipping_fee: 0,
    items: lines.map((line, index) => ({
      item_id: line.listing.itemId,
      model_id: line.listing.modelId,
      quantity_purchased: line.units,
      original_price: toFloat(line.units * line.originalPriceHundredths),
      discounted_price: toFloat(line.units * line.unitPriceHundredths),
      discount_from_voucher_seller: toFloat(share(money.discountSeller, lines.length, index)),
      discount_from_voucher_shopee: toFloat(share(money.discountChannel, lines.length, index)),
      activity_type: '',
    })),
  };
}
