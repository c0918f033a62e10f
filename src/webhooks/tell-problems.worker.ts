import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { SellerId } from '../domain';
import { Clock } from '../platform/clock';
import { Sweeps } from '../platform/sweep';
import { ProblemsStore, type UntoldProblem } from '../store/problems.store';
import { TellWebhooks } from '../store/tell-webhooks.store';

const SWEEP_MS = 500;
const MOST_PER_SWEEP = 500;

/** Tells sellers' systems of problems that opened or closed, low stock among them. */
@Injectable()
export class TellProblemsWorker implements OnModuleInit {
  constructor(
    private readonly problems: ProblemsStore,
    private readonly webhooks: TellWebhooks,
    private readonly sweeps: Sweeps,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sweeps.every({ name: 'problems', everyMs: SWEEP_MS, sweep: () => this.sweep() });
  }

  /** @returns how many there were. */
  async sweep(): Promise<number> {
    const untold = await this.problems.dueBefore(this.clock.now(), MOST_PER_SWEEP);
    const bySeller = new Map<SellerId, UntoldProblem[]>();
    for (const problem of untold) bySeller.set(problem.seller, [...(bySeller.get(problem.seller) ?? []), problem]);
    await Promise.all([...bySeller].map(([seller, problems]) => this.webhooks.ofProblems(seller, problems)));
    await this.problems.settle(untold);
    return untold.length;
  }
}
