import type { CallContext, RawOrder } from '../kit';
import { codeOf } from './failures';
import { inParallel } from './in-parallel';
import { orderSchema } from './order-schema';
import { isPaid, leavesGap } from './totals';
import { errorOf, exchange, type ShopeeRequest } from './wire';

/** Reads at once; Shopee takes one order per call. */
const AT_ONCE = 4;
/** [S6] no escrow yet, or none ever: order detail has to do. */
const UNKNOWN = new Set(['order_not_found', 'error_not_found', 'error_data', 'error_param']);

/**
 * Setting `escrow` (QUIRKS 22): `gap` (default) asks for paid orders whose detail does not add up by itself, `always`
 * for every paid order, `never` for none. An order that is not paid has none.
 */
function wantsEscrow(payload: unknown, setting: string | undefined): boolean {
  if (setting === 'never') return false;
  const parsed = orderSchema.safeParse(payload);
  if (!parsed.success || parsed.data.order_status === 'UNPAID') return false;
  return setting === 'always' ? isPaid(parsed.data) : leavesGap(parsed.data);
}

async function readEscrow(call: CallContext, externalId: string): Promise<unknown> {
  const request: ShopeeRequest = {
    method: 'GET',
    path: '/api/v2/payment/get_escrow_detail',
    query: { order_sn: externalId },
    effect: 'read',
  };
  const answer = await exchange(call, request);
  if (answer.error === '') return answer.response;
  const error = errorOf(call, request, answer);
  if (error.failure.kind === 'refused' && UNKNOWN.has(codeOf(answer.error))) return undefined;
  throw error;
}

/**
 * Puts beside each order, as `escrow_detail`, what its parts of money are: vouchers and coins stand nowhere else.
 * @throws ChannelError as any read does; an order that has no escrow detail stays as it is
 */
export function withEscrow(call: CallContext, orders: readonly RawOrder[]): Promise<readonly RawOrder[]> {
  return inParallel(orders, AT_ONCE, async (order) => {
    if (!wantsEscrow(order.payload, call.shop.settings.escrow)) return order;
    const told = await readEscrow(call, order.externalId);
    return told === undefined
      ? order
      : { externalId: order.externalId, payload: { ...(order.payload as object), escrow_detail: told } };
  });
}
