import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { SheetFault, type SheetRow } from './sheet';

const PIECE_BYTES = 64 * 1024;
/** Also of a quote that never closes. */
const MOST_ROW_BYTES = 256 * 1024;
const DELIMITERS = [',', ';', '\t'];

/** Reads CSV in UTF-8, with what its first row separates by: a comma, a semicolon or a tab. */
export async function* readCsv(bytes: Buffer): AsyncGenerator<SheetRow> {
  if (!isUtf8(bytes)) throw new SheetFault('unreadable', 'The file is no text in UTF-8.');
  const options = { bom: true, delimiter: delimiterOf(bytes), relax_column_count: true };
  const parser = Readable.from(pieces(bytes)).pipe(parse({ ...options, max_record_size: MOST_ROW_BYTES }));
  let row = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row += 1;
      yield { row, cells };
    }
  } catch (error) {
    if (error instanceof CsvError) throw new SheetFault('unreadable', `After row ${row}: ${error.code}.`);
    throw error;
  }
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

function delimiterOf(bytes: Buffer): string {
  const [first = ''] = bytes.toString('utf8', 0, PIECE_BYTES).split(/\r|\n/, 1);
  const counts = DELIMITERS.map((delimiter) => first.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}
