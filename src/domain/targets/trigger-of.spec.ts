import type { Move } from '../stock/position';
import { triggerOf } from './trigger-of';

const move = (v: number, changes: Partial<Move> = {}): Move => ({
  ...{ id: `m${v}`, kind: 'order', v, at: 1000 * v, onHand: 10, committed: 0 },
  ...changes,
});
const of = (moves: readonly Move[], heard = 0): string => triggerOf([{ moves, heard }]);

describe('what made a number', () => {
  it.each<[string, Partial<Move>, string]>([
    ['a count', { kind: 'count' }, 'count'],
    ['a move by a person', { kind: 'manual' }, 'by-hand'],
    ['the start of a campaign', { kind: 'quota-start' }, 'campaign'],
    ['the end of a campaign', { kind: 'quota-end' }, 'campaign'],
    ["a sku's rules", { kind: 'rules' }, 'rule'],
    ['a repair', { kind: 'repair' }, 'count'],
    ['a sale', { committed: 2 }, 'order'],
    ['a hold', { committed: 2, hold: true }, 'hold'],
  ])('%s', (_what, changes, trigger) => {
    expect(of([move(2, changes)])).toBe(trigger);
  });

  it('is a cancellation where an order holds less, and nothing left the shelf or came back to it', () => {
    const before = move(1, { committed: 5 });
    expect(of([before, move(2, { committed: 3 })])).toBe('cancel');
    expect(of([before, move(2, { committed: 3, onHand: 8, units: -2 })])).toBe('order');
    expect(of([before, move(2, { committed: 5, onHand: 12, units: 2 })])).toBe('order');
    expect(of([before, move(2, { committed: 3, hold: true })])).toBe('hold');
  });

  it('is the newest of all skus', () => {
    const [early, late] = [move(7, { kind: 'count', at: 10 }), move(2, { kind: 'manual', at: 20 })];
    for (const moves of [
      [early, late],
      [late, early],
    ]) {
      expect(triggerOf(moves.map((each) => ({ moves: [each], heard: 0 })))).toBe('by-hand');
    }
  });

  it('is a rule where no move came that was not heard before', () => {
    expect(of([move(3, { kind: 'count' })], 3)).toBe('rule');
    expect(of([move(3, { kind: 'count' })], 2)).toBe('count');
    expect(of([])).toBe('rule');
  });
});
