import { Injectable } from '@nestjs/common';
import { BootRefusal } from '../platform/hub-error';
import type { LongJob, LongStep } from './long-jobs.store';

/** The kinds, as a job keeps them: who begins one and who does its steps are different rooms. */
export const IMPORT_LISTINGS = 'import-listings';
export const SYNC_ORDERS = 'sync-orders';
export const IMPORT_STOCK = 'import-stock';
export const AUDIT_ORDERS = 'audit-orders';
export const AUDIT_STOCK = 'audit-stock';
export const REPUBLISH = 'republish';

/** Does the next step. The same step again, where the first was not kept, changes nothing more. */
export type DoStep = (job: LongJob) => Promise<LongStep>;

/** The kinds of long work, each with who does its steps. Rooms register theirs as modules are made. */
@Injectable()
export class LongWork {
  private readonly kinds = new Map<string, DoStep>();

  /** @throws BootRefusal when the kind has somebody already. */
  handle(kind: string, step: DoStep): void {
    if (this.kinds.has(kind)) throw new BootRefusal(`two rooms do the long work ${kind}`);
    this.kinds.set(kind, step);
  }

  of(kind: string): DoStep | undefined {
    return this.kinds.get(kind);
  }
}
