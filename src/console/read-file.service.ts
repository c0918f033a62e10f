import { Injectable } from '@nestjs/common';
import { readFileHeader, type FileColumns, type FileHeader, type FileRow } from '../domain';
import { HubError } from '../platform/hub-error';
import { readSheet } from '../platform/read-sheet';
import { SheetFault } from '../platform/sheet';
import { faulty } from './refusal';
import type { SentFile } from './take-file-guard';

/** Files that are read at a time in this process: each may take a few hundred MB for a moment. */
const MOST_AT_ONCE = 2;

/** One kind of file. */
export interface FileForm<Column extends string, Row extends FileRow> {
  readonly columns: FileColumns<Column>;
  readonly readRow: (header: FileHeader<Column>, row: number, cells: readonly string[]) => Row;
  /** Where there may be fewer than in any file. */
  readonly mostRows?: number;
}

/** Reads the rows of files that callers sent, only so many at a time. */
@Injectable()
export class ReadFileService {
  private reading = 0;

  /**
   * Hands the rows on, each with what is wrong with it; the next file is read when they are done with.
   * @throws Refusal, SheetFault for a file of which no row can be read.
   */
  async read<Column extends string, Row extends FileRow, Done>(
    file: SentFile,
    form: FileForm<Column, Row>,
    use: (rows: readonly Row[]) => Promise<Done>,
  ): Promise<Done> {
    if (this.reading >= MOST_AT_ONCE) throw new HubError('busy', 'later', { message: 'other files are being read' });
    this.reading += 1;
    try {
      return await use(await rowsOf(file, form));
    } finally {
      this.reading -= 1;
    }
  }
}

async function rowsOf<Column extends string, Row extends FileRow>(
  { bytes, format }: SentFile,
  { columns, readRow, mostRows = Infinity }: FileForm<Column, Row>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let header: FileHeader<Column> | undefined;
  for await (const { row, cells } of readSheet(bytes, format)) {
    if (header === undefined) header = headerOf(columns, cells);
    else rows.push(readRow(header, row, cells));
    if (rows.length > mostRows) throw new SheetFault('too-large', `The file has more than ${mostRows} rows.`);
  }
  if (rows.length === 0) throw faulty([{ path: 'rows', message: 'the file has no rows' }]);
  return rows;
}

function headerOf<Column extends string>(columns: FileColumns<Column>, cells: readonly string[]): FileHeader<Column> {
  const read = readFileHeader(columns, cells);
  if ('header' in read) return read.header;
  throw faulty(read.faults.map(({ column, message }) => ({ path: column, message: `${column} ${message}` })));
}
