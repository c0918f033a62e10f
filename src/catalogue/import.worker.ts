import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ShopId } from '../domain';
import { HubError } from '../platform/hub-error';
import type { LongJob, LongStep } from '../store/long-jobs.store';
import { IMPORT_LISTINGS, LongWork } from '../store/long-work';
import { ShopCalls, type CallableShop } from '../store/shop-calls.store';
import { ShopTrouble } from '../store/shop-trouble.store';
import { ShopsStore } from '../store/shops.store';
import { ChannelError } from '../../connectors/kit';
import { MatchCatalogueService } from './match-catalogue.service';
import { ReadCatalogueService, type KeptPage } from './read-catalogue.service';

/** Where the next step begins: reading, then matching. */
type Place = { readonly phase: 'read'; readonly next?: string } | { readonly phase: 'match'; readonly after?: string };

const ITEMS_PER_STEP = 500;
const MOST_STATUSES = 20;
const FIRST: Place = { phase: 'read' };

/** Imports catalogues: one page per step, so that a restart goes on where it was. */
@Injectable()
export class ImportWorker implements OnModuleInit {
  constructor(
    private readonly work: LongWork,
    private readonly calls: ShopCalls,
    private readonly shops: ShopsStore,
    private readonly reader: ReadCatalogueService,
    private readonly matcher: MatchCatalogueService,
    private readonly trouble: ShopTrouble,
  ) {}

  onModuleInit(): void {
    this.work.handle(IMPORT_LISTINGS, (job) => this.step(job));
  }

  private async step(job: LongJob): Promise<LongStep> {
    const place = (job.cursor ?? FIRST) as Place;
    switch (place.phase) {
      case 'read':
        return this.read(job, place.next);
      case 'match':
        return this.match(job, place.after);
    }
  }

  private async read(job: LongJob, cursor: string | undefined): Promise<LongStep> {
    const shop = await this.calls.open(job.seller, job.about as ShopId);
    if (shop === undefined) throw gone(job);
    const page = await this.pageOf(shop, job, cursor);
    const statuses = [...new Set([...statusesOf(job), ...page.unknownStatuses])].slice(0, MOST_STATUSES);
    const read = (numbersOf(job)['read'] ?? 0) + page.count;
    const report = { ...job.report, read, unknownStatuses: statuses };
    const place: Place = page.next === undefined ? { phase: 'match' } : { phase: 'read', next: page.next };
    if (page.next === undefined) await this.reader.tellUnknown(shop, statuses);
    const total = page.total ?? job.total;
    return { done: 0, report, cursor: place, isFinished: false, ...(total !== undefined && { total }) };
  }

  private async pageOf(shop: CallableShop, job: LongJob, cursor: string | undefined): Promise<KeptPage> {
    try {
      const page = await this.reader.readPage(shop, job, cursor);
      await this.trouble.worked(shop.shop);
      return page;
    } catch (error) {
      if (error instanceof ChannelError) await this.trouble.failed(shop.shop, error);
      throw error;
    }
  }

  private async match(job: LongJob, after: string | undefined): Promise<LongStep> {
    const shop = await this.shops.find(job.seller, job.about as ShopId);
    if (shop === undefined) throw gone(job);
    const makes = job.wish['mode'] === 'make';
    const { counts, last } = await this.matcher.matchPage(
      { seller: job.seller, shop: shop.id, currency: shop.currency },
      { reading: job.id, makes },
      { limit: ITEMS_PER_STEP, ...(after !== undefined && { after }) },
    );
    const report = { ...job.report, ...sum(job, counts) };
    const done = Number(report['linked'] ?? 0) + sumOf(report, ['match', 'double', 'pack', 'unmatched', 'off']);
    if (last !== undefined) return { done, report, cursor: { phase: 'match', after: last }, isFinished: false };
    return { done, total: done, report, isFinished: true };
  }
}

const gone = (job: LongJob): HubError =>
  new HubError('missing', 'never', { message: `there is no shop ${job.about} any more` });

const numbersOf = (job: LongJob): Readonly<Record<string, number | undefined>> =>
  job.report as Readonly<Record<string, number | undefined>>;

const statusesOf = (job: LongJob): readonly string[] => (job.report['unknownStatuses'] ?? []) as readonly string[];

const sum = (job: LongJob, counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, (numbersOf(job)[name] ?? 0) + count]));

const sumOf = (report: Readonly<Record<string, unknown>>, names: readonly string[]): number =>
  names.reduce((total, name) => total + Number(report[name] ?? 0), 0);
