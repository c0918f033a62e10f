import { inBatches } from './in-batches';

describe('inBatches', () => {
  it('keeps every item, in order, and fills all batches but the last', () => {
    expect(inBatches([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(inBatches([1, 2], 2)).toEqual([[1, 2]]);
    expect(inBatches([], 2)).toEqual([]);
  });
});
