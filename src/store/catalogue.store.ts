import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { keyOf, type ItemMatchKind, type SellerId, type ShopId } from '../domain';
import { FREE, nested, recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const CATALOGUE = 'catalogue';

/** `new`: read and not looked at yet; `gone`: the last whole reading did not show it. */
export const CATALOGUE_STATES = ['new', 'linked', 'match', 'double', 'pack', 'unmatched', 'off', 'gone'] as const;
export type CatalogueState = ItemMatchKind | 'new' | 'gone';

/** A thing that a shop offers, as its channel showed it last, and what the hub makes of it. */
export interface CatalogueRecord {
  readonly seller: SellerId;
  readonly shop: ShopId;
  /** The connector's `listingKey` of the channel ids. */
  readonly key: string;
  readonly channelIds: Readonly<Record<string, string>>;
  readonly sellerSku: string;
  readonly name: string;
  readonly isLive: boolean;
  /** What buyers could buy when it was read, sale units, where the list told it. */
  readonly sellable?: number;
  readonly state: CatalogueState;
  /** For `match` and `pack`: what one sale seems to take. */
  readonly seems?: { readonly sku: string; readonly units: number };
  /** The reading that saw it last. */
  readonly reading: string;
  readonly readAt: number;
}

/** What was found out about one item. */
export type CatalogueVerdict = Pick<CatalogueRecord, 'key' | 'state' | 'seems'>;

interface CatalogueDoc extends CatalogueRecord {
  readonly _id: string;
}

export const catalogueSchema = recordSchema<CatalogueDoc>(CATALOGUE, {
  seller: { type: String, required: true },
  shop: { type: String, required: true },
  key: { type: String, required: true },
  channelIds: { type: FREE, required: true },
  sellerSku: { type: String, default: '' },
  name: { type: String, default: '' },
  isLive: { type: Boolean, required: true },
  sellable: { type: Number },
  state: { type: String, enum: CATALOGUE_STATES, required: true },
  seems: { type: nested({ sku: String, units: Number }) },
  reading: { type: String, required: true },
  readAt: { type: Number, required: true },
});

/** What shops offer at their channels, mapped or not. */
@Injectable()
export class CatalogueStore {
  constructor(@InjectModel(CATALOGUE) private readonly model: Model<CatalogueDoc>) {}

  /** Keeps a page as read; what is there already is written over. */
  async keep(items: readonly CatalogueRecord[]): Promise<void> {
    if (items.length === 0) return;
    const operations = items.map((item) => {
      const _id = idOf(item);
      return { replaceOne: { filter: { _id }, replacement: { ...item, _id }, upsert: true } };
    });
    await this.model.collection.bulkWrite(operations as never, { ordered: false });
  }

  /** The shop's items by key, after `after`. */
  async page(ref: ShopRef, page: { readonly after?: string; readonly limit: number }): Promise<CatalogueRecord[]> {
    const filter = { seller: ref.seller, shop: ref.shop, key: { $gt: page.after ?? '' } };
    const docs = await this.model.find(filter).sort({ key: 1 }).limit(page.limit).lean<CatalogueDoc[]>();
    return docs.map(plain);
  }

  /** The shop's items in one state by key, after `after`. */
  async inState(
    ref: ShopRef,
    page: { readonly state: CatalogueState; readonly after?: string; readonly limit: number },
  ): Promise<CatalogueRecord[]> {
    const filter = { seller: ref.seller, shop: ref.shop, state: page.state, key: { $gt: page.after ?? '' } };
    const docs = await this.model.find(filter).sort({ key: 1 }).limit(page.limit).lean<CatalogueDoc[]>();
    return docs.map(plain);
  }

  /** How many live items of one reading carry each of these seller skus; half a catalogue may carry none at all. */
  async carriers(ref: ShopRef, reading: string, sellerSkus: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const named = [...new Set(sellerSkus)].filter((sellerSku) => sellerSku !== '');
    const filter = { seller: ref.seller, shop: ref.shop, sellerSku: { $in: named } };
    const found = this.model.find(filter, { sellerSku: 1, reading: 1, isLive: 1 }).lean<CatalogueDoc[]>();
    const counts = new Map<string, number>();
    for (const doc of await found) {
      if (doc.isLive && doc.reading === reading) counts.set(doc.sellerSku, (counts.get(doc.sellerSku) ?? 0) + 1);
    }
    return counts;
  }

  /** Writes what was found out about items of one reading; those that were read anew meanwhile are left alone. */
  async judge(ref: ShopRef, reading: string, verdicts: readonly CatalogueVerdict[]): Promise<void> {
    if (verdicts.length === 0) return;
    const operations = verdicts.map(({ key, state, seems }) => ({
      updateOne: {
        filter: { _id: idOf({ ...ref, key }), reading },
        update: { $set: { state, ...(seems && { seems }) }, ...(!seems && { $unset: { seems: 1 } }) },
      },
    }));
    await this.model.collection.bulkWrite(operations as never, { ordered: false });
  }

  /** Items that a whole reading did not show: they are gone. */
  async markGone(ref: ShopRef, keys: readonly string[], reading: string): Promise<void> {
    if (keys.length === 0) return;
    const ids = keys.map((key) => idOf({ ...ref, key }));
    await this.model.updateMany({ _id: { $in: ids }, reading: { $ne: reading } }, { $set: { state: 'gone' } });
  }
}

interface ShopRef {
  readonly seller: SellerId;
  readonly shop: ShopId;
}

const idOf = ({ seller, shop, key }: Pick<CatalogueRecord, 'seller' | 'shop' | 'key'>): string =>
  keyOf(seller, shop, key);

function plain({ _id, ...record }: CatalogueDoc): CatalogueRecord {
  return record;
}
