import { Injectable } from '@nestjs/common';
import { ChannelError, type StockReading, type StockResult } from '../../connectors/kit';
import { inBatches, keyOf, type Target, type TargetAnswer } from '../domain';
import { Clock } from '../platform/clock';
import { crashPoint } from '../platform/crash-point';
import { Metrics } from '../platform/metrics';
import { failureOf, planRetry } from '../platform/retry';
import { ListingsStore, type ListingRecord } from '../store/listings.store';
import type { CallableShop } from '../store/shop-calls.store';
import { ShopTrouble } from '../store/shop-trouble.store';
import { urgencyOf } from './urgency-of';

/** A listing that this process may call the channel for, until its lease ends. */
export interface Claimed {
  readonly target: Target;
  readonly token: string;
  /** An earlier call was never answered: read back, do not write. */
  readonly reads: boolean;
}

/** A claimed listing with the channel's answer. `sentAt` is absent where no call was made. */
export interface Answered extends Claimed {
  readonly answer: TargetAnswer;
  readonly sentAt?: number;
  /** The channel's code and words, for people. */
  readonly said?: { readonly code: string; readonly message: string };
}

interface Addressed extends Claimed {
  readonly listing: ListingRecord;
}

const MOST_CALLS_AT_ONCE = 8;
/** A call is ended after 10 s; one line may need a read before its write. */
const LONGEST_CALL_MS = 20_000;
/** A refusal that says *busy* is tried again like a call that found nobody. */
const BUSY_AGAIN = { kind: 'unavailable', reason: 'busy' } as const;
const HELD_MS = 300_000;
const NO_LOCK = { units: 0 };
/** The first time that a token is not accepted there may be a newer one, or the channel gives one. */
const NEW_TOKEN_MS = 1000;
/** A listing that is mapped anew is planned within about this long. */
const PLANNED_MS = 1000;
const MAPPED_ANEW = { code: 'mapped-anew', message: 'it sells other skus now, and waits to be planned for them' };

