import { Injectable } from '@nestjs/common';
import { ulid } from 'ulid';
import { faultDoubles, readStockRow, STOCK_COLUMNS, type StockRow } from '../domain';
import { LongJobsStore } from '../store/long-jobs.store';
import { IMPORT_STOCK } from '../store/long-work';
import { StockFilesStore } from '../store/stock-files.store';
import type { StockFileWish } from './import-stock.worker';
import { nameOf, type SellerCall } from './principal';
import { ReadFileService } from './read-file.service';
import type { SentFile } from './take-file-guard';

const STOCK_FILE = { columns: STOCK_COLUMNS, readRow: readStockRow };

/** Reads a stock file as it arrives, keeps its rows with what is wrong with each, and begins the work on them. */
@Injectable()
export class TakeStockFileService {
  constructor(
    private readonly reader: ReadFileService,
    private readonly files: StockFilesStore,
    private readonly jobs: LongJobsStore,
  ) {}

  /**
   * Answers the id of the job.
   * @throws Refusal, SheetFault for a file of which no row can be read.
   */
  async take(call: SellerCall, file: SentFile, isPartial: boolean): Promise<string> {
    return this.reader.read(file, STOCK_FILE, (rows) => this.begin(call, faultDoubles(rows), isPartial));
  }

  private async begin(call: SellerCall, rows: readonly StockRow[], isPartial: boolean): Promise<string> {
    const ref = { seller: call.seller, file: ulid() };
    const pieces = await this.files.keep(ref, rows);
    const wish: StockFileWish = { pieces, rows: rows.length, isPartial };
    const ask = { seller: call.seller, kind: IMPORT_STOCK, about: ref.file, wish: { ...wish }, by: nameOf(call) };
    return (await this.jobs.begin(ask)).id;
  }
}
