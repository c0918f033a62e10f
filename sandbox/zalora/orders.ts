import { json, type Reply } from '../http/call';
import type { Order } from '../order';
import type { Shop } from '../shop';
import { listParameter, pageOf, refuse, type SellerCall } from './door';
import { describeItem, describeOrder, itemStatus } from './rows';

/** `GET /v2/orders` and, for older ones, `GET /v2/archive/orders`: `hasNext`, no total. [Z1 doc] */
export function listOrders(archived: boolean): (call: SellerCall) => Reply {
  return (asked) => pageOfOrders(asked, archived);
}

function pageOfOrders({ call, shop }: SellerCall, archived: boolean): Reply {
  const { limit, offset } = pageOf(call);
  const by = call.query.get('sort') ?? 'createdAt';
  const direction = call.query.get('sortDir') ?? 'asc';
  if (by !== 'createdAt' && by !== 'updatedAt') throw refuse(422, 'The parameter sort is invalid.');
  if (!/^(asc|desc)$/i.test(direction)) throw refuse(422, 'The parameter sortDir is invalid.');
  const us = by === 'createdAt' ? 'createdUs' : 'updatedUs';
  const sign = direction.toLowerCase() === 'asc' ? 1 : -1;
  const wanted = filterOf(call);
  const found: Order[] = [];
  for (const order of shop.orders.values()) if (order.archived === archived && wanted(order)) found.push(order);
  found.sort((a, b) => sign * (a[us] - b[us]));
  const page = found.slice(offset, offset + limit);
  return json(200, {
    items: page.map(describeOrder),
    pagination: { limit, offset, hasNext: offset + page.length < found.length },
  });
}

function filterOf(call: SellerCall['call']): (order: Order) => boolean {
  const section = call.query.get('section');
  const ids = listParameter(call, 'orderIds');
  const numbers = listParameter(call, 'orderNumbers');
  const skus = listParameter(call, 'productSku');
  const kinds = listParameter(call, 'fulfilmentType');
  const created = rangeOf(call, 'dateStart', 'dateEnd');
  const updated = rangeOf(call, 'updateDateStart', 'updateDateEnd');
  if (section !== null && !section.startsWith('status_')) throw refuse(422, 'The parameter section is invalid.');
  return (order) =>
    (ids === undefined || ids.includes(order.id)) &&
    (numbers === undefined || numbers.includes(order.number)) &&
    (kinds === undefined || kinds.includes(order.fulfilledByMarketplace ? 'venture' : 'merchant')) &&
    (section === null || order.units.some((unit) => itemStatus(unit) === section.slice('status_'.length))) &&
    (skus === undefined || order.lines.some((line) => skus.includes(line.listing.sku))) &&
    created(order.createdUs) &&
    // Orders with at least one item updated in the range. [Z1 doc]
    order.units.some((unit) => updated(unit.changedUs));
}

/** A date without a time is 00:00:00 as a start and 23:59:59 as an end; the zone is not stated: UTC. [Z1 doc] */
function rangeOf(call: SellerCall['call'], startName: string, endName: string): (us: number) => boolean {
  const startMs = instant(call.query.get(startName), 'T00:00:00Z') ?? -Infinity;
  const endMs = instant(call.query.get(endName), 'T23:59:59.999Z') ?? Infinity;
  return (us) => us / 1000 >= startMs && us / 1000 < endMs + 1;
}

function instant(text: string | null, time: string): number | undefined {
  if (text === null) return undefined;
  const zoned = /^\d{4}-\d\d-\d\d$/.test(text)
    ? text + time
    : /(Z|[+-]\d\d:?\d\d)$/.test(text)
      ? text
      : `${text.replace(' ', 'T')}Z`;
  const ms = Date.parse(zoned);
  if (Number.isNaN(ms)) throw refuse(422, `"${text}" is not a date.`);
  return ms;
}

/** `GET /v2/orders/{orderId}`. */
export function readOrder({ call, shop }: SellerCall): Reply {
  const id = call.params['id'] ?? '';
  call.note.orders = [id];
  return json(200, describeOrder(findOrder(shop, id)));
}

function findOrder(shop: Shop, id: string): Order {
  const order = shop.orders.get(id);
  if (order === undefined || order.archived) throw refuse(404, `Order ${id} not found.`);
  return order;
}

/** `GET /v2/order-items` by order ids, item ids, status or update; this one has a total. [Z1 doc] */
export function listItems({ call, shop }: SellerCall): Reply {
  const { limit, offset } = pageOf(call);
  const orderIds = listParameter(call, 'orderIds');
  const itemIds = listParameter(call, 'orderItemIds');
  const statuses = listParameter(call, 'status');
  const updated = rangeOf(call, 'updatedAtStart', 'updatedAtEnd');
  const orders =
    orderIds === undefined ? [...shop.orders.values()] : orderIds.flatMap((id) => shop.orders.get(id) ?? []);
  call.note.orders = orderIds ?? [];
  const found = orders.flatMap((order) =>
    order.units.flatMap((unit, index) => {
      if (itemIds !== undefined && !itemIds.includes(String(unit.id))) return [];
      if (statuses !== undefined && !statuses.includes(itemStatus(unit))) return [];
      return updated(unit.changedUs) ? [{ order, index }] : [];
    }),
  );
  const page = found.slice(offset, offset + limit).map(({ order, index }) => describeItem(order, index));
  return json(200, { items: page, pagination: { limit, offset, totalCount: found.length } });
}

/** `GET /v2/order-items/returns`: items that came back or are on their way. [Z1 doc] */
export function listReturns({ call, shop }: SellerCall): Reply {
  const { limit, offset } = pageOf(call);
  const updated = rangeOf(call, 'updatedAtStart', 'updatedAtEnd');
  const found: { order: Order; index: number }[] = [];
  for (const order of shop.orders.values()) {
    order.units.forEach((unit, index) => {
      if (unit.state === 'returned' && updated(unit.changedUs)) found.push({ order, index });
    });
  }
  const page = found.slice(offset, offset + limit).map(({ order, index }) => describeItem(order, index));
  return json(200, { items: page, pagination: { limit, offset, totalCount: found.length } });
}
