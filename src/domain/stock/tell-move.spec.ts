import { askOneByOne, countWish, EMPTY_LEDGER, L, orderWish, quotaOf, S } from '../../../test/builders/stock';
import type { StockRequest } from './stock-request';
import { tellMove } from './tell-move';

const last = (...wishes: StockRequest[]): string => {
  const move = askOneByOne(EMPTY_LEDGER, wishes).moves.at(-1);
  if (move === undefined) throw new Error('nothing moved');
  return tellMove(move);
};
const start = { kind: 'quota-start', id: 's', quota: quotaOf({ id: 'q', quantity: 6 }), cut: true } as const;

describe('a move in a sentence', () => {
  it('tells what an order took, and from whom', () => {
    expect(last(countWish(9), start, orderWish({ id: 'o', shop: S }, { held: 10 }))).toBe(
      "Order seller|S|o of shop S holds 3 of what nobody held, 6 of another shop's quota q, 1 that were not there.",
    );
    const ship = orderWish({ id: 'o', shop: L, stockV: 2 }, { held: 2, shipped: 2, restocked: 1 });
    expect(last(countWish(9), start, orderWish({ id: 'o' }, { held: 2 }), ship)).toBe(
      'Order seller|L|o of shop L holds 2 of its own quota q; 2 of them were shipped; 1 came back.',
    );
    expect(last(countWish(9), orderWish({ id: 'o' }, { held: 0 }, { reason: 'audit', by: 'Ann' }))).toBe(
      'Order seller|L|o of shop L holds nothing any more (audit).',
    );
  });

  it('tells who counted, moved and repaired, and why', () => {
    expect(last(countWish(9))).toBe('somebody counted 9 (stocktaking).');
    const manual = { kind: 'manual', id: 'm', units: 2, reason: 'found', by: 'Ann' } as const;
    expect(last(countWish(9), manual)).toBe('Ann moved +2: 11 are on hand (found).');
    const stock = {
      counted: true,
      onHand: 8,
      committed: 0,
      safetyBuffer: 0,
      exposure: { policy: 'open' },
      quotas: [],
    } as const;
    expect(last(countWish(9), { kind: 'repair', id: 'r', v: 1, stock, reason: 'audit', by: 'Ann' })).toBe(
      'Ann repaired the ledger: 8 are on hand, 0 committed (audit).',
    );
  });

  it('tells what campaigns hold and give back', () => {
    expect(last(countWish(4), start)).toBe(
      'Campaign flash holds 4 for shop L as an allocation, 2 fewer than it asked for.',
    );
    expect(last(countWish(9), start, { kind: 'quota-end', id: 'e', quota: 'q' })).toBe(
      'Campaign flash gave back 6 of the 6 held for shop L.',
    );
  });

  it('tells what the rules of a sku became', () => {
    expect(last(countWish(4), { kind: 'rules', id: 'r', safetyBuffer: 2, exposure: { policy: 'strict' } })).toBe(
      'The rules of the sku changed: the safety buffer is 2, exposure is strict.',
    );
    expect(last(countWish(4), { kind: 'rules', id: 'r', lowStockAt: 3 })).toContain('low stock is told at 3');
    expect(last(countWish(4), { kind: 'rules', id: 'r' })).toBe('The rules of the sku changed.');
  });
});
