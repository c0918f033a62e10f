import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ExportStockService } from '../src/console/export-stock.service';
import { SentFile } from '../src/console/take-file-guard';
import { TakeStockFileService } from '../src/console/take-stock-file.service';
import type { SellerId } from '../src/domain';
import type { OutCell, SheetFormat } from '../src/platform/sheet';
import { writeSheet } from '../src/platform/write-sheet';
import { LongJobsStore } from '../src/store/long-jobs.store';
import { heldBytes } from './held-bytes';

const LOOK_MS = 10;

export interface Imported {
  readonly rows: number;
  /** Until the file is read and kept. */
  readonly acceptedMs: number;
  /** Until every row is counted. */
  readonly tookMs: number;
}

export interface Exported {
  readonly bytes: number;
  readonly tookMs: number;
  /** What the heap held at most beyond what it held before, looked at after collecting. */
  readonly heapMb: number;
}

/** Stock files, read and written as the API does it. */
export class StockFiles {
  constructor(private readonly app: NestFastifyApplication) {}

  async import(about: {
    readonly seller: string;
    readonly skus: readonly string[];
    readonly onHand: number;
    readonly format: SheetFormat;
  }): Promise<Imported> {
    const rows = about.skus.map((sku) => [sku, about.onHand]);
    const file = await buffer(writeSheet(given([['sku', 'onHand'], ...rows]), about.format));
    const began = performance.now();
    const caller = { isRoot: true, key: 'bench', person: 'bench', roles: [], seller: about.seller as SellerId };
    const job = await this.app.get(TakeStockFileService).take(caller, new SentFile(about.format, file), false);
    const acceptedMs = performance.now() - began;
    await this.untilDone(about.seller as SellerId, job, rows.length);
    return { rows: rows.length, acceptedMs, tookMs: performance.now() - began };
  }

  async export({ seller, format }: { readonly seller: string; readonly format: SheetFormat }): Promise<Exported> {
    const before = heldBytes();
    const began = performance.now();
    let [bytes, most] = [0, before];
    const rows = this.app.get(ExportStockService).rows(seller as SellerId);
    for await (const piece of writeSheet(rows, format)) {
      bytes += Buffer.byteLength(piece as string);
      most = Math.max(most, heldBytes());
    }
    return { bytes, tookMs: performance.now() - began, heapMb: (most - before) / 1_048_576 };
  }

  private async untilDone(seller: SellerId, job: string, rows: number): Promise<void> {
    for (;;) {
      const { state, report } = (await this.app.get(LongJobsStore).find(seller, job)) ?? {};
      if (state === 'done' && report?.['saved'] === rows) return;
      if (state === 'done' || state === 'failed') throw new Error(`the import ended so: ${JSON.stringify(report)}`);
      await delay(LOOK_MS);
    }
  }
}

async function* given(rows: Iterable<readonly OutCell[]>): AsyncGenerator<readonly OutCell[]> {
  yield* rows;
}
