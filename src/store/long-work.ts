import { Injectable } from '@nestjs/common';
import { BootRefusal } from '../platform/hub-error';
import type { LongJob, LongStep } from './long-jobs.store';

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
