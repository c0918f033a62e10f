import { lineState, orderAfter, orderState } from '../../../test/builders/orders';
import type { LineState, OrderState } from './order';
import { factsBetween } from './facts-between';

const order = (line: Partial<LineState>, changes: Partial<OrderState> = {}) =>
  orderAfter([orderState({ lines: [lineState('hat', line)], updatedAt: 5000, ...changes })]);
const kinds = (before: ReturnType<typeof order> | undefined, after: ReturnType<typeof order>) =>
  factsBetween(before, after, 2).map(({ kind, units }) => (units === undefined ? kind : `${kind} ${units}`));

describe('the facts between two states', () => {
  it('of a first one are that it was placed, and all it holds', () => {
    expect(kinds(undefined, order({ units: 3, cancelled: 1, shipped: 2, returned: 1 }))).toEqual([
      'OrderPlaced',
      'OrderPaid',
      'OrderCancelled 1',
      'OrderShipped 2',
      'StockReturned 1',
      'StockRestocked 1',
    ]);
  });

  it('carry the line, the instant of the source and the version that holds them', () => {
    expect(factsBetween(order({}), order({ cancelled: 1 }), 7)).toEqual([
      { kind: 'OrderCancelled', line: 'hat|1000', units: 1, at: 5000, v: 7 },
    ]);
  });

  it('tell of payment once, and not of an order that was cancelled unpaid', () => {
    const unpaid = order({ status: 'unpaid' }, { status: 'unpaid' });
    expect(kinds(undefined, unpaid)).toEqual(['OrderPlaced']);
    expect(kinds(unpaid, order({}))).toEqual(['OrderPaid']);
    expect(kinds(order({}), order({}))).toEqual([]);
    expect(kinds(unpaid, order({ cancelled: 2 }, { status: 'cancelled' }))).toEqual(['OrderCancelled 2']);
  });

  it('pain-06 tell of an order that comes back from cancellation', () => {
    expect(kinds(order({ cancelled: 2 }), order({ cancelled: 0 }))).toEqual(['OrderReinstated 2']);
  });

  it('tell of delivery once', () => {
    const shipped = order({ shipped: 2, status: 'shipped' });
    const delivered = order({ shipped: 2, status: 'delivered' });
    expect(kinds(shipped, delivered)).toEqual(['OrderDelivered 2']);
    expect(kinds(delivered, delivered)).toEqual([]);
  });
});
