import { Injectable, type OnModuleInit } from '@nestjs/common';
import { keyOf, positionIdOf, type OrderId, type PositionId } from '../domain';
import { Clock } from '../platform/clock';
import { Sweeps } from '../platform/sweep';
import { LongJobsStore, type LongJob, type LongStep } from '../store/long-jobs.store';
import { AUDIT_STOCK, LongWork } from '../store/long-work';
import { PositionsStore } from '../store/positions.store';
import { MOST_ORDERS, ProblemsStore } from '../store/problems.store';
import { SellersStore, type DueAudit } from '../store/sellers.store';
import { AuditPositionsService, type PositionAudit } from './audit-positions.service';
import { AuditSharesService, type OrderPlace, type WrongShare } from './audit-shares.service';
import { EMPTY_REPORT, inWords, withFindings, type StockAuditReport } from './stock-audit-report';

/** Where an audit goes on: orders first, then those that are brought again, then positions. */
interface Place {
  readonly phase: 'orders' | 'bring' | 'positions' | 'over';
  readonly order?: OrderPlace;
  readonly position?: PositionId;
  /** Shares that are wrong, and will be brought again. */
  readonly wrong: readonly WrongShare[];
}

interface Step {
  readonly place: Place;
  readonly report: StockAuditReport;
}

const EVERY_MS = 30_000;
const PER_SWEEP = 50;
const TURN_MS = 10_000;
/** Moves of two days are walked each night: none is left out where a night is. */
const WALKED_MS = 2 * 86_400_000;
/** More are found by the next audit. */
const MOST_WRONG = 500;
const FIRST: Place = { phase: 'orders', wrong: [] };

/** Audits of the ledger: of every seller each night, and when somebody asks. */
@Injectable()
export class AuditStockWorker implements OnModuleInit {
  constructor(
    private readonly work: LongWork,
    private readonly jobs: LongJobsStore,
    private readonly shares: AuditSharesService,
    private readonly audits: AuditPositionsService,
    private readonly positions: PositionsStore,
    private readonly sellers: SellersStore,
    private readonly problems: ProblemsStore,
    private readonly sweeps: Sweeps,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.work.handle(AUDIT_STOCK, (job) => this.step(job));
    this.sweeps.every({ name: 'stock-audits', everyMs: EVERY_MS, sweep: () => this.sweep() });
  }

  /** Begins the audits of this night. @returns how many. */
  async sweep(): Promise<number> {
    const due = await this.sellers.auditsDueBefore(this.clock.now(), PER_SWEEP);
    for (const seller of due) await this.begin(seller);
    return due.length;
  }

  private async begin(due: DueAudit): Promise<void> {
    await this.jobs.begin({ seller: due.id, kind: AUDIT_STOCK, about: 'stock', wish: {}, by: 'hub' });
    await this.sellers.moveAudit(due, this.clock.now());
  }

  private async step(job: LongJob): Promise<LongStep> {
    const endsAt = this.clock.now() + TURN_MS;
    let step: Step = { place: (job.cursor ?? FIRST) as Place, report: { ...EMPTY_REPORT, ...job.report } };
    do {
      const { phase } = step.place;
      step = await this.turn(job, step);
      // What is to be brought again is kept before it is: then positions know of it.
      if (phase !== step.place.phase) break;
    } while (this.clock.now() < endsAt);
    const isFinished = step.place.phase === 'over';
    if (isFinished && skuOf(job) === undefined) await this.tell(job, step.report);
    const { report, place } = step;
    return { done: report.skus, cursor: place, report: { ...report }, isFinished };
  }

  private turn(job: LongJob, step: Step): Promise<Step> {
    switch (step.place.phase) {
      case 'orders':
        return this.auditOrders(job, step);
      case 'bring':
        return this.bringAgain(job, step);
      case 'positions':
        return this.auditPositions(job, step);
      case 'over':
        return Promise.resolve(step);
    }
  }

  private async auditOrders(job: LongJob, { place, report }: Step): Promise<Step> {
    const page = await this.shares.page(job.seller, place.order, skuOf(job));
    const wrong = [...place.wrong, ...page.wrong].slice(0, MOST_WRONG);
    const counted = withFindings(report, { orders: page.orders, findings: [] });
    const isLast = page.after === undefined || wrong.length === MOST_WRONG || page.after.updatedAt > job.startedAt;
    return {
      place: isLast ? { phase: 'bring', wrong } : { phase: 'orders', order: page.after, wrong },
      report: counted,
    };
  }

  private async bringAgain(job: LongJob, { place, report }: Step): Promise<Step> {
    const mended = new Map<OrderId, boolean>();
    for (const { order } of isRepairing(job) ? place.wrong : []) {
      if (!mended.has(order)) mended.set(order, await this.shares.repair(order, job.by));
    }
    const findings = place.wrong.map(({ order, sku, what }) => ({
      ...{ sku, order, what: [what], isMended: mended.get(order) === true },
    }));
    return { place: { phase: 'positions', wrong: place.wrong }, report: withFindings(report, { findings }) };
  }

  private async auditPositions(job: LongJob, { place, report }: Step): Promise<Step> {
    const sku = skuOf(job);
    const owed = new Map<string, number>();
    if (isRepairing(job)) for (const each of place.wrong) owed.set(each.sku, (owed.get(each.sku) ?? 0) + each.owed);
    const since = sku === undefined ? job.startedAt - WALKED_MS : -Infinity;
    const audit: PositionAudit = { since, owed, isRepairing: isRepairing(job), by: job.by };
    if (sku !== undefined) {
      const stored = await this.positions.find(positionIdOf(job.seller, sku));
      const findings = stored === undefined ? [] : await this.audits.one(stored, audit);
      return { place: { phase: 'over', wrong: [] }, report: withFindings(report, { skus: 1, findings }) };
    }
    const page = await this.audits.page(job.seller, place.position, audit);
    const next = { phase: 'positions' as const, wrong: place.wrong };
    return {
      place: page.after === undefined ? { phase: 'over', wrong: [] } : { ...next, position: page.after },
      report: withFindings(report, page),
    };
  }

  private async tell({ seller }: LongJob, report: StockAuditReport): Promise<void> {
    const [key, now] = [keyOf('audit', 'stock'), this.clock.now()];
    if (report.differences === 0) {
      await this.problems.close(seller, key, now);
      return;
    }
    const orders = report.findings.flatMap(({ order }) => (order === undefined ? [] : [order as OrderId]));
    const action =
      report.mended === report.differences
        ? 'Nothing: the next audit that finds no difference closes this.'
        : 'Read the report in the job of the audit, then begin one that repairs: POST /v1/stock/audit {"repair":true}.';
    await this.problems.open(
      {
        ...{ seller, key, kind: 'audit', action },
        detail: `The ledger differs from its moves and orders in ${report.differences} places, ${report.mended} mended: ${inWords(report)}`,
        ...(orders.length > 0 && { orders: orders.slice(0, MOST_ORDERS) }),
      },
      now,
    );
  }
}

const skuOf = ({ wish }: LongJob): string | undefined => wish['sku'] as string | undefined;
const isRepairing = ({ wish }: LongJob): boolean => wish['repair'] === true;
