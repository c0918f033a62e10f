import { PAYLOAD } from './order-payload';

const AT = '2018-05-17 09:23:36 +0800';
const order = { order_id: '1', created_at: AT, updated_at: AT };
const rows = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ order_item_id: at + 1, item_price: '1.00', status: 'pending' }));

describe('the rows of an order', () => {
  it('are at most 10,000, and not read where there are more', () => {
    expect(PAYLOAD.safeParse({ order, items: rows(10_000) }).success).toBe(true);
    const faults = PAYLOAD.safeParse({ order, items: [...rows(10_000), 'no row'] }).error?.issues;
    expect(faults).toMatchObject([{ code: 'too_big', path: ['items'] }]);
  });

  it('are at least one', () => {
    expect(PAYLOAD.safeParse({ order, items: [] }).success).toBe(false);
  });
});
