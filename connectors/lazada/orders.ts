import { z } from 'zod';
import type { CallContext, RawOrder } from '../kit';
import { plainCode } from './classify';
import { channelId, readId } from './fields';
import { type Envelope, errorOf, exchange, type WireRequest } from './wire';

/** 16 invalid id (also when the token belongs to another store), 39 none found. [L4 doc][L9 doc] */
const UNKNOWN_ORDER = new Set(['16', '39']);
/** 37 some ids of the list are wrong, 38 too many asked; 16 and 39 as above. [L4 doc] */
const SPLIT = new Set([...UNKNOWN_ORDER, '37', '38']);
/** Heads that are read at the same time. */
const ABREAST = 4;

/**
 * Reads orders as they are now: `/order/get` for each, then `/orders/items/get` for all of them. The rows are read
 * after the heads, so that they are never older than the instant their order is given. An id that Lazada does not
 * know is left out. `payload` is `{order, items}`; ids beyond 2^53 are strings.
 * @throws ChannelError
 */
export async function readOrders(call: CallContext, externalIds: readonly string[]): Promise<readonly RawOrder[]> {
  const ids = [...new Set(externalIds)].filter((id) => readId(id) !== undefined);
  const heads = new Map<string, unknown>();
  for (let at = 0; at < ids.length; at += ABREAST) {
    const some = ids.slice(at, at + ABREAST);
    const answers = await Promise.all(some.map((id) => readHead(call, id)));
    answers.forEach((head, index) => {
      const id = some[index];
      if (head !== undefined && id !== undefined) heads.set(id, head);
    });
  }
  const rows = heads.size === 0 ? new Map<string, unknown>() : await readRows(call, [...heads.keys()]);
  return [...heads].map(([externalId, order]) => ({
    externalId,
    payload: { order, items: rows.get(externalId) ?? [] },
  }));
}

/** The order without its rows; undefined when Lazada does not know it. */
async function readHead(call: CallContext, orderId: string): Promise<unknown> {
  const request: WireRequest = { method: 'GET', path: '/order/get', params: { order_id: orderId }, effect: 'read' };
  const envelope = await exchange(call, request);
  if (UNKNOWN_ORDER.has(plainCode(envelope.code))) return undefined;
  if (envelope.code !== '0') throw errorOf(envelope, request, call);
  return envelope.data ?? null;
}

const GROUP = z.object({ order_id: channelId, order_items: z.unknown().optional() });

/** Rows by order id. When some ids spoil the whole answer, each is asked for alone. */
async function readRows(call: CallContext, orderIds: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
  // A bare array of numbers, unquoted; ids are digits only. Error 56 says when it is not. [L4 doc]
  const params = { order_ids: `[${orderIds.join(',')}]` };
  const request: WireRequest = { method: 'GET', path: '/orders/items/get', params, effect: 'read' };
  const envelope = await exchange(call, request);
  if (envelope.code === '0') return rowsOf(envelope);
  if (!SPLIT.has(plainCode(envelope.code))) throw errorOf(envelope, request, call);
  const rows = new Map<string, unknown>();
  if (orderIds.length > 1) {
    for (const orderId of orderIds) for (const [id, items] of await readRows(call, [orderId])) rows.set(id, items);
  }
  return rows;
}

/** Grouped by order: `data[]{order_id, order_number, order_items[]}`. [L4 doc] */
function rowsOf(envelope: Envelope): ReadonlyMap<string, unknown> {
  const groups: readonly unknown[] = Array.isArray(envelope.data) ? envelope.data : [];
  return new Map(
    groups.flatMap((entry) => {
      const group = GROUP.safeParse(entry);
      return group.success ? [[group.data.order_id, group.data.order_items] as const] : [];
    }),
  );
}
