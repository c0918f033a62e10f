import { Readable } from 'node:stream';
import { harmlessCell } from '../domain';
import type { OutCell, SheetFormat } from './sheet';
import { writeXlsx } from './write-xlsx';

type Rows = AsyncIterable<readonly OutCell[]>;

/** Writes rows as a file, no faster than it is read. No cell begins a formula. */
export const writeSheet = (rows: Rows, format: SheetFormat): Readable =>
  format === 'csv' ? Readable.from(csvOf(rows)) : writeXlsx(harmless(rows));

async function* csvOf(rows: Rows): AsyncGenerator<string> {
  for await (const row of harmless(rows)) yield `${row.map(csvCell).join(',')}\r\n`;
}

async function* harmless(rows: Rows): AsyncGenerator<readonly OutCell[]> {
  for await (const row of rows) yield row.map((cell) => (typeof cell === 'string' ? harmlessCell(cell) : cell));
}

function csvCell(cell: OutCell = ''): string {
  const text = String(cell);
  return /[",;\r\n\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
