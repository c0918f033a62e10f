import type { Hint } from '../kit';
import { readEnvelope } from './push-envelope';

/** [Z1] events that name an order. The hub registers for these. */
export const ORDER_EVENTS: readonly string[] = ['onOrderCreated', 'onOrderItemsStatusChanged', 'onReturnStatusChanged'];

/** [Z1] events that ask for nothing now. */
const IGNORED: ReadonlySet<string> = new Set([
  'onProductCreated',
  'onProductUpdated',
  'onProductQcStatusChanged',
  'onFeedCreated',
  'onFeedCompleted',
  'onStatisticsUpdated',
]);

/**
 * What a kept push asks for. [Z1] the payload of `onReturnStatusChanged` is not documented: without an order id it is
 * ignored and the return is found by reading orders. Pure; never throws.
 */
export function hint(bytes: Buffer): Hint {
  const envelope = readEnvelope(bytes);
  if (envelope === undefined) return { kind: 'unreadable', reason: 'no JSON object with an event' };
  const { event, orderId } = envelope;
  if (IGNORED.has(event)) return { kind: 'ignored', reason: `event ${event} asks for nothing` };
  if (!ORDER_EVENTS.includes(event)) return { kind: 'ignored', reason: `event ${event} is not known` };
  if (orderId !== undefined) return { kind: 'order', externalId: orderId };
  if (event === 'onReturnStatusChanged') return { kind: 'ignored', reason: `event ${event} without an order id` };
  return { kind: 'unreadable', reason: `event ${event} without an order id` };
}
