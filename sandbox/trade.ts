import { nowUs, type SimulatedClock } from './clock';
import { problem } from './http/call';
import type { Market } from './market';
import { hasLeft, type Buyer, type Change, type ChangeKind, type Order, type OrderMoney } from './order';
import type { OrderUnit, UnitState } from './order';
import { watchReserves } from './reserves';
import { isComing, priceNow, shown, type Channel, type Listing, type Shop } from './shop';

export interface Wanted {
  listing: Listing;
  units: number;
}

export interface OrderTerms {
  /** The order's id, where a sandbox that was restarted is told of an order again. */
  id?: string | undefined;
  unpaid: boolean;
  fulfilledByMarketplace: boolean;
  buyer: Buyer;
  money: OrderMoney;
  /** When it was placed, where that was not now. */
  atUs?: number | undefined;
  /** No push tells it. */
  silent?: boolean | undefined;
  /** It was before anybody counted: it takes nothing from listings and gives nothing back. */
  past?: boolean | undefined;
}

/** Lazada frees an unpaid order's units after 30 minutes. [L2 doc, shallow-stock page] */
const UNPAID_RELEASE_MS = 30 * 60_000;

type Bucket = 'withheld' | 'occupied' | 'none';

/**
 * Where a unit counts: Lazada withholds unpaid ones and occupies paid ones until ready to ship [L2 doc]; Zalora reserves
 * until shipped [Z1 doc]; Shopee shows only what is left to sell.
 */
function bucketOf(channel: Channel, state: UnitState): Bucket {
  if (state === 'unpaid') return 'withheld';
  if (state === 'paid' || state === 'packed') return 'occupied';
  if (state === 'ready') return channel === 'lazada' ? 'none' : 'occupied';
  return 'none';
}

/** From which states a unit can come into a state. */
const FROM: Partial<Record<UnitState, readonly UnitState[]>> = {
  paid: ['unpaid'],
  packed: ['paid'],
  ready: ['paid', 'packed'],
  shipped: ['paid', 'packed', 'ready'],
  delivered: ['shipped'],
  cancelled: ['unpaid', 'paid', 'packed', 'ready'],
  returned: ['shipped', 'delivered'],
};

/** Buys, pays, cancels, ships and returns; every listing's number and count follows at once. */
export class Trade {
  constructor(
    private readonly market: Market,
    private readonly clock: SimulatedClock,
    private readonly tell: (change: Change) => void,
  ) {}

  /** A buyer orders. Refused with 409 when a listing shows too little. */
  place(shop: Shop, wanted: Wanted[], terms: OrderTerms): Order {
    if (!terms.fulfilledByMarketplace && terms.past !== true) refuseShort(wanted);
    if (terms.id !== undefined && shop.orders.has(terms.id)) throw problem(409, `order ${terms.id} is there already`);
    const atUs = terms.atUs ?? nowUs();
    const order = this.open(shop, terms, atUs);
    const reserves = watchReserves(wanted.map(({ listing }) => listing));
    for (const { listing, units } of wanted) this.addLine(order, listing, units);
    shop.orders.set(order.id, order);
    forgetOldest(shop);
    if (shop.channel === 'lazada' && terms.unpaid) this.releaseLater(order);
    if (terms.silent !== true) this.tell({ kind: 'placed', order, units: order.units, atUs, reserves: reserves() });
    return order;
  }

  /** Brings units of an order into a state. Without `only`, all that can come there. Refused with 409 when none can. */
  move(order: Order, to: UnitState, only?: Map<string, number>): OrderUnit[] {
    return this.moveUnits(order, to, chooseUnits(order, to, only));
  }

  /** Brings exactly these units into a state; who calls knows that they can come there. */
  moveUnits(order: Order, to: UnitState, units: OrderUnit[]): OrderUnit[] {
    const atUs = nowUs();
    const reserves = watchReserves(order.lines.map(({ listing }) => listing));
    this.carry(order, units, { to, atUs });
    order.updatedUs = atUs;
    this.tell({ kind: to, order, units, atUs, reserves: reserves() });
    return units;
  }

  /** As `move`, but nobody is told and the update instant stays: a difference for an audit to find. */
  moveSilently(order: Order, to: UnitState, only?: Map<string, number>): OrderUnit[] {
    const units = chooseUnits(order, to, only);
    this.carry(order, units, { to, atUs: order.updatedUs });
    return units;
  }

  /** Tells an order as it is now, though nothing has changed. */
  sayAgain(order: Order): void {
    this.tell({ kind: order.units[0]?.state ?? 'paid', order, units: order.units, atUs: order.updatedUs });
  }

  private carry(order: Order, units: OrderUnit[], change: { to: UnitState; atUs: number }): void {
    for (const unit of units) this.moveUnit(order, unit, change);
    if (change.to === 'paid') order.paidUs = change.atUs;
    if (change.to === 'cancelled') order.cancelRequested = false;
  }

  /** A buyer asks to cancel; nothing moves until the seller answers. [S5 doc: IN_CANCEL] */
  askCancel(order: Order): void {
    if (order.units.every((unit) => unit.state === 'cancelled' || hasLeft(unit.state))) {
      throw problem(409, `order ${order.id} has nothing left to cancel`);
    }
    order.cancelRequested = true;
    this.touch(order, 'cancel-requested');
  }

  /** The seller refuses what the buyer asked. */
  keepOrder(order: Order): void {
    order.cancelRequested = false;
    this.touch(order, order.units[0]?.state ?? 'paid');
  }

