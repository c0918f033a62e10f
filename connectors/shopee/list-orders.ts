import { z } from 'zod';
import { ChannelError, type CallContext, type OrdersPage, type OrderWindow } from '../kit';
import { manifest } from './manifest';
import { ask, secondsOf, type ShopeeRequest } from './wire';

const PATH = '/api/v2/order/get_order_list';
const MOST = '100';

const pageSchema = z.object({
  more: z.boolean(),
  next_cursor: z.string().max(1000).nullish(),
  order_list: z
    .array(z.object({ order_sn: z.string().regex(/^[\w-]{1,64}$/) }))
    .max(1000)
    .nullish(),
});

const inWholeSeconds = ({ from, to }: OrderWindow): { time_from: string; time_to: string } => ({
  time_from: secondsOf(from),
  time_to: String(Math.ceil(to / 1000)),
});

/**
 * One page of order numbers. [S3] no status filter, because it does not know every status; [S6] PENDING is told only
 * where it is asked for. A window beyond `manifest.orderWindowMs`, or one that ends before it begins, is refused here
 * with Shopee's own code.
 * @throws ChannelError
 */
export async function listOrders(call: CallContext, window: OrderWindow, cursor = ''): Promise<OrdersPage> {
  const wide = window.to - window.from;
  if (!(wide >= 0 && wide <= (manifest.orderWindowMs ?? 0))) {
    throw new ChannelError({ kind: 'refused', reason: 'order.order_list_invalid_time' }, `a window of ${wide} ms`);
  }
  const request: ShopeeRequest = {
    method: 'GET',
    path: PATH,
    query: {
      time_range_field: window.by === 'created' ? 'create_time' : 'update_time',
      ...inWholeSeconds(window),
      page_size: MOST,
      cursor,
      request_order_status_pending: 'true',
    },
    effect: 'read',
  };
  const parsed = pageSchema.safeParse(await ask(call, request));
  if (!parsed.success) throw new ChannelError({ kind: 'malformed' }, `${PATH} answers another shape`);
  const { more, next_cursor: next, order_list: orders } = parsed.data;
  const externalIds = (orders ?? []).map(({ order_sn: id }) => id);
  if (!more) return { externalIds };
  if (next === undefined || next === null || next === '' || next === cursor) {
    throw new ChannelError({ kind: 'malformed' }, `${PATH} has more and no next cursor`);
  }
  return { externalIds, next };
}
