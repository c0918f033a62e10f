import { json, type Reply } from '../http/call';
import type { Order } from '../order';
import { pageOf, refuse, textsOf, type ShopCall } from './door';
import { describeOrder } from './rows';

const MOST_ORDERS = 50;

/** `GET /orders?ids=[…]`: those that are there. */
export function readOrders({ call, shop }: ShopCall): Reply {
  const ids = textsOf(call, 'ids', MOST_ORDERS);
  call.note.orders = ids;
  return json(200, { orders: ids.flatMap((id) => shop.orders.get(id) ?? []).map(describeOrder) });
}

/**
 * `GET /orders/changes?by&from&to&limit&cursor`: ids by instant, then by id. The cursor is the last one's place and not
 * its number: an order that changes meanwhile moves to the end of the list and pushes nobody over a page's edge.
 */
export function listChanges({ call, shop }: ShopCall): Reply {
  const { limit, after } = pageOf(call);
  const by = call.query.get('by');
  if (by !== 'created' && by !== 'updated') throw refuse(422, 'by', 'by must be created or updated.');
  const us = by === 'created' ? 'createdUs' : 'updatedUs';
  const [from, to] = [instantOf(call.query.get('from')), instantOf(call.query.get('to'))];
  const place = (order: Order): string => `${String(order[us]).padStart(17, '0')}|${order.id}`;
  const found = [...shop.orders.values()]
    .filter((order) => order[us] / 1000 >= from && order[us] / 1000 < to + 1)
    .map((order) => ({ order, place: place(order) }))
    .filter((row) => after === undefined || row.place > after)
    .sort((a, b) => (a.place < b.place ? -1 : 1));
  const page = found.slice(0, limit);
  const next = found.length > page.length ? page[page.length - 1]?.place : undefined;
  return json(200, { ids: page.map(({ order }) => order.id), next: next ?? null });
}

function instantOf(text: string | null): number {
  const ms = Date.parse(text ?? '');
  if (Number.isNaN(ms)) throw refuse(422, 'instant', 'from and to must be instants in ISO 8601.');
  return ms;
}
