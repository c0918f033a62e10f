import * as fc from 'fast-check';
import { histories } from '../../../test/builders/random-wishes';
import {
  ask,
  askOneByOne,
  countWish,
  EMPTY_LEDGER,
  numbersOf,
  orderWish,
  positionOf,
  SHOPS,
} from '../../../test/builders/stock';
import { faultsInLedger } from '../../../test/support/ledger/faults-in-ledger';
import { foldWishes, undoIdOf } from './fold-wishes';
import { freeOf, sharedOf } from './position';
import { showingOf } from '../numbers/publish';
import type { StockRequest } from './stock-request';

describe('folding wishes', () => {
  it('shows each wish what the one before it left, and answers each by itself', () => {
    const holds = ['a', 'b', 'c'].map((id) => orderWish({ id }, { held: 40 }, { mustFit: true }));
    const { position, moves, answers } = foldWishes(positionOf(), holds, { moves: [], at: 1 });
    expect(answers.map(({ kind }) => kind)).toEqual(['done', 'done', 'short']);
    expect(position).toMatchObject({ v: 2, committed: 80 });
    expect(moves.map(({ v }) => v)).toEqual([2, 2]);
  });

  it('finds a duplicate in the same fold', () => {
    const wish = orderWish({ id: 'a' }, { held: 4 });
    const { position, answers } = foldWishes(positionOf(), [wish, wish], { moves: [], at: 1 });
    expect(answers.map(({ kind }) => kind)).toEqual(['done', 'duplicate']);
    expect(position.committed).toBe(4);
  });

  it('changes nothing where every wish is answered already', () => {
    const first = ask(EMPTY_LEDGER, [countWish(10)]);
    const folded = foldWishes(first.position, [countWish(10)], { moves: first.moves, at: 1 });
    expect(folded).toMatchObject({ position: first.position, moves: [], changed: false });
  });

  it('asks for a write without a move where shops are to be planned anew', () => {
    const folded = foldWishes(positionOf(), [{ kind: 'replan', id: 'r' }], { moves: [], at: 1 });
    expect(folded).toMatchObject({ changed: true, moves: [], position: { v: 2 } });
  });

  it('keeps a manual move out that comes after its own undo', () => {
    const undo: StockRequest = { kind: 'undo-manual', id: undoIdOf('m'), of: 'm', by: 'me' };
    const late: StockRequest = { kind: 'manual', id: 'm', units: -5, reason: 'broken', by: 'me' };
    const { position, answers } = ask(ask(EMPTY_LEDGER, [countWish(10), undo]), [late]);
    expect(answers.map(({ kind }) => kind)).toEqual(['duplicate']);
    expect(position.onHand).toBe(10);
    expect(undoIdOf('m')).toBe('m|undo');
    const { answers: counted } = ask(ask(EMPTY_LEDGER, [countWish(10), undo]), [countWish(7, 'm')]);
    expect(counted.map(({ kind }) => kind)).toEqual(['done']);
  });

  it('takes back the manual move that an undo names, of the same fold or of one before', () => {
    const undo: StockRequest = { kind: 'undo-manual', id: undoIdOf('m'), of: 'm', by: 'me' };
    const manual: StockRequest = { kind: 'manual', id: 'm', units: -4, reason: 'broken', by: 'me' };
    const together = foldWishes(positionOf(), [manual, undo], { moves: [], at: 1 });
    expect(together.moves.map(({ onHand, turn }) => [onHand, turn])).toEqual([
      [96, undefined],
      [100, 1],
    ]);
    const first = foldWishes(positionOf(), [manual], { moves: [], at: 1 });
    expect(foldWishes(first.position, [undo], { moves: first.moves, at: 2 }).position.onHand).toBe(100);
  });

  it('holds an order to its newest state, in whatever order its moves are known', () => {
    const states = [1, 3].map((stockV) => orderWish({ id: 'o', stockV }, { held: stockV }));
    const { moves, position } = foldWishes(positionOf(), states, { moves: [], at: 1 });
    const older = orderWish({ id: 'o', stockV: 2 }, { held: 9 });
    for (const known of [moves, [...moves].reverse()]) {
      const { answers } = foldWishes(position, [older], { moves: known, at: 2 });
      expect(answers).toEqual([{ kind: 'superseded', move: moves[1] }]);
    }
  });

  it('is written for one wish to be planned anew beside others that change nothing', () => {
    const first = ask(EMPTY_LEDGER, [countWish(10)]);
    const wishes: StockRequest[] = [countWish(10), { kind: 'replan', id: 'r' }];
    expect(foldWishes(first.position, wishes, { moves: first.moves, at: 1 }).changed).toBe(true);
  });
});

