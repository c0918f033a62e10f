import { Injectable } from '@nestjs/common';
import { BootRefusal } from '../platform/hub-error';
import type { LongJob, LongStep } from './long-jobs.store';

/** The kinds, as a job keeps them: who begins one and who does its steps are different rooms. */
export const IMPORT_LISTINGS = 'import-listings';
export const SYNC_ORDERS = 'sync-orders';
export const IMPORT_STOCK = 'import-stock';
export const AUDIT_ORDERS = 'audit-orders';
export const REPUBLISH = 'republish';
export const AUDIT_STOCK = 'audit-stock';

/** Does the next step. The same step again, where the first was not kept, changes nothing more. */
export type DoStep = (job: LongJob) => Promise<LongStep>;

/** Tells of a job that will not be tried again. */
export type TellFailed = (job: LongJob, reason: string) => Promise<void>;

/** The kinds of long work, each with who does its steps. Rooms register theirs as modules are made. */
@Injectable()
export class LongWork {
  private readonly kinds = new Map<string, DoStep>();
  private readonly tellers = new Map<string, TellFailed>();

  /**
   * @param tellFailed where nobody waits for the job, so that nobody would see that it failed.
   * @throws BootRefusal when the kind has somebody already.
   */
  handle(kind: string, step: DoStep, tellFailed?: TellFailed): void {
    if (this.kinds.has(kind)) throw new BootRefusal(`two rooms do the long work ${kind}`);
    this.kinds.set(kind, step);
    if (tellFailed !== undefined) this.tellers.set(kind, tellFailed);
  }

  async tellFailed(job: LongJob, reason: string): Promise<void> {
    await this.tellers.get(job.kind)?.(job, reason);
  }

  of(kind: string): DoStep | undefined {
    return this.kinds.get(kind);
  }
}
