import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { OrderId } from '../domain';
import { Clock } from '../platform/clock';
import { Log } from '../platform/logger';
import { Metrics } from '../platform/metrics';
import { Queues } from '../platform/queues';
import { Sweeps } from '../platform/sweep';
import { Workers, type Task } from '../platform/worker';
import { AdjustmentsStore } from '../store/adjustments.store';
import { OrdersStore } from '../store/orders.store';
import { ProblemsStore } from '../store/problems.store';
import { AdjustService } from './adjust.service';
import { HoldsService } from './holds.service';

const SWEEP_MS = 2000;
const MOST_PER_SWEEP = 500;
/** A sweep looks for a delayed job only this long after it should have run. */
const GRACE_MS = 5000;
/** What was given up is begun again after this long. */
const HELD_MS = 300_000;

/** Runs the job *bring every sku of an order to the order's state*, and finds what no queue knows of. */
@Injectable()
export class ReserveWorker implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly sweeps: Sweeps,
    private readonly queues: Queues,
    private readonly orders: OrdersStore,
    private readonly holds: HoldsService,
    private readonly adjustments: AdjustmentsStore,
    private readonly adjuster: AdjustService,
    private readonly problems: ProblemsStore,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    const onRetry = ({ ids }: Task<'reserve'>, { delayMs }: { delayMs: number }): Promise<void> =>
      this.orders.postpone(ids.order, this.clock.now() + delayMs + GRACE_MS);
    const onGiveUp = ({ ids }: Task<'reserve'>, { failure }: { failure: { reason: string } }): Promise<void> =>
      this.giveUp(ids.order, failure.reason);
    this.workers.handle('reserve', { concurrency: 50, onRetry, onGiveUp }, (task) => this.reserve(task));
    this.sweeps.every({ name: 'orders', everyMs: SWEEP_MS, sweep: () => this.sweepOrders() });
    this.sweeps.every({ name: 'adjustments', everyMs: SWEEP_MS, sweep: () => this.sweepAdjustments() });
  }

  private async reserve({ ids }: Task<'reserve'>): Promise<undefined> {
    const order = await this.orders.find(ids.order);
    if (order?.due === undefined) return undefined;
    if (order.hold !== undefined && order.due > this.clock.now()) return undefined;
    await this.holds.end(order);
    if (order.heardAt !== undefined) {
      this.metrics.reserved.observe({ channel: order.channel }, (this.clock.now() - order.heardAt) / 1000);
    }
    return undefined;
  }

  /** It is not forgotten: a person is told, and the sweep begins again later. */
  private async giveUp(id: OrderId, reason: string): Promise<void> {
    this.log.error({ order: id, reason }, 'stock not brought to the order; a sweep tries again');
    const now = this.clock.now();
    await this.orders.postpone(id, now + HELD_MS);
    const order = await this.orders.find(id);
    if (order?.due === undefined) return;
    await this.problems.open(
      {
        seller: order.seller,
        key: 'queue|stock',
        kind: 'queue',
        detail: `The stock of orders could not be brought to what they hold; the latest: ${reason}`,
        action: 'Tell whoever runs the hub: these orders are tried again every five minutes.',
        orders: [id],
      },
      now,
    );
  }

  private async sweepOrders(): Promise<number> {
    const now = this.clock.now();
    const due = await this.orders.dueBefore(now - SWEEP_MS / 2, MOST_PER_SWEEP);
    await this.queues.enqueue(
      'reserve',
      due.map((order) => ({ order })),
      { generation: `sweep-${now}` },
    );
    return due.length;
  }

  private async sweepAdjustments(): Promise<number> {
    const due = await this.adjustments.dueBefore(this.clock.now(), MOST_PER_SWEEP);
    await Promise.all(due.map((adjustment) => this.adjuster.end(adjustment)));
    return due.length;
  }
}
