import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  isQuiet,
  partsOf,
  targetIdOf,
  writeAgain,
  type ListingId,
  type SellerId,
  type ShopId,
  type Target,
} from '../domain';
import { Clock } from '../platform/clock';
import { HubError } from '../platform/hub-error';
import { ListingsStore } from '../store/listings.store';
import type { LongJob, LongStep } from '../store/long-jobs.store';
import { LongWork, REPUBLISH } from '../store/long-work';
import type { RepublishScope } from '../store/schedules.store';
import { ShopCalls, type CallableShop } from '../store/shop-calls.store';
import { SkusStore } from '../store/skus.store';
import { TargetsStore } from '../store/targets.store';
import { DeliverTokens } from './deliver-tokens';
import { ReadBesideService } from './read-beside.service';

interface Wish {
  readonly scope: RepublishScope;
  readonly trigger: 'by-hand' | 'rule';
}

interface Ref {
  readonly seller: SellerId;
  readonly shop: ShopId;
}

/** Some listings of the shop, and after which of them, or of the skus, the next page begins. */
interface Page {
  readonly listings: readonly ListingId[];
  readonly after?: string;
}

const LISTINGS_PER_STEP = 200;
const SKUS_PER_STEP = 50;

/** How listings ended. */
const ENDS = ['same', 'written', 'doubted', 'drifted', 'underWay', 'passedOver', 'unread'] as const;
type End = (typeof ENDS)[number];

/**
 * Publishes a shop's listings once more, page by page: each is read back, and only what differs is written. Bounded in
 * memory whatever the shop's size. A step that is done again passes over what was read since the work began.
 */
@Injectable()
export class RepublishWorker implements OnModuleInit {
  constructor(
    private readonly work: LongWork,
    private readonly calls: ShopCalls,
    private readonly reader: ReadBesideService,
    private readonly listings: ListingsStore,
    private readonly skus: SkusStore,
    private readonly targets: TargetsStore,
    private readonly tokens: DeliverTokens,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.work.handle(REPUBLISH, (job) => this.step(job));
  }

  private async step(job: LongJob): Promise<LongStep> {
    const ref = { seller: job.seller, shop: partsOf(job.about)[0] as ShopId };
    const shop = await this.calls.open(ref.seller, ref.shop);
    if (shop === undefined) throw new HubError('missing', 'never', { message: `no shop ${ref.shop}` });
    const wish = job.wish as unknown as Wish;
    const page = await this.page(ref, wish.scope, job.cursor as string | undefined);
    const ids = page.listings.map((listing) => targetIdOf(ref.seller, ref.shop, listing));
    const targets = [...(await this.targets.readMany(ids)).values()];
    const ends = await this.publish(shop, targets, { wish, since: job.startedAt });
    const step = { done: job.done + page.listings.length, report: reportOf(job, ends) };
    const { after } = page;
    if (after === undefined) return { ...step, total: step.done, isFinished: true };
    const total = isOfAll(wish.scope) ? (job.total ?? (await this.listings.count(ref))) : undefined;
    return { ...step, ...(total !== undefined && { total }), cursor: after, isFinished: false };
  }

  /** @throws ChannelError where the channel does not answer: what was read stays read. */
  private async publish(
    shop: CallableShop,
    targets: readonly Target[],
    { wish, since }: { readonly wish: Wish; readonly since: number },
  ): Promise<readonly End[]> {
    const now = this.clock.now();
    const youngest = wish.scope.olderThanS === undefined ? since : now - wish.scope.olderThanS * 1000;
    const isFresh = ({ readBack }: Target): boolean => (readBack?.at ?? 0) >= Math.min(youngest, since);
    const asked = targets.filter((target) => !isFresh(target) && isQuiet(target, now));
    const { judged, later } = await this.reader.read(shop, asked);
    const read = new Map(judged.map(({ target }) => [target.id, target]));
    const ends = await Promise.all(
      targets.map((target) =>
        this.end(read.get(target.id) ?? target, { wish, isRead: read.has(target.id) || isFresh(target) }),
      ),
    );
    this.tokens.issue([{ seller: shop.shop.seller, shop: shop.shop.id }]);
    if (later !== undefined) throw later;
    return ends;
  }

  private async end(target: Target, { wish, isRead }: { wish: Wish; isRead: boolean }): Promise<End> {
    if (target.suspect !== undefined) return 'doubted';
    const again = isRead ? writeAgain(target, { trigger: wish.trigger, now: this.clock.now() }) : undefined;
    if (again !== undefined) return (await this.targets.swap(again)) ? 'written' : 'underWay';
    if (target.drifted !== undefined) return 'drifted';
    if (target.due !== undefined || target.sent !== undefined) return 'underWay';
    if (!isRead) return 'unread';
    return target.refusal !== undefined || target.accepted === target.wanted?.version ? 'passedOver' : 'same';
  }

  private async page(ref: Ref, scope: RepublishScope, after: string | undefined): Promise<Page> {
    if (isOfAll(scope)) return this.pageOfAll(ref, after);
    const { skus, next } = await this.skusOf(ref, scope, after);
    const listings = await this.listings.bySkus(ref.seller, skus);
    const own = listings.filter(({ shop }) => shop === ref.shop).map(({ listing }) => listing);
    return { listings: own, ...(next !== undefined && { after: next }) };
  }

  private async pageOfAll(ref: Ref, after: string | undefined): Promise<Page> {
    const page = { limit: LISTINGS_PER_STEP, ...(after !== undefined && { after }) };
    const listings = (await this.listings.list(ref, page)).map(({ listing }) => listing);
    const last = listings.at(-1);
    return listings.length < LISTINGS_PER_STEP || last === undefined ? { listings } : { listings, after: last };
  }

  private async skusOf(
    { seller }: Ref,
    { skus, category }: RepublishScope,
    after: string | undefined,
  ): Promise<{ readonly skus: readonly string[]; readonly next?: string }> {
    const rest = [...(skus ?? [])].sort().filter((sku) => after === undefined || sku > after);
    const found =
      skus === undefined
        ? await this.skus.list(seller, {
            limit: SKUS_PER_STEP,
            ...(category !== undefined && { category }),
            ...(after !== undefined && { after }),
          })
        : rest.slice(0, SKUS_PER_STEP).map((sku) => ({ sku }));
    const names = found.map(({ sku }) => sku);
    const last = names.at(-1);
    return names.length < SKUS_PER_STEP || last === undefined ? { skus: names } : { skus: names, next: last };
  }
}

const isOfAll = ({ skus, category }: RepublishScope): boolean => skus === undefined && category === undefined;

/** How many listings ended how so far. */
function reportOf(job: LongJob, ends: readonly End[]): Readonly<Record<string, number>> {
  const before = job.report as Readonly<Record<string, number | undefined>>;
  return Object.fromEntries(ENDS.map((end) => [end, (before[end] ?? 0) + ends.filter((each) => each === end).length]));
}
