import { Injectable } from '@nestjs/common';
import { ulid } from 'ulid';
import { faultDoubles, readStockHeader, readStockRow, type StockHeader, type StockRow } from '../domain';
import { HubError } from '../platform/hub-error';
import { readSheet } from '../platform/read-sheet';
import { LongJobsStore } from '../store/long-jobs.store';
import { IMPORT_STOCK } from '../store/long-work';
import { StockFilesStore } from '../store/stock-files.store';
import type { StockFileWish } from './import-stock.worker';
import { nameOf, type SellerCall } from './principal';
import { faulty } from './refusal';
import type { SentFile } from './take-file-guard';

/** Files that are read at a time in this process: each may take a few hundred MB for a moment. */
const MOST_AT_ONCE = 2;

/** Reads a stock file as it arrives, keeps its rows with what is wrong with each, and begins the work on them. */
@Injectable()
export class TakeStockFileService {
  private reading = 0;

  constructor(
    private readonly files: StockFilesStore,
    private readonly jobs: LongJobsStore,
  ) {}

  /**
   * Answers the id of the job.
   * @throws Refusal, SheetFault for a file of which no row can be read.
   */
  async take(call: SellerCall, file: SentFile, isPartial: boolean): Promise<string> {
    if (this.reading >= MOST_AT_ONCE) throw new HubError('busy', 'later', { message: 'other files are being read' });
    this.reading += 1;
    try {
      const rows = faultDoubles(await rowsOf(file));
      return await this.begin(call, rows, isPartial);
    } finally {
      this.reading -= 1;
    }
  }

  private async begin(call: SellerCall, rows: readonly StockRow[], isPartial: boolean): Promise<string> {
    const ref = { seller: call.seller, file: ulid() };
    const pieces = await this.files.keep(ref, rows);
    const wish: StockFileWish = { pieces, rows: rows.length, isPartial };
    const ask = { seller: call.seller, kind: IMPORT_STOCK, about: ref.file, wish: { ...wish }, by: nameOf(call) };
    return (await this.jobs.begin(ask)).id;
  }
}

async function rowsOf({ bytes, format }: SentFile): Promise<readonly StockRow[]> {
  const rows: StockRow[] = [];
  let header: StockHeader | undefined;
  for await (const { row, cells } of readSheet(bytes, format)) {
    if (header === undefined) header = headerOf(cells);
    else rows.push(readStockRow(header, row, cells));
  }
  if (rows.length === 0) throw faulty([{ path: 'rows', message: 'the file has no rows' }]);
  return rows;
}

function headerOf(cells: readonly string[]): StockHeader {
  const read = readStockHeader(cells);
  if ('header' in read) return read.header;
  throw faulty(read.faults.map(({ column, message }) => ({ path: column, message: `${column} ${message}` })));
}
