import { Injectable, type OnModuleInit } from '@nestjs/common';
import { keyOf, partsOf, type PositionId, type SellerId } from '../domain';
import { StockDoor } from '../platform/doors';
import { Clock } from '../platform/clock';
import { Log } from '../platform/logger';
import { Queues } from '../platform/queues';
import { Sweeps } from '../platform/sweep';
import { Workers, type Task } from '../platform/worker';
import { LeasesStore, type Lease } from '../store/leases.store';
import { ListingsStore } from '../store/listings.store';
import { PositionsStore } from '../store/positions.store';
import { ProblemsStore } from '../store/problems.store';
import { ShopsStore, type ShopRecord } from '../store/shops.store';
import { TargetsStore } from '../store/targets.store';
import { DeliverService } from './deliver.service';
import { DeliverTokens } from './deliver-tokens';
import { PlanService } from './plan.service';

const SWEEP_MS = 1000;
const MOST_PER_SWEEP = 500;
const LISTINGS_PER_PAGE = 500;
/** A page of listings that takes longer to plan counts as lost. */
const REPLAN_MS = 60_000;
/** A sweep looks for a delayed job only this long after it should have run. */
const GRACE_MS = 5000;
/** What was given up is begun again after this long. */
const HELD_MS = 300_000;

/** Runs the jobs *plan what shops show of one sku* and *a shop has listings to write*, and their sweeps. */
@Injectable()
export class PushWorker implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly sweeps: Sweeps,
    private readonly queues: Queues,
    private readonly planner: PlanService,
    private readonly deliverer: DeliverService,
    private readonly tokens: DeliverTokens,
    private readonly positions: PositionsStore,
    private readonly targets: TargetsStore,
    private readonly shops: ShopsStore,
    private readonly listings: ListingsStore,
    private readonly stock: StockDoor,
    private readonly problems: ProblemsStore,
    private readonly leases: LeasesStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    const batch = { most: 50, flushMs: 2 };
    const onRetry = ({ ids }: Task<'plan'>, { delayMs }: { delayMs: number }): Promise<void> =>
      this.positions.postpone(ids.position, this.clock.now() + delayMs + GRACE_MS);
    const unplanned = ({ ids }: Task<'plan'>, { failure }: { failure: { reason: string } }): Promise<void> =>
      this.giveUp(ids.position, failure.reason);
    this.workers.handleBatch('plan', { concurrency: 4, batch, onRetry, onGiveUp: unplanned }, async (tasks) => {
      const failed = await this.planner.plan(tasks.map(({ ids }) => ids.position));
      return tasks.map(({ ids }) => failed.get(ids.position));
    });
    const onGiveUp = (_task: unknown, { failure }: { failure: { reason: string } }): Promise<void> => {
      this.log.error({ reason: failure.reason }, 'a listing is left to the sweep');
      return Promise.resolve();
    };
    this.workers.handle('deliver', { concurrency: 32, onGiveUp }, async ({ ids }) => {
      await this.deliverer.deliver(ids);
      return undefined;
    });
    this.sweeps.every({ name: 'positions', everyMs: SWEEP_MS, sweep: () => this.sweepPositions() });
    this.sweeps.every({ name: 'targets', everyMs: SWEEP_MS / 2, sweep: () => this.sweepTargets() });
    this.sweeps.every({ name: 'shops', everyMs: SWEEP_MS / 2, sweep: () => this.sweepShops() });
  }

  /** It is not forgotten: a person is told, and the sweep begins again later. */
  private async giveUp(position: PositionId, reason: string): Promise<void> {
    this.log.error({ position, reason }, 'what shops show of a sku is not planned; a sweep tries again');
    const now = this.clock.now();
    await this.positions.postpone(position, now + HELD_MS);
    const [seller, sku = ''] = partsOf(position);
    await this.problems.open(
      {
        seller: seller as SellerId,
        key: keyOf('queue', 'plan', sku),
        kind: 'queue',
        detail: `What shops show of ${sku} could not be planned: ${reason}`,
        action: 'Tell whoever runs the hub: it is tried again every five minutes.',
        sku,
      },
      now,
    );
  }

  private async sweepPositions(): Promise<number> {
    const now = this.clock.now();
    const due = await this.positions.dueBefore(now - SWEEP_MS, MOST_PER_SWEEP);
    await this.queues.enqueue(
      'plan',
      due.map((position) => ({ position })),
      { generation: `sweep-${now}` },
    );
    return due.length;
  }

  private async sweepTargets(): Promise<number> {
    const shops = await this.targets.dirtyShops(this.clock.now(), MOST_PER_SWEEP);
    this.tokens.issue(shops);
    return shops.length;
  }

  /** Shops whose rules changed, or that go on after a pause: every listing is planned anew. */
  private async sweepShops(): Promise<number> {
    const due = await this.shops.dueBefore(this.clock.now(), MOST_PER_SWEEP);
    for (const shop of due) await this.replanOnce(shop);
    return due.length;
  }

  /** By one process at a time: every listing of a large shop is much work. */
  private async replanOnce(shop: ShopRecord): Promise<void> {
    const lease = await this.leases.take(keyOf('replan', shop.id), REPLAN_MS);
    if (lease === undefined) return;
    await this.replan(shop, lease).finally(() => this.leases.release(lease));
  }

  private async replan(shop: ShopRecord, lease: Lease): Promise<void> {
    const ref = { seller: shop.seller, shop: shop.id };
    for (let after: string | undefined, more = true; more;) {
      const page = await this.listings.list(ref, {
        limit: LISTINGS_PER_PAGE,
        ...(after === undefined ? {} : { after }),
      });
      await this.stock.replan(shop.seller, [...new Set(page.flatMap((listing) => listing.skus))]);
      after = page.at(-1)?.listing;
      more = page.length === LISTINGS_PER_PAGE;
      if (!(await this.leases.renew(lease, REPLAN_MS))) return;
    }
    await this.shops.settle(shop);
  }
}
