import { mergeOrder } from './merge-order';
import type { Order, OrderLine, OrderState } from './order';

/** In what an order differs from its channel's word; `unknown`: the channel does not know it. */
export type AuditDifference = 'missing' | 'unknown' | 'state' | 'money';

/**
 * In what a stored order differs from what its channel tells now. Only what would be written counts: a line that the
 * channel does not tell of any more, or units that left and are not told as shipped, are no difference.
 */
export function auditOrder(stored: Order | undefined, told: OrderState): readonly AuditDifference[] {
  if (stored === undefined) return ['missing'];
  const merged = mergeOrder(stored, { ...told, updatedAt: stored.updatedAt }, contextOf(stored));
  if (merged.kind !== 'changed') return [];
  const { order } = merged;
  const isState = stateOf(stored) !== stateOf(order);
  const isMoney = moneyOf(stored) !== moneyOf(order);
  return [...(isState ? (['state'] as const) : []), ...(isMoney ? (['money'] as const) : [])];
}

const contextOf = ({ id, seller, shop, channel }: Order) => ({
  ...{ id, seller, shop, channel },
  restock: 'confirm' as const,
  resolve: () => undefined,
});

const sorted = (order: Order): readonly OrderLine[] => [...order.lines].sort((a, b) => (a.id < b.id ? -1 : 1));

const stateOf = (order: Order): string =>
  JSON.stringify([
    order.status,
    order.fulfilledBy,
    sorted(order).map((line) => [
      line.listingKey,
      [line.units, line.cancelled, line.shipped, line.returned, line.status],
    ]),
  ]);

const moneyOf = (order: Order): string => {
  const { items, discountSeller, discountChannel, shipping, tax, paid } = order.totals;
  return JSON.stringify([
    [order.currency, items, discountSeller, discountChannel, shipping, tax, paid],
    sorted(order).map((line) => [line.listingKey, line.unitPrice]),
  ]);
};
