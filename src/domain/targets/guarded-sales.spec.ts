import * as fc from 'fast-check';
import { GuardedMarket } from '../../../test/builders/guarded-market';
import { L, S, SHOPS, Z } from '../../../test/builders/stock';
import type { Way } from './guarded-step';

const WAYS: readonly Way[] = ['absolute', 'relative', 'closing'];
const USUAL = ['sell', 'sell', 'hear', 'step', 'step', 'step', 'do', 'do', 'answer', 'answer', 'wait', 'wait'] as const;
const ACTIONS = [...USUAL, 'weigh', 'plan', 'cancel', 'lose', 'poll', 'audit'] as const;

const action = fc.record({
  do: fc.constantFrom(...ACTIONS),
  which: fc.nat(20),
  shop: fc.constantFrom(...SHOPS),
  waitMs: fc.constantFrom(1, 700, 3000, 3000, 12_000, 61_000),
});
type Action = typeof action extends fc.Arbitrary<infer Each> ? Each : never;

function act(market: GuardedMarket, { do: what, which, shop, waitMs }: Action): void {
  switch (what) {
    case 'sell':
      for (let units = which % 5; units >= 0; units -= 1) market.sell(shop);
      return;
    case 'weigh':
      market.weigh(shop, which % 4);
      return market.plan();
    case 'audit':
      return market.audit();
    case 'cancel':
      return market.cancel(which);
    case 'hear':
      return market.hear(which);
    case 'plan':
      return market.plan(which % 2 === 0 ? shop : undefined);
    case 'step':
      return market.step(shop);
    case 'do':
      return market.carryOut(which);
    case 'answer':
      return market.answer(which);
    case 'lose':
      return market.answer(which, true);
    case 'poll':
      return market.poll(shop);
    case 'wait':
      return market.wait(waitMs);
  }
}

describe('a strict sku', () => {
  const histories = fc.record({
    ways: fc.tuple(fc.constantFrom(...WAYS), fc.constantFrom(...WAYS), fc.constantFrom(...WAYS)),
    units: fc.integer({ min: 1, max: 30 }),
    actions: fc.array(action, { minLength: 40, maxLength: 150, size: 'max' }),
  });
  const marketOf = ([l, s, z]: readonly [Way, Way, Way], units: number) => {
    const market = new GuardedMarket(
      new Map([
        [L, l],
        [S, s],
        [Z, z],
      ]),
      units,
    );
    market.settle();
    return market;
  };

  it('never has more on sale than there is, in whatever order news, calls and answers come, and all of it in the end', () => {
    fc.assert(
      fc.property(histories, ({ ways, units, actions }) => {
        const market = marketOf(ways, units);
        expect(market.onSale()).toBe(units);
        for (const each of actions) {
          act(market, each);
          expect(market.oversold).toBe(0);
        }
        for (const shop of SHOPS) market.weigh(shop, 1);
        market.settle();
        market.audit();
        market.settle();
        expect(market.onSale()).toBe(market.left());
      }),
      { numRuns: 200 },
    );
  });

  it('nor have packs and bundles that share parts', () => {
    const of = (sku: string, units = 1) => ({ sku, units });
    const shelves = fc.constantFrom(
      [[of('hat')], [of('hat', 3)], [of('hat'), of('scarf', 2)]],
      [[of('hat', 2), of('scarf')], [of('scarf')], [of('hat')]],
    );
    fc.assert(
      fc.property(histories, shelves, ({ ways, units, actions }, parts) => {
        const market = new GuardedMarket(new Map(SHOPS.map((shop, at) => [shop, ways[at]!])), units + 5, parts);
        market.settle();
        for (const each of actions) {
          act(market, each);
          expect(market.oversold).toBe(0);
        }
      }),
      { numRuns: 100 },
    );
  });
});
