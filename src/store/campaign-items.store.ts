import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Collection, Filter } from 'mongodb';
import type { Model } from 'mongoose';
import {
  CAMPAIGN_ITEM_STATES,
  inBatches,
  keyOf,
  type CampaignItem,
  type CampaignItemFate,
  type CampaignItemState,
  type SellerId,
  type ShopId,
} from '../domain';
import { recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const CAMPAIGN_ITEMS = 'campaign-items';

/** One list of items of a campaign. */
export interface ItemList {
  readonly seller: SellerId;
  readonly campaign: string;
  readonly list: string;
}

/** An item with what became of its quota. */
export interface CampaignItemRecord extends CampaignItem, CampaignItemFate {}

/** What names an item in its list, and its place there. */
export type ItemKey = Pick<CampaignItem, 'sku' | 'shop'>;

interface CampaignItemDoc extends CampaignItemRecord, ItemList {
  readonly _id: string;
}

export const campaignItemSchema = recordSchema<CampaignItemDoc>(CAMPAIGN_ITEMS, {
  seller: { type: String, required: true },
  campaign: { type: String, required: true },
  list: { type: String, required: true },
  sku: { type: String, required: true },
  shop: { type: String, required: true },
  quantity: { type: Number, required: true },
  state: { type: String, enum: CAMPAIGN_ITEM_STATES, required: true },
  held: { type: Number },
  remaining: { type: Number },
  lost: { type: Number },
});

const PER_WRITE = 1000;

/** Items of campaigns: one document for each sku of each shop. */
@Injectable()
export class CampaignItemsStore {
  constructor(@InjectModel(CAMPAIGN_ITEMS) private readonly model: Model<CampaignItemDoc>) {}

  /** Keeps a new list; it counts once its campaign names it. */
  async insert(list: ItemList, items: readonly CampaignItem[]): Promise<void> {
    const docs = items.map((item) => ({ ...list, ...item, state: 'pending' as const, _id: idOf(list, item) }));
    for (const batch of inBatches(docs, PER_WRITE)) await this.collection().insertMany([...batch], { ordered: false });
  }

  /** A list that no campaign names, or never will. */
  async remove(list: ItemList): Promise<void> {
    await this.collection().deleteMany({ _id: within(prefixOf(list)) });
  }

  /** Every other list of the campaign, for one that cannot be edited any more. */
  async removeOthers({ seller, campaign, list }: ItemList): Promise<void> {
    await this.collection().deleteMany({ _id: within(keyOf(seller, campaign)), list: { $ne: list } });
  }

  /** Items by sku and shop, after one of them. */
  async page(
    list: ItemList,
    page: { readonly after?: ItemKey; readonly limit: number },
  ): Promise<CampaignItemRecord[]> {
    const docs = await this.collection()
      .find({ _id: within(prefixOf(list), page.after && idOf(list, page.after)) })
      .sort({ _id: 1 })
      .limit(page.limit)
      .toArray();
    return docs.map(recordOf);
  }

  /** All items by sku and shop. */
  async all(list: ItemList): Promise<CampaignItemRecord[]> {
    return this.page(list, { limit: 0 });
  }

  /** Items in one state by sku and shop, after one of them. */
  async inState(
    list: ItemList,
    page: { readonly state: CampaignItemState; readonly after?: ItemKey; readonly limit: number },
  ): Promise<CampaignItemRecord[]> {
    const after = page.after && { _id: { $gt: idOf(list, page.after) } };
    const docs = await this.collection()
      .find({ seller: list.seller, list: list.list, state: page.state, ...after })
      .sort({ _id: 1 })
      .limit(page.limit)
      .toArray();
    return docs.map(recordOf);
  }

  /** What a list has of these skus, in any shop. */
  async ofSkus({ seller, list }: ItemList, skus: readonly string[]): Promise<CampaignItemRecord[]> {
    if (skus.length === 0) return [];
    const docs = await this.collection()
      .find({ seller, list, sku: { $in: [...skus] } })
      .toArray();
    return docs.map(recordOf);
  }

  /** The skus of a list by their text, each once, from one of them on; of one shop or of all. */
  async skusFrom(
    { seller, list }: ItemList,
    page: { readonly from: string | undefined; readonly shop?: ShopId; readonly limit: number },
  ): Promise<readonly string[]> {
    const skus = new Set<string>();
    const where = { seller, list, ...(page.shop && { shop: page.shop }) };
    for (let after: Filter<CampaignItemDoc> = page.from === undefined ? {} : { sku: { $gte: page.from } }; ;) {
      const most = page.limit - skus.size;
      const docs = await this.collection()
        .find({ ...where, ...after }, { projection: { sku: 1 } })
        .sort({ sku: 1 })
        .limit(most)
        .toArray();
      for (const { sku } of docs) skus.add(sku);
      const last = docs.at(-1);
      if (docs.length < most || skus.size === page.limit || last === undefined) return [...skus];
      after = { sku: { $gt: last.sku } };
    }
  }

  /** What became of items. One that ended stays so, whatever a late word says. */
  async mark(
    list: ItemList,
    marks: readonly { readonly item: ItemKey; readonly fate: CampaignItemFate }[],
  ): Promise<void> {
    if (marks.length === 0) return;
    const operations = marks.map(({ item, fate }) => ({
      updateOne: { filter: { _id: idOf(list, item), state: { $ne: 'ended' as const } }, update: { $set: { ...fate } } },
    }));
    await this.collection().bulkWrite(operations, { ordered: false });
  }

  private collection(): Collection<CampaignItemDoc> {
    return this.model.collection as unknown as Collection<CampaignItemDoc>;
  }
}

const prefixOf = ({ seller, campaign, list }: ItemList): string => keyOf(seller, campaign, list);
const idOf = (list: ItemList, { sku, shop }: ItemKey): string => `${prefixOf(list)}|${keyOf(sku, shop)}`;

/** Every key below a prefix, after one of them: `}` is the sign after `|`. */
const within = (prefix: string, after = `${prefix}|`): { $gt: string; $lt: string } => ({
  $gt: after,
  $lt: `${prefix}}`,
});

function recordOf({ _id, seller: _seller, campaign: _campaign, list: _list, ...item }: CampaignItemDoc) {
  return item satisfies CampaignItemRecord;
}
