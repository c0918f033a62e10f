import * as fc from 'fast-check';
import {
  ask,
  askOneByOne,
  countWish,
  EMPTY_LEDGER,
  numbersOf,
  orderWish,
  type Ledger,
} from '../../../test/builders/stock';
import { histories } from '../../../test/builders/random-wishes';
import { auditPosition, auditShare, owedOf, rightOf, walkFrom, walkMoves, type Walk } from './audit-position';
import { inCommitOrder } from './fold-moves';
import { EMPTY_POSITION, type Move, type Position } from './position';

const walked = (moves: readonly Move[]): Walk =>
  walkMoves(walkFrom(EMPTY_POSITION, new Set(moves.map(({ id }) => id))), inCommitOrder(moves));
const differences = ({ position, moves }: Ledger) => auditPosition(position, walked(moves));

/** The ledger after what an audit found is put right by a move. */
function repaired(ledger: Ledger, owed = 0): Ledger {
  const stock = rightOf(walked(ledger.moves), owed);
  const wish = { kind: 'repair', id: 'repair', v: ledger.position.v, stock, reason: 'audit', by: 'Ann' } as const;
  return ask(ledger, [wish]);
}

const manual = (id: string, units: number) => ({ kind: 'manual', id, units, reason: 'found', by: 'Ann' }) as const;
const sold = (): Ledger =>
  askOneByOne(EMPTY_LEDGER, [
    countWish(100),
    manual('found', 5),
    orderWish({ id: 'o' }, { held: 3 }),
    orderWish({ id: 'o', stockV: 2 }, { held: 3, shipped: 3 }),
    orderWish({ id: 'p' }, { held: 2 }),
  ]);
const without = (ledger: Ledger, at: number): Ledger => ({
  ...ledger,
  moves: ledger.moves.filter((_, index) => index !== at),
});

