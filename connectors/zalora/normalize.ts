import { channelStockKey, type Buyer, type LineStatus, type OrderState, type OrderTotals } from '../../src/domain';
import { firstFault, foldUnits, type Normalized, type RawOrder, type ShopAccess, type UnitRow } from '../kit';
import { orderSchema, type ZaloraItem, type ZaloraOrder } from './order-schema';
import { minorOf, totalsOf } from './totals';

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

const OPEN: ReadonlySet<string> = new Set(['payment_pending', 'pending', 'ready_to_ship']);
const LEFT: ReadonlySet<LineStatus> = new Set(['shipped', 'delivered', 'returned']);

/** [Z1] who sends: `warehouse`, called `consignment` in one place, is the venture. */
const SHIPMENTS: ReadonlyMap<string, 'seller' | 'venture'> = new Map([
  ['warehouse', 'venture'],
  ['consignment', 'venture'],
  ['dropshipping', 'seller'],
  ['crossdocking', 'seller'],
  ['dropshipping_crossdocking', 'seller'],
  ['crossdocking_dropshipping', 'seller'],
]);
const isVentures = (item: ZaloraItem): boolean => SHIPMENTS.get(item.shipment?.type ?? '') === 'venture';

/** In an order of both kinds the venture's units get a key that no listing has: they move no stock (QUIRKS 8). */
const keyFor = (item: ZaloraItem, isAllVentures: boolean): string =>
  isVentures(item) && !isAllVentures ? channelStockKey(item.product.sellerSku) : item.product.sellerSku;

interface RowContext {
  readonly isAllVentures: boolean;
  readonly status: LineStatus;
  readonly currency: string;
}

function rowOf(item: ZaloraItem, { isAllVentures, status, currency }: RowContext): UnitRow | undefined {
  const unitPrice = minorOf(item.unitPrice, currency);
  if (unitPrice === undefined) return undefined;
  const { sellerSku, name, variation } = item.product;
  const title = [name, variation].filter((text) => text !== undefined).join(', ');
  return {
    listingKey: keyFor(item, isAllVentures),
    sellerSku,
    ...(title === '' ? {} : { title }),
    unitPrice,
    units: 1,
    status,
    shipped: LEFT.has(status) ? 1 : 0,
  };
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

/** [Z1] the promised day of shipping, where that feature is on, while something is still to be sent. */
function shipByOf(order: ZaloraOrder): { readonly shipBy?: number } {
  const open = order.items.filter(({ status }) => OPEN.has(status));
  const promised = open.flatMap(({ targetToShipAt }) => targetToShipAt ?? order.targetToShip ?? []);
  return promised.length === 0 ? {} : { shipBy: Math.min(...promised) };
}

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
    ...shipByOf(order),
    ...buyerOf(order),
  };
}

/** An answer about another order, or one unit twice, is not believed. */
function identityFault(order: ZaloraOrder, externalId: string): string | undefined {
  if (order.id !== externalId) return 'id is another order';
  if (order.items.some(({ orderId }) => (orderId ?? externalId) !== externalId)) return 'an item of another order';
  return new Set(order.items.map(({ id }) => id)).size === order.items.length ? undefined : 'one item id twice';
}

/** A value that says what moves stock and that no fact names. */
function unknownIn(item: ZaloraItem, settings: Shop['settings']): string | undefined {
  if (statusOf(item.status, settings) === undefined) return `item status ${item.status.slice(0, 40)}`;
  const shipment = item.shipment?.type;
  return shipment === undefined || SHIPMENTS.has(shipment) ? undefined : `shipment type ${shipment.slice(0, 40)}`;
}

/**
 * Brings an order of `GET /v2/orders` to the order model: one row per unit becomes one line per seller sku and price.
 * Instants are ms, money is minor units of the order's currency (the shop's where it names none). An item status or a
 * shipment type that no fact names is refused as `unknown-status`. Pure; never throws.
 */
export function normalize(raw: RawOrder, shop: Shop): Normalized {
  const parsed = orderSchema.safeParse(raw.payload);
  if (!parsed.success) return refused('malformed', firstFault(parsed.error));
  const order = parsed.data;
  const mismatch = identityFault(order, raw.externalId);
  if (mismatch !== undefined) return refused('malformed', mismatch);
  const currency = order.currency ?? shop.currency;
  const isAllVentures = order.items.every(isVentures);
  const rows: UnitRow[] = [];
  for (const item of order.items) {
    const unknown = unknownIn(item, shop.settings);
    const status = statusOf(item.status, shop.settings);
    if (unknown !== undefined || status === undefined) return refused('unknown-status', unknown ?? 'item status');
    const row = rowOf(item, { isAllVentures, status, currency });
    if (row === undefined) return refused('malformed', `an amount in ${currency.slice(0, 8)} cannot be read`);
    rows.push(row);
  }
  const totals = totalsOf(order, { currency, settings: shop.settings });
  if (totals === undefined) return refused('malformed', 'an amount cannot be read');
  return { kind: 'order', order: { ...stateOf(order, rows, totals), currency } };
}
