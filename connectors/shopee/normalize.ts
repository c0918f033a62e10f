import type { Buyer, LineStatus, OrderState } from '../../src/domain';
import { firstFault, foldUnits, type Normalized, type RawOrder, type ShopAccess, type UnitRow } from '../kit';
import { leftUnits, type LeftUnits } from './left-units';
import { keyOfModel } from './listing-key';
import { orderSchema, type ShopeeItem, type ShopeeOrder } from './order-schema';
import { totalsOf, unitPriceOf } from './totals';

/** [S5] what a unit is, under each order status. IN_CANCEL is only asked for: it still holds stock. */
const STATUSES: ReadonlyMap<string, LineStatus> = new Map([
  ['UNPAID', 'unpaid'],
  ['PENDING', 'paid'],
  ['INVOICE_PENDING', 'paid'],
  ['READY_TO_SHIP', 'paid'],
  ['PROCESSED', 'paid'],
  ['RETRY_SHIP', 'paid'],
  ['IN_CANCEL', 'paid'],
  ['SHIPPED', 'shipped'],
  ['TO_CONFIRM_RECEIVE', 'delivered'],
  ['TO_RETURN', 'delivered'],
  ['COMPLETED', 'delivered'],
  ['CANCELLED', 'cancelled'],
]);

/** [S6] whose warehouse sends; where it is not told, the seller's (QUIRKS 15). */
const SENDERS: ReadonlyMap<string | undefined, OrderState['fulfilledBy']> = new Map([
  ['fulfilled_by_shopee', 'channel'],
  ['fulfilled_by_cb_seller', 'seller'],
  ['fulfilled_by_local_seller', 'seller'],
  [undefined, 'seller'],
]);

const refused = (cause: 'malformed' | 'unknown-status', reason: string): Normalized => ({
  kind: 'refused',
  cause,
  reason,
});

/** Takes up to `units` of what left under a key, so that two rows of one model share it. */
function takeLeft(left: Map<string, number>, key: string, units: number): number {
  const taken = Math.min(units, left.get(key) ?? 0);
  left.set(key, (left.get(key) ?? 0) - taken);
  return taken;
}

type Settings = ShopAccess['settings'];

/**
 * Units of a line that are cancelled so far. [S6] `cancelled_qty` says it. NOT CONFIRMED: whether `active_qty` leaves out
 * anything besides, so it stands in only by the setting `activeQty: rest` (QUIRKS 23).
 */
function cancelledOf(item: ShopeeItem, settings: Settings): number {
  const units = item.model_quantity_purchased;
  const { cancelled_qty: cancelled, active_qty: active, returned_qty: returned } = item;
  const told = cancelled ?? undefined;
  const isRest = settings.activeQty === 'rest' && active !== undefined && active !== null;
  return Math.min(told ?? (isRest ? Math.max(0, units - active - (returned ?? 0)) : 0), units);
}

interface RowContext {
  readonly settings: Settings;
  readonly status: LineStatus;
  readonly currency: string;
  readonly everythingLeft: boolean;
  readonly left: Map<string, number>;
}

/** One line of `item_list`, split into units of one fate. [S6] `cancelled_qty` and `returned_qty` count units so far. */
function rowsOf(item: ShopeeItem, context: RowContext): readonly UnitRow[] | undefined {
  const unitPrice = unitPriceOf(item, context.currency);
  if (unitPrice === undefined) return undefined;
  const units = item.model_quantity_purchased;
  const listingKey = keyOfModel(item.item_id, item.model_id ?? '0');
  const title = [item.item_name, item.model_name].filter((text) => text !== undefined).join(', ');
  const sellerSku = item.model_sku ?? item.item_sku;
  const same = {
    listingKey,
    unitPrice,
    ...(sellerSku === undefined ? {} : { sellerSku }),
    ...(title === '' ? {} : { title }),
  };
  const left = context.everythingLeft ? units : takeLeft(context.left, listingKey, units);
  if (context.status === 'cancelled') return [{ ...same, units, status: 'cancelled', shipped: left }];
  const cancelled = cancelledOf(item, context.settings);
  const returned = Math.min(item.returned_qty ?? 0, units - cancelled);
  const rest = units - cancelled - returned;
  const gone = context.status === 'shipped' || context.status === 'delivered';
  const shipped = gone ? rest : Math.min(Math.max(0, left - returned), rest);
  return [
    { ...same, units: cancelled, status: 'cancelled', shipped: 0 },
    { ...same, units: returned, status: 'returned', shipped: returned },
    { ...same, units: shipped, status: gone ? context.status : 'shipped', shipped },
    { ...same, units: rest - shipped, status: context.status, shipped: 0 },
  ];
}

