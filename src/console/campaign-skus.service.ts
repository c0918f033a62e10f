import { Injectable } from '@nestjs/common';
import type { SellerId, ShopId } from '../domain';
import { CampaignItemsStore } from '../store/campaign-items.store';
import { CampaignsStore, listOf, type CampaignRecord } from '../store/campaigns.store';
import { ListingsStore, type ListingRecord } from '../store/listings.store';
import { limitOf, type PageQuery } from './border.schema';
import { cursorOf, pageOf, readCursor, readTextCursor, type Page } from './cursor';
import { listingView, type ListingView } from './listings.schema';

/** What skus and listings are narrowed to by a campaign: page by page, by the text of its skus. */
@Injectable()
export class CampaignSkusService {
  constructor(
    private readonly campaigns: CampaignsStore,
    private readonly items: CampaignItemsStore,
    private readonly listings: ListingsStore,
  ) {}

  /** A page of a campaign's skus; none where there is no such campaign. */
  async skus(seller: SellerId, id: string, query: PageQuery): Promise<Page<string>> {
    const limit = limitOf(query);
    const campaign = await this.campaigns.find(seller, id);
    const page = { from: readTextCursor(query.after)?.after, limit: limit + 1 };
    const skus = campaign === undefined ? [] : await this.items.skusFrom(listOf(campaign), page);
    return { items: skus.slice(0, limit), next: nextOf(skus[limit]) };
  }

  /** Its listings of a shop, each once: at the first of its skus that the campaign has there. */
  async ofShop(ref: { seller: SellerId; shop: ShopId }, id: string, query: PageQuery): Promise<Page<ListingView>> {
    const limit = limitOf(query);
    const [from, after] = (readCursor(query.after, ['string', 'string']) ?? []).map(String);
    const campaign = await this.campaigns.find(ref.seller, id);
    if (campaign === undefined) return { items: [], next: null };
    const skus = await this.items.skusFrom(listOf(campaign), { shop: ref.shop, from, limit: limit + 1 });
    const placed = await this.placed(campaign, ref.shop, skus.slice(0, limit));
    const rest = placed.filter(({ sku, record }) => sku !== from || record.listing > (after ?? ''));
    const page = pageOf(rest, limit, {
      item: ({ record }) => listingView(record),
      end: ({ sku, record }) => [sku, record.listing],
    });
    return { items: page.items, next: page.next ?? nextOf(skus[limit], '') };
  }

  /** A shop's listings of some skus, by the sku that each of them stands under. */
  private async placed(campaign: CampaignRecord, shop: ShopId, skus: readonly string[]): Promise<readonly Placed[]> {
    const all = await this.listings.bySkus(campaign.seller, skus);
    const own = all.filter((record) => record.shop === shop);
    const items = await this.items.ofSkus(listOf(campaign), [...new Set(own.flatMap((record) => record.skus))]);
    const held = new Set(items.filter((item) => item.shop === shop).map(({ sku }) => sku));
    const placed = own.map((record) => ({ record, sku: record.skus.filter((sku) => held.has(sku)).sort()[0] }));
    placed.sort((one, other) => (one.record.listing < other.record.listing ? -1 : 1));
    return skus.flatMap((sku) => placed.filter((each) => each.sku === sku).map(({ record }) => ({ record, sku })));
  }
}

interface Placed {
  readonly record: ListingRecord;
  readonly sku: string;
}

/** Where the next page begins, if there is one. */
const nextOf = (sku: string | undefined, ...rest: readonly string[]): string | null =>
  sku === undefined ? null : cursorOf([sku, ...rest]);
