import type { Hint } from '../kit';
import { readEnvelope } from './push-envelope';

/** [Z1] events that name an order. */
const ORDER_EVENTS: ReadonlySet<string> = new Set([
  'onOrderCreated',
  'onOrderItemsStatusChanged',
  'onReturnStatusChanged',
]);

/** [Z1] events that name products by seller sku. Whether a stock change is among them is NOT CONFIRMED. */
const PRODUCT_EVENTS: ReadonlySet<string> = new Set([
  'onProductCreated',
  'onProductUpdated',
  'onProductQcStatusChanged',
]);

/** [Z1] events that ask for nothing, and why. */
const IGNORED: ReadonlyMap<string, string> = new Map([
  ['onFeedCreated', 'the hub sends no feeds'],
  ['onFeedCompleted', 'the hub sends no feeds'],
  ['onStatisticsUpdated', 'statistics are no stock and no orders'],
]);

/** What the hub registers for. */
export const WANTED_EVENTS: readonly string[] = [...ORDER_EVENTS, ...PRODUCT_EVENTS];

/**
 * What a kept push asks for. [Z1] the payload of `onReturnStatusChanged` is not documented: without an order id it is
 * ignored and the return is found by reading orders. Pure; never throws.
 */
export function hint(bytes: Buffer): Hint {
  const envelope = readEnvelope(bytes);
  if (envelope === undefined) return { kind: 'unreadable', reason: 'no JSON object with an event' };
  const { event, orderId, sellerSkus } = envelope;
  const reason = IGNORED.get(event);
  if (reason !== undefined) return { kind: 'ignored', reason: `${event}: ${reason}` };
  if (PRODUCT_EVENTS.has(event)) {
    if (sellerSkus.length === 0) return { kind: 'unreadable', reason: `event ${event} without a seller sku` };
    return { kind: 'listings', listingKeys: [...new Set(sellerSkus)], reason: event };
  }
  if (!ORDER_EVENTS.has(event)) return { kind: 'ignored', reason: `event ${event} is not known` };
  if (orderId !== undefined) return { kind: 'order', externalId: orderId };
  if (event === 'onReturnStatusChanged') return { kind: 'ignored', reason: `event ${event} without an order id` };
  return { kind: 'unreadable', reason: `event ${event} without an order id` };
}
