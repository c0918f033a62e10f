import { json, problem, type Call, type Reply } from '../http/call';
import { toDecimal } from '../money';
import { countLine, itemsTotal, type Order } from '../order';
import type { World } from '../world';
import { describeOrder, shopOf } from './shops';

const MOST_PAGE = 1000;

/**
 * `GET …/orders`: the marketplace's truth. With `after=` (empty for the first page) or `limit=` it comes in pages, in the
 * order in which orders were made; without, everything at once. `?id=` for one.
 */
export function listOrders(world: World): (call: Call) => Reply {
  return (call) => {
    const shop = shopOf(world, call);
    const { query } = call;
    const id = query.get('id');
    if (id !== null)
      return json(200, { items: [shop.orders.get(id)].filter((one) => one !== undefined).map(describeTruth) });
    const orders = [...shop.orders.values()];
    const after = query.get('after') ?? '';
    if (!query.has('after') && !query.has('limit')) return json(200, { items: orders.map(describeTruth), next: null });
    const limit = limitOf(query.get('limit'));
    const start = after === '' ? 0 : indexAfter(orders, after);
    const page = orders.slice(start, start + limit);
    const next = start + page.length < orders.length ? (page[page.length - 1]?.id ?? null) : null;
    return json(200, { items: page.map(describeTruth), next });
  };
}

function indexAfter(orders: readonly Order[], id: string): number {
  const at = orders.findIndex((order) => order.id === id);
  if (at < 0) throw problem(404, `no order ${id} to go on after`);
  return at + 1;
}

function limitOf(text: string | null): number {
  const limit = Number(text ?? MOST_PAGE);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_PAGE) throw problem(422, `limit is 1 to ${MOST_PAGE}`);
  return limit;
}

/** An order with its counts of units and its money by component, `paid` being what the buyer paid. */
export function describeTruth(order: Order): Record<string, unknown> {
  const { money } = order;
  const items = itemsTotal(order);
  const paid = items - money.discountSeller - money.discountChannel + money.shipping;
  const counts = { units: 0, cancelled: 0, shipped: 0, returned: 0 };
  for (const line of order.lines) {
    const one = countLine(order, line);
    for (const name of ['units', 'cancelled', 'shipped', 'returned'] as const) counts[name] += one[name];
  }
  return {
    ...describeOrder(order),
    oddStatus: order.units.find((unit) => unit.oddStatus !== undefined)?.oddStatus ?? null,
    counts,
    totals: {
      items: toDecimal(items),
      discountSeller: toDecimal(money.discountSeller),
      discountChannel: toDecimal(money.discountChannel),
      shipping: toDecimal(money.shipping),
      tax: toDecimal(0),
      paid: toDecimal(paid),
    },
  };
}
