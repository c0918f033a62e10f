import { L, positionOf, quotaOf, S } from '../../../test/builders/stock';
import { bringOrder, NOTHING_HELD } from './bring-order';
import type { Holding, Position } from './position';
import type { Want } from './stock-request';

const want = (changes: Partial<Want>): Want => ({ held: 0, shipped: 0, restocked: 0, ...changes });
const bring = (position: Position, holding: Holding, wanted: Partial<Want>) =>
  bringOrder(position, holding, { shop: L, want: want(wanted) });

describe('bringing an order to its state', () => {
  it('does nothing where it holds what it asks', () => {
    const placed = bring(positionOf(), NOTHING_HELD, { held: 5 });
    const again = bring(placed.position, placed.holding, { held: 5 });
    expect(again).toEqual({ position: placed.position, holding: placed.holding, broke: [], short: 0 });
  });

  it('keeps one part where more comes from the same source', () => {
    const placed = bring(positionOf(), NOTHING_HELD, { held: 5 });
    expect(bring(placed.position, placed.holding, { held: 8 }).holding.drew).toEqual([{ from: 'pool', units: 8 }]);
  });

  it('keeps apart what comes from another source, or from another quota', () => {
    const short = bring(positionOf({ onHand: 5 }), NOTHING_HELD, { held: 5 });
    expect(bring(short.position, short.holding, { held: 8 }).holding.drew).toEqual([
      { from: 'pool', units: 5 },
      { from: 'short', units: 3 },
    ]);
    const quotas = [quotaOf({ id: 'q1', quantity: 5 }), quotaOf({ id: 'q2', quantity: 5 })];
    const placed = bring(positionOf({ quotas }), NOTHING_HELD, { held: 5 });
    expect(bring(placed.position, placed.holding, { held: 8 }).holding.drew).toEqual([
      { from: 'quota', quota: 'q1', units: 5 },
      { from: 'quota', quota: 'q2', units: 3 },
    ]);
  });

  it('breaks no quota by giving back', () => {
    const quotas = [quotaOf({ id: 'q', shop: S, quantity: 10 })];
    const placed = bring(positionOf({ onHand: 10, quotas }), NOTHING_HELD, { held: 5 });
    expect(placed.broke).toEqual([{ from: 'other', quota: 'q', units: 5 }]);
    expect(bring(placed.position, placed.holding, { held: 2 }).broke).toEqual([]);
  });

  it('moves what shipped from on hand and from committed', () => {
    const placed = bring(positionOf(), NOTHING_HELD, { held: 5 });
    const shipped = bring(placed.position, placed.holding, { held: 5, shipped: 3 });
    expect(shipped.position).toMatchObject({ onHand: 97, committed: 2 });
  });

  it('takes on hand below zero for goods that left without being counted', () => {
    const placed = bring(positionOf({ onHand: 2 }), NOTHING_HELD, { held: 5 });
    expect(placed.short).toBe(3);
    const shipped = bring(placed.position, placed.holding, { held: 5, shipped: 5 });
    expect(shipped).toMatchObject({ position: { onHand: -3, committed: 0 }, short: 0 });
  });

  it('draws anew for an order that comes back from cancellation', () => {
    const quotas = [quotaOf({ id: 'q', quantity: 5 })];
    const placed = bring(positionOf({ quotas }), NOTHING_HELD, { held: 5 });
    const cancelled = bring(placed.position, placed.holding, {});
    expect(cancelled.holding.drew).toEqual([]);
    const gone = { ...cancelled.position, quotas: [] };
    expect(bring(gone, cancelled.holding, { held: 5 }).holding.drew).toEqual([{ from: 'pool', units: 5 }]);
  });

  it('returns what came back to the pool once, never to the quota it left from', () => {
    const quotas = [quotaOf({ id: 'q', quantity: 10 })];
    const placed = bring(positionOf({ quotas }), NOTHING_HELD, { held: 10 });
    const shipped = bring(placed.position, placed.holding, { held: 10, shipped: 10 });
    const returned = bring(shipped.position, shipped.holding, { held: 10, shipped: 10, restocked: 4 });
    expect(returned.position).toMatchObject({ onHand: 94, committed: 0, quotas: [{ remaining: 0 }] });
    const again = bring(returned.position, returned.holding, { held: 10, shipped: 10, restocked: 4 });
    expect(again.position.onHand).toBe(94);
  });

  it('brings shipment and cancellation to one end, whichever was told first', () => {
    const start = bring(positionOf({ quotas: [quotaOf({ id: 'q' })] }), NOTHING_HELD, { held: 10 });
    const cancelledFirst = bring(start.position, start.holding, {});
    const there = bring(cancelledFirst.position, cancelledFirst.holding, { held: 10, shipped: 10 });
    const shippedFirst = bring(start.position, start.holding, { held: 10, shipped: 10 });
    const back = bring(shippedFirst.position, shippedFirst.holding, { held: 10, shipped: 10 });
    expect(there.position).toEqual(back.position);
    expect(there.holding).toEqual(back.holding);
  });

  it('says what it broke and what was not there', () => {
    const quotas = [quotaOf({ id: 'theirs', shop: S, quantity: 4 })];
    const placed = bring(positionOf({ onHand: 6, quotas }), NOTHING_HELD, { held: 9 });
    expect(placed.broke).toEqual([{ from: 'other', quota: 'theirs', units: 4 }]);
    expect(placed.short).toBe(3);
  });
});
