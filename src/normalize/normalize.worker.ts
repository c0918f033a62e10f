import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { DeliveryId } from '../domain';
import { Clock } from '../platform/clock';
import { Workers, type Task } from '../platform/worker';
import { DeliveriesStore } from '../store/deliveries.store';
import { ReadDeliveriesService } from './read-deliveries.service';

/** A delivery that waits for a person (a token) is looked at again this often. */
const HELD_MS = 300_000;
/** The first push of a batch waits this long for others: one read and one write do for all of them. */
const GATHER_MS = 15;
/** A sweep looks for a delayed job only this long after it should have run. */
const GRACE_MS = 5000;

/** Runs the job *read the order that a kept push names*, many deliveries at a time. */
@Injectable()
export class NormalizeWorker implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly deliveries: DeliveriesStore,
    private readonly reader: ReadDeliveriesService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.workers.handleBatch(
      'normalize',
      {
        concurrency: 8,
        batch: { most: 50, flushMs: GATHER_MS },
        onRetry: ({ ids }, { delayMs, tries }) => this.postpone(ids.delivery, delayMs + GRACE_MS, tries),
        onGiveUp: (task, end) => this.giveUp(task, end),
      },
      (tasks) => this.reader.read(tasks.map(({ ids }) => ids.delivery)),
    );
  }

  private async giveUp(
    { ids, tries }: Task<'normalize'>,
    { then, failure }: { then: 'dead' | 'operator'; failure: { kind: string; reason: string } },
  ): Promise<void> {
    if (then === 'operator') return this.postpone(ids.delivery, HELD_MS, tries);
    const [delivery] = await this.deliveries.readMany([ids.delivery]);
    if (delivery !== undefined) await this.reader.bury(delivery, failure.kind, failure.reason);
  }

  private async postpone(id: DeliveryId, delayMs: number, tries: number): Promise<void> {
    const [delivery] = await this.deliveries.readMany([id]);
    if (delivery === undefined) return;
    await this.deliveries.postpone([{ id, v: delivery.v, dueAt: this.clock.now() + delayMs, tries }]);
  }
}
