import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  asksForSomething,
  EMPTY_POSITION,
  keyOf,
  withFault,
  type SellerId,
  type StockRow,
  type StockRules,
} from '../domain';
import { Clock } from '../platform/clock';
import { StockDoor } from '../platform/doors';
import { HubError } from '../platform/hub-error';
import type { LongJob, LongStep } from '../store/long-jobs.store';
import { IMPORT_STOCK, LongWork } from '../store/long-work';
import { PositionsStore } from '../store/positions.store';
import { SkusStore, type SkuRecord } from '../store/skus.store';
import { StockFilesStore } from '../store/stock-files.store';
import type { FileReport } from './file-rows.schema';

/** What the job of a stock file wishes. */
export interface StockFileWish {
  readonly pieces: number;
  readonly rows: number;
  /** Good rows are saved beside faulty ones. */
  readonly isPartial: boolean;
}

/** What it has to say; rows are told by `GET /v1/jobs/:id/rows`. */
export interface StockFileReport extends FileReport {
  /** Good rows up to this one are saved. */
  readonly savedTo: number;
}

/** Where the next step begins: every row is looked at before the first is applied. */
interface Place {
  readonly phase: 'check' | 'apply';
  readonly at: number;
}

const FIRST: Place = { phase: 'check', at: 0 };
const NO_REASON = 'stock file';

/** Imports stock files: a piece per step, and a count whose id is its row's, so that no row is counted twice. */
@Injectable()
export class ImportStockWorker implements OnModuleInit {
  constructor(
    private readonly work: LongWork,
    private readonly files: StockFilesStore,
    private readonly skus: SkusStore,
    private readonly positions: PositionsStore,
    private readonly stock: StockDoor,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.work.handle(IMPORT_STOCK, (job) => {
      const { phase, at } = (job.cursor ?? FIRST) as Place;
      return phase === 'check' ? this.check(job, at) : this.apply(job, at);
    });
  }

  private async check(job: LongJob, at: number): Promise<LongStep> {
    const { pieces, rows: total, isPartial } = wishOf(job);
    const rows = await this.judged(job, at);
    const before = reportOf(job);
    const report = { ...before, faulty: before.faulty + rows.filter((row) => row.faults !== undefined).length };
    const isLast = at + 1 >= pieces;
    const isFinished = isLast && report.faulty > 0 && !isPartial;
    const cursor: Place = isLast ? { phase: 'apply', at: 0 } : { phase: 'check', at: at + 1 };
    return { done: 0, total, report, cursor, isFinished };
  }

  /** The rows of a piece with all their faults; looking again finds the same. */
  private async judged(job: LongJob, at: number): Promise<readonly StockRow[]> {
    const ref = { seller: job.seller, file: job.about };
    const rows = await this.files.piece(ref, at);
    const good = rows.filter(({ faults }) => faults === undefined).map(({ sku }) => sku);
    const known = new Set((await this.skus.findMany(job.seller, good)).map(({ sku }) => sku));
    if (known.size === good.length) return rows;
    const isUnknown = (row: StockRow): boolean => row.faults === undefined && !known.has(row.sku);
    const judged = rows.map((row) => (isUnknown(row) ? withFault(row, UNKNOWN) : row));
    await this.files.judge(ref, at, judged);
    return judged;
  }

  private async apply(job: LongJob, at: number): Promise<LongStep> {
    const { pieces } = wishOf(job);
    const rows = await this.files.piece({ seller: job.seller, file: job.about }, at);
    const asking = rows.filter(asksForSomething);
    await Promise.all([...asking.map((row) => this.count(job, row)), this.setRules(job.seller, asking)]);
    const before = reportOf(job);
    const report = { ...before, saved: before.saved + asking.length, savedTo: rows.at(-1)?.row ?? before.savedTo };
    const cursor: Place = { phase: 'apply', at: at + 1 };
    return { done: job.done + rows.length, report, cursor, isFinished: at + 1 >= pieces };
  }

  private async count(job: LongJob, { row, sku, onHand, reason = NO_REASON }: StockRow): Promise<void> {
    if (onHand === undefined) return;
    const id = keyOf('count', job.about, String(row));
    await this.stock.count(job.seller, sku, { id, onHand, reason, by: job.by });
  }

  /** The sku first, its position after; what has its rules already is left alone. */
  private async setRules(seller: SellerId, rows: readonly StockRow[]): Promise<void> {
    const wanted = new Map(rows.flatMap(({ sku, rules }) => (rules === undefined ? [] : [[sku, rules]])));
    const names = [...wanted.keys()];
    const [records, positions] = await Promise.all([
      this.skus.findMany(seller, names),
      this.positions.readNumbers(seller, names),
    ]);
    await Promise.all(
      records.map(async (record) => {
        const rules = wanted.get(record.sku) ?? {};
        await this.keepRules(record, rules);
        if (holds(positions.get(record.sku) ?? EMPTY_POSITION, rules)) return;
        await this.stock.setRules(seller, record.sku, rules);
      }),
    );
  }

  private async keepRules(record: SkuRecord, rules: StockRules): Promise<void> {
    if (holds(record, rules)) return;
    if (await this.skus.put({ ...record, ...rules, v: record.v + 1, updatedAt: this.clock.now() })) return;
    throw new HubError('conflict', 'later', { message: `${record.sku} was changed at the same time` });
  }
}

const holds = (
  of: { readonly safetyBuffer: number; readonly lowStockAt?: number | null },
  rules: StockRules,
): boolean =>
  (rules.safetyBuffer ?? of.safetyBuffer) === of.safetyBuffer && (rules.lowStockAt ?? of.lowStockAt) === of.lowStockAt;

const UNKNOWN = { column: 'sku', message: 'there is no such sku' };
const NOTHING_YET = { faulty: 0, saved: 0, savedTo: 0 };

const wishOf = (job: LongJob): StockFileWish => job.wish as unknown as StockFileWish;

const reportOf = (job: LongJob): StockFileReport => ({
  ...{ rows: wishOf(job).rows, ...NOTHING_YET },
  ...(job.report as Partial<StockFileReport>),
});
