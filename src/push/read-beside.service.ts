import { Injectable } from '@nestjs/common';
import { ChannelError, type StockReading } from '../../connectors/kit';
import {
  inBatches,
  judgeReading,
  seenByBuyers,
  withLock,
  type Judged,
  type StockLook,
  type Target,
  type Verdict,
} from '../domain';
import { Clock } from '../platform/clock';
import { ListingsStore, type ListingRecord } from '../store/listings.store';
import { ProblemsStore } from '../store/problems.store';
import type { CallableShop } from '../store/shop-calls.store';
import { ShopTrouble } from '../store/shop-trouble.store';
import { TargetsStore } from '../store/targets.store';
import { AuditTimes } from './audit-times';
import { DeliverTokens } from './deliver-tokens';
import { GuardService } from './guard.service';
import { listingProblem } from './listing-problems';

/** Most listings of one read: where a channel tells one product per call, more would take too long. */
const MOST_PER_READ = 50;
const NO_LOCK = { units: 0 };

/** What became of listings that were read. `later`: the channel did not answer, and was not asked on. */
export interface ReadBeside {
  readonly judged: readonly Judged[];
  readonly later?: ChannelError;
}

/**
 * Reads quiet listings back beside all writing. No lease is needed: what was read counts only where the target is still
 * at the version that it had before the read began, so no write was planned, sent or answered meanwhile.
 */
@Injectable()
export class ReadBesideService {
  constructor(
    private readonly listings: ListingsStore,
    private readonly targets: TargetsStore,
    private readonly problems: ProblemsStore,
    private readonly trouble: ShopTrouble,
    private readonly tokens: DeliverTokens,
    private readonly guards: GuardService,
    private readonly times: AuditTimes,
    private readonly clock: Clock,
  ) {}

  /** One call after the other: who has orders to read waits for one at most. */
  async read(shop: CallableShop, targets: readonly Target[]): Promise<ReadBeside> {
    const ids = targets.map(({ listing }) => listing);
    const listings = await this.listings.byIds(shop.shop.seller, shop.shop.id, ids);
    const byListing = new Map(targets.map((target) => [target.listing, target]));
    const judged: Judged[] = [];
    for (const batch of inBatches(listings, Math.min(shop.connector.manifest.stockBatch.most, MOST_PER_READ))) {
      const readings = await this.ask(shop, batch);
      if (readings instanceof ChannelError) return { judged, later: readings };
      const read = readings.flatMap((reading) => {
        const target = byListing.get(reading.listing);
        return target === undefined ? [] : [this.judge(shop, target, reading)];
      });
      judged.push(...(await this.enter(shop, read, byListing)));
    }
    return { judged };
  }

  private judge(shop: CallableShop, before: Target, { sellable: units, lock = NO_LOCK }: StockReading): Judged {
    const judged = judgeReading(before, { ...this.lookAt(shop), units, lock });
    if (units === undefined) return judged;
    return { ...judged, target: withLock(judged.target, before, { units, lock, now: this.clock.now() }) };
  }

  /** A listing that cannot be read spoils no other of its batch: it is left out. */
  private async ask(
    shop: CallableShop,
    batch: readonly ListingRecord[],
  ): Promise<readonly StockReading[] | ChannelError> {
    try {
      const readings = await shop.connector.readStock(shop.callAs('bulk'), batch);
      await this.trouble.worked(shop.shop);
      return readings;
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      const { kind } = error.failure;
      if (kind === 'malformed' || kind === 'refused') return batch.length === 1 ? [] : this.askApart(shop, batch);
      await this.trouble.failed(shop.shop, error);
      return error;
    }
  }

  private async askApart(
    shop: CallableShop,
    batch: readonly ListingRecord[],
  ): Promise<readonly StockReading[] | ChannelError> {
    const readings: StockReading[] = [];
    for (const half of inBatches(batch, Math.ceil(batch.length / 2))) {
      const read = await this.ask(shop, half);
      if (read instanceof ChannelError) return read;
      readings.push(...read);
    }
    return readings;
  }

  private lookAt({ shop }: CallableShop): Omit<StockLook, 'units' | 'lock'> {
    const { doubtMs, nextMs, nextIfSellsMs, nextIfLockedMs } = this.times;
    const waits = { doubtMs, nextMs, nextIfSellsMs, nextIfLockedMs };
    return { rule: shop.drift ?? 'put-right', now: this.clock.now(), ...waits };
  }

  /** What must be known is told first: a number that was entered is right until somebody changes it again. */
  private async enter(
    shop: CallableShop,
    judged: readonly Judged[],
    before: ReadonlyMap<string, Target>,
  ): Promise<readonly Judged[]> {
    await Promise.all(
      judged.map(({ verdict, target }) => this.tell(shop, verdict, { target, before: before.get(target.listing) })),
    );
    const won = await Promise.all(judged.map(({ target }) => this.targets.swap(target)));
    const entered = judged.filter((_, at) => won[at] === true);
    if (entered.some(({ target }) => target.due !== undefined)) {
      this.tokens.issue([{ seller: shop.shop.seller, shop: shop.shop.id }]);
    }
    const read = entered.map(({ target }) => target);
    await this.guards.wake(read.filter((target) => makesRoom(target, before.get(target.listing))));
    return entered;
  }

  private async tell(
    { shop, connector }: CallableShop,
    verdict: Verdict,
    { target, before }: { readonly target: Target; readonly before: Target | undefined },
  ): Promise<void> {
    const { seller, listing, drifted, skus, accepted } = target;
    const key = listingProblem('drift', target);
    const mayBeTold = before?.drifted !== undefined || before?.suspect !== undefined;
    if (verdict === 'proved' && mayBeTold && drifted === undefined) {
      await this.problems.close(seller, key, this.clock.now());
    }
    if (verdict !== 'drifted' || drifted === undefined) return;
    const { name } = connector.manifest;
    const stands = accepted !== undefined && accepted === target.wanted?.version;
    await this.problems.open(
      {
        ...{ seller, key, kind: 'drift', shop: target.shop },
        ...(skus[0] !== undefined && { sku: skus[0] }),
        detail:
          `${name} shows ${drifted.units} of ${listing} in ${shop.name} where ${drifted.expected} should be seen: ` +
          'somebody changed it there.',
        action: stands
          ? 'It stands, as the shop is set to, until our own number changes; republish the sku to put it right.'
          : 'Nothing: it is put right. Find out who changes numbers at the marketplace.',
      },
      this.clock.now(),
    );
  }
}

/** Raises elsewhere may have room: it shows less than buyers might have seen by all that was known. */
const makesRoom = (target: Target, before: Target = target): boolean =>
  target.guarded === true && (seenByBuyers(target) ?? 0) < (seenByBuyers(before) ?? 0);
