import { toDecimal, share, toFloat } from '../money';
import { itemsTotal, type Order, type OrderUnit, type UnitState } from '../order';
import type { Ground } from '../world';
import { instantText, shopSku } from './texts';

/** Item statuses, in American spelling. [L4 doc] */
export const STATUS_WORDS: Record<UnitState, string> = {
  unpaid: 'unpaid',
  paid: 'pending',
  packed: 'packed',
  ready: 'ready_to_ship',
  shipped: 'shipped',
  delivered: 'delivered',
  cancelled: 'canceled',
  returned: 'returned',
};

export function itemStatus(unit: OrderUnit): string {
  return unit.oddStatus ?? STATUS_WORDS[unit.state];
}

/** An order has no status of its own: `statuses` are the distinct ones of its items. [L4 doc] */
export function describeOrder(ground: Ground, order: Order): Record<string, unknown> {
  const { money, buyer } = order;
  const offset = ground.readings.choices.lazadaOffset;
  const voucher = money.discountSeller + money.discountChannel;
  return {
    order_id: Number(order.id),
    order_number: Number(order.number),
    statuses: [...new Set(order.units.map(itemStatus))],
    price: toDecimal(itemsTotal(order)),
    shipping_fee: toFloat(money.shipping),
    shipping_fee_original: toFloat(money.shipping),
    shipping_fee_discount_seller: 0,
    shipping_fee_discount_platform: 0,
    voucher: toFloat(voucher),
    voucher_seller: toFloat(money.discountSeller),
    voucher_platform: toFloat(money.discountChannel),
    voucher_code: '',
    payment_method: 'MIXEDCARD',
    items_count: order.units.length,
    created_at: instantText(order.createdUs, offset),
    updated_at: instantText(order.updatedUs, offset),
    customer_first_name: masked(buyer.name),
    customer_last_name: '',
    address_shipping: address(order),
    address_billing: address(order),
    warehouse_code: 'dropshipping',
    ...{ buyer_note: '', remarks: '', gift_message: '', tax_code: '', branch_number: '', promised_shipping_times: '' },
    need_cancel_confirm: order.cancelRequested,
    is_cancel_pending: order.cancelRequested,
  };
}

function address(order: Order): Record<string, unknown> {
  const { buyer } = order;
  return {
    first_name: masked(buyer.name),
    last_name: '',
    phone: masked(buyer.phone),
    phone2: '',
    ...{ address1: '*****', address2: '', address3: buyer.city, address4: '', address5: '', city: buyer.city },
    post_code: '*****',
    country: order.shop.region,
    addressDsitrict: '',
  };
}

/** Personal data are masked. [L9 doc] */
function masked(text: string): string {
  return text === '' ? '' : `${text.charAt(0)}${'*'.repeat(Math.max(3, text.length - 1))}`;
}

/** One row is one unit; there is no quantity, `sku` holds the seller's sku. [L4 doc][L12 obs] */
export function describeItem(ground: Ground, order: Order, index: number): Record<string, unknown> {
  const unit = order.units[index] as OrderUnit;
  const { listing, unitPriceHundredths } = unit.line;
  const offset = ground.readings.choices.lazadaOffset;
  const voucherSeller = share(order.money.discountSeller, order.units.length, index);
  const voucherPlatform = share(order.money.discountChannel, order.units.length, index);
  return {
    order_item_id: unit.id,
    order_id: Number(order.id),
    sku: listing.sku,
    shop_sku: shopSku(order.shop, listing),
    sku_id: String(listing.modelId),
    product_id: String(listing.itemId),
    name: `Product ${listing.sku}`,
    variation: '',
    item_price: toFloat(unitPriceHundredths),
    paid_price: toFloat(unitPriceHundredths - voucherSeller - voucherPlatform),
    tax_amount: 0,
    shipping_amount: toFloat(share(order.money.shipping, order.units.length, index)),
    shipping_service_cost: 0,
    voucher_amount: toFloat(voucherSeller + voucherPlatform),
    voucher_seller: toFloat(voucherSeller),
    voucher_platform: toFloat(voucherPlatform),
    voucher_seller_lpi: 0,
    voucher_platform_lpi: 0,
    currency: order.shop.currency,
    status: itemStatus(unit),
    ...reasons(order, unit),
    ...shipment(order, unit),
    order_type: 'Normal',
    order_flag: 'NORMAL',
    warehouse_code: 'dropshipping',
    payment_time: order.paidUs === undefined ? 0 : Math.floor(order.paidUs / 1000),
    created_at: instantText(order.createdUs, offset),
    updated_at: instantText(unit.changedUs, offset),
  };
}

function reasons(order: Order, unit: OrderUnit): Record<string, unknown> {
  const cancelled = unit.state === 'cancelled';
  const returned = unit.state === 'returned';
  const initiator = cancelled ? (order.cancelReason ?? 'cancellation-customer') : returned ? 'return-customer' : '';
  return {
    reason: cancelled ? 'Change of mind' : '',
    reason_detail: '',
    return_status: returned ? 'RTM_RECEIVE_ITEM' : '',
    cancel_return_initiator: initiator,
    reverse_order_id: unit.reverseId === undefined ? '' : String(unit.reverseId),
  };
}

function shipment(order: Order, unit: OrderUnit): Record<string, unknown> {
  const moving = unit.state !== 'unpaid' && unit.state !== 'paid' && unit.state !== 'cancelled';
  return {
    tracking_code: moving ? `SBX${order.id.slice(-9)}` : '',
    package_id: moving ? `FP${order.id.slice(-9)}` : '',
    shipment_provider: moving ? 'Sandbox Express' : '',
    shipping_type: order.fulfilledByMarketplace ? 'Own Warehouse' : 'Dropshipping',
    is_fbl: order.fulfilledByMarketplace ? 1 : 0,
    is_digital: 0,
  };
}
