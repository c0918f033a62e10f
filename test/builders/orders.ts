import {
  mergeOrder,
  orderIdOf,
  type LineState,
  type ListingId,
  type MergeContext,
  type Order,
  type OrderState,
  type OrderTotals,
  type SkuUnits,
} from '../../src/domain';
import { L, SELLER } from './stock';

export const NO_TOTALS: OrderTotals = { items: 0, discountSeller: 0, discountChannel: 0, shipping: 0, tax: 0, paid: 0 };

/** Two paid units of `key`, at a price of 10. */
export const lineState = (key: string, changes: Partial<LineState> = {}): LineState => ({
  id: `${key}|1000`,
  listingKey: key,
  units: 2,
  cancelled: 0,
  shipped: 0,
  returned: 0,
  unitPrice: 1000,
  status: 'paid',
  ...changes,
});

export const orderState = (changes: Partial<OrderState> = {}): OrderState => ({
  externalId: 'o-1',
  placedAt: 1000,
  updatedAt: 1000,
  currency: 'SGD',
  status: 'paid',
  lines: [lineState('hat')],
  totals: NO_TOTALS,
  fulfilledBy: 'seller',
  ...changes,
});

/** Every key is a listing of one unit of the sku of the same name. */
export const contextOf = (changes: Partial<MergeContext> = {}): MergeContext => ({
  id: orderIdOf(SELLER, L, 'o-1'),
  seller: SELLER,
  shop: L,
  channel: 'lazada',
  restock: 'auto',
  resolve: (key) => ({ listing: `listing-${key}` as ListingId, parts: [{ sku: key, units: 1 }] }),
  ...changes,
});

/** The stored order after these states came in, in this order. */
export function orderAfter(states: readonly OrderState[], context: MergeContext = contextOf()): Order {
  const stored = states.reduce<Order | undefined>((order, state) => {
    const merged = mergeOrder(order, state, context);
    return merged.kind === 'changed' ? merged.order : order;
  }, undefined);
  if (stored === undefined) throw new Error('no state came in');
  return stored;
}

/** An order whose lines are resolved as given. */
export const orderOf = (
  lines: readonly { readonly state: LineState; readonly parts: readonly SkuUnits[] }[],
  changes: Partial<Order> = {},
): Order => {
  const parts = new Map(lines.map((line) => [line.state.listingKey, line.parts]));
  const resolve: MergeContext['resolve'] = (key) => ({
    listing: `listing-${key}` as ListingId,
    parts: parts.get(key) ?? [],
  });
  const order = orderAfter([orderState({ lines: lines.map(({ state }) => state) })], contextOf({ resolve }));
  return { ...order, ...changes };
};