/** [S6] buyers come masked in places (`****`) and are kept as given. */
function buyerOf(order: ShopeeOrder): { readonly buyer?: Buyer } {
  const { name, phone, full_address: address } = order.recipient_address ?? {};
  const buyer: Buyer = {
    ...(name === undefined ? {} : { name }),
    ...(phone === undefined ? {} : { phone }),
    ...(address === undefined ? {} : { address }),
  };
  return Object.keys(buyer).length === 0 ? {} : { buyer };
}

interface Reading {
  readonly status: LineStatus;
  readonly fulfilledBy: OrderState['fulfilledBy'];
  readonly left: LeftUnits;
  readonly settings: Settings;
}

function stateOf(order: ShopeeOrder, { status, fulfilledBy, left, settings }: Reading): OrderState | string {
  const context: RowContext = {
    status,
    settings,
    currency: order.currency,
    everythingLeft: left.everything,
    left: new Map(left.byKey),
  };
  const rows: UnitRow[] = [];
  for (const item of order.item_list) {
    const units = rowsOf(item, context);
    if (units === undefined) return `an amount in ${order.currency.slice(0, 8)} cannot be read`;
    rows.push(...units);
  }
  const folded = foldUnits(rows);
  if (folded.lines.length === 0) return 'no units';
  const items = folded.lines.reduce((sum, line) => sum + line.units * line.unitPrice, 0);
  const totals = totalsOf(order, items);
  if (totals === undefined) return 'an amount cannot be read';
  const shipBy = order.ship_by_date ?? 0;
  return {
    externalId: order.order_sn,
    placedAt: order.create_time,
    updatedAt: order.update_time,
    currency: order.currency,
    status: folded.status,
    lines: folded.lines,
    totals,
    fulfilledBy,
    ...buyerOf(order),
    ...(shipBy > 0 ? { shipBy } : {}),
  };
}

const NO_SETTINGS = { settings: {} };

/**
 * Brings an answer of `get_order_detail` to the order model. Instants are Shopee's seconds as ms, money is minor units.
 * An order status or a sender that no fact names is refused as `unknown-status`, and so is an unknown package status
 * where it decides whether goods left (CANCELLED). Pure; never throws.
 */
export function normalize(raw: RawOrder, shop: { readonly settings: Settings } = NO_SETTINGS): Normalized {
  const parsed = orderSchema.safeParse(raw.payload);
  if (!parsed.success) return refused('malformed', firstFault(parsed.error));
  const order = parsed.data;
  if (order.order_sn !== raw.externalId) return refused('malformed', 'order_sn is another order');
  const status = STATUSES.get(order.order_status);
  if (status === undefined) return refused('unknown-status', `order_status ${order.order_status.slice(0, 40)}`);
  const fulfilledBy = SENDERS.get(order.fulfillment_flag);
  if (fulfilledBy === undefined) {
    return refused('unknown-status', `fulfillment_flag ${order.fulfillment_flag?.slice(0, 40)}`);
  }
  const left = leftUnits(order);
  const [unknown] = left.unknown;
  if (status === 'cancelled' && unknown !== undefined) {
    return refused('unknown-status', `logistics_status ${unknown.slice(0, 40)}`);
  }
  const state = stateOf(order, { status, fulfilledBy, left, settings: shop.settings });
  return typeof state === 'string' ? refused('malformed', state) : { kind: 'order', order: state };
}
