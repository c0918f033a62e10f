import * as fc from 'fast-check';
import type { ShopId, StockRequest } from '../../src/domain';
import { countWish, orderWish, SHOPS } from './stock';

interface OrderStep {
  readonly order: number;
  readonly held: number;
  readonly shipped: number;
  readonly restocked: number;
}

const units = fc.integer({ min: 0, max: 40 });
const shop = fc.constantFrom(...SHOPS);
const order: fc.Arbitrary<OrderStep> = fc.record({
  order: fc.integer({ min: 0, max: 7 }),
  held: units,
  shipped: fc.integer({ min: 0, max: 10 }),
  restocked: fc.integer({ min: 0, max: 5 }),
});
const mode = fc.constantFrom('allocation' as const, 'reservation' as const);

const step = fc.oneof(
  { weight: 6, arbitrary: order.map((value) => ({ kind: 'order' as const, ...value })) },
  { weight: 1, arbitrary: units.map((onHand) => ({ kind: 'count' as const, onHand: onHand * 3 })) },
  { weight: 1, arbitrary: fc.integer({ min: -20, max: 20 }).map((change) => ({ kind: 'manual' as const, change })) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('start' as const), shop, mode, quantity: units, cut: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.nat({ max: 9 }).map((which) => ({ kind: 'end' as const, which })) },
  { weight: 1, arbitrary: fc.nat({ max: 12 }).map((buffer) => ({ kind: 'rules' as const, buffer })) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const shopOf = (number: number): ShopId => SHOPS[number % SHOPS.length] as ShopId;

/** Turns steps into wishes: an order's states follow each other, what left has left, ids are never used twice. */
function wishesOf(steps: readonly Step[]): StockRequest[] {
  const orders = new Map<number, { stockV: number; shipped: number; restocked: number }>();
  let quotas = 0;
  return steps.map((each, at): StockRequest => {
    switch (each.kind) {
      case 'order': {
        const before = orders.get(each.order) ?? { stockV: 0, shipped: 0, restocked: 0 };
        const shipped = Math.max(before.shipped, Math.min(each.shipped, each.held));
        const restocked = Math.max(before.restocked, Math.min(each.restocked, shipped));
        const stockV = before.stockV + 1;
        orders.set(each.order, { stockV, shipped, restocked });
        const ref = { id: `o-${each.order}`, shop: shopOf(each.order), stockV };
        return orderWish(ref, { held: Math.max(shipped, each.held), shipped, restocked });
      }
      case 'count':
        return countWish(each.onHand, `count-${at}`);
      case 'manual':
        return { kind: 'manual', id: `manual-${at}`, units: each.change, reason: 'found', by: 'somebody' };
      case 'start': {
        quotas += 1;
        const quota = { id: `q-${quotas}`, campaign: 'flash', shop: each.shop, mode: each.mode };
        return { kind: 'quota-start', id: `start-${at}`, quota: { ...quota, quantity: each.quantity }, cut: each.cut };
      }
      case 'end':
        return { kind: 'quota-end', id: `end-${at}`, quota: `q-${each.which}` };
      case 'rules':
        return { kind: 'rules', id: `rules-${at}`, safetyBuffer: each.buffer };
    }
  });
}

/** A history of one sku: orders of three shops, quotas, counts, manual moves; first of all it is counted. */
export const histories = (maxLength = 40): fc.Arbitrary<readonly StockRequest[]> =>
  fc
    .tuple(fc.integer({ min: 0, max: 120 }), fc.array(step, { maxLength }))
    .map(([onHand, steps]) => [countWish(onHand, 'first'), ...wishesOf(steps)]);
