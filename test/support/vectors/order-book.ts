import { OWN_SHOP, type LineState, type OrderState, type SkuUnits } from '../../../src/domain';
import type { Stage, Units, VectorEvent } from './scenario';

/** An order as its source tells it after an event. */
export interface ToldOrder {
  /** The shop's name in the scenario, or `own`. */
  readonly shop: string;
  readonly state: OrderState;
}

export type OrderEvent = Extract<VectorEvent, { do: 'order' | 'cancel' | 'ship' | 'return' | 'uncancel' }>;

const TOTALS = { items: 0, discountSeller: 0, discountChannel: 0, shipping: 0, tax: 0, paid: 0 };

const lineOf = (key: string, units: number): LineState => ({
  id: `${key}|100`,
  listingKey: key,
  units,
  cancelled: 0,
  shipped: 0,
  returned: 0,
  unitPrice: 100,
  status: 'paid',
});

/** Keeps the whole state of every order of a scenario; an event that changes nothing keeps the update instant. */
export class OrderBook {
  readonly #orders = new Map<string, ToldOrder>();

  constructor(private readonly stage: Stage) {}

  /** A confirmed hold is an order of the seller's own; its lines are skus. */
  addOwn(id: string, lines: readonly SkuUnits[], at: number): void {
    const told = lines.map(({ sku, units }) => lineOf(sku, units));
    this.#orders.set(id, { shop: OWN_SHOP, state: this.#state(id, told, at) });
  }

  tell(event: OrderEvent, at: number): ToldOrder {
    const known = this.#orders.get(event.id);
    if (event.do === 'order') return known ?? this.#place(event, at);
    if (known === undefined) throw new Error(`no order ${event.id}`);
    const lines = known.state.lines.map((line, index) => changed(line, event, index));
    if (JSON.stringify(lines) === JSON.stringify(known.state.lines)) return known;
    return this.#keep({ shop: known.shop, state: { ...known.state, lines, updatedAt: at } });
  }

  #place(event: Extract<OrderEvent, { do: 'order' }>, at: number): ToldOrder {
    if ('lines' in event) {
      const shop = this.stage.listings.find(({ id }) => id === event.lines[0]?.listing)?.shop ?? '';
      const lines = event.lines.map(({ listing, quantity }) => lineOf(listing, quantity));
      return this.#keep({ shop, state: this.#state(event.id, lines, at) });
    }
    return this.#keep({ shop: event.shop, state: this.#state(event.id, [lineOf(event.shop, event.quantity)], at) });
  }

  #keep(told: ToldOrder): ToldOrder {
    this.#orders.set(told.state.externalId, told);
    return told;
  }

  #state(externalId: string, lines: readonly LineState[], at: number): OrderState {
    const times = { placedAt: at, updatedAt: at };
    return { externalId, ...times, currency: 'SGD', status: 'paid', lines, totals: TOTALS, fulfilledBy: 'seller' };
  }
}

const unitsFor = (units: Units | undefined, index: number, all: number): number =>
  units === undefined ? all : typeof units === 'number' ? units : (units[index] ?? all);

function changed(line: LineState, event: Exclude<OrderEvent, { do: 'order' }>, index: number): LineState {
  switch (event.do) {
    case 'cancel':
      return { ...line, cancelled: unitsFor(event.cancelled, index, line.units) };
    case 'uncancel':
      return { ...line, cancelled: 0 };
    case 'ship':
      return { ...line, shipped: unitsFor(event.shipped, index, line.units) };
    case 'return':
      return { ...line, returned: unitsFor(event.returned, index, line.shipped) };
  }
}
