import { z } from 'zod';
import { ChannelError, type CallContext, type RawOrder } from '../kit';
import { withEscrow } from './escrow';
import { codeOf } from './failures';
import { errorOf, exchange, type ShopeeRequest } from './wire';

/** [S6] without this list almost nothing comes back, and a field that is not in it is "not asked", never "empty". */
const FIELDS = [
  'item_list',
  'package_list',
  'total_amount',
  'estimated_shipping_fee',
  'recipient_address',
  'fulfillment_flag',
  'pickup_done_time',
  'pay_time',
].join(',');

const ORDER_NUMBER = /^[\w-]{1,64}$/;

const listSchema = z.object({ order_list: z.array(z.looseObject({ order_sn: z.string() })) });

/**
 * Reads orders by number, at most 50. One that Shopee does not know is left out; [S9] a batch of unknown ones only is
 * answered `error_not_found`. Where the parts of the money stand in escrow detail only, it is read too (QUIRKS 22).
 * @throws ChannelError
 */
export async function readOrders(call: CallContext, externalIds: readonly string[]): Promise<readonly RawOrder[]> {
  const asked = new Set(externalIds.filter((id) => ORDER_NUMBER.test(id)));
  if (asked.size === 0) return [];
  const request: ShopeeRequest = {
    method: 'GET',
    path: '/api/v2/order/get_order_detail',
    query: {
      order_sn_list: [...asked].join(','),
      response_optional_fields: FIELDS,
      // [S6] without it an order in PENDING is told by the old rules, or not at all.
      request_order_status_pending: 'true',
    },
    effect: 'read',
  };
  const answer = await exchange(call, request);
  if (codeOf(answer.error) === 'error_not_found') return [];
  if (answer.error !== '') throw errorOf(call, request, answer);
  const parsed = listSchema.safeParse(answer.response);
  if (!parsed.success) throw new ChannelError({ kind: 'malformed' }, 'get_order_detail without an order_list');
  const orders = parsed.data.order_list.flatMap((payload) =>
    asked.delete(payload.order_sn) ? [{ externalId: payload.order_sn, payload }] : [],
  );
  return withEscrow(call, orders);
}
