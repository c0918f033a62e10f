import type { Buyer, Order, OrderLine, OrderTotals } from '../domain';
import { instantText, moneyText, type MoneyText } from './money-border';
import type { OrderLineView, OrderView, TotalsView } from './orders.schema';
import { present } from './present';

/** An order as it is answered; a buyer only where one is handed in. */
export function showOrder(order: Order, buyer?: Buyer): OrderView {
  const { id, channel, shop, externalId, reference, status, currency, fulfilledBy, shipBy } = order;
  return {
    ...{ id, channel, shop, externalId, status, currency, fulfilledBy },
    placedAt: instantText(order.placedAt),
    updatedAt: instantText(order.updatedAt),
    lines: order.lines.map((line) => showLine(line, currency)),
    totals: showTotals(order.totals, currency),
    ...present({ reference, buyer, shipBy: shipBy === undefined ? undefined : instantText(shipBy) }),
  };
}

/** What of a buyer everybody may see: enough to tell two apart. */
export function maskBuyer({ name, phone, address }: Buyer): Buyer {
  return present({
    name: name === undefined ? undefined : `${Array.from(name)[0] ?? ''}***`,
    phone: phone === undefined ? undefined : `***${phone.length > 6 ? phone.slice(-2) : ''}`,
    address: address === undefined ? undefined : '***',
  });
}

function showLine(line: OrderLine, currency: string): OrderLineView {
  const { id, listing, parts, title, units, cancelled, shipped, returned, restocked, status } = line;
  const [only, ...others] = parts ?? [];
  const sku = only !== undefined && others.length === 0 ? only.sku : null;
  return {
    ...{ id, listing: listing ?? null, sku, units, cancelled, shipped, returned, restocked, status },
    unitPrice: moneyText({ minor: line.unitPrice, currency }),
    ...present({ parts, title }),
  };
}

function showTotals(totals: OrderTotals, currency: string): TotalsView {
  const text = (minor: number): MoneyText => moneyText({ minor, currency });
  return {
    items: text(totals.items),
    discountSeller: text(totals.discountSeller),
    discountChannel: text(totals.discountChannel),
    shipping: text(totals.shipping),
    tax: text(totals.tax),
    paid: text(totals.paid),
  };
}
