import { readCsv } from './read-csv';
import { readXlsx } from './read-xlsx';
import { SHEET_LIMITS, SheetFault, type SheetFormat, type SheetRow } from './sheet';

/**
 * Reads the rows of a file that came from outside, a piece at a time; empty rows are passed over.
 * @throws SheetFault when it is too large in any way, or no such file.
 */
export async function* readSheet(bytes: Buffer, format: SheetFormat): AsyncGenerator<SheetRow> {
  if (bytes.length > SHEET_LIMITS.bytes) throw tooMany(SHEET_LIMITS.bytes, 'bytes');
  let [rows, cells, signs] = [0, 0, 0];
  for await (const row of format === 'csv' ? readCsv(bytes) : readXlsx(bytes)) {
    if (row.cells.length > SHEET_LIMITS.columns) throw tooMany(SHEET_LIMITS.columns, 'columns');
    cells += row.cells.length;
    if (cells > SHEET_LIMITS.cells) throw tooMany(SHEET_LIMITS.cells, 'cells');
    signs = row.cells.reduce((sum, { length }) => sum + length, signs);
    if (signs > SHEET_LIMITS.signs) throw tooMany(SHEET_LIMITS.signs, 'signs');
    if (row.cells.every((cell) => cell.trim() === '')) continue;
    rows += 1;
    if (rows > SHEET_LIMITS.rows) throw tooMany(SHEET_LIMITS.rows, 'rows');
    yield row;
  }
}

const tooMany = (most: number, what: string): SheetFault =>
  new SheetFault('too-large', `The file has more than ${most.toLocaleString('en-US')} ${what}.`);
