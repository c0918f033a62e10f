import { faultDoubles, readFileHeader, withFault, type FileColumns, type FileRow } from './file-row';

const COLUMNS: FileColumns<'sku' | 'a' | 'b'> = {
  reads: ['sku', 'a', 'b'],
  informing: ['name'],
  needs: [['sku'], ['a', 'b']],
};

describe('the header of a file', () => {
  it('says where each column is, those that inform left out', () => {
    expect(readFileHeader(COLUMNS, ['name', 'B', 'sku'])).toEqual({
      header: new Map([
        ['sku', 2],
        ['b', 1],
      ]),
    });
  });

  it('names every fault at once, with what is known and what is needed', () => {
    expect(readFileHeader(COLUMNS, ['x'.repeat(200), 'name', 'name'])).toEqual({
      faults: [
        { column: 'x'.repeat(128), message: 'is no column of this: sku, a, b, name' },
        { column: 'name', message: 'stands there twice' },
        { column: 'sku', message: 'must be a column' },
        { column: 'a', message: 'must be a column, or instead b' },
      ],
    });
  });
});

describe('a sku in two rows', () => {
  it('makes all of them faulty, and leaves the others alone', () => {
    const rows: FileRow[] = [2, 3, 4, 5].map((row) => ({ row, sku: row === 4 ? 'CUP' : 'MUG' }));
    expect(faultDoubles(rows)).toEqual([
      { row: 2, sku: 'MUG', faults: [{ column: 'sku', message: 'stands in row 3 too' }] },
      { row: 3, sku: 'MUG', faults: [{ column: 'sku', message: 'stands in row 2 too' }] },
      { row: 4, sku: 'CUP' },
      { row: 5, sku: 'MUG', faults: [{ column: 'sku', message: 'stands in row 2 too' }] },
    ]);
  });

  it('is none where the rows name no sku', () => {
    const rows = [
      { row: 2, sku: '' },
      { row: 3, sku: '' },
    ];
    expect(faultDoubles(rows)).toEqual(rows);
  });
});

describe('a further fault', () => {
  it('stands behind the others', () => {
    const [first, second] = ['a', 'b'].map((column) => ({ column, message: 'is wrong' }));
    const row = withFault({ row: 2, sku: 'MUG' }, first!);
    expect(withFault(row, second!)).toEqual({ row: 2, sku: 'MUG', faults: [first, second] });
  });
});
