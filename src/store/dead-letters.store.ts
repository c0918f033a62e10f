import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { FilterQuery, Model } from 'mongoose';
import { keyOf, type DeliveryId, type OrderId, type SellerId, type ShopId, type TargetId } from '../domain';
import { isDuplicateKey } from './duplicate-key';
import { recordSchema } from './record-schema';
import { HUB } from './problems.store';

/** The model's name, which is the collection's. */
export const DEAD_LETTERS = 'dead-letters';

/** The cause of a letter about an order's line that no listing is known for. */
export const UNMAPPED_LISTING = 'unmapped-listing';

export const DEAD_LETTER_STATES = ['open', 'retried', 'discarded'] as const;
export type DeadLetterState = (typeof DEAD_LETTER_STATES)[number];

/** A delivery, fact or push that will not succeed without a person or a later fix. */
export interface DeadLetterRecord {
  readonly id: string;
  readonly v: number;
  /** Absent where the seller is not known. */
  readonly seller?: SellerId;
  readonly kind: 'delivery' | 'fact' | 'push';
  /** What a group of them has in common: `unmapped-listing`, `malformed`, `unknown-shop`. */
  readonly cause: string;
  /** What has to be mended for it, so that mending finds it: `keyOf(shop, listing key)`. */
  readonly about?: string;
  readonly channel?: string;
  readonly shop?: ShopId;
  readonly delivery?: DeliveryId;
  readonly order?: OrderId;
  readonly target?: TargetId;
  /** What arrived, as it arrived. */
  readonly bytes?: Buffer;
  /** A corrected copy that the last retry used; the original stays. */
  readonly edited?: string;
  readonly message: string;
  readonly since: number;
  readonly updatedAt: number;
  readonly tries: number;
  readonly state: DeadLetterState;
  readonly reason?: string;
  readonly by?: string;
}

/** What failed for good. The same delivery, target, or order and thing to mend, with the same cause is the same letter. */
export type Failure = Pick<DeadLetterRecord, 'kind' | 'cause' | 'message'> &
  Partial<Pick<DeadLetterRecord, 'seller' | 'about' | 'channel' | 'shop' | 'delivery' | 'order' | 'target' | 'bytes'>>;

/** What an operator did to a letter. */
export interface Disposal {
  readonly state: 'retried' | 'discarded';
  readonly by: string;
  readonly reason?: string;
  readonly edited?: string;
}

export interface DeadLetterGroup {
  readonly cause: string;
  readonly count: number;
  readonly oldest: number;
}

interface DeadLetterDoc extends Omit<DeadLetterRecord, 'id' | 'seller'> {
  readonly _id: string;
  readonly seller: SellerId;
}

export const deadLetterSchema = recordSchema<DeadLetterDoc>(DEAD_LETTERS, {
  v: { type: Number, required: true },
  seller: { type: String, required: true },
  kind: { type: String, enum: ['delivery', 'fact', 'push'], required: true },
  cause: { type: String, required: true },
  about: { type: String },
  channel: { type: String },
  shop: { type: String },
  delivery: { type: String },
  order: { type: String },
  target: { type: String },
  bytes: { type: Buffer },
  edited: { type: String },
  message: { type: String, required: true },
  since: { type: Number, required: true },
  updatedAt: { type: Number, required: true },
  tries: { type: Number, required: true },
  state: { type: String, enum: DEAD_LETTER_STATES, required: true },
  reason: { type: String },
  by: { type: String },
});

/** What did not succeed, kept until a person or a fix settles it. */
@Injectable()
export class DeadLettersStore {
  constructor(@InjectModel(DEAD_LETTERS) private readonly model: Model<DeadLetterDoc>) {}

  /** Keeps the failure; where the same one is kept already, it is open again and has one try more. */
  async record(failure: Failure, now: number): Promise<string> {
    const { seller = HUB, ...rest } = failure;
    const _id = idOf(failure);
    const update = {
      $set: { ...rest, seller, state: 'open' as const, updatedAt: now },
      $inc: { v: 1, tries: 1 },
      $setOnInsert: { since: now },
    };
    try {
      await this.model.updateOne({ _id }, update, { upsert: true });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      await this.model.updateOne({ _id }, update);
    }
    return _id;
  }

  /** One letter with its bytes. */
  async find(seller: SellerId, id: string): Promise<DeadLetterRecord | undefined> {
    const doc = await this.model.findOne({ _id: id, seller }).lean<DeadLetterDoc>();
    return doc ? recordOf(doc) : undefined;
  }

  /** Letters in one state without their bytes, oldest change first. */
  async list(
    seller: SellerId,
    page: { state: DeadLetterState; cause?: string; after?: readonly [number, string]; limit: number },
  ): Promise<DeadLetterRecord[]> {
    const base = { seller, state: page.state, ...(page.cause !== undefined && { cause: page.cause }) };
    const since = page.after?.[0] ?? 0;
    const rest = page.after && { $or: [{ since: { $gt: since } }, { since, _id: { $gt: page.after[1] } }] };
    const filter: FilterQuery<DeadLetterDoc> = { ...base, since: { $gte: since }, ...rest };
    const docs = await this.model
      .find(filter, { bytes: 0 })
      .sort({ since: 1, _id: 1 })
      .limit(page.limit)
      .lean<DeadLetterDoc[]>();
    return docs.map(recordOf);
  }

  /** Open letters of one cause, about one thing where that is given, without their bytes. */
  async byCause(
    seller: SellerId,
    cause: string,
    narrow: { about?: string; limit: number },
  ): Promise<DeadLetterRecord[]> {
    const filter = {
      seller,
      state: 'open' as const,
      cause,
      ...(narrow.about !== undefined && { about: narrow.about }),
    };
    const docs = await this.model.find(filter, { bytes: 0 }).limit(narrow.limit).lean<DeadLetterDoc[]>();
    return docs.map(recordOf);
  }

  /** Open letters by cause. Costs as much as there are open letters. */
  async groups(seller: SellerId): Promise<DeadLetterGroup[]> {
    const groups = await this.model.aggregate<{ _id: string; count: number; oldest: number }>([
      { $match: { seller, state: 'open' } },
      { $group: { _id: '$cause', count: { $sum: 1 }, oldest: { $min: '$since' } } },
    ]);
    return groups.map(({ _id, count, oldest }) => ({ cause: _id, count, oldest }));
  }

  /** Settles the letter as read. False when it changed since. */
  async settle(letter: Pick<DeadLetterRecord, 'id' | 'v'>, disposal: Disposal, now: number): Promise<boolean> {
    const change = { $set: { ...disposal, updatedAt: now, v: letter.v + 1 } };
    return (await this.model.updateOne({ _id: letter.id, v: letter.v }, change)).matchedCount === 1;
  }
}

function idOf({ kind, cause, delivery, order, target, seller, about, message }: Failure): string {
  const subject = delivery ?? (order && keyOf(order, about ?? '')) ?? target ?? keyOf(seller ?? HUB, about ?? message);
  return createHash('sha256')
    .update(keyOf(kind, cause, subject))
    .digest('hex')
    .slice(0, 32);
}

function recordOf({ _id, seller, bytes, ...rest }: DeadLetterDoc): DeadLetterRecord {
  return {
    ...rest,
    id: _id,
    ...(seller !== HUB && { seller }),
    ...(bytes !== undefined && { bytes: Buffer.from(bytes.buffer) }),
  };
}
