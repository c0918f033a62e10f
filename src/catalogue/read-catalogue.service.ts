import { Injectable } from '@nestjs/common';
import type { CatalogueItem, CataloguePage } from '../../connectors/kit';
import { keyOf } from '../domain';
import { Clock } from '../platform/clock';
import { CatalogueStore, type CatalogueRecord } from '../store/catalogue.store';
import type { LongJob } from '../store/long-jobs.store';
import { ProblemsStore } from '../store/problems.store';
import type { CallableShop } from '../store/shop-calls.store';

/** A page as it was kept. */
export interface KeptPage {
  readonly count: number;
  readonly total?: number;
  readonly next?: string;
  readonly unknownStatuses: readonly string[];
}

const MOST_TOLD = 20;
const MOST_TEXT = 300;

/** Reads a shop's catalogue page by page and keeps it as it is shown. */
@Injectable()
export class ReadCatalogueService {
  constructor(
    private readonly catalogue: CatalogueStore,
    private readonly problems: ProblemsStore,
    private readonly clock: Clock,
  ) {}

  /** @throws ChannelError */
  async readPage(shop: CallableShop, job: LongJob, cursor: string | undefined): Promise<KeptPage> {
    const page = await this.pageOf(shop, cursor);
    const records = page.items.map((item) => this.recordOf(shop, item, job.id));
    const byKey = new Map(records.filter(({ key }) => key !== '').map((record) => [record.key, record]));
    await this.catalogue.keep([...byKey.values()]);
    const unknownStatuses = [...new Set(page.items.flatMap(({ unknownStatus }) => unknownStatus ?? []))];
    return {
      count: page.items.length,
      unknownStatuses: unknownStatuses.slice(0, MOST_TOLD),
      ...(page.total !== undefined && { total: page.total }),
      ...(page.next !== undefined && { next: page.next }),
    };
  }

  /** Says that the channel used words that nothing documents; takes it back after a reading without any. */
  async tellUnknown({ shop }: CallableShop, statuses: readonly string[]): Promise<void> {
    const key = keyOf('unknown-status', shop.id, 'catalogue');
    const now = this.clock.now();
    if (statuses.length === 0) return this.closed(shop.seller, key, now);
    await this.problems.open(
      {
        seller: shop.seller,
        key,
        kind: 'unknown-status',
        detail: `${shop.name}: items of the catalogue have statuses that are not known: ${statuses.join(', ')}`,
        action: 'These items are kept as not on sale. Tell whoever maintains the connector what the status means.',
        shop: shop.id,
      },
      now,
    );
  }

  private async closed(seller: CatalogueRecord['seller'], key: string, now: number): Promise<void> {
    await this.problems.close(seller, key, now);
  }

  private async pageOf({ connector, callAs }: CallableShop, cursor: string | undefined): Promise<CataloguePage> {
    return connector.listCatalogue(callAs('bulk'), cursor);
  }

  private recordOf({ shop, connector }: CallableShop, item: CatalogueItem, reading: string): CatalogueRecord {
    return {
      ...{ seller: shop.seller, shop: shop.id, key: connector.listingKey(item.channelIds) },
      ...{
        channelIds: item.channelIds,
        sellerSku: item.sellerSku.slice(0, MOST_TEXT),
        name: item.name.slice(0, MOST_TEXT),
      },
      isLive: item.isLive && item.unknownStatus === undefined,
      ...(item.sellable !== undefined && { sellable: item.sellable }),
      ...{ state: 'new', reading, readAt: this.clock.now() },
    };
  }
}