/** Calls a shop's channel for claimed listings, within the channel's batch sizes. */
@Injectable()
export class WriteStockService {
  constructor(
    private readonly listings: ListingsStore,
    private readonly trouble: ShopTrouble,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  /** An answer for every claimed listing; never throws what a channel did. */
  async run(shop: CallableShop, claimed: readonly Claimed[]): Promise<readonly Answered[]> {
    const addressed = await this.addressed(shop, claimed);
    const known = new Set(addressed.map((each) => each.target.id));
    const lost = claimed.filter((each) => !known.has(each.target.id)).map(unlisted);
    const unplanned = addressed.filter((each) => !each.reads && isMappedAnew(each));
    const calls = [
      ...batches(
        shop,
        addressed.filter((each) => !each.reads && !isMappedAnew(each)),
      ).map((batch) => () => this.write(shop, batch)),
      ...batches(
        shop,
        addressed.filter((each) => each.reads),
      ).map((batch) => () => this.readBack(shop, batch)),
    ];
    const answered: Answered[][] = [];
    for (let at = 0; at < calls.length; at += MOST_CALLS_AT_ONCE) {
      const some = calls.slice(at, at + MOST_CALLS_AT_ONCE);
      answered.push(...(await Promise.all(some.map((call) => call()))));
    }
    return [...lost, ...unplanned.map((each) => this.awaitPlan(each)), ...answered.flat()];
  }

  private awaitPlan(each: Addressed): Answered {
    return { ...each, said: MAPPED_ANEW, answer: { kind: 'again', due: this.clock.now() + PLANNED_MS } };
  }

  /** A line whose lease may end before its call does is left to whoever looks next: nobody may call beside another. */
  private inTime(batch: readonly Addressed[]): { called: readonly Addressed[]; late: Answered[] } {
    const now = this.clock.now();
    const isLate = ({ target }: Addressed): boolean => (target.lease?.until ?? 0) < now + LONGEST_CALL_MS;
    const late = batch.filter(isLate).map((each): Answered => {
      return { ...each, answer: { kind: each.reads ? 'unread' : 'again', due: now } };
    });
    return { called: batch.filter((each) => !isLate(each)), late };
  }

  private async addressed(shop: CallableShop, claimed: readonly Claimed[]): Promise<readonly Addressed[]> {
    const ids = claimed.map((each) => each.target.listing);
    const listings = await this.listings.byIds(shop.shop.seller, shop.shop.id, ids);
    const byId = new Map(listings.map((listing) => [listing.listing, listing]));
    return claimed.flatMap((each) => {
      const listing = byId.get(each.target.listing);
      return listing === undefined ? [] : [{ ...each, listing }];
    });
  }

  private async write(shop: CallableShop, lines: readonly Addressed[]): Promise<Answered[]> {
    const { called: batch, late } = this.inTime(lines);
    if (batch.length === 0) return late;
    const sentAt = this.clock.now();
    for (const { target } of batch) this.observe(shop, target, sentAt);
    try {
      const results = await this.push(shop, batch);
      crashPoint('target.sent');
      await this.trouble.worked(shop.shop);
      const byListing = new Map(results.map((result) => [result.listing, result]));
      const read = batch.map((each) => ({
        ...each,
        sentAt,
        ...this.reading(each, byListing.get(each.target.listing)),
      }));
      return [...late, ...read];
    } catch (error) {
      return [...late, ...(await this.failed(shop, batch, error))];
    }
  }

  /** Lines of one batch are all changes by so much, or all numbers as they are. */
  private push(shop: CallableShop, batch: readonly Addressed[]): Promise<readonly StockResult[]> {
    const { connector } = shop;
    const call = shop.callAs(urgencyOf(batch.map(({ target }) => target)));
    const lines = batch.map(({ target, listing: { listing, channelIds } }) => ({ target, listing, channelIds }));
    if (connector.adjustStock !== undefined && batch.every(isChange)) {
      const changes = lines.map(({ target, ...line }) => ({ ...line, units: target.sent?.change ?? 0 }));
      return connector.adjustStock(call, changes);
    }
    const writes = lines.map(({ target, ...line }) => ({
      ...line,
      sellable: target.sent?.units ?? 0,
      openUnits: target.openUnits,
    }));
    return connector.pushStock(call, writes);
  }

  private async readBack(shop: CallableShop, lines: readonly Addressed[]): Promise<Answered[]> {
    const { called: batch, late } = this.inTime(lines);
    if (batch.length === 0) return late;
    try {
      const refs = batch.map(({ listing }) => ({ listing: listing.listing, channelIds: listing.channelIds }));
      const readings = await shop.connector.readStock(shop.call, refs);
      await this.trouble.worked(shop.shop);
      const byListing = new Map(readings.map((reading) => [reading.listing, reading]));
      const read = batch.map((each): Answered => ({
        ...each,
        ...this.shown(each, byListing.get(each.target.listing)),
      }));
      return [...late, ...read];
    } catch (error) {
      return [...late, ...(await this.failed(shop, batch, error))];
    }
  }

  /** One without a reading is asked for again: that is not a listing which the channel does not know. */
  private shown(each: Claimed, reading: StockReading | undefined): Pick<Answered, 'answer' | 'said'> {
    if (reading !== undefined) {
      return { answer: { kind: 'read', units: reading.sellable, lock: reading.lock ?? NO_LOCK } };
    }
    const said = { code: 'malformed', message: 'what it shows could not be read' };
    return { said, answer: { kind: 'unread', due: this.clock.now() + this.backoffMs(each) } };
  }

  private reading(each: Claimed, result: StockResult | undefined): Pick<Answered, 'answer' | 'said'> {
    if (result === undefined) return { answer: { kind: 'unanswered' } };
    if (result.kind === 'done') return { answer: { kind: 'done' } };
    const { code, message } = result;
    const said = { code, message };
    switch (result.reading) {
      case 'retry':
        return { said, answer: { kind: 'again', due: this.clock.now() + this.backoffMs(each), ...whyAgain(each) } };
      case 'authorize':
        return { said, answer: { kind: 'again', due: this.clock.now() + HELD_MS } };
      case 'floor':
        return { said, answer: { kind: 'floor', ...(result.floor !== undefined && { floor: result.floor }) } };
      case 'listing':
        return { said, answer: { kind: 'refused', code, message } };
    }
  }

  /** The whole call failed. Where nobody knows whether it was carried out, it is read back before anything else. */
  private async failed(shop: CallableShop, batch: readonly Addressed[], error: unknown): Promise<Answered[]> {
    if (!(error instanceof ChannelError)) throw error;
    await this.trouble.failed(shop.shop, error);
    const said = { code: error.failure.kind, message: error.message };
    return batch.map((each) => ({ ...each, said, answer: this.answerTo(each, error) }));
  }

  private answerTo(each: Claimed, error: ChannelError): TargetAnswer {
    const { failure } = error;
    const now = this.clock.now();
    if (each.reads) return { kind: 'unread', due: now + this.backoffMs(each) };
    if (failure.kind === 'refused') return { kind: 'refused', code: failure.reason, message: error.message };
    if (failure.kind === 'unauthorized')
      return { kind: 'again', due: now + (each.target.tries > 1 ? HELD_MS : NEW_TOKEN_MS) };
    const carriedOut = failure.kind === 'malformed' || (failure.kind === 'unavailable' && failure.unanswered);
    if (carriedOut) return { kind: 'unanswered', isOver: failure.kind === 'unavailable' && failure.isOver === true };
    const plan = planRetry(failureOf(error), each.target.tries - 1, Math.random);
    return { kind: 'again', due: now + (plan.kind === 'again' ? plan.delayMs : HELD_MS) };
  }

  private backoffMs({ target }: Claimed): number {
    const plan = planRetry(BUSY_AGAIN, target.tries - 1, Math.random);
    return plan.kind === 'again' ? plan.delayMs : HELD_MS;
  }

  private observe(shop: CallableShop, target: Target, sentAt: number): void {
    const wishedAt = target.wanted?.at;
    if (wishedAt === undefined || target.tries > 1) return;
    this.metrics.issued.observe({ channel: shop.shop.channel }, Math.max(0, sentAt - wishedAt) / 1000);
  }
}

/** The code of a listing that was deleted under the claim: nobody has to be told. */
export const UNLISTED = 'unlisted';

const unlisted = (claimed: Claimed): Answered => ({
  ...claimed,
  answer: { kind: 'refused', code: UNLISTED, message: 'the listing is no more' },
});

/** Its number was planned for other skus than it sells now. */
const isMappedAnew = ({ target, listing }: Addressed): boolean => target.skus.join('|') !== listing.skus.join('|');

const isChange = ({ target }: Claimed): boolean => target.sent?.change !== undefined;

/** Less cannot be taken off than is shown: there are sales that were not heard of, so it is read back first. */
const whyAgain = ({ target }: Claimed): { alone: true; check?: true } =>
  (target.sent?.change ?? 0) < 0 ? { alone: true, check: true } : { alone: true };

/** As many lines per call as the channel takes; of one item only, where it wants that. */
function batches(shop: CallableShop, lines: readonly Addressed[]): readonly (readonly Addressed[])[] {
  const { most, perItem } = shop.connector.manifest.stockBatch;
  const groups = new Map<string, Addressed[]>();
  for (const line of lines) {
    const item = perItem ? (line.listing.channelIds['itemId'] ?? '') : '';
    const group = line.target.alone === true ? line.target.id : keyOf(item, isChange(line) ? 'change' : 'number');
    groups.set(group, [...(groups.get(group) ?? []), line]);
  }
  return [...groups.values()].flatMap((group) => inBatches(group, most));
}
