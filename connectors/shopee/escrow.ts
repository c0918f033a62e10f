import { ChannelError, type CallContext, type RawOrder } from '../kit';
import { inParallel } from './in-parallel';
import { orderSchema } from './order-schema';
import { isPaid, leavesGap } from './totals';
import { ask, type ShopeeRequest } from './wire';

/** Reads at once; Shopee takes one order per call. */
const AT_ONCE = 4;
/**
 * Passes by itself, so the whole read is repeated. Any other failure concerns escrow alone (none yet, no permission for
 * it, another shape): the order was read with the same token, and a sale must be heard whether its discounts are or not.
 */
const PASSING: ReadonlySet<string> = new Set(['throttled', 'unavailable']);

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
  try {
    return await ask(call, request);
  } catch (error) {
    if (error instanceof ChannelError && !PASSING.has(error.failure.kind)) return undefined;
    throw error;
  }
}

/**
 * Puts beside each order, as `escrow_detail`, what its parts of money are: vouchers and coins stand nowhere else.
 * @throws ChannelError `throttled` or `unavailable`; an order without escrow detail stays as it is
 */
export function withEscrow(call: CallContext, orders: readonly RawOrder[]): Promise<readonly RawOrder[]> {
  return inParallel(orders, AT_ONCE, async (order) => {
    if (!wantsEscrow(order.payload, call.shop.settings.escrow)) return order;
    const told = await readEscrow(call, order.externalId);
    return told === undefined || told === null
      ? order
      : { externalId: order.externalId, payload: { ...(order.payload as object), escrow_detail: told } };
  });
}
