import { z } from 'zod';
import { ChannelError, type CallContext, type OrdersPage, type OrderWindow, type RawOrder } from '../kit';
import { manifest } from './manifest';
import { ORDER_ID } from './message';
import { ask } from './wire';

const PAGE = 100;

const ordersSchema = z.object({ orders: z.array(z.looseObject({ id: z.string() })).max(1000) });
const changesSchema = z.object({
  ids: z.array(z.string().regex(ORDER_ID)).max(1000),
  next: z.string().min(1).max(1000).nullish(),
});

/** Reads orders by their ids in one call. An id that the shop does not know is left out. @throws ChannelError */
export async function readOrders(call: CallContext, externalIds: readonly string[]): Promise<readonly RawOrder[]> {
  const ids = [...new Set(externalIds)].filter((id) => ORDER_ID.test(id)).slice(0, manifest.orderBatch);
  if (ids.length === 0) return [];
  const query = { ids: JSON.stringify(ids) };
  const { orders } = await ask(call, { method: 'GET', path: '/orders', query, effect: 'read' }, ordersSchema);
  const byId = new Map(orders.map((order) => [order.id, order]));
  return ids.flatMap((externalId) => {
    const payload = byId.get(externalId);
    return payload === undefined ? [] : [{ externalId, payload }];
  });
}

/** One page of the ids of orders that were created or changed in the window. @throws ChannelError */
export async function listOrders(call: CallContext, window: OrderWindow, cursor?: string): Promise<OrdersPage> {
  const query = {
    by: window.by,
    from: new Date(window.from).toISOString(),
    to: new Date(window.to).toISOString(),
    limit: String(PAGE),
    ...(cursor === undefined ? {} : { cursor }),
  };
  const request = { method: 'GET', path: '/orders/changes', query, effect: 'read' } as const;
  const { ids, next } = await ask(call, request, changesSchema);
  refuseCircle(cursor, next);
  return { externalIds: ids, ...(next == null ? {} : { next }) };
}

/** A shop whose page leads to itself would be read for ever. @throws ChannelError `malformed` */
export function refuseCircle(cursor: string | undefined, next: string | null | undefined): void {
  if (next != null && next === cursor) throw new ChannelError({ kind: 'malformed' }, 'a page leads to itself');
}
