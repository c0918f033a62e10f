import type { Reply } from '../http/call';
import { toFloat } from '../money';
import type { Order } from '../order';
import type { Shop } from '../shop';
import { flat, refuse, wholeNumber, type Fields, type ShopCall } from './door';
import { seconds } from './rows';

const MOST_PAGE = 100;
const MOST_WINDOW_S = 15 * 86_400;
const FAR = 4_294_967_295;
const STATUSES = ['REQUESTED', 'PROCESSING', 'ACCEPTED', 'JUDGING', 'SELLER_DISPUTE', 'CLOSED', 'CANCELLED'];

/** What came back of an order, as one return: `return_sn` is the order's number and an R. */
export function returnOf(order: Order): Fields | undefined {
  const units = order.units.filter((unit) => unit.state === 'returned');
  if (units.length === 0) return undefined;
  const times = units.map((unit) => seconds(unit.changedUs));
  return {
    return_sn: `${order.id}R`,
    order_sn: order.id,
    status: 'ACCEPTED',
    reason: 'CHANGE_MIND',
    refund_amount: toFloat(units.reduce((sum, unit) => sum + unit.line.unitPriceHundredths, 0)),
    currency: order.shop.currency,
    create_time: Math.min(...times),
    update_time: Math.max(...times),
    due_date: Math.max(...times) + 3 * 86_400,
    needs_logistics: true,
    return_refund_type: 'RRAOC',
    negotiation_status: '',
    item: order.lines
      .map((line) => ({ line, amount: units.filter((unit) => unit.line === line).length }))
      .filter(({ amount }) => amount > 0)
      .map(({ line, amount }) => ({
        item_id: line.listing.itemId,
        model_id: line.listing.modelId,
        item_sku: line.listing.modelId === 0 ? line.listing.sku : `P-${line.listing.itemId}`,
        variation_sku: line.listing.modelId === 0 ? '' : line.listing.sku,
        // The quantity. [S6 doc]
        amount,
        item_price: toFloat(line.unitPriceHundredths),
      })),
  };
}

interface Window {
  field: 'create_time' | 'update_time';
  from: number;
  to: number;
}

function windowOf(query: URLSearchParams, field: Window['field']): Window[] {
  const [from, to] = [`${field}_from`, `${field}_to`];
  if (!query.has(from) && !query.has(to)) return [];
  const window = {
    field,
    from: wholeNumber(query.get(from), from, { least: 0, most: FAR }),
    to: wholeNumber(query.get(to), to, { least: 0, most: FAR }),
  };
  if (window.to < window.from || window.to - window.from > MOST_WINDOW_S) {
    throw refuse('error_param', 'Wrong parameters, detail: the time range must be within 15 days.');
  }
  return [window];
}

/** `GET returns/get_return_list`: `page_no` is the first ENTRY, and `error` is "-" on success. [S6 doc][S9 obs] */
export function listReturns(): (call: ShopCall) => Reply {
  return ({ call, shop }) => {
    const { query } = call;
    const start = wholeNumber(query.get('page_no'), 'page_no', { least: 0, most: 1_000_000, fallback: 0 });
    const size = wholeNumber(query.get('page_size'), 'page_size', { least: 1, most: MOST_PAGE, fallback: 40 });
    const status = query.get('status');
    if (status !== null && !STATUSES.includes(status)) throw refuse('error_param', 'Wrong parameters, detail: status.');
    const windows = [...windowOf(query, 'create_time'), ...windowOf(query, 'update_time')];
    const found = returnsIn(shop).filter(
      (one) =>
        (status === null || one['status'] === status) &&
        windows.every(({ field, from, to }) => Number(one[field]) >= from && Number(one[field]) <= to),
    );
    const page = found.slice(start, start + size);
    return flat({ error: '-', response: { more: start + page.length < found.length, return: page } });
  };
}

/** `GET returns/get_return_detail?return_sn`; `error` is " " on success. [S9 obs] */
export function readReturn(): (call: ShopCall) => Reply {
  return ({ call, shop }) => {
    const sn = call.query.get('return_sn') ?? '';
    const order = sn.endsWith('R') ? shop.orders.get(sn.slice(0, -1)) : undefined;
    const found = order === undefined ? undefined : returnOf(order);
    if (found === undefined) throw refuse('error_not_found', 'Wrong parameters, detail: the return is not found.');
    return flat({ error: ' ', response: found });
  };
}

function returnsIn(shop: Shop): Fields[] {
  return [...shop.orders.values()].map(returnOf).filter((one) => one !== undefined);
}
