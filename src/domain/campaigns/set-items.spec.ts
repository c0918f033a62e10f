import { L, S } from '../../../test/builders/stock';
import { setItems } from './set-items';

describe('rows over the items of a campaign', () => {
  it('set what their shops get of their skus, and leave every other item as it is', () => {
    const items = [
      { sku: 'MUG', shop: L, quantity: 60 },
      { sku: 'CUP', shop: L, quantity: 5 },
    ];
    expect(setItems(items, [{ row: 2, sku: 'MUG', quantity: 40, shops: [S, L] }])).toEqual([
      { sku: 'MUG', shop: L, quantity: 40 },
      { sku: 'CUP', shop: L, quantity: 5 },
      { sku: 'MUG', shop: S, quantity: 40 },
    ]);
  });

  it('keep apart what only looks the same when it is joined', () => {
    const rows = [
      { row: 2, sku: 'A|B', quantity: 1, shops: [L] },
      { row: 3, sku: 'A', quantity: 2, shops: ['B|L' as typeof L] },
    ];
    expect(setItems([], rows)).toHaveLength(2);
  });
});
