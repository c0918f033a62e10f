import { countWish, L, orderWish, positionOf, quotaOf, S } from '../../../test/builders/stock';
import { decideMove, troubleOf } from './decide-move';
import type { ListingId } from '../ids';
import { EMPTY_POSITION, type Move, type Position } from './position';
import type { StockRequest } from './stock-request';

const decide = (position: Position, wish: StockRequest, move?: Move) => decideMove(position, wish, { move, at: 7 });
const sold = (units: number, open = units) => [{ listing: 'listing' as ListingId, units, open }];

describe('an order', () => {
  const placed = decide(positionOf(), orderWish({ id: 'o' }, { held: 3 }, { sold: sold(3) }));

  it('becomes a move with the version of its swap and the numbers after it', () => {
    expect(placed.move).toMatchObject({ kind: 'order', v: 2, at: 7, onHand: 100, committed: 3, stockV: 1, shop: L });
    expect(placed.move).not.toHaveProperty('units');
    expect(placed.answer).toEqual({ kind: 'done', move: placed.move });
  });

  it('is a duplicate at the same stockV and superseded below it', () => {
    const again = decide(placed.position, orderWish({ id: 'o' }, { held: 9 }), placed.move);
    expect(again).toEqual({ position: placed.position, answer: { kind: 'duplicate', move: placed.move } });
    const older = decide(placed.position, orderWish({ id: 'o', stockV: 0 }, { held: 1 }), placed.move);
    expect(older).toEqual({ position: placed.position, answer: { kind: 'superseded', move: placed.move } });
  });

  it('leaves a move also where the difference is zero, so that a late older state finds it', () => {
    const same = decide(placed.position, orderWish({ id: 'o', stockV: 3 }, { held: 3 }), placed.move);
    expect(same.answer.kind).toBe('done');
    expect(same.move).toMatchObject({ stockV: 3, committed: 3 });
    const late = decide(same.position, orderWish({ id: 'o', stockV: 2 }, { held: 0 }), same.move);
    expect(late).toMatchObject({ position: same.position, answer: { kind: 'superseded' } });
  });

  it('tells what its channel shows less from the sale, and more from the change after it', () => {
    expect(placed.move?.shown).toEqual([{ listing: 'listing', units: -3, open: 3, at: 1000 }]);
    const wish = orderWish({ id: 'o', stockV: 2 }, { held: 1 }, { sold: sold(1) });
    expect(decide(placed.position, wish, placed.move).move?.shown).toEqual([
      { listing: 'listing', units: 2, open: -2, at: 2000 },
    ]);
  });

  it('is never refused where it happened, and names what was not there', () => {
    const wish = orderWish({ id: 'o' }, { held: 8 });
    expect(decide(positionOf({ onHand: 5 }), wish)).toMatchObject({ move: { short: 3 }, answer: { kind: 'done' } });
  });

  it('on a sku that was never counted commits and is short of nothing', () => {
    const { move, position } = decide(EMPTY_POSITION, orderWish({ id: 'o' }, { held: 8 }));
    expect(position).toMatchObject({ counted: false, committed: 8 });
    expect(move).not.toHaveProperty('short');
    expect(troubleOf(position)).toEqual({ oversold: 0, uncovered: 0, negativeCount: 0 });
  });

  it('that must fit is refused where shared is too small, and changes nothing', () => {
    const position = positionOf({ safetyBuffer: 10, quotas: [quotaOf({ id: 'q', quantity: 50 })] });
    const wish = orderWish({ id: 'h' }, { held: 41 }, { mustFit: true });
    expect(decide(position, wish)).toEqual({ position, answer: { kind: 'short', asked: 41, available: 40 } });
    expect(decide(position, orderWish({ id: 'h' }, { held: 40 }, { mustFit: true })).answer.kind).toBe('done');
  });
});

describe('a count', () => {
  it('sets on hand and never a quota', () => {
    const position = positionOf({ quotas: [quotaOf({ id: 'q', quantity: 60 })] });
    const { position: after, move } = decide(position, countWish(50));
    expect(after).toMatchObject({ onHand: 50, counted: true, quotas: [{ remaining: 60 }] });
    expect(move).toMatchObject({ units: -50, onHand: 50, reason: 'stocktaking', by: 'somebody' });
    expect(troubleOf(after).uncovered).toBe(10);
  });

  it('of the same id again changes nothing', () => {
    const { position, move } = decide(EMPTY_POSITION, countWish(5));
    expect(decide(position, countWish(5), move)).toEqual({ position, answer: { kind: 'duplicate', move } });
  });
});

