import type { Reply } from '../http/call';
import type { Order } from '../order';
import type { Shop } from '../shop';
import type { Ground } from '../world';
import { flat, refuse, success, wholeNumber, type Fields, type ShopCall } from './door';
import { describeIncome, describeOrder, orderStatus, seconds } from './rows';

/** A window of at most 15 days, 100 orders a page, 50 a read. [S3][S6 doc] */
const MOST_WINDOW_S = 15 * 86_400;
const MOST_PAGE = 100;
const MOST_DETAILS = 50;
const FAR = 4_294_967_295;

/** Statuses that the filter takes; the others are reached only without it. [S9] */
const FILTERS = [
  'UNPAID',
  'READY_TO_SHIP',
  'PROCESSED',
  'SHIPPED',
  'COMPLETED',
  'IN_CANCEL',
  'CANCELLED',
  'INVOICE_PENDING',
];

/** `GET order/get_order_list`: order numbers only, by cursor. */
export function listOrders(): (call: ShopCall) => Reply {
  return ({ call, shop }) => {
    const { query } = call;
    const field = query.get('time_range_field');
    if (field !== 'create_time' && field !== 'update_time')
      throw refuse('error_param', 'Wrong parameters, detail: time_range_field.');
    const { from, to } = windowOf(query);
    const size = wholeNumber(query.get('page_size'), 'page_size', { least: 1, most: MOST_PAGE });
    const status = query.get('order_status');
    if (status !== null && !FILTERS.includes(status))
      throw refuse('error_param', 'Wrong parameters, detail: order_status.');
    const us = field === 'create_time' ? 'createdUs' : 'updatedUs';
    // Without the flag PENDING orders are not shown. [S6 doc]
    const pending = query.get('request_order_status_pending') === 'true';
    const after = cursorOf(query.get('cursor'));
    const rest = inWindow(shop, us, { from, to, after });
    const page: Order[] = [];
    let more = false;
    for (const order of rest) {
      const word = orderStatus(order);
      if (status !== null ? word !== status : word === 'PENDING' && !pending) continue;
      more = page.length === size;
      if (more) break;
      page.push(order);
    }
    const last = page[page.length - 1];
    const withStatus = (query.get('response_optional_fields') ?? '').includes('order_status');
    return success({
      more,
      next_cursor: more && last !== undefined ? `${last[us]}-${last.id}` : '',
      order_list: page.map((order) => ({
        order_sn: order.id,
        ...(withStatus ? { order_status: orderStatus(order) } : {}),
        booking_sn: '',
      })),
    });
  };
}

function windowOf(query: URLSearchParams): { from: number; to: number } {
  const from = wholeNumber(query.get('time_from'), 'time_from', { least: 0, most: FAR });
  const to = wholeNumber(query.get('time_to'), 'time_to', { least: 0, most: FAR });
  if (to < from || to - from > MOST_WINDOW_S) {
    throw refuse('order.order_list_invalid_time', 'Start time must be earlier than end time and diff in 15days');
  }
  return { from, to };
}

/** A shop's orders made or changed within a window of seconds and after an instant, oldest first. */
function inWindow(
  shop: Shop,
  us: 'createdUs' | 'updatedUs',
  { from, to, after }: { from: number; to: number; after: Cursor },
): Order[] {
  const found: Order[] = [];
  for (const order of shop.orders.values()) {
    const second = seconds(order[us]);
    const comesLater = order[us] > after.us || (order[us] === after.us && order.id > after.id);
    if (comesLater && second >= from && second <= to) found.push(order);
  }
  return found.sort((a, b) => a[us] - b[us] || (a.id < b.id ? -1 : 1));
}

interface Cursor {
  us: number;
  id: string;
}

