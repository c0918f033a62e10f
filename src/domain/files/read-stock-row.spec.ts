import fc from 'fast-check';
import { readFileHeader } from './file-row';
import { harmlessCell } from './harmless-cell';
import { readStockRow, STOCK_COLUMNS, type StockRow } from './read-stock-row';

function headerOf(...cells: string[]) {
  const read = readFileHeader(STOCK_COLUMNS, cells);
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.header;
}
const faultsOf = (...cells: string[]) => {
  const read = readFileHeader(STOCK_COLUMNS, cells);
  return 'faults' in read ? read.faults.map(({ column }) => column) : [];
};
const header = headerOf('sku', 'onHand', 'safetyBuffer', 'reason');
const read = (...cells: string[]): StockRow => readStockRow(header, 7, cells);
const FORMULA = expect.stringContaining('formula');

describe('the header of a stock file', () => {
  it('finds columns in any order and spelling, and passes over those that only inform', () => {
    const found = headerOf('Name', ' ONHAND ', 'sku', '', 'free');
    expect([...found]).toEqual([
      ['sku', 2],
      ['onHand', 1],
    ]);
  });

  it('names every column that is unknown, double or missing', () => {
    expect(faultsOf('sku', 'onHand', 'colour', 'prize')).toEqual(['colour', 'prize']);
    expect(faultsOf('sku', 'onHand', 'SKU')).toEqual(['sku']);
    expect(faultsOf('name')).toEqual(['sku', 'onHand']);
    expect(faultsOf('sku', 'safetyBuffer')).toEqual([]);
  });
});

describe('a row of a stock file', () => {
  it('says what to set', () => {
    expect(read('MUG', '5', '2', 'counted')).toEqual({
      ...{ row: 7, sku: 'MUG', onHand: 5, rules: { safetyBuffer: 2 }, reason: 'counted' },
    });
    expect(read('MUG', ' 5.00 ')).toEqual({ row: 7, sku: 'MUG', onHand: 5 });
    expect(read('MUG', '')).toEqual({ row: 7, sku: 'MUG' });
  });

  it.each([
    ['4.5', 'must be a whole number'],
    ['five', 'must be a whole number'],
    ['1,000', 'must be a whole number'],
    ['-1', 'must be at least 0'],
    ['1000000001', 'must be at most 1000000000'],
    ['99999999999999999999', 'must be a whole number'],
    ['=1+1', FORMULA],
    ['#N/A', 'must be a whole number'],
  ])('takes no %s for a count', (text, message) => {
    expect(read('MUG', text).faults).toEqual([{ column: 'onHand', message }]);
  });

  it('names all its faults at once, and asks for nothing then', () => {
    expect(read('=cmd()', 'x', '-1', 'a\u0007')).toEqual({
      ...{ row: 7, sku: '=cmd()' },
      faults: [
        { column: 'sku', message: FORMULA },
        { column: 'onHand', message: 'must be a whole number' },
        { column: 'safetyBuffer', message: 'must be at least 0' },
        { column: 'reason', message: 'must not have control characters' },
      ],
    });
    expect(read('', '5').faults).toEqual([{ column: 'sku', message: 'must be given' }]);
    expect(read('x'.repeat(129), '5')).toMatchObject({ sku: 'x'.repeat(128), faults: [{ column: 'sku' }] });
  });

  it('counts nothing where the number is the one that was exported, also one below 0', () => {
    const exported = headerOf('sku', 'onHand', 'onHandWas');
    expect(readStockRow(exported, 2, ['MUG', '5', '5'])).toEqual({ row: 2, sku: 'MUG' });
    expect(readStockRow(exported, 2, ['MUG', '-3', '-3'])).toEqual({ row: 2, sku: 'MUG' });
    expect(readStockRow(exported, 2, ['MUG', '6', '5'])).toEqual({ row: 2, sku: 'MUG', onHand: 6 });
  });

  it('reads back every sku and count that was written', () => {
    const skus = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((sku) => /^\P{Cc}+$/u.test(sku));
    fc.assert(
      fc.property(skus, fc.nat({ max: 1_000_000_000 }), (sku, onHand) => {
        fc.pre(sku.length <= 128);
        expect(read(harmlessCell(sku), String(onHand))).toEqual({ row: 7, sku, onHand });
      }),
    );
  });
});