describe('a relative move', () => {
  const manual = (units: number): StockRequest => ({ kind: 'manual', id: 'm', units, reason: 'broken', by: 'me' });

  it('is refused below zero on hand', () => {
    const answer = { kind: 'short', asked: 11, available: 10 };
    expect(decide(positionOf({ onHand: 10 }), manual(-11)).answer).toEqual(answer);
    expect(decide(positionOf({ onHand: 10 }), manual(-10)).position.onHand).toBe(0);
  });

  it('up is taken also below zero', () => {
    expect(decide(positionOf({ onHand: -5 }), manual(3)).position.onHand).toBe(-2);
  });

  it('is undone once, and an undo of nothing keeps a late one out', () => {
    const undo: StockRequest = { kind: 'undo-manual', id: 'm|undo', of: 'm', by: 'me' };
    const done = decide(positionOf(), manual(-4));
    const undone = decideMove(done.position, undo, { undone: done.move, at: 8 });
    expect(undone).toMatchObject({ position: { onHand: 100 }, move: { kind: 'manual', units: 4 } });
    const nothing = decideMove(positionOf(), undo, { at: 8 });
    expect(nothing).toMatchObject({ position: { onHand: 100 }, answer: { kind: 'done' } });
  });
});

describe('a quota', () => {
  const start = (quantity: number, cut = false): StockRequest => {
    const { remaining: _remaining, ...quota } = quotaOf({ id: 'q', shop: S, quantity });
    return { kind: 'quota-start', id: 'start', quota, cut };
  };

  it('is taken from the pool without the safety buffer, or refused', () => {
    const position = positionOf({ safetyBuffer: 10 });
    expect(decide(position, start(91)).answer).toEqual({ kind: 'short', asked: 91, available: 90 });
    expect(decide(position, start(90)).position.quotas).toMatchObject([{ quantity: 90, remaining: 90 }]);
  });

  it('that may be cut is made at what is there, and names the missing units', () => {
    const { position, move } = decide(positionOf({ onHand: 30 }), start(50, true));
    expect(position.quotas).toMatchObject([{ quantity: 30, remaining: 30 }]);
    expect(move?.short).toBe(20);
  });

  it('ends into the pool, once', () => {
    const position = positionOf({ quotas: [quotaOf({ id: 'q' }), quotaOf({ id: 'p' })] });
    const end: StockRequest = { kind: 'quota-end', id: 'end', quota: 'q' };
    const ended = decide(position, end);
    expect(ended.position.quotas.map(({ id }) => id)).toEqual(['p']);
    expect(decide(ended.position, end, ended.move).answer.kind).toBe('duplicate');
    expect(decide(ended.position, { ...end, id: 'other end' }).answer).toEqual({ kind: 'unknown-quota' });
  });
});

describe('rules', () => {
  it('set what is given and leave the rest', () => {
    const { position } = decide(positionOf({ safetyBuffer: 3 }), {
      kind: 'rules',
      id: 'r',
      exposure: { policy: 'strict' },
    });
    expect(position).toMatchObject({ safetyBuffer: 3, exposure: { policy: 'strict' }, onHand: 100 });
  });

  it('ask for a plan anew without a move', () => {
    expect(decide(positionOf(), { kind: 'replan', id: 'r' })).toEqual({
      position: positionOf(),
      answer: { kind: 'planned' },
    });
  });
});

describe('trouble', () => {
  it('is what is oversold, what quotas lack, and what shipped uncounted', () => {
    const quotas = [quotaOf({ id: 'q', quantity: 30 })];
    expect(troubleOf(positionOf({ onHand: -5, committed: 2, quotas }))).toEqual({
      oversold: 7,
      uncovered: 30,
      negativeCount: 5,
    });
    expect(troubleOf(positionOf({ quotas }))).toEqual({ oversold: 0, uncovered: 0, negativeCount: 0 });
  });
});