/** The cursor is opaque to callers: here the microsecond and the number of the last row. */
function cursorOf(text: string | null): Cursor {
  if (text === null || text === '') return { us: -1, id: '' };
  const [, us, id] = /^(\d{1,16})-(\w{1,32})$/.exec(text) ?? [];
  if (us === undefined || id === undefined) throw refuse('error_param', 'Wrong parameters, detail: cursor.');
  return { us: Number(us), id };
}

/** `GET order/get_order_detail`: `error_not_found` only when every number is unknown. [S9 obs] */
export function readOrders(): (call: ShopCall) => Reply {
  return ({ call, shop }) => {
    const numbers = (call.query.get('order_sn_list') ?? '').split(',').filter((text) => text !== '');
    if (numbers.length < 1 || numbers.length > MOST_DETAILS) {
      throw refuse('error_param', `Wrong parameters, detail: order_sn_list must have 1 to ${MOST_DETAILS} numbers.`);
    }
    call.note.orders = numbers;
    const found = numbers.map((number) => shop.orders.get(number)).filter((order) => order !== undefined);
    if (found.length === 0) throw refuse('error_not_found', 'Wrong parameters, detail: the order is not found.');
    const asked = new Set((call.query.get('response_optional_fields') ?? '').split(',').map((name) => name.trim()));
    return success({ order_list: found.map((order) => describeOrder(order, asked)) });
  };
}

/** `GET payment/get_escrow_detail?order_sn`: one order a call. */
export function readEscrow(): (call: ShopCall) => Reply {
  return ({ call, shop }) => {
    const order = findOrder(shop, call.query.get('order_sn'));
    return success({
      order_sn: order.id,
      buyer_user_name: '****',
      return_order_sn_list: [],
      order_income: describeIncome(order),
    });
  };
}

/** `POST order/cancel_order`, only before shipping; whole, or part by `partial_cancel_item_list`. [S6 doc] */
export function cancelOrder(ground: Ground): (call: ShopCall) => Reply {
  return ({ shop, body }) => {
    const order = findOrder(shop, body['order_sn']);
    const parts = body['partial_cancel_item_list'];
    const only = Array.isArray(parts) ? partsBySku(shop, parts as Fields[]) : undefined;
    try {
      ground.trade.move(order, 'cancelled', only);
    } catch {
      throw refuse('order.cancel_order_invalid_status', 'The order cannot be cancelled in its status.');
    }
    return success({ update_time: seconds(order.updatedUs) });
  };
}

function partsBySku(shop: Shop, parts: Fields[]): Map<string, number> {
  const bySku = new Map<string, number>();
  for (const part of parts) {
    const listing = shop.byItem
      .get(Number(part['item_id']))
      ?.find((one) => one.modelId === Number(part['model_id'] ?? 0));
    if (listing === undefined) throw refuse('product.error_item_not_found', 'Product not found');
    bySku.set(listing.sku, (bySku.get(listing.sku) ?? 0) + Number(part['model_quantity']));
  }
  return bySku;
}

/** `POST order/handle_buyer_cancellation {order_sn, operation}`: only in IN_CANCEL. [S6 doc] */
export function answerCancellation(ground: Ground): (call: ShopCall) => Reply {
  return ({ shop, body }) => {
    const order = findOrder(shop, body['order_sn']);
    const operation = body['operation'];
    if (operation !== 'ACCEPT' && operation !== 'REJECT')
      throw refuse('error_param', 'Wrong parameters, detail: operation.');
    if (!order.cancelRequested) throw refuse('order.cancel_order_invalid_status', 'The order is not in IN_CANCEL.');
    if (operation === 'ACCEPT') ground.trade.move(order, 'cancelled');
    else ground.trade.keepOrder(order);
    return flat({ response: { update_time: seconds(order.updatedUs) } });
  };
}

function findOrder(shop: Shop, number: unknown): Order {
  const order = typeof number === 'string' ? shop.orders.get(number) : undefined;
  if (order === undefined) throw refuse('error_not_found', 'Wrong parameters, detail: the order is not found.');
  return order;
}
