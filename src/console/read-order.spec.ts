import type { OrderBody } from './orders.schema';
import { readOrder } from './read-order';

const SGD = (amount: string) => ({ amount, currency: 'SGD' });
const order = (change: Partial<OrderBody> = {}): OrderBody => ({
  id: 'A-1',
  updatedAt: '2026-01-01T00:00:00.000Z',
  status: 'paid',
  currency: 'SGD',
  lines: [{ sku: 'MUG', units: 2, unitPrice: SGD('12.50') }],
  ...change,
});
const stateOf = (body: OrderBody) => {
  const read = readOrder(body);
  if (read.kind === 'faulty') throw new Error(JSON.stringify(read.faults));
  return read.state;
};
const pathsOf = (body: OrderBody) => {
  const read = readOrder(body);
  return read.kind === 'faulty' ? read.faults.map(({ path }) => path) : [];
};

describe('readOrder', () => {
  it('names a line by its sku and price', () => {
    expect(stateOf(order()).lines).toMatchObject([
      { id: 'MUG@12.50', listingKey: 'MUG', units: 2, cancelled: 0, unitPrice: 1250, status: 'paid' },
    ]);
  });

  it('adds up what the buyer pays', () => {
    const totals = { discountSeller: SGD('5.00'), shipping: SGD('1.99') };
    expect(stateOf(order({ totals })).totals).toMatchObject({ items: 2500, discountSeller: 500, paid: 2199 });
  });

  it('takes a cancelled order for wholly cancelled, and a shipped one for wholly shipped', () => {
    expect(stateOf(order({ status: 'cancelled' })).lines[0]).toMatchObject({ cancelled: 2, status: 'cancelled' });
    expect(stateOf(order({ status: 'shipped' })).lines[0]).toMatchObject({ shipped: 2, status: 'shipped' });
    expect(stateOf(order({ status: 'returned' })).lines[0]).toMatchObject({ shipped: 2, returned: 2 });
  });

  it('frees only what was not shipped', () => {
    const lines = [{ sku: 'MUG', units: 3, shipped: 1, unitPrice: SGD('1.00') }];
    expect(stateOf(order({ status: 'cancelled', lines })).lines[0]).toMatchObject({ cancelled: 2, shipped: 1 });
  });

  it('sums rows of one sku at one price, and keeps prices apart', () => {
    const line = { sku: 'MUG', units: 2, unitPrice: SGD('12.50') };
    const lines = [line, line, { ...line, unitPrice: SGD('10.00') }];
    expect(stateOf(order({ lines })).lines.map(({ id, units }) => [id, units])).toEqual([
      ['MUG@12.50', 4],
      ['MUG@10.00', 2],
    ]);
  });

  it('names every fault at once', () => {
    const lines = [
      { sku: 'MUG', units: 1, cancelled: 2, unitPrice: SGD('1.005') },
      { sku: 'CUP', units: 1, shipped: 0, returned: 1, unitPrice: { amount: '1', currency: 'USD' } },
    ];
    expect(pathsOf(order({ lines }))).toEqual([
      'lines.0.cancelled',
      'lines.0.unitPrice.amount',
      'lines.1.returned',
      'lines.1.unitPrice.currency',
    ]);
    expect(pathsOf(order({ currency: 'XXX' }))).toContain('currency');
  });
});
