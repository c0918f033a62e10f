import { createHash } from 'node:crypto';
import { share, toFloat } from '../money';
import { itemsTotal, type Order, type OrderUnit, type UnitState } from '../order';

/** Item statuses. Packing by the marketplace leaves an item pending. [Z1 doc] */
export const STATUS_WORDS: Record<UnitState, string> = {
  unpaid: 'payment_pending',
  paid: 'pending',
  packed: 'pending',
  ready: 'ready_to_ship',
  shipped: 'shipped',
  delivered: 'delivered',
  cancelled: 'canceled',
  returned: 'returned',
};

export function itemStatus(unit: OrderUnit): string {
  return unit.oddStatus ?? STATUS_WORDS[unit.state];
}

/** `2021-09-22T23:21:42.123456Z`: UTC, microseconds. [Z1 doc] */
export function instantText(us: number): string {
  const whole = Math.floor(us / 1_000_000);
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}.${String(us - whole * 1_000_000).padStart(6, '0')}Z`;
}

function uuidOf(text: string): string {
  const hex = createHash('md5').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** An order with its items, one per unit. Money is JSON numbers. [Z1 doc] */
export function describeOrder(order: Order): Record<string, unknown> {
  const { money, buyer, shop } = order;
  const counts: Record<string, number> = {};
  for (const unit of order.units) counts[itemStatus(unit)] = (counts[itemStatus(unit)] ?? 0) + 1;
  const paid = itemsTotal(order) - money.discountSeller - money.discountChannel + money.shipping;
  const address = {
    firstName: buyer.name,
    lastName: '',
    phone: [`#####${buyer.phone.slice(-2)}`],
    address: ['#####', '', '', '', ''],
    email: '#####',
    ...{ city: buyer.city, ward: '', region: '', postCode: '#####', country: shop.region },
  };
  return {
    id: Number(order.id),
    uuid: uuidOf(order.id),
    number: order.number,
    regionId: 1,
    sellerId: shop.id,
    customer: { firstName: buyer.name, lastName: '' },
    address: { billing: address, shipping: address },
    currency: shop.currency,
    paymentMethod: 'CreditCard',
    createdAt: instantText(order.createdUs),
    updatedAt: instantText(order.updatedUs),
    itemCount: order.units.length,
    grandTotal: toFloat(paid),
    unitPriceSumWithFees: toFloat(itemsTotal(order) + money.shipping),
    statusList: counts,
    voucher: { code: null, type: null },
    invoiceRequired: false,
    items: order.units.map((_, index) => describeItem(order, index)),
  };
}

/** One unit. [Z1 doc] */
export function describeItem(order: Order, index: number): Record<string, unknown> {
  const unit = order.units[index] as OrderUnit;
  const { listing } = unit.line;
  const moving = unit.state === 'shipped' || unit.state === 'delivered';
  return {
    id: unit.id,
    srcId: String(unit.id),
    orderId: Number(order.id),
    uuid: uuidOf(String(unit.id)),
    status: itemStatus(unit),
    product: {
      id: listing.modelId,
      name: `Product ${listing.sku}`,
      sku: shopSku(listing.modelId),
      sellerSku: listing.sku,
      variation: '',
    },
    ...itemMoney(order, index),
    failureReason: failureReason(unit),
    shipment: {
      type: order.fulfilledByMarketplace ? 'warehouse' : 'dropshipping',
      provider: 'Sandbox Express',
      trackingCode: moving ? `SBX${unit.id}` : '',
    },
    createdAt: instantText(order.createdUs),
    updatedAt: instantText(unit.changedUs),
    lastStatusChangedAt: instantText(unit.changedUs),
    actions: [],
  };
}

/** What is taken off the order is dealt over its units, the last one taking the odd cents. */
function itemMoney(order: Order, index: number): Record<string, unknown> {
  const price = (order.units[index] as OrderUnit).line.unitPriceHundredths;
  const count = order.units.length;
  const bySeller = share(order.money.discountSeller, count, index);
  const byChannel = share(order.money.discountChannel, count, index);
  const after = price - bySeller - byChannel;
  return {
    unitPrice: toFloat(price),
    paidPrice: toFloat(after),
    taxAmount: 0,
    taxPercent: 0,
    shippingFee: toFloat(share(order.money.shipping, count, index)),
    shippingVoucherAmount: 0,
    walletCredits: 0,
    storeCredits: 0,
    priceAfterDiscount: toFloat(after),
    discountAmount: toFloat(bySeller + byChannel),
    salesDueAmount: toFloat(price - bySeller),
    vouchers: bySeller + byChannel === 0 ? [] : [voucher(bySeller, byChannel)],
  };
}

function voucher(bySeller: number, byChannel: number): Record<string, unknown> {
  const sellerPercent = Math.round((bySeller / (bySeller + byChannel)) * 100);
  return {
    code: 'SANDBOX',
    amount: toFloat(bySeller + byChannel),
    voucherSellerShare: sellerPercent,
    amountFundedBySeller: toFloat(bySeller),
  };
}

function failureReason(unit: OrderUnit): Record<string, unknown> | null {
  if (unit.state === 'cancelled') return { type: 'canceled', name: 'Change of mind' };
  return unit.state === 'returned' ? { type: 'returned', name: 'Does not fit' } : null;
}

export function shopSku(productId: number): string {
  return `ZSBX${productId}`;
}
