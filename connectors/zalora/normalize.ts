import {
  channelStockKey,
  moneyFromNumber,
  type Buyer,
  type LineStatus,
  type OrderState,
  type OrderTotals,
} from '../../src/domain';
import { firstFault, foldUnits, type Normalized, type RawOrder, type ShopAccess, type UnitRow } from '../kit';
import { orderSchema, type ZaloraItem, type ZaloraOrder } from './order-schema';

type Shop = Pick<ShopAccess, 'currency' | 'region' | 'settings'>;

/** [Z1] the item statuses whose meaning is plain. A unit that is on its way back has left and is not back. */
const STATUSES: ReadonlyMap<string, LineStatus> = new Map([
  ['payment_pending', 'unpaid'],
  ['pending', 'paid'],
  ['ready_to_ship', 'paid'],
  ['shipped', 'shipped'],
  ['delivered', 'delivered'],
  ['canceled', 'cancelled'],
  ['returned', 'returned'],
  ['return_shipped_by_customer', 'delivered'],
  ['return_waiting_for_approval', 'delivered'],
  ['return_rejected', 'delivered'],
]);

/** The two whose goods are back by one reading and not by the other: settings of the shop (QUIRKS 4 and 5). */
function statusOf(status: string, settings: Shop['settings']): LineStatus | undefined {
  if (status === 'failed') return settings.failedItems === 'gone' ? 'shipped' : 'returned';
  if (status === 'return_delivered') return settings.returnDelivered === 'underway' ? 'delivered' : 'returned';
  return STATUSES.get(status);
}

const refused = (cause: 'malformed' | 'unknown-status', reason: string): Normalized => ({
  kind: 'refused',
  cause,
  reason,
});

type Amount = number | null | undefined;
/** Minor units; a missing amount is 0. `undefined`: the currency is not known. */
const minorOf = (amount: Amount, currency: string): number | undefined => moneyFromNumber(amount ?? 0, currency)?.minor;

const LEFT: ReadonlySet<LineStatus> = new Set(['shipped', 'delivered', 'returned']);

/** [Z1] `warehouse` is sent by the venture. */
const isVentures = (item: ZaloraItem): boolean => item.shipment?.type === 'warehouse';

/** In an order of both kinds the venture's units get a key that no listing has: they move no stock (QUIRKS 8). */
const keyFor = (order: ZaloraOrder, item: ZaloraItem): string =>
  isVentures(item) && !order.items.every(isVentures) ? channelStockKey(item.product.sellerSku) : item.product.sellerSku;

interface RowContext {
  readonly order: ZaloraOrder;
  readonly status: LineStatus;
  readonly currency: string;
}

function rowOf(item: ZaloraItem, { order, status, currency }: RowContext): UnitRow | undefined {
  const unitPrice = minorOf(item.unitPrice, currency);
  if (unitPrice === undefined) return undefined;
  const { sellerSku, name, variation } = item.product;
  const title = [name, variation].filter((text) => text !== undefined).join(', ');
  return {
    listingKey: keyFor(order, item),
    sellerSku,
    ...(title === '' ? {} : { title }),
    unitPrice,
    units: 1,
    status,
    shipped: LEFT.has(status) ? 1 : 0,
  };
}

/**
 * [Z1] money is per item, in floats: `paid` is what was paid for the units and their shipping; what is missing to the
 * unit prices is discount, the seller's as far as `amountFundedBySeller` says; what is more is tax (QUIRKS 7).
 */
function totalsOf(order: ZaloraOrder, currency: string): OrderTotals | undefined {
  const sum = (amount: (item: ZaloraItem) => Amount): number =>
    order.items.reduce((total, item) => total + (minorOf(amount(item), currency) ?? Number.NaN), 0);
  const items = sum((item) => item.unitPrice);
  const paidForItems = sum((item) => item.paidPrice ?? item.priceAfterDiscount ?? item.unitPrice);
  const shipping = Math.max(0, sum((item) => item.shippingFee) - sum((item) => item.shippingVoucherAmount));
  const funded = order.items
    .flatMap((item) => item.vouchers ?? [])
    .reduce((total, voucher) => total + (minorOf(voucher.amountFundedBySeller, currency) ?? Number.NaN), 0);
  const paid = paidForItems + shipping;
  if (![items, paid, funded].every(Number.isSafeInteger)) return undefined;
  const discount = Math.max(0, items - paidForItems);
  const discountSeller = Math.min(discount, funded);
  const tax = Math.max(0, paidForItems - items);
  return { items, discountSeller, discountChannel: discount - discountSeller, shipping, tax, paid };
}

