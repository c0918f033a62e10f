import {
  currencyDigits,
  formatMoney,
  parseMoney,
  type LineState,
  type LineStatus,
  type OrderState,
  type OrderTotals,
} from '../domain';
import type { MoneyField } from './border.schema';
import type { OrderBody, OrderLineBody } from './orders.schema';
import { present } from './present';
import type { Fault } from './refusal';

type Counts = Pick<LineState, 'units' | 'cancelled' | 'shipped' | 'returned'>;

/** An order of the seller's own as a state, or everything that is wrong with it. */
export type ReadOrder =
  | { readonly kind: 'read'; readonly state: OrderState }
  | { readonly kind: 'faulty'; readonly faults: readonly Fault[] };

/** Reads an order. Counts that are left out follow from the order's status. */
export function readOrder(body: OrderBody): ReadOrder {
  const faults: Fault[] = [];
  if (currencyDigits(body.currency) === undefined) {
    faults.push({ path: 'currency', message: 'currency must be one that the hub knows' });
  }
  const money = moneyReader(body.currency, faults);
  const lines = merged(body.lines.map((line, at) => readLine(body, line, { path: `lines.${at}`, money, faults })));
  const totals = readTotals(body, lines, money);
  if (totals.paid < 0) faults.push({ path: 'totals', message: 'totals must not be more off than the lines are worth' });
  if (faults.length > 0) return { kind: 'faulty', faults };
  const updatedAt = Date.parse(body.updatedAt);
  const state: OrderState = {
    externalId: body.id,
    ...present({ reference: body.reference, buyer: body.buyer }),
    placedAt: body.placedAt === undefined ? updatedAt : Date.parse(body.placedAt),
    updatedAt,
    currency: body.currency,
    status: body.status,
    lines,
    totals,
    fulfilledBy: 'seller',
  };
  return { kind: 'read', state };
}

type MoneyReader = (field: MoneyField | undefined, path: string) => number;

/** Reads amounts into minor units of the order's currency. */
function moneyReader(currency: string, faults: Fault[]): MoneyReader {
  return (field, path) => {
    if (field === undefined) return 0;
    if (field.currency !== currency) {
      faults.push({ path: `${path}.currency`, message: `${path} must be in the order's currency` });
    }
    const money = parseMoney(field.amount, field.currency);
    if (money === undefined || money.minor < 0) {
      faults.push({ path: `${path}.amount`, message: `${path} must be an amount with the digits of its currency` });
    }
    return money?.minor ?? 0;
  };
}

function readLine(
  order: OrderBody,
  line: OrderLineBody,
  { path, money, faults }: { path: string; money: MoneyReader; faults: Fault[] },
): LineState {
  const counts = countsOf(order.status, line);
  const { units, cancelled, shipped, returned } = counts;
  if (cancelled > units) faults.push({ path: `${path}.cancelled`, message: 'cancelled must not be above units' });
  if (shipped > units) faults.push({ path: `${path}.shipped`, message: 'shipped must not be above units' });
  if (returned > shipped) faults.push({ path: `${path}.returned`, message: 'returned must not be above shipped' });
  const unitPrice = money(line.unitPrice, `${path}.unitPrice`);
  const price = formatMoney({ minor: unitPrice, currency: order.currency });
  return {
    id: `${line.sku}@${price}`,
    listingKey: line.sku,
    sellerSku: line.sku,
    ...counts,
    unitPrice,
    status: statusOf(order, counts),
  };
}

function countsOf(status: OrderBody['status'], line: OrderLineBody): Counts {
  const { units } = line;
  const left = status === 'shipped' || status === 'delivered' || status === 'returned';
  const cancelled = line.cancelled ?? (status === 'cancelled' ? units - Math.min(units, line.shipped ?? 0) : 0);
  const shipped = line.shipped ?? (left ? Math.max(0, units - cancelled) : Math.min(units, line.returned ?? 0));
  const returned = line.returned ?? (status === 'returned' ? shipped : 0);
  return { units, cancelled, shipped, returned };
}

/** A line's own state, as its counts tell it; what they do not tell follows the order. */
function statusOf(order: OrderBody, { units, cancelled, shipped, returned }: Counts): LineStatus {
  const open = units - cancelled;
  if (shipped > 0 && returned >= shipped && shipped >= open) return 'returned';
  if (shipped > 0 && shipped >= open) return order.status === 'delivered' ? 'delivered' : 'shipped';
  if (open <= 0) return 'cancelled';
  return order.status === 'unpaid' ? 'unpaid' : 'paid';
}

/** One line per sku and price: rows that name one line are summed. */
function merged(lines: readonly LineState[]): LineState[] {
  const byId = new Map<string, LineState>();
  for (const line of lines) {
    const known = byId.get(line.id);
    byId.set(line.id, known ? { ...line, ...sumOf(known, line) } : line);
  }
  return [...byId.values()];
}

function sumOf(a: LineState, b: LineState): Counts & { readonly status: LineStatus } {
  return {
    units: a.units + b.units,
    cancelled: a.cancelled + b.cancelled,
    shipped: a.shipped + b.shipped,
    returned: a.returned + b.returned,
    status: a.status === 'cancelled' ? b.status : a.status,
  };
}

function readTotals({ totals }: OrderBody, lines: readonly LineState[], money: MoneyReader): OrderTotals {
  const items = lines.reduce((sum, { units, unitPrice }) => sum + units * unitPrice, 0);
  const discountSeller = money(totals?.discountSeller, 'totals.discountSeller');
  const shipping = money(totals?.shipping, 'totals.shipping');
  const tax = money(totals?.tax, 'totals.tax');
  const paid = items - discountSeller + shipping + tax;
  return { items, discountSeller, discountChannel: 0, shipping, tax, paid };
}
