import { readFileHeader } from './file-row';
import { faultUnknown, ITEM_COLUMNS, readItemRow, type ItemRow } from './read-item-row';

const read = (...cells: string[]): ItemRow => {
  const found = readFileHeader(ITEM_COLUMNS, ['sku', 'quantity', 'shops']);
  if ('faults' in found) throw new Error(JSON.stringify(found.faults));
  return readItemRow(found.header, 4, cells);
};
const FORMULA = expect.stringContaining('formula');

describe('the header of a file of items', () => {
  it('needs the sku, the quantity and the shops, and takes nothing else', () => {
    expect(readFileHeader(ITEM_COLUMNS, ['price'])).toMatchObject({
      faults: [{ column: 'price' }, { column: 'sku' }, { column: 'quantity' }, { column: 'shops' }],
    });
  });
});

describe('a row of a file of items', () => {
  it('says what each shop gets, the shops apart by commas, semicolons or spaces', () => {
    for (const shops of ['L,S', ' L ; S ', 'L S']) {
      expect(read('MUG', '60', shops)).toEqual({ row: 4, sku: 'MUG', quantity: 60, shops: ['L', 'S'] });
    }
  });

  it.each([
    ['quantity', ['MUG', '', 'L'], 'must be given'],
    ['quantity', ['MUG', '0', 'L'], 'must be at least 1'],
    ['quantity', ['MUG', '1.5', 'L'], 'must be a whole number'],
    ['quantity', ['MUG', '1000000001', 'L'], 'must be at most 1000000000'],
    ['quantity', ['MUG', '=2+3', 'L'], FORMULA],
    ['sku', ['', '1', 'L'], 'must be given'],
    ['sku', ['x'.repeat(129), '1', 'L'], 'must have at most 128 characters'],
    ['shops', ['MUG', '1', ''], 'must be given'],
    ['shops', ['MUG', '1'], 'must be given'],
    ['shops', ['MUG', '1', ' , '], 'must be given'],
    ['shops', ['MUG', '1', '=L'], FORMULA],
    ['shops', ['MUG', '1', 'L,S,L'], 'must name each shop once'],
    ['shops', ['MUG', '1', 'x'.repeat(65)], 'must hold only ids of shops'],
    ['shops', ['MUG', '1', Array.from({ length: 51 }, (_, at) => at).join(',')], 'must name at most 50 shops'],
  ])('has a faulty %s: %j', (column, cells, message) => {
    expect(read(...cells).faults).toEqual([{ column, message }]);
  });

  it('takes 50 shops with ids of 64 characters', () => {
    const shops = Array.from({ length: 50 }, (_, at) => String(at).padStart(64, 'x'));
    expect(read('MUG', '1', shops.join(','))).toEqual({ row: 4, sku: 'MUG', quantity: 1, shops });
  });

  it('names all its faults at once', () => {
    expect(read('a\u0007', 'x', '')).toMatchObject({
      faults: [{ column: 'sku' }, { column: 'quantity' }, { column: 'shops' }],
    });
  });
});

describe('a row that names what the seller does not have', () => {
  const known = { skus: new Set(['MUG']), shops: new Set(['L']) };

  it('has a fault for each of the names, also beside other faults', () => {
    expect(faultUnknown(read('CUP', 'x', 'L,S,T'), known).faults).toEqual([
      { column: 'quantity', message: 'must be a whole number' },
      { column: 'sku', message: 'there is no such sku' },
      { column: 'shops', message: 'there is no shop S' },
      { column: 'shops', message: 'there is no shop T' },
    ]);
  });

  it('is not told of a sku that could not be read', () => {
    expect(faultUnknown(read('', '1', 'L'), known).faults).toEqual([{ column: 'sku', message: 'must be given' }]);
  });

  it('is left alone where there is everything', () => {
    const row = read('MUG', '1', 'L');
    expect(faultUnknown(row, known)).toBe(row);
  });
});
