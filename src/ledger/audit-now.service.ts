import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { keyOf, type LongJobId, type SellerId } from '../domain';
import { LongJobsStore, type LongJob } from '../store/long-jobs.store';
import { AUDIT_STOCK, LongWork } from '../store/long-work';

const STEP_MS = 120_000;
const LOOK_MS = 200;

/** What is to be audited, and whether what differs is repaired. */
export interface AuditWish {
  readonly sku?: string;
  readonly repair?: boolean;
}

/** Audits at once, for who waits for the report. A hub that runs meanwhile may do some of the steps. */
@Injectable()
export class AuditNowService {
  constructor(
    private readonly jobs: LongJobsStore,
    private readonly work: LongWork,
  ) {}

  /** The job when it is over. @throws Error where it failed. */
  async run(seller: SellerId, wish: AuditWish, by: string): Promise<LongJob> {
    const about = keyOf(wish.repair === true ? 'repair' : 'stock', ...(wish.sku === undefined ? [] : [wish.sku]));
    const { id } = await this.jobs.begin({ seller, kind: AUDIT_STOCK, about, wish: { ...wish }, by });
    for (;;) {
      const claimed = await this.jobs.claim(keyOf(seller, id) as LongJobId, STEP_MS);
      if (claimed !== undefined) await this.step(claimed);
      const job = await this.jobs.find(seller, id);
      if (job === undefined || job.state === 'failed') {
        throw new Error(job?.reason ?? 'the audit is gone');
      }
      if (job.state === 'done') return job;
      if (claimed === undefined) await delay(LOOK_MS);
    }
  }

  private async step(job: LongJob): Promise<void> {
    const doStep = this.work.of(job.kind);
    if (doStep === undefined) throw new Error(`no room does the long work ${job.kind}`);
    await this.jobs.enter(job, await doStep(job));
  }
}
