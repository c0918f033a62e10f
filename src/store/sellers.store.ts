import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { SellerId } from '../domain';
import { nextNight } from '../platform/next-night';
import { Pace } from '../platform/pace';
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
  /** What a campaign begins with that says nothing itself: somebody is told when no more of a quota is left. */
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
  /** When the ledger is to be audited next, ms. */
  readonly auditAt: number;
}

/** A seller whose ledger is to be audited. */
export type DueAudit = Pick<SellerRecord, 'id' | 'timeZone'> & { readonly auditAt: number };

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
  auditAt: { type: Number },
  createdAt: { type: Number, required: true },
  updatedAt: { type: Number, required: true },
});

/** The tenants. */
@Injectable()
export class SellersStore {
  constructor(
    @InjectModel(SELLERS) private readonly model: Model<SellerDoc>,
    private readonly pace: Pace,
  ) {}

  async insert(seller: SellerRecord): Promise<'made' | 'taken'> {
    const { id, ...rest } = seller;
    try {
      await this.model.create({ ...rest, _id: id, auditAt: this.nightAfter(seller.createdAt, seller) });
      return 'made';
    } catch (error) {
      if (isDuplicateKey(error)) return 'taken';
      throw error;
    }
  }

  async find(id: SellerId): Promise<SellerRecord | undefined> {
    return recordOf(await this.model.findOne({ _id: id }).lean<SellerDoc>());
  }

  /** Sellers by id, after `after`: whoever looks at each of them once. */
  async walk(after: SellerId, limit: number): Promise<readonly SellerId[]> {
    const docs = await this.model
      .find({ _id: { $gt: after } }, { _id: 1 })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<SellerDoc[]>();
    return docs.map(({ _id }) => _id);
  }

  /** Sellers whose ledger is to be audited, those that wait longest first. */
  async auditsDueBefore(now: number, limit: number): Promise<readonly DueAudit[]> {
    const docs = await this.model
      .find({ auditAt: { $lte: now } }, { timeZone: 1, auditAt: 1 })
      .sort({ auditAt: 1 })
      .limit(limit)
      .lean<SellerDoc[]>();
    return docs.map(({ _id, timeZone, auditAt }) => ({ id: _id, timeZone, auditAt }));
  }

  /** Its audit was begun: the next one is in the next night there. */
  async moveAudit({ id, timeZone, auditAt }: DueAudit, now: number): Promise<void> {
    const next = this.nightAfter(now, { id, timeZone });
    await this.model.updateOne({ _id: id, auditAt }, { $set: { auditAt: next } });
  }

  /** Writes all settings if the seller still has version `v`. */
  async changeSettings(seller: SellerRecord, settings: SellerSettings, now: number): Promise<SellerRecord | undefined> {
    const $set = { settings, v: seller.v + 1, updatedAt: now };
    const filter = { _id: seller.id, v: seller.v };
    return recordOf(await this.model.findOneAndUpdate(filter, { $set }, { new: true }).lean<SellerDoc>());
  }

  private nightAfter(now: number, seller: Pick<SellerRecord, 'id' | 'timeZone'>): number {
    return now + this.pace.of(nextNight(now, seller) - now);
  }
}

function recordOf(doc: SellerDoc | null): SellerRecord | undefined {
  if (!doc) return undefined;
  const { _id, auditAt: _auditAt, ...rest } = doc;
  return { ...rest, id: _id };
}
