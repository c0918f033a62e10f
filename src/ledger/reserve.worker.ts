import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock';
import { Log } from '../platform/logger';
import { Metrics } from '../platform/metrics';
import { Queues } from '../platform/queues';
import { Sweeps } from '../platform/sweep';
import { Workers, type Task } from '../platform/worker';
import { AdjustmentsStore } from '../store/adjustments.store';
import { OrdersStore } from '../store/orders.store';
import { AdjustService } from './adjust.service';
import { HoldsService } from './holds.service';

const SWEEP_MS = 2000;
const MOST_PER_SWEEP = 500;

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
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    const onGiveUp = async ({ ids }: Task<'reserve'>, { failure }: { failure: { reason: string } }) => {
      this.log.error(
        { order: ids.order, reason: failure.reason },
        'stock not brought to the order; a sweep tries again',
      );
    };
    this.workers.handle('reserve', { concurrency: 50, onGiveUp }, (task) => this.reserve(task));
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
