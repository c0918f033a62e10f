import * as fc from 'fast-check';
import { contextOf, lineState, orderAfter, orderState } from '../../../test/builders/orders';
import { mergeOrder, MOST_FACTS } from './merge-order';
import type { LineState, Order, OrderState } from './order';
import { heldUnits, wantBySku } from './want-by-sku';

const at = (updatedAt: number, lines: readonly LineState[], changes: Partial<OrderState> = {}) =>
  orderState({ updatedAt, lines, ...changes });
const hats = (changes: Partial<LineState> = {}) => [lineState('hat', changes)];

describe('merging a state', () => {
  const stored = orderAfter([at(2000, hats())]);

  it('makes the first one an order of version 1', () => {
    expect(stored).toMatchObject({ v: 1, stockV: 1, lines: [{ listing: 'listing-hat', parts: [{ sku: 'hat' }] }] });
    expect(stored.facts.map(({ kind }) => kind)).toEqual(['OrderPlaced', 'OrderPaid']);
  });

  it('pain-14 does nothing with an older one', () => {
    expect(mergeOrder(stored, at(1999, hats({ cancelled: 2 })), contextOf())).toEqual({ kind: 'older' });
  });

  it('does nothing with the same one, in any order of lines', () => {
    const lines = [lineState('hat'), lineState('coat')];
    const order = orderAfter([at(2000, lines)]);
    expect(mergeOrder(order, at(2000, [...lines].reverse()), contextOf())).toEqual({ kind: 'same' });
  });

  it('takes a newer instant with the same content, without a new stockV', () => {
    const order = orderAfter([at(2000, hats()), at(3000, hats())]);
    expect(order).toMatchObject({ v: 2, stockV: 1, updatedAt: 3000 });
  });

  it('says where instants are equal and states are not', () => {
    const merged = mergeOrder(stored, at(2000, hats({ cancelled: 1 })), contextOf());
    expect(merged).toMatchObject({ kind: 'changed', equalInstant: true, order: { v: 2, stockV: 2 } });
  });

  it('raises stockV only where a unit count changes', () => {
    const paid = mergeOrder(stored, at(3000, hats(), { status: 'shipped' }), contextOf());
    expect(paid).toMatchObject({ order: { v: 2, stockV: 1 } });
    const cancelled = mergeOrder(stored, at(3000, hats({ cancelled: 1 })), contextOf());
    expect(cancelled).toMatchObject({ order: { v: 2, stockV: 2 } });
  });

  it('keeps what a line was first resolved to, whatever the listing is mapped to now', () => {
    const mapped = contextOf({ resolve: () => ({ parts: [{ sku: 'coat', units: 9 }] }) });
    const merged = mergeOrder(stored, at(3000, hats({ cancelled: 1 })), mapped);
    expect(merged).toMatchObject({ order: { lines: [{ parts: [{ sku: 'hat', units: 1 }] }] } });
  });

  it('leaves a line of an unknown listing without parts, and resolves it when it is known', () => {
    const unknown = orderAfter([at(2000, hats())], contextOf({ resolve: () => undefined }));
    expect(unknown.lines[0]).not.toHaveProperty('parts');
    expect(mergeOrder(unknown, at(3000, hats()), contextOf())).toMatchObject({
      order: { stockV: 2, lines: [{ parts: [{ sku: 'hat', units: 1 }] }] },
    });
  });

  it('does not bring back what has left', () => {
    const order = orderAfter([at(2000, hats({ shipped: 2 })), at(3000, hats({ shipped: 0, cancelled: 2 }))]);
    expect(order.lines).toMatchObject([{ shipped: 2, cancelled: 2 }]);
    expect(heldUnits(order.lines[0]!)).toBe(2);
  });

  it('frees a line that the source no longer tells of, but for what has left', () => {
    const order = orderAfter([at(2000, [...hats({ shipped: 1 }), lineState('coat')]), at(3000, [])]);
    expect(order.lines).toMatchObject([
      { id: 'hat|1000', cancelled: 1, shipped: 1, status: 'cancelled' },
      { id: 'coat|1000', cancelled: 2, shipped: 0, status: 'cancelled' },
    ]);
    expect(wantBySku(order).map(({ request }) => request.want.held)).toEqual([0, 1]);
  });

  it('takes a line whose unit price was restated for the same one: what left leaves once', () => {
    const before = at(2000, [lineState('hat', { units: 2, shipped: 2 })]);
    const restated = lineState('hat', { units: 2, shipped: 2, unitPrice: 900, id: 'hat|900' });
    const order = orderAfter([before, at(3000, [restated])]);
    expect(order.lines).toMatchObject([{ id: 'hat|900', units: 2, cancelled: 0, shipped: 2, listing: 'listing-hat' }]);
    expect(wantBySku(order)).toMatchObject([{ request: { want: { held: 2, shipped: 2 } } }]);
  });

  it('takes what came back as fit to sell only where the shop says so', () => {
    const states = [at(2000, hats({ shipped: 2 })), at(3000, hats({ shipped: 2, returned: 1 }))];
    expect(orderAfter(states).lines).toMatchObject([{ restocked: 1 }]);
    expect(orderAfter(states, contextOf({ restock: 'confirm' })).lines).toMatchObject([{ returned: 1, restocked: 0 }]);
  });

  it(`keeps the newest ${MOST_FACTS} facts`, () => {
    const states = Array.from({ length: 150 }, (_, turn) => at(2000 + turn, hats({ cancelled: turn % 2 })));
    const order = orderAfter([...states, at(9000, hats({ cancelled: 2 }))]);
    expect(
      orderAfter([...states, ...states.map((state) => ({ ...state, updatedAt: state.updatedAt + 1000 }))]).facts,
    ).toHaveLength(MOST_FACTS);
    expect(order.facts.at(-1)).toMatchObject({ kind: 'OrderCancelled', at: 9000, v: order.v });
  });
});

