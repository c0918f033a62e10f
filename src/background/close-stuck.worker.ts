import { Injectable, type OnModuleInit } from '@nestjs/common';
import { positionIdOf } from '../domain';
import { Clock } from '../platform/clock';
import { Sweeps } from '../platform/sweep';
import { OrdersStore } from '../store/orders.store';
import { PositionsStore } from '../store/positions.store';
import { ProblemsStore, type ProblemRecord } from '../store/problems.store';

const SWEEP_MS = 15_000;
const MOST_PER_SWEEP = 200;

/** Closes the problem of work that was given up, once nothing of it waits any more. */
@Injectable()
export class CloseStuckWorker implements OnModuleInit {
  constructor(
    private readonly sweeps: Sweeps,
    private readonly problems: ProblemsStore,
    private readonly orders: OrdersStore,
    private readonly positions: PositionsStore,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sweeps.every({ name: 'stuck', everyMs: SWEEP_MS, sweep: () => this.look() });
  }

  /** Answers how many it closed. */
  async look(): Promise<number> {
    const open = await this.problems.openOf('queue', MOST_PER_SWEEP);
    const closed = await Promise.all(open.map((problem) => this.lookAt(problem)));
    return closed.filter(Boolean).length;
  }

  private async lookAt(problem: ProblemRecord): Promise<boolean> {
    const waits = await Promise.all([this.ordersWait(problem), this.positionWaits(problem)]);
    return !waits.includes(true) && this.problems.close(problem.seller, problem.key, this.clock.now());
  }

  private async ordersWait({ orders = [] }: ProblemRecord): Promise<boolean> {
    const found = await Promise.all(orders.map((id) => this.orders.find(id)));
    return found.some(
      (order) => order?.due !== undefined && (order.hold === undefined || order.due <= this.clock.now()),
    );
  }

  private async positionWaits({ seller, sku }: ProblemRecord): Promise<boolean> {
    const position = sku === undefined ? undefined : await this.positions.find(positionIdOf(seller, sku));
    return position?.due !== undefined;
  }
}
