import type { Fact, FactKind, Order, OrderLine } from './order';

type Content = Pick<Order, 'lines' | 'status' | 'updatedAt'>;

const unpaid = (order: Pick<Order, 'status'>): boolean => order.status === 'unpaid';

function lineFacts(before: OrderLine | undefined, after: OrderLine): readonly { kind: FactKind; units: number }[] {
  const change = (field: 'cancelled' | 'shipped' | 'returned' | 'restocked'): number =>
    after[field] - (before?.[field] ?? 0);
  const facts: { kind: FactKind; units: number }[] = [];
  const tell = (kind: FactKind, units: number): void => {
    if (units > 0) facts.push({ kind, units });
  };
  tell('OrderCancelled', change('cancelled'));
  tell('OrderReinstated', -change('cancelled'));
  tell('OrderShipped', change('shipped'));
  if (after.status === 'delivered' && before?.status !== 'delivered') tell('OrderDelivered', after.shipped);
  tell('StockReturned', change('returned'));
  tell('StockRestocked', change('restocked'));
  return facts;
}

/** What changed between two states of an order, past tense; the first state is `OrderPlaced` and what it holds. */
export function factsBetween(stored: Content | undefined, next: Content, v: number): readonly Fact[] {
  const at = next.updatedAt;
  const before = new Map((stored?.lines ?? []).map((line) => [line.id, line]));
  const facts: Fact[] = stored === undefined ? [{ kind: 'OrderPlaced', at, v }] : [];
  const wasPaid = stored !== undefined && !unpaid(stored);
  if (!wasPaid && !unpaid(next) && next.status !== 'cancelled') facts.push({ kind: 'OrderPaid', at, v });
  for (const line of next.lines) {
    for (const fact of lineFacts(before.get(line.id), line)) facts.push({ ...fact, line: line.id, at, v });
  }
  return facts;
}
