import { json, type Reply } from '../http/call';
import type { Order, OrderUnit } from '../order';
import type { Ground } from '../world';
import { failure, requestId, refuse, success, type SellerCall } from './door';

const MOST_ROWS = 100;

/** What a seller may say when he cancels; out of stock and wrong price may set the stock to 0. [L3][L4 doc] */
const REASONS: Record<string, string> = {
  10000019: 'Sourcing Delay (cannot meet deadline)',
  10000021: 'Out of Stock',
  10000023: 'Wrong Price or Pricing Error',
};
const ZEROING = ['10000021', '10000023'];
const TIP = 'Cancelling for out of stock or a wrong price may set the stock of the sku to 0.';

interface Reversed {
  order: Order;
  unit: OrderUnit;
}

/**
 * `/reverse/getreverseordersforseller`: pages from 1, the answer in `result` and not in `data`. [L7 doc]
 * The newest change comes first.
 */
export function listReverseOrders({ parameters, shop, call }: SellerCall): Reply {
  const page = readPage(parameters);
  const wanted = readFilter(parameters);
  const found: Reversed[] = [];
  for (const order of shop.orders.values()) {
    for (const unit of order.units)
      if (unit.reverseId !== undefined && wanted({ order, unit })) found.push({ order, unit });
  }
  found.sort((a, b) => b.unit.changedUs - a.unit.changedUs);
  const rows = found.slice((page.no - 1) * page.size, page.no * page.size);
  call.note.orders = [...new Set(rows.map(({ order }) => order.id))];
  const result = {
    page_no: page.no,
    page_size: page.size,
    success: true,
    total: found.length,
    items: rows.map(describe),
  };
  return json(200, { code: '0', result, request_id: requestId() });
}

function readPage(parameters: ReadonlyMap<string, string>): { no: number; size: number } {
  const read = (name: string, most: number): number => {
    const text = parameters.get(name) ?? '';
    if (text === '')
      throw refuse('MissingParameter', `The input parameter "${name}" that is mandatory is not supplied`);
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < 1 || value > most) throw refuse('5', `E005: invalid ${name}`);
    return value;
  };
  return { no: read('page_no', 100_000), size: read('page_size', MOST_ROWS) };
}

function readFilter(parameters: ReadonlyMap<string, string>): (row: Reversed) => boolean {
  const reverseId = parameters.get('reverse_order_id');
  const tradeId = parameters.get('trade_order_id');
  const statuses = textsOf(parameters.get('reverse_status_list'));
  const ofc = textsOf(parameters.get('ofc_status_list'));
  const types = textsOf(parameters.get('request_type_list'));
  const returnTo = parameters.get('return_to_type');
  const changed = rangeOf(parameters, 'ReverseOrderLineModifiedTimeRange');
  const made = rangeOf(parameters, 'ReverseOrderLineTimeRange');
  const bought = rangeOf(parameters, 'TradeOrderLineCreatedTimeRange');
  const given = (id: string | undefined): boolean => id !== undefined && id !== '' && id !== '0';
  return ({ order, unit }) =>
    (!given(reverseId) || reverseId === String(unit.reverseId)) &&
    (!given(tradeId) || tradeId === order.id) &&
    (statuses === undefined || statuses.includes(statusOf(unit))) &&
    (ofc === undefined || ofc.includes(ofcStatusOf(unit))) &&
    (types === undefined || types.includes(typeOf(unit))) &&
    (returnTo === undefined || returnTo === '' || (returnTo === 'RTM' && typeOf(unit) === 'RETURN')) &&
    changed(unit.changedUs) &&
    made(unit.changedUs) &&
    bought(order.createdUs);
}

/** A JSON list of words. */
function textsOf(text: string | undefined): string[] | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list.length === 0 ? undefined : list.map(String);
  } catch {
    // Falls through to the refusal.
  }
  throw refuse('5', 'E005: Invalid Request Format');
}

/** Time ranges are in milliseconds. [L7 doc] */
function rangeOf(parameters: ReadonlyMap<string, string>, name: string): (us: number) => boolean {
  const read = (end: 'Start' | 'End', open: number): number => {
    const text = parameters.get(name + end);
    if (text === undefined || text === '') return open;
    if (!/^\d{13}$/.test(text)) throw refuse('17', `E017: ${name}${end} must be in milliseconds`);
    return Number(text);
  };
  const startMs = read('Start', -Infinity);
  const endMs = read('End', Infinity);
  return (us) => us / 1000 >= startMs && us / 1000 < endMs + 1;
}

