import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Collection, Filter } from 'mongodb';
import type { Model } from 'mongoose';
import { ulid } from 'ulid';
import type { AttemptState, ListingId, SellerId, ShopId } from '../domain';
import { recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const ATTEMPTS = 'attempts';

/** One try to make a channel show a target. Numbers are sale units, instants ms. */
export interface Attempt {
  readonly id: string;
  readonly seller: SellerId;
  readonly shop: ShopId;
  readonly listing: ListingId;
  readonly trigger: string;
  readonly target: number;
  readonly version: number;
  readonly state: AttemptState;
  /** When the channel was called; absent when it was not. */
  readonly sentAt?: number;
  readonly at: number;
  /** The channel's own code and words, without secrets. */
  readonly code?: string;
  readonly answer?: string;
}

interface AttemptDoc extends Omit<Attempt, 'id'> {
  readonly _id: string;
  readonly expiresAt: Date;
}

const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

export const attemptSchema = recordSchema<AttemptDoc>(ATTEMPTS, {
  seller: { type: String, required: true },
  shop: { type: String, required: true },
  listing: { type: String, required: true },
  trigger: { type: String, required: true },
  target: { type: Number, required: true },
  version: { type: Number, required: true },
  state: { type: String, required: true },
  sentAt: { type: Number },
  at: { type: Number, required: true },
  code: { type: String },
  answer: { type: String },
  expiresAt: { type: Date, required: true },
});

/** What was tried, and what came back: for people, never for decisions. */
@Injectable()
export class AttemptsStore {
  constructor(@InjectModel(ATTEMPTS) private readonly model: Model<AttemptDoc>) {}

  /** Keeps attempts for 30 days. */
  async insert(attempts: readonly Omit<Attempt, 'id'>[]): Promise<void> {
    if (attempts.length === 0) return;
    const docs = attempts.map((attempt) => ({
      ...attempt,
      _id: ulid(attempt.at),
      expiresAt: new Date(attempt.at + KEPT_MS),
    }));
    await this.collection().insertMany(docs, { ordered: false });
  }

  /** A shop's attempts, newest first; `before` is where the last page ended. */
  async list(
    ref: { readonly seller: SellerId; readonly shop: ShopId },
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly Attempt[]> {
    const filter = {
      ...ref,
      ...(page.before === undefined ? {} : { _id: { $lt: page.before } }),
    } as Filter<AttemptDoc>;
    const docs = await this.collection().find(filter).sort({ _id: -1 }).limit(page.limit).toArray();
    return docs.map(({ _id, expiresAt: _expiresAt, ...attempt }) => ({ ...attempt, id: _id }));
  }

  private collection(): Collection<AttemptDoc> {
    return this.model.collection as unknown as Collection<AttemptDoc>;
  }
}
