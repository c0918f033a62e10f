import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { SellerId } from '../domain';
import { isDuplicateKey } from './duplicate-key';
import { nested, recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const SELLERS = 'sellers';

/** What a seller chose; a limit that is left out does not hold. */
export interface SellerSettings {
  readonly curatedSize: number;
  readonly discountMin: number;
  readonly discountMax: number;
  readonly marginFloorPercent?: number;
  /** Of a campaign's quotas, where the campaign says nothing itself: somebody is told when no more than this is left. */
  readonly lowStockPercent?: number;
  /** Whether a campaign needs a second person, by what it changes. */
  readonly secondPerson: { readonly price: boolean; readonly stockOnly: boolean };
  readonly storefrontWeight: number;
  /** Origins whose pages may read prices with a publishable key. */
  readonly priceOrigins: readonly string[];
  readonly reminderHours: number;
}

export const DEFAULT_SETTINGS: SellerSettings = {
  curatedSize: 6,
  discountMin: 1,
  discountMax: 90,
  secondPerson: { price: true, stockOnly: false },
  storefrontWeight: 0,
  priceOrigins: [],
  reminderHours: 24,
};

/** The tenant. */
export interface SellerRecord {
  readonly id: SellerId;
  readonly v: number;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly settings: SellerSettings;
  readonly createdAt: number;
  readonly updatedAt: number;
}

interface SellerDoc extends Omit<SellerRecord, 'id'> {
  readonly _id: SellerId;
}

const settings = nested({
  curatedSize: Number,
  discountMin: Number,
  discountMax: Number,
  marginFloorPercent: Number,
  lowStockPercent: Number,
  secondPerson: nested({ price: Boolean, stockOnly: Boolean }),
  storefrontWeight: Number,
  priceOrigins: [String],
  reminderHours: Number,
});

export const sellerSchema = recordSchema<SellerDoc>(SELLERS, {
  v: { type: Number, required: true },
  name: { type: String, required: true },
  timeZone: { type: String, required: true },
  currency: { type: String, required: true },
  settings: { type: settings, required: true },
  createdAt: { type: Number, required: true },
  updatedAt: { type: Number, required: true },
});

/** The tenants. */
@Injectable()
export class SellersStore {
  constructor(@InjectModel(SELLERS) private readonly model: Model<SellerDoc>) {}

  async insert(seller: SellerRecord): Promise<'made' | 'taken'> {
    const { id, ...rest } = seller;
    try {
      await this.model.create({ ...rest, _id: id });
      return 'made';
    } catch (error) {
      if (isDuplicateKey(error)) return 'taken';
      throw error;
    }
  }

  async find(id: SellerId): Promise<SellerRecord | undefined> {
    return recordOf(await this.model.findOne({ _id: id }).lean<SellerDoc>());
  }

  /** Writes all settings if the seller still has version `v`. */
  async changeSettings(seller: SellerRecord, settings: SellerSettings, now: number): Promise<SellerRecord | undefined> {
    const $set = { settings, v: seller.v + 1, updatedAt: now };
    const filter = { _id: seller.id, v: seller.v };
    return recordOf(await this.model.findOneAndUpdate(filter, { $set }, { new: true }).lean<SellerDoc>());
  }
}

function recordOf(doc: SellerDoc | null): SellerRecord | undefined {
  if (!doc) return undefined;
  const { _id, ...rest } = doc;
  return { ...rest, id: _id };
}