/** Rising states of one order: what left has left, everything else may be anything. */
const lives = fc
  .array(
    fc.array(
      fc.record({ units: fc.integer({ min: 1, max: 9 }), cancelled: fc.nat({ max: 9 }), shipped: fc.nat({ max: 3 }) }),
      { minLength: 2, maxLength: 2 },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((states) => {
    const left = [0, 0];
    return states.map((lines, turn) =>
      at(
        1000 * (turn + 1),
        lines.map(({ units, cancelled, shipped }, which) => {
          left[which] = (left[which] ?? 0) + shipped;
          const total = left[which] + units;
          const counts = { units: total, cancelled: Math.min(cancelled, total), shipped: left[which] };
          return lineState(which === 0 ? 'hat' : 'coat', counts);
        }),
      ),
    );
  });
const arrivals = lives.chain((states) =>
  fc.tuple(fc.constant(states), fc.array(fc.constantFrom(...states), { maxLength: 12 })),
);

const contentOf = ({ v: _v, stockV: _stockV, facts: _facts, ...rest }: Order): unknown => rest;

describe('any order of arrival, with any repeats', () => {
  it('pain-14 ends at the newest state', () => {
    fc.assert(
      fc.property(arrivals, ([states, before]) => {
        const newest = states.at(-1)!;
        for (const arrived of [[...before, newest], [newest, ...before], [...states].reverse(), states]) {
          expect(contentOf(orderAfter(arrived))).toEqual(contentOf(orderAfter([newest])));
        }
      }),
    );
  });

  it('has facts that add up to the state', () => {
    fc.assert(
      fc.property(arrivals, ([, before]) => {
        fc.pre(before.length > 0);
        const order = orderAfter(before);
        const sum = (kind: string, line: string) =>
          order.facts
            .filter((fact) => fact.kind === kind && fact.line === line)
            .reduce((total, fact) => total + (fact.units ?? 0), 0);
        for (const { id, cancelled, shipped } of order.lines) {
          expect(sum('OrderCancelled', id) - sum('OrderReinstated', id)).toBe(cancelled);
          expect(sum('OrderShipped', id)).toBe(shipped);
        }
      }),
    );
  });
});