  /** Units show a status that nobody knows, and it is told. */
  misname(order: Order, units: OrderUnit[], status: string): void {
    const atUs = nowUs();
    for (const unit of units) {
      unit.oddStatus = status;
      unit.changedUs = atUs;
    }
    order.updatedUs = atUs;
    this.tell({ kind: units[0]?.state ?? 'paid', order, units, atUs });
  }

  private touch(order: Order, kind: ChangeKind): void {
    order.updatedUs = nowUs();
    this.tell({ kind, order, units: order.units, atUs: order.updatedUs });
  }

  private open(shop: Shop, terms: OrderTerms, atUs: number): Order {
    return {
      ...this.market.orderIds(shop, terms.id),
      shop,
      createdUs: atUs,
      updatedUs: atUs,
      paidUs: terms.unpaid ? undefined : atUs,
      lines: [],
      units: [],
      buyer: terms.buyer,
      money: terms.money,
      fulfilledByMarketplace: terms.fulfilledByMarketplace,
      cancelReason: undefined,
      cancelRequested: false,
      archived: false,
      past: terms.past ?? false,
    };
  }

  private addLine(order: Order, listing: Listing, units: number): void {
    const { channel } = order.shop;
    const line = {
      id: this.market.rowId(channel),
      listing,
      units,
      unitPriceHundredths: priceNow(listing, Date.now()),
      originalPriceHundredths: listing.priceHundredths ?? 0,
    };
    order.lines.push(line);
    const state: UnitState = order.paidUs === undefined ? 'unpaid' : 'paid';
    for (let i = 0; i < units; i += 1) {
      const unit = { id: this.market.rowId(channel), line, state, changedUs: order.createdUs };
      order.units.push({ ...unit, fromLock: false, reverseId: undefined });
    }
    if (order.fulfilledByMarketplace || order.past) return;
    take(listing, order.units.slice(-units));
    listing[state === 'unpaid' ? 'withheld' : 'occupied'] += units;
    this.market.tally.ordered(listing, units);
  }

  private moveUnit(order: Order, unit: OrderUnit, change: { to: UnitState; atUs: number }): void {
    const { channel } = order.shop;
    const { listing } = unit.line;
    const from = unit.state;
    unit.state = change.to;
    unit.oddStatus = undefined;
    unit.changedUs = change.atUs;
    if (change.to === 'returned' || (change.to === 'cancelled' && channel === 'lazada')) {
      unit.reverseId = this.market.rowId(channel);
    }
    if (order.fulfilledByMarketplace || order.past) return;
    const leaves = bucketOf(channel, from);
    const enters = bucketOf(channel, change.to);
    if (leaves !== 'none') listing[leaves] -= 1;
    if (enters !== 'none') listing[enters] += 1;
    if (change.to === 'cancelled') {
      giveBack(listing, unit);
      this.market.tally.cancelled(listing, 1);
    }
    if (change.to === 'returned') this.market.tally.returned(listing, 1);
  }

  private releaseLater(order: Order): void {
    this.clock.schedule(UNPAID_RELEASE_MS, () => {
      if (!order.units.some((unit) => unit.state === 'unpaid')) return;
      order.cancelReason = 'cancellation-internal';
      this.move(order, 'cancelled');
    });
  }
}

const MOST_ORDERS = 100_000;

/** A shop remembers so many orders; the oldest goes. */
function forgetOldest(shop: Shop): void {
  if (shop.orders.size <= MOST_ORDERS) return;
  const [oldest] = shop.orders.keys();
  if (oldest !== undefined) shop.orders.delete(oldest);
}

function refuseShort(wanted: Wanted[]): void {
  const sums = new Map<Listing, number>();
  for (const { listing, units } of wanted) sums.set(listing, (sums.get(listing) ?? 0) + units);
  const short = [...sums].filter(([listing, units]) => shown(listing) < units);
  if (short.length === 0) return;
  const errors = short.map(([listing, units]) => ({
    path: `lines.${listing.sku}`,
    message: `wants ${units}, the listing shows ${shown(listing)}`,
  }));
  throw problem(409, 'the listing shows too little', errors);
}

/** Sales eat the locked part first, so the lock counts down with them. [S8 doc: orders eat the reserve] */
function take(listing: Listing, units: OrderUnit[]): void {
  for (const unit of units) {
    listing.sellable -= 1;
    if (listing.locked === 0 || isComing(listing.promotion)) continue;
    listing.locked -= 1;
    unit.fromLock = true;
    unit.promotion = listing.promotion;
  }
}

function giveBack(listing: Listing, unit: OrderUnit): void {
  listing.sellable += 1;
  if (!unit.fromLock || listing.promotion !== unit.promotion) return;
  if (listing.promotion !== undefined || listing.locked > 0) listing.locked += 1;
}

function chooseUnits(order: Order, to: UnitState, only?: Map<string, number>): OrderUnit[] {
  const from = FROM[to] ?? [];
  const able = order.units.filter((unit) => from.includes(unit.state));
  if (only === undefined) {
    if (able.length === 0) throw problem(409, `no unit of order ${order.id} can become ${to}`);
    return able;
  }
  const chosen: OrderUnit[] = [];
  for (const [sku, units] of only) {
    const ofSku = able.filter((unit) => unit.line.listing.sku === sku);
    if (ofSku.length < units) throw problem(409, `only ${ofSku.length} units of ${sku} can become ${to}`);
    // The last units first: what is left is what the smaller order would have been.
    chosen.push(...ofSku.slice(ofSku.length - units));
  }
  return chosen;
}