function typeOf(unit: OrderUnit): 'CANCEL' | 'RETURN' {
  return unit.state === 'cancelled' ? 'CANCEL' : 'RETURN';
}

function statusOf(unit: OrderUnit): string {
  return unit.state === 'cancelled' ? 'CANCEL_SUCCESS' : 'RTM_RECEIVE_ITEM';
}

function ofcStatusOf(unit: OrderUnit): string {
  return unit.state === 'cancelled' ? '' : 'RETURN_DELIVERED';
}

/** One reverse order has one line here: a unit. Money in cents, except in Vietnam. [L7 doc] */
function describe({ order, unit }: Reversed): Record<string, unknown> {
  const price = unit.line.unitPriceHundredths;
  const amount = order.shop.region === 'VN' ? price / 100 : price;
  const changedMs = Math.floor(unit.changedUs / 1000);
  return {
    reverse_order_id: unit.reverseId,
    trade_order_id: Number(order.id),
    request_type: typeOf(unit),
    is_rtm: unit.state === 'returned',
    shipping_type: order.fulfilledByMarketplace ? 'Own Warehouse' : 'Dropshipping',
    reverse_order_lines: [
      {
        reverse_order_line_id: unit.reverseId,
        trade_order_line_id: unit.id,
        reverse_status: statusOf(unit),
        ofc_status: ofcStatusOf(unit),
        seller_sku_id: unit.line.listing.sku,
        platform_sku_id: String(unit.line.listing.modelId),
        product: { product_id: unit.line.listing.itemId, product_sku: unit.line.listing.sku },
        refund_amount: order.paidUs === undefined ? 0 : amount,
        item_unit_price: amount,
        reason_code: unit.state === 'cancelled' ? 10000021 : 10000040,
        reason_text: unit.state === 'cancelled' ? 'Change of mind' : 'Does not fit',
        is_need_refund: order.paidUs === undefined ? 'false' : 'true',
        is_dispute: false,
        tracking_number: '',
        trade_order_gmt_create: Math.floor(order.createdUs / 1000),
        return_order_line_gmt_create: changedMs,
        return_order_line_gmt_modified: changedMs,
      },
    ],
  };
}

/** `GET /order/reverse/cancel/validate`: whether units may be cancelled, and the reasons to give. [L4 doc] */
export function validateCancel(asked: SellerCall): Reply {
  const { units } = unitsOf(asked);
  const late = units.some((unit) => !['unpaid', 'paid', 'packed', 'ready'].includes(unit.state));
  const reasons = Object.entries(REASONS).map(([id, name]) => ({ reason_id: id, reason_name: name }));
  return success(
    late
      ? { tip_type: 'error', tip_content: 'The items can no longer be cancelled.', reason_options: [] }
      : { tip_type: 'warn', tip_content: TIP, reason_options: reasons },
  );
}

/**
 * `/order/reverse/cancel/create`: the seller cancels units before they are shipped. For out of stock and a wrong price
 * the listing's stock may be set to 0 ("may", so a reading decides). [L3][L4 doc]
 */
export function cancelItems(ground: Ground): (call: SellerCall) => Reply {
  return (asked) => {
    const { order, units } = unitsOf(asked);
    const reason = asked.parameters.get('reason_id') ?? '';
    if (!Object.hasOwn(REASONS, reason)) return failure('104', 'E0104: reason is empty or invalid', { type: 'ISP' });
    if (units.some((unit) => !['unpaid', 'paid', 'packed', 'ready'].includes(unit.state))) {
      return failure('123', 'E0123: invalid trade order lines', { type: 'ISP' });
    }
    order.cancelReason = 'seller';
    ground.trade.moveUnits(order, 'cancelled', units);
    if (ZEROING.includes(reason) && ground.readings.choices.lazadaCancelZeroes) {
      for (const { line } of units) line.listing.sellable = line.listing.locked;
    }
    return success({ tip_type: 'warn', tip_content: TIP });
  };
}

function unitsOf({ parameters, shop, call }: SellerCall): { order: Order; units: OrderUnit[] } {
  const id = parameters.get('order_id');
  if (!id) throw refuse('115', 'E0115: order id is null', 'ISP');
  const order = shop.orders.get(id);
  if (order === undefined) throw refuse('122', 'E0122: invalid trade order', 'ISP');
  call.note.orders = [order.id];
  const ids = textsOf(parameters.get('order_item_id_list')) ?? [];
  const units = order.units.filter((unit) => ids.includes(String(unit.id)));
  if (units.length === 0 || units.length < ids.length) {
    throw refuse('102', 'E0102: trade order line id is empty or invalid', 'ISP');
  }
  return { order, units };
}