const joined = (parts: readonly (string | null | undefined)[], between: string): string | undefined => {
  const text = parts.filter((part) => part !== undefined && part !== null && part !== '').join(between);
  return text === '' ? undefined : text;
};

/** [Z1] where the parcel goes; masked in places (`#####`) and kept as given. */
function buyerOf(order: ZaloraOrder): { readonly buyer?: Buyer } {
  const to = order.address?.shipping;
  if (to === undefined || to === null) return {};
  const name = joined([to.firstName, to.lastName], ' ');
  const phone = joined([to.phone].flat(), ', ');
  const address = joined([...[to.address].flat(), to.ward, to.city, to.region, to.postCode, to.country], ', ');
  const buyer: Buyer = {
    ...(name === undefined ? {} : { name }),
    ...(phone === undefined ? {} : { phone }),
    ...(address === undefined ? {} : { address }),
  };
  return Object.keys(buyer).length === 0 ? {} : { buyer };
}

/** [Z1] an order's own instant may lag behind its items': the newest of all counts. */
const updatedAtOf = (order: ZaloraOrder): number =>
  order.items.reduce(
    (newest, item) => Math.max(newest, item.updatedAt ?? 0, item.lastStatusChangedAt ?? 0),
    order.updatedAt,
  );

function stateOf(order: ZaloraOrder, rows: readonly UnitRow[], totals: OrderTotals): Omit<OrderState, 'currency'> {
  const { lines, status } = foldUnits(rows);
  const reference = order.number === null || order.number === undefined ? '' : String(order.number);
  return {
    externalId: order.id,
    ...(reference === '' ? {} : { reference }),
    placedAt: order.createdAt,
    updatedAt: updatedAtOf(order),
    status,
    lines,
    totals,
    fulfilledBy: order.items.every(isVentures) ? 'channel' : 'seller',
    ...buyerOf(order),
  };
}

/** An answer about another order, or one unit twice, is not believed. */
function identityFault(order: ZaloraOrder, externalId: string): string | undefined {
  if (order.id !== externalId) return 'id is another order';
  if (order.items.some(({ orderId }) => (orderId ?? externalId) !== externalId)) return 'an item of another order';
  return new Set(order.items.map(({ id }) => id)).size === order.items.length ? undefined : 'one item id twice';
}

/**
 * Brings an order of `GET /v2/orders` to the order model: one row per unit becomes one line per seller sku and price.
 * Instants are ms, money is minor units of the order's currency (the shop's where it names none). An item status that
 * no fact names is refused as `unknown-status`. Pure; never throws.
 */
export function normalize(raw: RawOrder, shop: Shop): Normalized {
  const parsed = orderSchema.safeParse(raw.payload);
  if (!parsed.success) return refused('malformed', firstFault(parsed.error));
  const order = parsed.data;
  const mismatch = identityFault(order, raw.externalId);
  if (mismatch !== undefined) return refused('malformed', mismatch);
  const currency = order.currency ?? shop.currency;
  const rows: UnitRow[] = [];
  for (const item of order.items) {
    const status = statusOf(item.status, shop.settings);
    if (status === undefined) return refused('unknown-status', `item status ${item.status.slice(0, 40)}`);
    const row = rowOf(item, { order, status, currency });
    if (row === undefined) return refused('malformed', `an amount in ${currency.slice(0, 8)} cannot be read`);
    rows.push(row);
  }
  const totals = totalsOf(order, currency);
  if (totals === undefined) return refused('malformed', 'an amount cannot be read');
  return { kind: 'order', order: { ...stateOf(order, rows, totals), currency } };
}
