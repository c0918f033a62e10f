import * as fc from 'fast-check';
import { EMPTY_POSITION, foldMoves, freeOf, inCommitOrder, ShareOut, wantBySku, type Position } from '../../src/domain';
import { marketHistories, OUTLETS, RandomMarket, SKUS, strays, type Lines, type Step } from '../builders/random-market';
import { EMPTY_LEDGER, numbersOf } from '../builders/stock';
import { faultsInLedger } from '../support/ledger/faults-in-ledger';

const counts = fc.integer({ min: 0, max: 90 });
const ledgerOf = (market: RandomMarket, sku: string) => market.ledgers.get(sku) ?? EMPTY_LEDGER;
const allNumbers = (market: RandomMarket) => SKUS.map((sku) => numbersOf(ledgerOf(market, sku).position));

function played(onHand: number, steps: readonly Step[]): RandomMarket {
  const market = new RandomMarket(onHand);
  for (const step of steps) market.play(step);
  return market;
}

/** Units of a sku that orders hold and that have not left, by the orders themselves. */
const openIn = (market: RandomMarket, sku: string): number =>
  [...market.orders.values()]
    .flatMap((order) => wantBySku(order))
    .filter((wanted) => wanted.sku === sku)
    .reduce((sum, { request: { want } }) => sum + want.held - want.shipped, 0);

/** What buyers can take of a sku where every listing shows its number. */
const onShow = (shares: ShareOut, sku: string): number =>
  OUTLETS.flatMap((outlet) =>
    outlet.parts.filter((part) => part.sku === sku).map((part) => part.units * (shares.of(outlet).units ?? 0)),
  ).reduce((sum, units) => sum + units, 0);

describe('three skus that are sold singly, in packs and in bundles, under several quotas', () => {
  it('pain-02 hold what their orders hold, and are what their moves make of them', () => {
    fc.assert(
      fc.property(counts, marketHistories(), (onHand, steps) => {
        const market = played(onHand, steps);
        for (const sku of SKUS) {
          const { position, moves } = ledgerOf(market, sku);
          expect(faultsInLedger(position, moves)).toEqual([]);
          expect(position.committed).toBe(openIn(market, sku));
          const folded = foldMoves({ position: EMPTY_POSITION, holdings: new Map() }, inCommitOrder(moves));
          expect(numbersOf(folded.position)).toEqual(numbersOf(position));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('pain-06 are the same whatever was told again, at any time after it', () => {
    const repeats = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(counts, marketHistories(), repeats, (onHand, steps, again) => {
        const due = again.map(([which, when]) => ({ which, when: when % (steps.length + 1) }));
        const market = new RandomMarket(onHand);
        steps.forEach((step, at) => {
          market.play(step);
          const answered = market.asked.filter(({ sku, wish }) => isAnswered(market, sku, wish.id));
          for (const { which } of due.filter(({ when }) => when === at)) {
            const { sku, wish } = answered[which % answered.length]!;
            market.ask(sku, wish);
          }
        });
        expect(allNumbers(market)).toEqual(allNumbers(played(onHand, steps)));
      }),
      { numRuns: 200 },
    );
  });

  it('pain-06 are as if an order had never been that is cancelled before anything else happens', () => {
    fc.assert(
      fc.property(counts, marketHistories(), strays, (onHand, steps, { at, shop, lines }) => {
        const market = new RandomMarket(onHand);
        const place = at % (steps.length + 1);
        const nothing = { cancelled: 0, shipped: 0, returned: 0 };
        const placed: Lines = lines.map((line) => ({ ...line, ...nothing }));
        const parted: Lines = placed.map((line) => ({ ...line, cancelled: Math.floor(line.units / 2) }));
        const cancelled: Lines = placed.map((line) => ({ ...line, cancelled: line.units }));
        for (const step of steps.slice(0, place)) market.play(step);
        for (const each of [placed, parted, cancelled]) market.tell('stray', shop, each);
        for (const step of steps.slice(place)) market.play(step);
        expect(allNumbers(market)).toEqual(allNumbers(played(onHand, steps)));
      }),
      { numRuns: 200 },
    );
  });

  it('give each quota that lives exactly what an order drew from it, whenever that is cancelled', () => {
    fc.assert(
      fc.property(counts, marketHistories(), strays, (onHand, steps, { at, shop, lines }) => {
        const market = new RandomMarket(onHand);
        const place = at % (steps.length + 1);
        const unsent: Lines = lines.map((line) => ({ ...line, cancelled: 0, shipped: 0, returned: 0 }));
        for (const step of steps.slice(0, place)) market.play(step);
        market.tell('stray', shop, unsent);
        for (const step of steps.slice(place)) market.play(step);
        const before = new Map(SKUS.map((sku) => [sku, ledgerOf(market, sku)]));
        const [id] = [...market.orders.keys()].filter((each) => each.endsWith('|stray'));
        market.tell(
          'stray',
          shop,
          unsent.map((line) => ({ ...line, cancelled: line.units })),
        );
        for (const sku of SKUS) {
          const { position, moves } = before.get(sku)!;
          const drew = moves.findLast(({ order }) => order === id)?.holding?.drew ?? [];
          const units = drew.reduce((sum, part) => sum + part.units, 0);
          const now = ledgerOf(market, sku).position;
          expect(now.committed).toBe(position.committed - units);
          expect(now.quotas.map(({ remaining }) => remaining)).toEqual(
            position.quotas.map(({ id: quota, remaining }) =>
              drew.reduce((sum, part) => (part.quota === quota ? sum + part.units : sum), remaining),
            ),
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  it('are never shown beyond what is free and the policy allows, where they are guarded', () => {
    const policies = fc.constantFrom<Position['exposure']>(
      { policy: 'open' },
      { policy: 'strict' },
      { policy: 'strict' },
      {
        policy: 'bounded',
        units: 9,
      },
    );
    fc.assert(
      fc.property(counts, marketHistories(), fc.tuple(policies, policies, policies), (onHand, steps, exposures) => {
        const market = played(onHand, steps);
        const positions = new Map(
          SKUS.map((sku, at) => [sku as string, { ...ledgerOf(market, sku).position, exposure: exposures[at]! }]),
        );
        const shares = new ShareOut({ positions, outlets: OUTLETS, storefrontWeight: 0 });
        for (const [sku, position] of positions) {
          if (position.exposure.policy === 'open') continue;
          const allowed = position.exposure.policy === 'bounded' ? position.exposure.units : 0;
          expect(onShow(shares, sku)).toBeLessThanOrEqual(Math.max(0, freeOf(position)) + allowed);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** A wish that was refused may be taken when it is asked again. */
const isAnswered = (market: RandomMarket, sku: string, id: string): boolean =>
  ledgerOf(market, sku).moves.some((move) => move.id === id);
