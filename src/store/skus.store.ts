import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { FilterQuery, Model } from 'mongoose';
import { positionIdOf, type ExposurePolicy, type Money, type PositionId, type SellerId } from '../domain';
import { isDuplicateKey } from './duplicate-key';
import { FREE, nested, recordSchema } from './record-schema';
import { searchOf, searchWords, type Search } from './search-words';

/** The model's name, which is the collection's. */
export const SKUS = 'skus';

/** The seller's own stock-keeping unit. Its stock is a position. */
export interface SkuRecord {
  readonly seller: SellerId;
  readonly sku: string;
  readonly v: number;
  readonly name: string;
  readonly category?: string;
  readonly basePrice: Money;
  readonly cost?: Money;
  readonly safetyBuffer: number;
  readonly exposure: ExposurePolicy;
  /** Somebody is told when no more than this is free. */
  readonly lowStockAt?: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a list of skus is narrowed to. `q` is the beginning of words, taken literally. */
export interface SkuSearch {
  readonly category?: string;
  readonly q?: string;
  /** Only these, wherever they stand. */
  readonly among?: readonly string[];
  readonly after?: string;
  readonly limit: number;
}

interface SkuDoc extends SkuRecord {
  readonly _id: PositionId;
  readonly words: readonly string[];
}

const money = nested({ minor: Number, currency: String });

export const skuSchema = recordSchema<SkuDoc>(SKUS, {
  seller: { type: String, required: true },
  sku: { type: String, required: true },
  v: { type: Number, required: true },
  name: { type: String, required: true },
  category: { type: String },
  basePrice: { type: money, required: true },
  cost: { type: money },
  safetyBuffer: { type: Number, required: true },
  exposure: { type: FREE, required: true },
  lowStockAt: { type: Number },
  words: { type: [String], required: true },
  createdAt: { type: Number, required: true },
  updatedAt: { type: Number, required: true },
});

/** What sellers keep stock of. */
@Injectable()
export class SkusStore {
  constructor(@InjectModel(SKUS) private readonly model: Model<SkuDoc>) {}

  async find(seller: SellerId, sku: string): Promise<SkuRecord | undefined> {
    const doc = await this.model.findOne({ _id: positionIdOf(seller, sku) }).lean<SkuDoc>();
    return doc ? recordOf(doc) : undefined;
  }

  /** Those of the skus that the seller has. */
  async findMany(seller: SellerId, skus: readonly string[]): Promise<SkuRecord[]> {
    const ids = [...new Set(skus)].map((sku) => positionIdOf(seller, sku));
    const docs = await this.model.find({ _id: { $in: ids } }).lean<SkuDoc[]>();
    return docs.map(recordOf);
  }

  /** The seller's skus by their text, after `after`. */
  async list(seller: SellerId, search: SkuSearch): Promise<SkuRecord[]> {
    const conditions = conditionsOf(searchOf(search.q ?? ''));
    const filter: FilterQuery<SkuDoc> = {
      seller,
      ...(search.category !== undefined && { category: search.category }),
      ...(search.after !== undefined && { sku: { $gt: search.after } }),
      ...(search.among && { sku: { $in: [...search.among] } }),
      ...(conditions.length > 0 && { $and: conditions }),
    };
    const docs = await this.model.find(filter).sort({ sku: 1 }).limit(search.limit).lean<SkuDoc[]>();
    return docs.map(recordOf);
  }

  /** Writes the sku as version `v` over version `v - 1`; version 1 makes it. False when somebody was first. */
  async put(sku: SkuRecord): Promise<boolean> {
    const _id = positionIdOf(sku.seller, sku.sku);
    const doc = { ...sku, _id, words: searchWords(sku.sku, sku.name, sku.category ?? '') };
    if (sku.v > 1) return (await this.model.replaceOne({ _id, v: sku.v - 1 }, doc)).matchedCount === 1;
    try {
      await this.model.create(doc);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }
}

function conditionsOf({ beginnings, long }: Search): FilterQuery<SkuDoc>[] {
  return [
    ...beginnings.map((beginning) => ({ words: beginning })),
    ...long.map((text) => ({ words: { $elemMatch: { $gte: text, $lt: `${text}\u{10FFFF}` } } })),
  ];
}

const recordOf = ({ _id, words: _words, ...rest }: SkuDoc): SkuRecord => rest;