describe('a position beside its moves', () => {
  it('differs in nothing, in any history', () => {
    fc.assert(
      fc.property(histories(), fc.integer({ min: 1, max: 6 }), (wishes, size) => {
        let ledger: Ledger = EMPTY_LEDGER;
        for (let at = 0; at < wishes.length; at += size) ledger = ask(ledger, wishes.slice(at, at + size));
        expect(differences(ledger)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is put right by one move, whatever number of it is wrong, and sells on from there', () => {
    const wrong = fc.record({ onHand: fc.integer({ min: -9, max: 9 }), committed: fc.integer({ min: -9, max: 9 }) });
    fc.assert(
      fc.property(histories(12), wrong, histories(6), (wishes, { onHand, committed }, later) => {
        const ledger = askOneByOne(EMPTY_LEDGER, wishes);
        const right = ledger.position;
        const tampered = { ...right, onHand: right.onHand + onHand, committed: right.committed + committed };
        const mended = repaired({ ...ledger, position: tampered });
        expect(numbersOf(mended.position)).toEqual(numbersOf(right));
        const others = later.filter(({ kind }) => kind !== 'quota-start');
        const renamed = others.map((wish) => ({ ...wish, id: `later ${wish.id}` }));
        expect(differences(askOneByOne(mended, renamed))).toEqual([]);
      }),
    );
  });

  it('shows where a move is missing; what is on hand stays, and adds up after the repair', () => {
    const ledger = without(sold(), 1);
    expect(differences(ledger)).toMatchObject([{ kind: 'gap', v: 3, onHand: 5, committed: 0 }]);
    const mended = repaired(ledger);
    expect(mended.position).toMatchObject({ onHand: 102, committed: 2 });
    expect(differences(mended)).toEqual([]);
  });

  it('gives back what an order whose move is missing took, for it to be taken again', () => {
    const ledger = without(sold(), 3);
    expect(differences(ledger)).toMatchObject([{ kind: 'gap', v: 5, onHand: -3, committed: -3 }]);
    expect(repaired(ledger, -3).position).toMatchObject({ onHand: 105, committed: 5 });
    expect(repaired(ledger, 3).position).toMatchObject({ onHand: 102, committed: 5 });
  });

  it('shows a move that was applied twice, and takes it back once', () => {
    const ledger = askOneByOne(EMPTY_LEDGER, [countWish(10), manual('m', 5)]);
    const twice = ask({ position: ledger.position, moves: [] }, [manual('m', 5)]);
    const both = { position: twice.position, moves: [...ledger.moves, ...twice.moves] };
    expect(differences(both)).toMatchObject([
      { kind: 'gap', onHand: 5 },
      { kind: 'double', move: 'm', v: 3 },
    ]);
    const mended = repaired(both);
    expect([mended.position.onHand, differences(mended)]).toEqual([15, []]);
  });

  it('counts a quota and nothing lost from it alike', () => {
    const start = { ...EMPTY_POSITION, v: 1, counted: true, onHand: 9 };
    const quota = { id: 'q', campaign: 'c', shop: 'L', mode: 'allocation', quantity: 4, remaining: 4 } as never;
    const position: Position = { ...start, quotas: [quota] };
    const told: Position = { ...start, quotas: [{ ...(quota as object), lost: 0 } as never] };
    expect(auditPosition(position, walkFrom(told))).toEqual([]);
    expect(auditPosition(position, walkFrom(start))).toMatchObject([{ kind: 'quota', quota: 'q', right: undefined }]);
  });
});

describe('a repair', () => {
  const stock = { counted: true, onHand: 1, committed: 0, safetyBuffer: 0, exposure: { policy: 'open' }, quotas: [] };
  const wish = { kind: 'repair', id: 'r', v: 1, stock, reason: 'audit', by: 'Ann' } as const;

  it('does nothing where the position is not any more what the audit saw', () => {
    const ledger = askOneByOne(EMPTY_LEDGER, [countWish(10)]);
    const late = ask(ledger, [{ ...wish, v: 2, stock: { ...wish.stock, exposure: { policy: 'open' } } }]);
    const behind = ask(ledger, [manual('m', 1), { ...wish, stock: { ...wish.stock, exposure: { policy: 'open' } } }]);
    expect([late.answers.at(-1), late.position.onHand]).toEqual([{ kind: 'overtaken' }, 10]);
    expect([behind.answers.at(-1), behind.position.onHand]).toEqual([{ kind: 'overtaken' }, 11]);
  });

  it('is done once', () => {
    const ledger = askOneByOne(EMPTY_LEDGER, [countWish(10)]);
    const right = { ...wish, stock: { ...wish.stock, exposure: { policy: 'open' } } } as const;
    const once = ask(ledger, [right]);
    expect(once.moves.at(-1)).toMatchObject({ kind: 'repair', onHand: 1, units: -9, by: 'Ann', reason: 'audit' });
    expect(ask(once, [right]).answers).toMatchObject([{ kind: 'duplicate' }]);
  });
});

describe("an order's share", () => {
  const want = { held: 3, shipped: 2, restocked: 1 };
  const move = (drew: number, shipped: number, restocked: number): Move =>
    ({ holding: { drew: [{ from: 'pool', units: drew }], shipped, restocked } }) as unknown as Move;

  it('is right where its newest move holds what it asks for', () => {
    expect(auditShare(want, move(3, 2, 1))).toBeUndefined();
    expect(auditShare({ held: 0, shipped: 0, restocked: 0 }, undefined)).toBeUndefined();
  });

  it('differs in any of its units, and tells what it would take of what is on hand', () => {
    const without = auditShare(want, undefined);
    expect(without).toEqual({ wanted: want, held: undefined });
    expect(owedOf(without!)).toBe(-1);
    const other = auditShare(want, move(3, 0, 0));
    expect(other).toEqual({ wanted: want, held: { held: 3, shipped: 0, restocked: 0 } });
    expect(owedOf(other!)).toBe(-1);
    expect(owedOf(auditShare(want, move(3, 3, 1))!)).toBe(1);
  });
});
