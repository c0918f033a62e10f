import { toDecimal } from '../money';
import { itemsTotal, type Order, type OrderUnit, type UnitState } from '../order';

/** PROTOCOL 3.1: the statuses that a shop writes. */
const STATUS_WORDS: Record<UnitState, string> = {
  unpaid: 'unpaid',
  paid: 'paid',
  packed: 'paid',
  ready: 'paid',
  shipped: 'shipped',
  delivered: 'delivered',
  cancelled: 'cancelled',
  returned: 'returned',
};

/** ISO 8601 in UTC, to the millisecond; rounded up, so that a change is never told as older than it is. */
export const instantText = (us: number): string => new Date(Math.ceil(us / 1000)).toISOString();

/** An order: units of one line that went different ways are lines of their own. */
export function describeOrder(order: Order): Record<string, unknown> {
  const { money, buyer } = order;
  const paid = itemsTotal(order) - money.discountSeller - money.discountChannel + money.shipping;
  return {
    id: order.id,
    number: order.number,
    status: order.units[0]?.oddStatus ?? STATUS_WORDS[order.units[0]?.state ?? 'paid'],
    placedAt: instantText(order.createdUs),
    updatedAt: instantText(order.updatedUs),
    currency: order.shop.currency,
    fulfilledBy: order.fulfilledByMarketplace ? 'channel' : 'seller',
    lines: linesOf(order),
    totals: {
      discountSeller: toDecimal(money.discountSeller),
      discountChannel: toDecimal(money.discountChannel),
      shipping: toDecimal(money.shipping),
      tax: '0.00',
      paid: toDecimal(paid),
    },
    buyer: { name: buyer.name, phone: buyer.phone, address: buyer.city },
  };
}

function linesOf(order: Order): Record<string, unknown>[] {
  return order.lines.flatMap((line) => {
    const units = order.units.filter((unit) => unit.line === line);
    return [...byStatus(units)].map(([status, count]) => ({
      sku: line.listing.sku,
      title: `Product ${line.listing.sku}`,
      units: count,
      unitPrice: toDecimal(line.unitPriceHundredths),
      status,
    }));
  });
}

function byStatus(units: readonly OrderUnit[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const unit of units) {
    const status = unit.oddStatus ?? STATUS_WORDS[unit.state];
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return counts;
}
