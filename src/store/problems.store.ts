import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { keyOf, type OrderId, type SellerId, type ShopId } from '../domain';
import { isDuplicateKey } from './duplicate-key';
import { recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const PROBLEMS = 'problems';

/** The seller of problems that are the hub's own. */
export const HUB = 'hub' as SellerId;

export const PROBLEM_KINDS = [
  ...([
    'oversold',
    'quota-broken',
    'quota-cut',
    'uncovered',
    'count',
    'exposed',
    'low-stock',
    'drift',
    'lock',
  ] as const),
  ...(['refused', 'unauthorized', 'expiring', 'channel-down', 'throttled', 'silent', 'cursor-stuck', 'audit'] as const),
  ...(['queue', 'dead-letters', 'clock', 'store', 'disk', 'secret-missing', 'unknown-status', 'not-approved'] as const),
  ...(['campaign', 'webhook'] as const),
] as const;
/** The closed list of what an operator may have to know. */
export type ProblemKind = (typeof PROBLEM_KINDS)[number];

/** Something an operator must know. */
export interface ProblemRecord {
  readonly seller: SellerId;
  /** Stable: the same cause gives the same key, `oversold|SKU-1`. */
  readonly key: string;
  readonly kind: ProblemKind;
  readonly since: number;
  readonly closedAt?: number;
  /** What is so, in a sentence. */
  readonly detail: string;
  /** What to do about it. */
  readonly action: string;
  readonly shop?: ShopId;
  readonly sku?: string;
  /** The first orders concerned, at most `MOST_ORDERS`. */
  readonly orders?: readonly OrderId[];
}

/** What opens a problem, or says it anew. */
export type ProblemNews = Omit<ProblemRecord, 'since' | 'closedAt'>;

/** A problem whose opening or closing the seller's systems were not told of yet. */
export interface UntoldProblem extends ProblemRecord {
  readonly due: number;
}

interface ProblemDoc extends ProblemRecord {
  readonly _id: string;
  readonly open: boolean;
  /** When it opened or closed, until that was told. */
  readonly due?: number;
}

/** Most orders that one problem names. */
export const MOST_ORDERS = 100;

export const problemSchema = recordSchema<ProblemDoc>(PROBLEMS, {
  seller: { type: String, required: true },
  key: { type: String, required: true },
  kind: { type: String, enum: PROBLEM_KINDS, required: true },
  open: { type: Boolean, required: true },
  since: { type: Number, required: true },
  closedAt: { type: Number },
  detail: { type: String, required: true },
  action: { type: String, required: true },
  shop: { type: String },
  sku: { type: String },
  orders: { type: [String], default: undefined },
  due: { type: Number },
});

/** Problems: each opens once and closes when its cause is gone. */
@Injectable()
export class ProblemsStore {
  constructor(@InjectModel(PROBLEMS) private readonly model: Model<ProblemDoc>) {}

  /** Opens the problem; where it is open already, only what it says changes, and orders are added to its list. */
  async open(news: ProblemNews, now: number): Promise<'opened' | 'same'> {
    if (await this.sayAnew(news)) return 'same';
    const { orders, ...rest } = news;
    const $set = { ...rest, since: now, due: now, open: true, ...(orders && { orders: orders.slice(0, MOST_ORDERS) }) };
    try {
      await this.model.updateOne(
        { _id: keyOf(news.seller, news.key), open: false },
        { $set, $unset: { closedAt: 1, ...(!orders && { orders: 1 }) } },
        { upsert: true },
      );
      return 'opened';
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      await this.sayAnew(news);
      return 'same';
    }
  }

  /** The cause is gone. False when there was no such open problem. */
  async close(seller: SellerId, key: string, now: number): Promise<boolean> {
    const change = { $set: { open: false, closedAt: now, due: now } };
    return (await this.model.updateOne({ _id: keyOf(seller, key), open: true }, change)).matchedCount === 1;
  }

  /** The causes of all these are gone, where they were open: one write. */
  async closeMany(seller: SellerId, keys: readonly string[], now: number): Promise<void> {
    if (keys.length === 0) return;
    const filter = { _id: { $in: keys.map((key) => keyOf(seller, key)) }, open: true };
    await this.model.updateMany(filter, { $set: { open: false, closedAt: now, due: now } });
  }

  /** Open ones of a kind, whosever they are. */
  async openOf(kind: ProblemKind, limit: number): Promise<ProblemRecord[]> {
    const docs = await this.model.find({ kind, open: true }).limit(limit).lean<ProblemDoc[]>();
    return docs.map(recordOf);
  }

  /** Problems that opened or closed and were not told yet, those that wait longest first. */
  async dueBefore(now: number, limit: number): Promise<readonly UntoldProblem[]> {
    const docs = await this.model
      .find({ due: { $lte: now } })
      .sort({ due: 1 })
      .limit(limit)
      .lean<ProblemDoc[]>();
    return docs.map((doc) => ({ ...recordOf(doc), due: doc.due ?? now }));
  }

  /** These were told; one that opened or closed again since stays due. */
  async settle(told: readonly UntoldProblem[]): Promise<void> {
    if (told.length === 0) return;
    const operations = told.map(({ seller, key, due }) => ({
      updateOne: { filter: { _id: keyOf(seller, key), due }, update: { $unset: { due: 1 as const } } },
    }));
    await this.model.bulkWrite(operations, { ordered: false });
  }

  async find(seller: SellerId, key: string): Promise<ProblemRecord | undefined> {
    const doc = await this.model.findOne({ _id: keyOf(seller, key) }).lean<ProblemDoc>();
    return doc ? recordOf(doc) : undefined;
  }

  /** Problems by key, open ones, closed ones, or both. */
  async list(seller: SellerId, page: { open?: boolean; after?: string; limit: number }): Promise<ProblemRecord[]> {
    const filter = {
      seller,
      ...(page.open !== undefined && { open: page.open }),
      ...(page.after !== undefined && { key: { $gt: page.after } }),
    };
    const docs = await this.model.find(filter).sort({ key: 1 }).limit(page.limit).lean<ProblemDoc[]>();
    return docs.map(recordOf);
  }

  private async sayAnew(news: ProblemNews): Promise<boolean> {
    const { seller, key, detail, action } = news;
    const filter = { _id: keyOf(seller, key), open: true };
    const $set = { detail, action };
    for (let orders = await this.fitting(news); orders.length > 0; orders = await this.fitting(news)) {
      const hasRoom = { ...filter, [`orders.${MOST_ORDERS - orders.length}`]: { $exists: false } };
      const added = await this.model.updateOne(hasRoom, { $set, $addToSet: { orders: { $each: [...orders] } } });
      if (added.matchedCount === 1) return true;
    }
    return (await this.model.updateOne(filter, { $set })).matchedCount === 1;
  }

  /** Those of the orders that are not named yet and fit into the list. */
  private async fitting({ seller, key, orders = [] }: ProblemNews): Promise<readonly OrderId[]> {
    if (orders.length === 0) return [];
    const doc = await this.model.findOne({ _id: keyOf(seller, key), open: true }, { orders: 1 }).lean<ProblemDoc>();
    if (!doc) return [];
    const named = new Set(doc.orders);
    return [...new Set(orders)].filter((order) => !named.has(order)).slice(0, MOST_ORDERS - named.size);
  }
}

const recordOf = ({ _id, open: _open, due: _due, ...rest }: ProblemDoc): ProblemRecord => rest;