describe('whatever happens to a sku', () => {
  it('pain-02 what is committed is what orders hold, and no quota is lost or made', () => {
    fc.assert(
      fc.property(histories(), (wishes) => {
        let ledger: typeof EMPTY_LEDGER = EMPTY_LEDGER;
        for (const wish of wishes) {
          ledger = ask(ledger, [wish]);
          expect(faultsInLedger(ledger.position, ledger.moves)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('nothing below zero is shown, and a shop with a quota shows no more than is free', () => {
    fc.assert(
      fc.property(histories(), (wishes) => {
        const { position } = askOneByOne(EMPTY_LEDGER, wishes);
        for (const shop of SHOPS) {
          const shown = showingOf(position, shop, sharedOf(position)).units;
          expect(shown).toBeGreaterThanOrEqual(0);
          const hasQuota = position.quotas.some((quota) => quota.shop === shop);
          expect(shown).toBeLessThanOrEqual(hasQuota ? Math.max(0, freeOf(position)) : sharedOf(position));
        }
      }),
    );
  });

  it('pain-06 a wish told again, at any time after it, changes nothing', () => {
    const repeats = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 15 });
    fc.assert(
      fc.property(histories(25), repeats, (wishes, places) => {
        const told = [...wishes];
        for (const [which, later] of places) {
          const wish = told[which % told.length] as StockRequest;
          const at = told.indexOf(wish) + 1;
          told.splice(at + (later % (told.length - at + 1)), 0, wish);
        }
        const once = settledOf(wishes);
        const often = settledOf(told);
        expect(numbersOf(often.position)).toEqual(numbersOf(once.position));
        expect(often.moves.map(({ id }) => id)).toEqual(once.moves.map(({ id }) => id));
      }),
    );
  });

  it('how wishes are put together into swaps makes no difference', () => {
    fc.assert(
      fc.property(histories(), fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (wishes, sizes) => {
        let folded: typeof EMPTY_LEDGER = EMPTY_LEDGER;
        for (let at = 0, turn = 0; at < wishes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          folded = ask(folded, wishes.slice(at, at + size));
          at += size;
        }
        const single = askOneByOne(EMPTY_LEDGER, wishes);
        expect(numbersOf(folded.position)).toEqual(numbersOf(single.position));
        expect(folded.moves.map(withoutVersion)).toEqual(single.moves.map(withoutVersion));
      }),
    );
  });

  it('pain-14 states of one order in any order end where the newest alone ends', () => {
    const states = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(states, fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), (held, ranks) => {
        const wishes = held.map((units, at) => orderWish({ id: 'o', stockV: at + 1 }, { held: units }));
        const shuffled = wishes
          .map((wish, at) => ({ wish, rank: ranks[at] ?? 0 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ wish }) => wish);
        const counted = ask(EMPTY_LEDGER, [countWish(100)]);
        const end = askOneByOne(counted, shuffled);
        expect(end.position.committed).toBe(held.at(-1));
        expect(faultsInLedger(end.position, end.moves)).toEqual([]);
      }),
    );
  });
});

/** A wish that was refused may be taken when it is asked again: only those that were answered with a move are told. */
const settledOf = (wishes: readonly StockRequest[]) => {
  const taken = new Set<string>();
  let ledger: typeof EMPTY_LEDGER = EMPTY_LEDGER;
  const seen = new Set<string>();
  for (const wish of wishes) {
    if (seen.has(wish.id) && !taken.has(wish.id)) continue;
    seen.add(wish.id);
    const next = ask(ledger, [wish]);
    if (next.answers.some(({ kind }) => kind === 'done')) taken.add(wish.id);
    ledger = next;
  }
  return ledger;
};

const withoutVersion = ({ v: _v, turn: _turn, ...move }: (typeof EMPTY_LEDGER)['moves'][number]): unknown => move;
