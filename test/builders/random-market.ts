import * as fc from 'fast-check';
import {
  mergeOrder,
  orderIdOf,
  wantBySku,
  type ListingId,
  type Order,
  type OrderId,
  type Outlet,
  type ShopId,
  type SkuUnits,
  type StockRequest,
} from '../../src/domain';
import { lineState, orderState } from './orders';
import { outletOf } from './outlets';
import { ask, countWish, EMPTY_LEDGER, SELLER, SHOPS, type Ledger } from './stock';

export const SKUS = ['A', 'B', 'C'] as const;
export type Sku = (typeof SKUS)[number];

/** What each shop sells: single units, packs, and bundles that share parts. */
const KEYS = ['A', '3A', 'A+2B', 'B+C', 'C'] as const;
type Key = (typeof KEYS)[number];
const PARTS: Readonly<Record<Key, readonly SkuUnits[]>> = {
  A: [{ sku: 'A', units: 1 }],
  '3A': [{ sku: 'A', units: 3 }],
  'A+2B': [
    { sku: 'A', units: 1 },
    { sku: 'B', units: 2 },
  ],
  'B+C': [
    { sku: 'B', units: 1 },
    { sku: 'C', units: 1 },
  ],
  C: [{ sku: 'C', units: 1 }],
};

export const OUTLETS: readonly Outlet[] = SHOPS.flatMap((shop) =>
  KEYS.map((key) => outletOf(shop, { name: key, parts: PARTS[key] })),
);

const sku = fc.constantFrom(...SKUS);
const line = fc.record({
  key: fc.constantFrom(...KEYS),
  units: fc.integer({ min: 1, max: 9 }),
  cancelled: fc.nat({ max: 9 }),
  shipped: fc.nat({ max: 4 }),
  returned: fc.nat({ max: 2 }),
});
const lines = fc.uniqueArray(line, { minLength: 1, maxLength: 3, selector: ({ key }) => key });
export type Lines = typeof lines extends fc.Arbitrary<infer Value> ? Value : never;

const step = fc.oneof(
  { weight: 7, arbitrary: fc.record({ do: fc.constant('order' as const), order: fc.nat({ max: 7 }), lines }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('count' as const), sku, onHand: fc.nat({ max: 90 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('manual' as const), sku, units: fc.integer({ min: -9, max: 9 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('start' as const),
      sku,
      shop: fc.constantFrom(...SHOPS),
      mode: fc.constantFrom('allocation' as const, 'reservation' as const),
      quantity: fc.nat({ max: 25 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), sku, which: fc.nat({ max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rules' as const), sku, safetyBuffer: fc.nat({ max: 8 }) }) },
);
export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** What happens to three skus that are sold in three shops, one by one, in packs and in bundles. */
export const marketHistories = (maxLength = 40): fc.Arbitrary<readonly Step[]> =>
  fc.array(step, { maxLength, size: 'max' });

/** One order of one to three lines, and where in a history it comes. */
export const strays = fc.record({ at: fc.nat(), shop: fc.constantFrom(...SHOPS), lines });

interface Asked {
  readonly sku: string;
  readonly wish: StockRequest;
}

/** A seller's stock and orders, played by the rules alone. */
export class RandomMarket {
  readonly ledgers = new Map<string, Ledger>();
  readonly orders = new Map<OrderId, Order>();
  /** Everything that was asked of a sku so far. */
  readonly asked: Asked[] = [];
  #quotas = 0;
  #made = 0;

  constructor(onHand: number) {
    for (const each of SKUS) this.ask(each, countWish(onHand, 'first'));
  }

  play(each: Step): void {
    this.#made += 1;
    switch (each.do) {
      case 'order':
        return this.tell(`o-${each.order}`, SHOPS[each.order % SHOPS.length] as ShopId, each.lines);
      case 'count':
        return this.ask(each.sku, countWish(each.onHand, `count-${this.#made}`));
      case 'manual':
        return this.ask(each.sku, {
          ...{ kind: 'manual', id: `manual-${this.#made}`, units: each.units, reason: 'found', by: 'tess' },
        });
      case 'start': {
        const { shop, mode, quantity } = each;
        this.#quotas += 1;
        const quota = { id: `q-${this.#quotas}`, campaign: 'flash', shop, mode, quantity };
        return this.ask(each.sku, { kind: 'quota-start', id: `start-${this.#made}`, quota, cut: true });
      }
      case 'end':
        return this.ask(each.sku, { kind: 'quota-end', id: `end-${this.#made}`, quota: `q-${each.which}` });
      case 'rules':
        return this.ask(each.sku, { kind: 'rules', id: `rules-${this.#made}`, safetyBuffer: each.safetyBuffer });
    }
  }

  /** The order's next state comes in, and stock is brought to it. */
  tell(id: string, shop: ShopId, told: Lines): void {
    const orderId = orderIdOf(SELLER, shop, id);
    const stored = this.orders.get(orderId);
    const updatedAt = (stored?.updatedAt ?? 0) + 1000;
    const state = orderState({
      ...{ externalId: id, updatedAt },
      lines: told.map(({ key, units, cancelled, shipped, returned }) => {
        const left = Math.min(shipped, units);
        const counts = {
          cancelled: Math.min(cancelled, units - left),
          shipped: left,
          returned: Math.min(returned, left),
        };
        return lineState(key, { units, ...counts });
      }),
    });
    const resolve = (key: string) => ({ listing: key as ListingId, parts: PARTS[key as Key] });
    const context = { id: orderId, seller: SELLER, shop, channel: 'lazada', restock: 'auto' as const, resolve };
    const merged = mergeOrder(stored, state, context);
    if (merged.kind !== 'changed') return;
    this.orders.set(orderId, merged.order);
    for (const { sku: each, request } of wantBySku(merged.order)) this.ask(each, request);
  }

  ask(of: string, wish: StockRequest): void {
    this.asked.push({ sku: of, wish });
    this.ledgers.set(of, ask(this.ledgers.get(of) ?? EMPTY_LEDGER, [wish]));
  }
}
