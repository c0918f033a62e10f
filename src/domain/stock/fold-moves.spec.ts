import * as fc from 'fast-check';
import {
  ask,
  countWish,
  EMPTY_LEDGER,
  L,
  numbersOf,
  orderWish,
  quotaOf,
  S,
  type Ledger,
} from '../../../test/builders/stock';
import { histories } from '../../../test/builders/random-wishes';
import { foldMoves, inCommitOrder, type FoldedMoves } from './fold-moves';
import { EMPTY_POSITION, type Move } from './position';
import type { StockRequest } from './stock-request';

const NOTHING: FoldedMoves = { position: EMPTY_POSITION, holdings: new Map() };
const folded = (moves: readonly Move[]) => foldMoves(NOTHING, inCommitOrder(moves));

/** The wishes in swaps of these sizes, in turn. */
function askInSwaps(wishes: readonly StockRequest[], sizes: readonly number[]): Ledger {
  let ledger: Ledger = EMPTY_LEDGER;
  for (let at = 0, swap = 0; at < wishes.length; swap += 1) {
    const size = sizes[swap % sizes.length] ?? 1;
    ledger = ask(ledger, wishes.slice(at, at + size));
    at += size;
  }
  return ledger;
}

const swapSizes = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 5 });

describe('the moves of a sku', () => {
  it('rebuild what the one write path made, in 10,000 random histories read in any order', () => {
    fc.assert(
      fc.property(histories(), swapSizes, fc.boolean(), (wishes, sizes, isBackward) => {
        const { position, moves } = askInSwaps(wishes, sizes);
        const read = isBackward ? [...moves].reverse() : moves;
        expect(numbersOf(folded(read).position)).toEqual(numbersOf(position));
      }),
      { numRuns: 10_000 },
    );
  });

  it('go on from any balance', () => {
    fc.assert(
      fc.property(histories(), fc.nat({ max: 40 }), (wishes, cut) => {
        const first = askInSwaps(wishes.slice(0, cut), [3]);
        const { moves, position } = askInSwaps(wishes, [1]);
        const known = foldMoves(NOTHING, first.moves);
        const balance = { position: first.position, holdings: known.holdings };
        const rest = askFrom(first, wishes.slice(cut));
        expect(numbersOf(foldMoves(balance, rest.moves).position)).toEqual(numbersOf(rest.position));
        expect(numbersOf(folded(moves).position)).toEqual(numbersOf(position));
      }),
    );
  });

  it('are each counted once, wherever they were read', () => {
    const { position, moves } = askInSwaps([countWish(10), orderWish({ id: 'o' }, { held: 3 })], [1]);
    expect(folded([...moves, ...moves]).position).toEqual(position);
  });

  it('give a part back to the quota that it came from, also when another shop ate it', () => {
    const start = { kind: 'quota-start', id: 'start', cut: false } as const;
    const ledger = askInSwaps(
      [
        countWish(10),
        { ...start, quota: quotaOf({ id: 'q', shop: L, quantity: 10 }) },
        orderWish({ id: 'o', shop: S }, { held: 4 }),
        orderWish({ id: 'o', shop: S, stockV: 2 }, { held: 1 }),
      ],
      [4],
    );
    expect(folded(ledger.moves).position.quotas).toMatchObject([{ remaining: 9, lost: 1 }]);
    expect(ledger.moves.map(({ turn }) => turn)).toEqual([undefined, 1, 2, 3]);
  });

  it('hold what rules said', () => {
    const rules = { kind: 'rules', id: 'r', safetyBuffer: 4, exposure: { policy: 'strict' } } as const;
    const { moves } = askInSwaps([countWish(10), rules], [1]);
    expect(folded(moves).position).toMatchObject({ safetyBuffer: 4, exposure: { policy: 'strict' } });
  });
});

function askFrom(ledger: Ledger, wishes: readonly StockRequest[]): Ledger {
  const after = wishes.reduce<Ledger>((known, wish) => ask(known, [wish]), ledger);
  return { position: after.position, moves: after.moves.slice(ledger.moves.length) };
}
