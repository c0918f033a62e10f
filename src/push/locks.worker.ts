import { Injectable, type OnModuleInit } from '@nestjs/common';
import { lookAtLock, type SellerId, type Target } from '../domain';
import { Clock } from '../platform/clock';
import { StockDoor } from '../platform/doors';
import { Log } from '../platform/logger';
import { Sweeps } from '../platform/sweep';
import { TargetsStore } from '../store/targets.store';
import { AuditTimes } from './audit-times';
import { DeliverTokens } from './deliver-tokens';
import { LockProblemsService } from './lock-problems.service';

const SWEEP_MS = 500;
const MOST_PER_SWEEP = 500;

/** Follows the locks of listings: has their skus planned anew when they change, and reads them back when they end. */
@Injectable()
export class LocksWorker implements OnModuleInit {
  constructor(
    private readonly sweeps: Sweeps,
    private readonly targets: TargetsStore,
    private readonly stock: StockDoor,
    private readonly problems: LockProblemsService,
    private readonly tokens: DeliverTokens,
    private readonly clock: Clock,
    private readonly times: AuditTimes,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.sweeps.every({ name: 'locks', everyMs: SWEEP_MS, sweep: () => this.follow() });
  }

  /** Looks at those that are due; answers how many there were. */
  async follow(): Promise<number> {
    const due = await this.targets.locksDue(this.clock.now(), MOST_PER_SWEEP);
    const bySeller = new Map<SellerId, Target[]>();
    for (const target of due) bySeller.set(target.seller, [...(bySeller.get(target.seller) ?? []), target]);
    await Promise.all(
      [...bySeller].map(([seller, targets]) =>
        this.followOf(seller, targets).catch((err: unknown) => {
          this.log.error({ seller, err }, 'what follows from locks of listings was not done');
        }),
      ),
    );
    return due.length;
  }

  /** A lock is forgotten, and its news are told, only after what follows from them is durable. */
  private async followOf(seller: SellerId, targets: readonly Target[]): Promise<void> {
    const changed = targets.filter(({ lock }) => lock?.news === true);
    await this.stock.replan(seller, [...new Set(changed.flatMap(({ skus }) => skus))]);
    await this.problems.over(
      seller,
      targets.filter(({ lock }) => lock?.units === 0),
    );
    await Promise.all(targets.map((target) => this.look(target)));
    this.tokens.issue(targets);
  }

  /** Its plan may come between. What was learned meanwhile, or looked at by another process, is left alone. */
  private async look(target: Target): Promise<void> {
    const look = { now: this.clock.now(), everyMs: this.times.nextIfLockedMs };
    let known: Target | undefined = target;
    while (known !== undefined && known.lock?.due === target.lock?.due) {
      if (await this.targets.swap(lookAtLock(known, look))) return;
      known = (await this.targets.readMany([target.id])).get(target.id);
    }
  }
}
