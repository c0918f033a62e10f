import type { OrderId } from '../ids';
import { keyOf } from '../ids';
import type { Order, OrderLine } from './order';
import type { Sold } from '../stock/position';
import type { StockRequest, Want } from '../stock/stock-request';

/** Sale units of a line that are open or left: a cancellation frees only what was not shipped. */
export const heldUnits = (line: Pick<OrderLine, 'units' | 'cancelled' | 'shipped'>): number =>
  Math.max(line.shipped, line.units - line.cancelled);

/** The id of an order's move on a sku: never a delivery's. */
export const orderMoveId = (order: OrderId, stockV: number): string => keyOf('order', order, String(stockV));

const isUndone = (order: Order): boolean =>
  order.hold !== undefined && ['refused', 'released', 'expired'].includes(order.hold.status);

interface Share {
  want: { held: number; shipped: number; restocked: number };
  sold: Map<Sold['listing'], { units: number; open: number }>;
}

const noShare = (): Share => ({ want: { held: 0, shipped: 0, restocked: 0 }, sold: new Map() });

function addLine(shares: Map<string, Share>, line: OrderLine, undone: boolean): void {
  const parts = line.parts ?? [];
  const held = undone ? 0 : heldUnits(line);
  parts.forEach((part, index) => {
    const share = shares.get(part.sku) ?? noShare();
    share.want.held += held * part.units;
    share.want.shipped += line.shipped * part.units;
    share.want.restocked += line.restocked * part.units;
    if (index === 0 && line.listing !== undefined) {
      const before = share.sold.get(line.listing) ?? { units: 0, open: 0 };
      share.sold.set(line.listing, { units: before.units + held, open: before.open + held - line.shipped });
    }
    shares.set(part.sku, share);
  });
}

export type OrderRequest = Extract<StockRequest, { kind: 'order' }>;

/**
 * What an order's state asks of each sku, skus in sorted order. Two lines of one sku are one drawing. Orders that the
 * marketplace fulfils ask for nothing.
 */
export function wantBySku(order: Order): readonly { readonly sku: string; readonly request: OrderRequest }[] {
  if (order.fulfilledBy === 'channel') return nothingOf(order);
  const shares = new Map<string, Share>();
  for (const line of order.lines) addLine(shares, line, isUndone(order));
  return [...shares.keys()].sort().map((sku) => ({ sku, request: requestFor(order, shares.get(sku) as Share) }));
}

/**
 * The requests of an order in the order in which they are to be committed, those of one step together. What an order sold
 * of a bundle stands in the move of its first part, and lowers what buyers see of all parts: a sale tells it last, a
 * cancellation first, so that no other listing of a part is ever given units that the bundle holds.
 */
export function stepsOf<Each extends { readonly request: OrderRequest }>(
  order: Order,
  requests: readonly Each[],
): readonly (readonly Each[])[] {
  if (!order.lines.some((line) => line.listing !== undefined && (line.parts ?? []).length > 1)) return [requests];
  const [telling, silent] = [requests.filter(tells), requests.filter((each) => !tells(each))];
  const givesBack = isUndone(order) || order.lines.some((line) => line.cancelled > 0);
  return givesBack ? [telling, silent] : [silent, telling];
}

const tells = ({ request }: { readonly request: OrderRequest }): boolean => request.sold.length > 0;

/** The marketplace sends it. Where an earlier state said otherwise, what was drawn for it is given back. */
function nothingOf(order: Order): readonly { readonly sku: string; readonly request: OrderRequest }[] {
  if (order.stockV === 1) return [];
  const skus = new Set(order.lines.flatMap((line) => (line.parts ?? []).map(({ sku }) => sku)));
  return [...skus].sort().map((sku) => ({ sku, request: requestFor(order, noShare()) }));
}

function requestFor(order: Order, share: Share): OrderRequest {
  const want: Want = share.want;
  return {
    kind: 'order',
    id: orderMoveId(order.id, order.stockV),
    order: order.id,
    stockV: order.stockV,
    shop: order.shop,
    want,
    mustFit: order.hold?.status === 'pending',
    ...(order.hold !== undefined && order.hold.status !== 'confirmed' ? { isHold: true } : {}),
    sold: [...share.sold].map(([listing, sold]) => ({ listing, ...sold })),
    placedAt: order.placedAt,
    updatedAt: order.updatedAt,
  };
}
