import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock';
import { Queues } from '../platform/queues';
import { Sweeps } from '../platform/sweep';
import { DeliveriesStore } from '../store/deliveries.store';

const SWEEP_MS = 1000;
const MOST_PER_SWEEP = 500;
/** A delivery that a sweep queued is left alone for this long. */
const AGAIN_AFTER_MS = 30_000;
const MOST_WAITING_JOBS = 20;
const MOST_BACKLOG_MS = 15_000;

/** Queues deliveries that wait to be read and that no queue seems to know of. */
@Injectable()
export class ForgottenWorker implements OnModuleInit {
  constructor(
    private readonly deliveries: DeliveriesStore,
    private readonly queues: Queues,
    private readonly sweeps: Sweeps,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sweeps.every({ name: 'deliveries', everyMs: SWEEP_MS, sweep: () => this.sweep() });
  }

  /** @returns how many were queued. */
  async sweep(): Promise<number> {
    const now = this.clock.now();
    const due = await this.deliveries.dueBefore(now, MOST_PER_SWEEP);
    const [oldest] = due;
    if (oldest === undefined) return 0;
    if (now - oldest.due < MOST_BACKLOG_MS && (await this.isBusy())) return 0;
    const triesOf = new Map(due.map(({ id, tries }) => [id, tries]));
    const isQueued = await this.queues.enqueue(
      'normalize',
      due.map(({ id }) => ({ delivery: id })),
      { generation: `sweep-${now.toString(36)}`, tries: ({ delivery }) => triesOf.get(delivery) ?? 0 },
    );
    if (!isQueued) return 0;
    await this.deliveries.postpone(due.map(({ id, v, tries }) => ({ id, v, tries, dueAt: now + AGAIN_AFTER_MS })));
    return due.length;
  }

  /** A backlog is no loss: queueing it a second time would only make it longer. */
  private async isBusy(): Promise<boolean> {
    const waiting = await this.queues.of('normalize').getWaitingCount();
    return waiting > MOST_WAITING_JOBS;
  }
}
