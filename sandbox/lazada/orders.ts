import type { Reply } from '../http/call';
import type { Order } from '../order';
import type { Shop } from '../shop';
import type { Ground } from '../world';
import { refuse, success, type SellerCall } from './door';
import { STATUS_WORDS, describeItem, describeOrder, itemStatus } from './rows';
import { instant } from './texts';

/** Caps: 50 ids a call, 100 orders a page, offset to 5,000. [L4 doc] */
const MOST_IDS = 50;
const MOST_ORDERS = 100;
const MOST_OFFSET = 5000;

/** Status words that a filter takes. [L4][L2 doc] */
const FILTERS = new Set([
  ...Object.values(STATUS_WORDS),
  ...['failed', 'topack', 'toship', 'shipping', 'lost', 'repacked', 'lost_by_3pl', 'damaged_by_3pl', 'failed_delivery'],
  ...['shipped_back', 'shipped_back_success', 'shipped_back_failed', 'package_scrapped', 'all'],
]);

/** `GET /order/get`. An id of another store is as invalid as an unknown one. [L9: error 16] */
export function readOrder(ground: Ground): (call: SellerCall) => Reply {
  return ({ parameters, shop, call }) => {
    const order = findOrder(shop, parameters.get('order_id'));
    call.note.orders = [order.id];
    return success(describeOrder(ground, order));
  };
}

/** `GET /order/items/get`. */
export function readItems(ground: Ground): (call: SellerCall) => Reply {
  return ({ parameters, shop, call }) => {
    const order = findOrder(shop, parameters.get('order_id'));
    call.note.orders = [order.id];
    return success(order.units.map((_, index) => describeItem(ground, order, index)));
  };
}

/** `GET /orders/items/get?order_ids=[1,2]`: a bare JSON array of numbers. [L4 doc] */
export function readManyItems(ground: Ground): (call: SellerCall) => Reply {
  return ({ parameters, shop, call }) => {
    const ids = numbersOf(parameters.get('order_ids') ?? '');
    if (ids.length > MOST_IDS) throw refuse('38', 'E038: Too many orders were requested');
    call.note.orders = ids.map(String);
    const orders = ids.map((id) => shop.orders.get(String(id)));
    const found = orders.filter((order) => order !== undefined);
    if (found.length === 0) throw refuse('39', 'E039: No orders were found');
    if (found.length < orders.length) throw refuse('37', 'E037: One or more order ids in the list are incorrect');
    return success(
      found.map((order) => ({
        order_id: Number(order.id),
        order_number: Number(order.number),
        order_items: order.units.map((_, index) => describeItem(ground, order, index)),
      })),
    );
  };
}

/** `GET /orders/get`. `count` is the rows of this page. [L4 doc] */
export function listOrders(ground: Ground): (call: SellerCall) => Reply {
  return ({ parameters, shop }) => {
    const found = filterOrders(shop, readFilter(parameters));
    const limit = wholeNumber(parameters.get('limit') ?? '100', 1, MOST_ORDERS);
    const offset = wholeNumber(parameters.get('offset') ?? '0', 0, MOST_OFFSET);
    if (limit === undefined) throw refuse('19', 'E019: Invalid Limit');
    if (offset === undefined) throw refuse('14', 'E014: Invalid Offset');
    const orders = found.slice(offset, offset + limit).map((order) => describeOrder(ground, order));
    return success({ count: orders.length, countTotal: found.length, orders });
  };
}

interface Filter {
  createdAfterMs: number;
  createdBeforeMs: number;
  updateAfterMs: number;
  updateBeforeMs: number;
  status: string | undefined;
  by: 'createdUs' | 'updatedUs';
  descending: boolean;
}

function readFilter(parameters: ReadonlyMap<string, string>): Filter {
  if (!parameters.get('created_after') && !parameters.get('update_after')) {
    throw refuse('MissingParameter', 'created_after or update_after is mandatory');
  }
  const status = parameters.get('status');
  if (status !== undefined && !FILTERS.has(status)) throw refuse('36', 'E036: Invalid status filter');
  const sortBy = parameters.get('sort_by') ?? 'created_at';
  if (sortBy !== 'created_at' && sortBy !== 'updated_at') throw refuse('75', 'E075: Invalid sort column');
  const direction = parameters.get('sort_direction') ?? 'DESC';
  if (direction !== 'ASC' && direction !== 'DESC') throw refuse('74', 'E074: Invalid sort direction');
  return {
    createdAfterMs: instant(parameters.get('created_after')) ?? -Infinity,
    createdBeforeMs: instant(parameters.get('created_before')) ?? Infinity,
    updateAfterMs: instant(parameters.get('update_after')) ?? -Infinity,
    updateBeforeMs: instant(parameters.get('update_before')) ?? Infinity,
    status: status === 'all' ? undefined : status,
    by: sortBy === 'created_at' ? 'createdUs' : 'updatedUs',
    descending: direction === 'DESC',
  };
}

function filterOrders(shop: Shop, filter: Filter): Order[] {
  const found: Order[] = [];
  for (const order of shop.orders.values()) {
    // Lazada keeps whole seconds.
    const createdMs = Math.floor(order.createdUs / 1_000_000) * 1000;
    const updatedMs = Math.floor(order.updatedUs / 1_000_000) * 1000;
    if (createdMs < filter.createdAfterMs || createdMs > filter.createdBeforeMs) continue;
    if (updatedMs < filter.updateAfterMs || updatedMs > filter.updateBeforeMs) continue;
    if (filter.status !== undefined && !order.units.some((unit) => itemStatus(unit) === filter.status)) continue;
    found.push(order);
  }
  const sign = filter.descending ? -1 : 1;
  return found.sort((a, b) => sign * (a[filter.by] - b[filter.by]));
}

function findOrder(shop: Shop, id: string | undefined): Order {
  if (!id)
    throw refuse(
      'MissingParameter',
      'The input parameter "order_id" that is mandatory for processing this request is not supplied',
    );
  const order = shop.orders.get(id);
  if (order === undefined) throw refuse('16', `E016: "${id}" Invalid Order ID`);
  return order;
}

function numbersOf(text: string): number[] {
  if (!/^\[\s*(\d+\s*(,\s*\d+\s*)*)?\]$/.test(text))
    throw refuse('56', 'E056: Invalid OrderIdList format. Must use array format [1,2]');
  return JSON.parse(text) as number[];
}

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && value >= least && value <= most ? value : undefined;
}
