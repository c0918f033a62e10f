import { Injectable } from '@nestjs/common';
import { lockOf, type SellerId, type Share, type Target } from '../domain';
import { Clock } from '../platform/clock';
import { ProblemsStore } from '../store/problems.store';
import { TargetsStore } from '../store/targets.store';
import { listingProblem } from './listing-problems';

/** A listing as it was planned, and why it shows that. */
export interface Planned {
  readonly target: Target;
  readonly share: Share;
}

/** Tells of locks that keep more on show than is planned: what buyers may take of it cannot be taken back. */
@Injectable()
export class LockProblemsService {
  constructor(
    private readonly problems: ProblemsStore,
    private readonly targets: TargetsStore,
    private readonly clock: Clock,
  ) {}

  /** Opens what is so and closes what is not, for planned listings of one seller that have a lock. */
  async tell(seller: SellerId, planned: readonly Planned[]): Promise<void> {
    const now = this.clock.now();
    const keeps = planned.filter(({ target, share }) => lockOf(target, now) > (plannedUnits(share) ?? Infinity));
    await this.over(
      seller,
      planned.filter((each) => !keeps.includes(each)).map(({ target }) => target),
    );
    if (keeps.length === 0) return;
    await Promise.all(keeps.map((each) => this.open(each, now)));
    // One that ended in this moment closed its problem before it was opened.
    const left = await this.targets.readMany(keeps.map(({ target }) => target.id));
    const ended = keeps.map(({ target }) => target).filter(({ id }) => left.get(id)?.lock === undefined);
    await this.over(seller, ended);
  }

  /** Nothing is kept on show beyond what is planned. */
  async over(seller: SellerId, targets: readonly Target[]): Promise<void> {
    await this.problems.closeMany(
      seller,
      targets.map((target) => listingProblem('lock', target)),
      this.clock.now(),
    );
  }

  private async open({ target, share }: Planned, now: number): Promise<void> {
    const { seller, shop, listing, lock, skus } = target;
    const [locked, planned = 0] = [lockOf(target, now), plannedUnits(share)];
    const end = lock?.source === 'read' ? lock.until : undefined;
    const until = end === undefined ? 'until its event ends' : `until ${new Date(end).toISOString()}`;
    await this.problems.open(
      {
        ...{
          seller,
          shop,
          key: listingProblem('lock', target),
          kind: 'lock',
          ...(skus[0] !== undefined && { sku: skus[0] }),
        },
        detail: `The channel keeps ${locked} of ${listing} on show ${until}; ${planned} are planned, and ${locked - planned} more than that may be sold.`,
        action: 'Bring stock, or take the listing out of the event at the marketplace.',
      },
      now,
    );
  }
}

/** Sale units that its stock gives the listing, whatever its channel keeps on show; undefined while it is not counted. */
const plannedUnits = ({ parts }: Share): number | undefined =>
  parts.length === 0 ? undefined : Math.min(...parts.map(({ units, perSale }) => Math.floor(units / perSale)));
