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
        onRetry: ({ ids }, { delayMs, tries, failure }) =>
          this.postpone(ids.delivery, { delayMs: delayMs + GRACE_MS, tries, isHeld: failure.kind === 'unauthorized' }),
        onGiveUp: (task, end) => this.giveUp(task, end),
      },
      (tasks) => this.reader.read(tasks.map(({ ids }) => ids.delivery)),
    );
  }

  private async giveUp(
    { ids, tries }: Task<'normalize'>,
    { then, failure }: { then: 'dead' | 'operator'; failure: { kind: string; reason: string } },
  ): Promise<void> {
    if (then === 'operator') {
      return this.postpone(ids.delivery, { delayMs: HELD_MS, tries, isHeld: failure.kind === 'unauthorized' });
    }
    const [delivery] = await this.deliveries.readMany([ids.delivery]);
    if (delivery !== undefined) await this.reader.bury(delivery, failure.kind, failure.reason);
  }

  /** One that is held for a token is due at once when the shop got one, also when that was while it was put off. */
  private async postpone(
    id: DeliveryId,
    { delayMs, tries, isHeld }: { delayMs: number; tries: number; isHeld: boolean },
  ): Promise<void> {
    const [delivery] = await this.deliveries.readMany([id]);
    if (delivery === undefined) return;
    const dueAt = this.clock.now() + delayMs;
    await this.deliveries.postpone([{ id, v: delivery.v, dueAt, tries }]);
    if (!isHeld && delivery.heldFor === undefined) return;
    const [held] = await this.deliveries.readMany([id]);
    if (held === undefined || held.heldFor !== undefined) return;
    await this.deliveries.postpone([{ id, v: held.v, dueAt: this.clock.now(), tries }]);
  }
}
