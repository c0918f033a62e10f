import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { FilterQuery, Model } from 'mongoose';
import {
  MOST_DATED,
  targetIdOf,
  type Dated,
  type ListingId,
  type Money,
  type SellerId,
  type ShopId,
  type SkuUnits,
  type TargetId,
} from '../domain';
import { isDuplicateKey, onlyDuplicates } from './duplicate-key';
import { FREE, nested, recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const LISTINGS = 'listings';

/** What a shop sells: the channel's ids, mapped to the skus that one sale takes. */
export interface ListingRecord {
  readonly seller: SellerId;
  readonly shop: ShopId;
  readonly listing: ListingId;
  readonly v: number;
  readonly channelIds: Readonly<Record<string, string>>;
  /** The connector's `listingKey` of the channel ids; unique in its shop. */
  readonly key: string;
  /** One part for a plain listing, several for a bundle. */
  readonly parts: readonly SkuUnits[];
  /** The skus of the parts, for the index. */
  readonly skus: readonly string[];
  /** Its own price, where the shop has another currency than the sku. */
  readonly basePrice?: Money;
  readonly updatedAt: number;
  /** Since when what follows from its last change waits to be done: planning, and orders that waited for it. */
  readonly due?: number;
  /** Skus that it was mapped to before. */
  readonly was?: readonly string[];
}

/** `stale`: somebody wrote it since; `key-taken`: another listing of the shop has these channel ids. */
export type ListingWrite =
  { readonly kind: 'made' | 'changed'; readonly listing: ListingRecord } | { readonly kind: 'stale' | 'key-taken' };

export type DatedParts = Dated<{ readonly parts: readonly SkuUnits[] }>;

interface ListingDoc extends ListingRecord {
  readonly _id: TargetId;
  /** What it sells since when; the newest last. */
  readonly partsHistory?: readonly DatedParts[];
}

const basePrice = nested({ minor: Number, currency: String });

export const listingSchema = recordSchema<ListingDoc>(LISTINGS, {
  seller: { type: String, required: true },
  shop: { type: String, required: true },
  listing: { type: String, required: true },
  v: { type: Number, required: true },
  channelIds: { type: FREE, required: true },
  key: { type: String, required: true },
  parts: { type: [nested({ sku: String, units: Number })], required: true },
  skus: { type: [String], required: true },
  basePrice: { type: basePrice },
  updatedAt: { type: Number, required: true },
  due: { type: Number },
  was: { type: [String], default: undefined },
  partsHistory: { type: [FREE], default: undefined },
});

/** The target that a listing has, under the same key as the listing itself. */
export const targetOf = ({ seller, shop, listing }: Pick<ListingRecord, 'seller' | 'shop' | 'listing'>): TargetId =>
  targetIdOf(seller, shop, listing);

/** What shops sell. */
@Injectable()
export class ListingsStore {
  constructor(@InjectModel(LISTINGS) private readonly model: Model<ListingDoc>) {}

  async find(seller: SellerId, shop: ShopId, listing: ListingId): Promise<ListingRecord | undefined> {
    const doc = await this.model.findOne({ _id: targetIdOf(seller, shop, listing) }).lean<ListingDoc>();
    return doc ? recordOf(doc) : undefined;
  }

  /** Several listings of one shop by their ids. */
  async byIds(seller: SellerId, shop: ShopId, listings: readonly ListingId[]): Promise<ListingRecord[]> {
    const ids = listings.map((listing) => targetIdOf(seller, shop, listing));
    return this.read({ _id: { $in: ids } });
  }

  /** The shop's listings that these keys of order lines name. */
  async byKeys(seller: SellerId, shop: ShopId, keys: readonly string[]): Promise<ListingRecord[]> {
    return this.read({ seller, shop, key: { $in: [...keys] } });
  }

  /** Every listing, in any shop, of which one of these skus is a part. */
  async bySkus(seller: SellerId, skus: readonly string[]): Promise<ListingRecord[]> {
    return this.read({ seller, skus: { $in: [...skus] } });
  }

  /** What some listings sold since they were made, or since the oldest change that is kept. */
  async partsHistories(ids: readonly TargetId[]): Promise<ReadonlyMap<TargetId, readonly DatedParts[]>> {
    const docs = await this.model.find({ _id: { $in: [...ids] } }, { partsHistory: 1 }).lean<ListingDoc[]>();
    return new Map(docs.map(({ _id, partsHistory = [] }) => [_id, partsHistory]));
  }

  /** A shop's listings by id, after `after`. */
  async list(
    ref: { seller: SellerId; shop: ShopId },
    page: { after?: string; limit: number },
  ): Promise<ListingRecord[]> {
    const filter = {
      seller: ref.seller,
      shop: ref.shop,
      ...(page.after && { listing: { $gt: page.after as ListingId } }),
    };
    const docs = await this.model.find(filter).sort({ listing: 1 }).limit(page.limit).lean<ListingDoc[]>();
    return docs.map(recordOf);
  }

  /** How many listings a shop has, by the index alone. */
  async count({ seller, shop }: { seller: SellerId; shop: ShopId }): Promise<number> {
    const answer = await this.model.db.db?.command({ count: LISTINGS, query: { seller, shop } });
    return Number(answer?.['n'] ?? 0);
  }

  /** Writes the listing as version `v` over version `v - 1`; version 1 makes it. */
  async put(listing: ListingRecord): Promise<ListingWrite> {
    const _id = targetOf(listing);
    try {
      if (listing.v === 1) {
        await this.model.create({ ...listing, _id, partsHistory: [datedParts(listing)] });
        return { kind: 'made', listing };
      }
      const partsHistory = { $each: [datedParts(listing)], $slice: -MOST_DATED };
      const priceless = listing.basePrice === undefined && { $unset: { basePrice: 1 } };
      const change = { $set: listing, $push: { partsHistory }, ...priceless };
      const answer = await this.model.updateOne({ _id, v: listing.v - 1 }, change);
      return answer.matchedCount === 1 ? { kind: 'changed', listing } : { kind: 'stale' };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return (await this.model.exists({ _id })) && listing.v === 1 ? { kind: 'stale' } : { kind: 'key-taken' };
    }
  }

  /** Makes those whose id and channel ids are free; answers the keys of all that are there now with these ids. */
  async makeMany(listings: readonly ListingRecord[]): Promise<ReadonlySet<string>> {
    const [first] = listings;
    if (first === undefined) return new Set();
    const docs = listings.map((listing) => ({
      ...listing,
      _id: targetOf(listing),
      partsHistory: [datedParts(listing)],
    }));
    try {
      await this.model.collection.insertMany(docs as never[], { ordered: false });
    } catch (error) {
      if (!onlyDuplicates(error)) throw error;
    }
    const ids = new Map(listings.map(({ listing, key }) => [listing, key]));
    const there = await this.byIds(first.seller, first.shop, [...ids.keys()]);
    return new Set(there.filter(({ listing, key }) => ids.get(listing) === key).map(({ key }) => key));
  }

  /** Listings whose last change waits for what follows from it, those that wait longest first. */
  async dueBefore(now: number, limit: number): Promise<ListingRecord[]> {
    const docs = await this.model
      .find({ due: { $lte: now } })
      .sort({ due: 1 })
      .limit(limit)
      .lean<ListingDoc[]>();
    return docs.map(recordOf);
  }

  /** What follows from these listings as read is done. */
  async settle(listings: readonly ListingRecord[]): Promise<void> {
    if (listings.length === 0) return;
    const operations = listings.map(({ seller, shop, listing, v }) => ({
      updateOne: { filter: { _id: targetIdOf(seller, shop, listing), v }, update: { $unset: { due: 1, was: 1 } } },
    }));
    await this.model.collection.bulkWrite(operations, { ordered: false });
  }

  /** What follows from these listings as read waits longer. */
  async postpone(listings: readonly ListingRecord[], due: number): Promise<void> {
    const operations = listings.map(({ seller, shop, listing, v }) => ({
      updateOne: { filter: { _id: targetIdOf(seller, shop, listing), v }, update: { $set: { due } } },
    }));
    await this.model.collection.bulkWrite(operations, { ordered: false });
  }

  /** The listings of these keys, where there are any, are looked at again. */
  async makeDue(ref: { seller: SellerId; shop: ShopId }, keys: readonly string[], now: number): Promise<void> {
    await this.model.updateMany(
      { seller: ref.seller, shop: ref.shop, key: { $in: [...keys] } },
      { $set: { due: now } },
    );
  }

  /** Deletes the listing as read. False when somebody wrote it since. */
  async remove(listing: ListingRecord): Promise<boolean> {
    const _id = targetOf(listing);
    return (await this.model.deleteOne({ _id, v: listing.v })).deletedCount === 1;
  }

  private async read(filter: FilterQuery<ListingDoc>): Promise<ListingRecord[]> {
    const docs = await this.model.find(filter).lean<ListingDoc[]>();
    return docs.map(recordOf);
  }
}

const datedParts = ({ updatedAt, parts }: ListingRecord): DatedParts => ({ at: updatedAt, parts });
const recordOf = ({ _id, partsHistory: _parts, ...rest }: ListingDoc): ListingRecord => rest;
