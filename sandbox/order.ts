import type { ReserveMove } from './reserves';
import type { Listing, Promotion, Shop } from './shop';

/**
 * Where one unit of an order is. Lazada and Zalora show each unit as a row of its own, Shopee shows whole orders with
 * quantities per line: every channel is written out of these.
 */
export type UnitState = 'unpaid' | 'paid' | 'packed' | 'ready' | 'shipped' | 'delivered' | 'cancelled' | 'returned';

export interface OrderLine {
  id: number;
  listing: Listing;
  units: number;
  unitPriceHundredths: number;
  originalPriceHundredths: number;
}

export interface OrderUnit {
  id: number;
  line: OrderLine;
  state: UnitState;
  changedUs: number;
  fromLock: boolean;
  /** The promotion whose reserve it was taken from. */
  promotion?: Promotion | undefined;
  reverseId: number | undefined;
  /** A status that no documentation knows, shown instead of the state's own until the unit moves. */
  oddStatus?: string | undefined;
}

export interface Buyer {
  name: string;
  phone: string;
  city: string;
  email: string;
}

/** What is taken off and put on the whole order, in hundredths. */
export interface OrderMoney {
  discountSeller: number;
  discountChannel: number;
  shipping: number;
}

export interface Order {
  id: string;
  number: string;
  shop: Shop;
  createdUs: number;
  updatedUs: number;
  paidUs: number | undefined;
  lines: OrderLine[];
  units: OrderUnit[];
  buyer: Buyer;
  money: OrderMoney;
  fulfilledByMarketplace: boolean;
  cancelReason: string | undefined;
  cancelRequested: boolean;
  /** From before anybody counted: its units are no part of what listings show. */
  past: boolean;
  /** Zalora: moved to the archive, where the usual list does not find it. [Z1 doc] */
  archived: boolean;
}

export type ChangeKind = UnitState | 'placed' | 'cancel-requested';

/** One change of an order, for the pushes that tell it. */
export interface Change {
  kind: ChangeKind;
  order: Order;
  units: OrderUnit[];
  atUs: number;
  /** What it did to the reserves of promotions. */
  reserves?: ReserveMove[];
}

/** How many units of a line are (or have been) where, as `GET /_sandbox/…/orders` tells it. */
export interface LineCounts {
  units: number;
  cancelled: number;
  shipped: number;
  returned: number;
}

const LEFT: readonly UnitState[] = ['shipped', 'delivered', 'returned'];

export function hasLeft(state: UnitState): boolean {
  return LEFT.includes(state);
}

export function countLine(order: Order, line: OrderLine): LineCounts {
  const counts = { units: 0, cancelled: 0, shipped: 0, returned: 0 };
  for (const unit of order.units) {
    if (unit.line !== line) continue;
    counts.units += 1;
    if (unit.state === 'cancelled') counts.cancelled += 1;
    if (hasLeft(unit.state)) counts.shipped += 1;
    if (unit.state === 'returned') counts.returned += 1;
  }
  return counts;
}

const PLAIN: Record<UnitState, string> = {
  unpaid: 'unpaid',
  paid: 'paid',
  packed: 'paid',
  ready: 'paid',
  shipped: 'shipped',
  delivered: 'delivered',
  cancelled: 'cancelled',
  returned: 'returned',
};

/** One plain word for some units: the word of those not cancelled, `mixed` when they differ. */
export function plainStatus(units: readonly OrderUnit[]): string {
  const words = new Set(units.filter((unit) => unit.state !== 'cancelled').map((unit) => PLAIN[unit.state]));
  if (words.size === 0) return 'cancelled';
  return words.size === 1 ? ([...words][0] ?? 'mixed') : 'mixed';
}

/** Distinct states of an order's units, in the order in which they first appear. */
export function statesOf(order: Order): UnitState[] {
  return [...new Set(order.units.map((unit) => unit.state))];
}

export function itemsTotal(order: Order): number {
  return order.lines.reduce((sum, line) => sum + line.units * line.unitPriceHundredths, 0);
}
