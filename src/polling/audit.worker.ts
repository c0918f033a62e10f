import { Injectable, type OnModuleInit } from '@nestjs/common';
import { daysBack, keyOf, orderIdOf, type Day, type ShopId } from '../domain';
import { Clock } from '../platform/clock';
import { HubError } from '../platform/hub-error';
import { Sweeps } from '../platform/sweep';
import { LongJobsStore, type LongJob, type LongStep } from '../store/long-jobs.store';
import { AUDIT_ORDERS, LongWork } from '../store/long-work';
import { PollCursorsStore, type PollCursor } from '../store/poll-cursors.store';
import { MOST_ORDERS, ProblemsStore } from '../store/problems.store';
import { ShopsStore, type ShopRecord } from '../store/shops.store';
import { AuditOrdersService, type DayPlace } from './audit-orders.service';
import { EMPTY_REPORT, inWords, withPage, type AuditReport } from './audit-report';
import { nextNight } from '../platform/next-night';

interface Place extends DayPlace {
  readonly day: number;
}

const NIGHTLY_DAYS = 3;
const EVERY_MS = 30_000;
const PER_SWEEP = 50;
const TURN_MS = 20_000;
const FIRST: Place = { day: 0, ids: [] };

/** Audits: of every shop each night, and of one when somebody asks. */
@Injectable()
export class AuditWorker implements OnModuleInit {
  constructor(
    private readonly work: LongWork,
    private readonly jobs: LongJobsStore,
    private readonly audits: AuditOrdersService,
    private readonly shops: ShopsStore,
    private readonly cursors: PollCursorsStore,
    private readonly problems: ProblemsStore,
    private readonly sweeps: Sweeps,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.work.handle(
      AUDIT_ORDERS,
      (job) => this.step(job),
      (job, reason) => this.tellFailed(job, reason),
    );
    this.sweeps.every({ name: 'audits', everyMs: EVERY_MS, sweep: () => this.sweep() });
  }

  /** Begins the audits of this night. @returns how many. */
  async sweep(): Promise<number> {
    const due = await this.cursors.auditsDueBefore(this.clock.now(), PER_SWEEP);
    for (const cursor of due) await this.begin(cursor);
    return due.length;
  }

  private async begin(cursor: PollCursor): Promise<void> {
    const { seller, shop: id, movedAt } = cursor;
    const shop = await this.shops.find(seller, id);
    const wish = { days: NIGHTLY_DAYS };
    const canBeCalled = shop !== undefined && movedAt !== undefined;
    if (canBeCalled) await this.jobs.begin({ seller, kind: AUDIT_ORDERS, about: id, wish, by: 'hub' });
    await this.cursors.moveAudit(cursor, nextNight(this.clock.now(), shop ?? { id, timeZone: 'UTC' }));
  }

  private async step(job: LongJob): Promise<LongStep> {
    const shop = await this.shops.find(job.seller, job.about as ShopId);
    if (shop === undefined) throw new HubError('missing', 'never', { message: `no shop ${job.about}` });
    const days = daysOf(job, shop);
    const endsAt = this.clock.now() + TURN_MS;
    let place = (job.cursor ?? FIRST) as Place;
    let report = { ...EMPTY_REPORT, ...job.report };
    for (let day = days[place.day]; day !== undefined; day = days[place.day]) {
      const { page, after } = await this.audits.page(shop, day, place);
      report = withPage(report, page);
      place = after === undefined ? { day: place.day + 1, ids: [] } : { ...after, day: place.day };
      if (this.clock.now() > endsAt) break;
    }
    const isFinished = place.day >= days.length;
    if (isFinished) await this.tell(shop, report);
    return { done: place.day, total: days.length, cursor: place, report: { ...report }, isFinished };
  }

  /** It closes with the next audit that finds no difference. */
  private async tellFailed({ seller, about }: LongJob, reason: string): Promise<void> {
    const shop = await this.shops.find(seller, about as ShopId);
    if (shop === undefined) return;
    await this.problems.open(
      {
        seller,
        key: keyOf('audit', shop.id),
        kind: 'audit',
        detail: `Orders of ${shop.name} could not be compared with ${shop.channel}: ${reason}`,
        action: 'Nothing, if the next audit is through: each night has one. Else look at what the channel answers.',
        shop: shop.id,
      },
      this.clock.now(),
    );
  }

  private async tell(shop: ShopRecord, report: AuditReport): Promise<void> {
    const key = keyOf('audit', shop.id);
    const words = inWords(report);
    if (words === undefined) {
      await this.problems.close(shop.seller, key, this.clock.now());
      return;
    }
    const named = report.orders.map(({ externalId, differences }) => `${externalId} (${differences.join(', ')})`);
    const isAllMended = report.orders.every(({ isMended }) => isMended);
    await this.problems.open(
      {
        seller: shop.seller,
        key,
        kind: 'audit',
        detail: `Orders of ${shop.name} differ from ${shop.channel}: ${words}. ${named.slice(0, 10).join('; ')}`,
        action: isAllMended
          ? 'Nothing: the next audit that finds no difference closes this.'
          : 'Compare the orders that were not mended with the channel; their report is in the job of the audit.',
        shop: shop.id,
        orders: report.orders
          .slice(0, MOST_ORDERS)
          .map(({ externalId }) => orderIdOf(shop.seller, shop.id, externalId)),
      },
      this.clock.now(),
    );
  }
}

/** The days that were asked for when the job began; the present one as far as it was then. */
function daysOf(job: LongJob, shop: ShopRecord): readonly Day[] {
  const days = daysBack(job.startedAt, shop.timeZone, Number(job.wish['days'] ?? 1));
  return days.map((day) => ({ ...day, to: Math.min(day.to, job.startedAt + 1) }));
}
