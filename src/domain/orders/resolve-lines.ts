import type { Resolved } from './merge-order';
import { isChannelStock, type Order } from './order';

/** The listing keys of lines that no listing was known for; an order that moves no stock needs none. */
export const unresolvedKeys = (order: Pick<Order, 'lines' | 'fulfilledBy'>): readonly string[] =>
  order.fulfilledBy === 'channel'
    ? []
    : [...new Set(order.lines.filter((line) => line.parts === undefined).map((line) => line.listingKey))].filter(
        (key) => !isChannelStock(key),
      );

/**
 * The order's next version with lines resolved that were not; lines that were keep what they were resolved to.
 * @returns undefined when nothing could be resolved.
 */
export function resolveLines<O extends Order>(
  order: O,
  resolve: (listingKey: string) => Resolved | undefined,
): O | undefined {
  const lines = order.lines.map((line) => (line.parts === undefined ? { ...line, ...resolve(line.listingKey) } : line));
  const changed = lines.some((line, index) => line.parts !== order.lines[index]?.parts);
  return changed ? { ...order, lines, v: order.v + 1, stockV: order.stockV + 1 } : undefined;
}

/** Lines of a hold are named by their sku; once the seller tells the order, they take the names it gives them. */
export function adoptHoldLines<O extends Order>(order: O, told: readonly { listingKey: string; id: string }[]): O {
  if (order.hold === undefined) return order;
  const names = new Map(told.map((line) => [line.listingKey, line.id]));
  const lines = order.lines.map((line) =>
    line.id === line.listingKey ? { ...line, id: names.get(line.listingKey) ?? line.id } : line,
  );
  return { ...order, lines };
}

/** The order with `units` of its lines fit to sell again (totals so far). Undefined: nothing new. */
export function restockLines<O extends Order>(order: O, units: ReadonlyMap<string, number>): O | undefined {
  const changed = order.lines.filter((line) => (units.get(line.id) ?? line.restocked) !== line.restocked);
  if (changed.length === 0) return undefined;
  const v = order.v + 1;
  const facts = changed.map((line) => ({
    kind: 'StockRestocked' as const,
    line: line.id,
    units: (units.get(line.id) ?? 0) - line.restocked,
    at: order.updatedAt,
    v,
  }));
  const lines = order.lines.map((line) => ({ ...line, restocked: units.get(line.id) ?? line.restocked }));
  return { ...order, lines, v, stockV: order.stockV + 1, facts: [...order.facts, ...facts] };
}
