import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Collection, Filter } from 'mongodb';
import type { Model } from 'mongoose';
import { ulid } from 'ulid';
import {
  ATTEMPT_STATES,
  targetIdOf,
  TRIGGERS,
  type AttemptState,
  type ListingId,
  type SellerId,
  type ShopId,
  type TargetId,
  type Trigger,
} from '../domain';
import { HubOptions } from '../platform/options';
import { AttemptDaysStore } from './attempt-days.store';
import { recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const ATTEMPTS = 'attempts';

/** One try to make a channel show a target. Numbers are sale units, instants ms. */
export interface Attempt {
  readonly id: string;
  readonly seller: SellerId;
  readonly shop: ShopId;
  readonly listing: ListingId;
  /** What one sale of the listing takes of. */
  readonly skus: readonly string[];
  readonly trigger: Trigger;
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

/** Whose attempts, and which: of some listings, of a shop, or all; of one trigger and state, or of all. */
export interface AttemptFilter {
  readonly seller: SellerId;
  readonly shop?: ShopId;
  readonly targets?: readonly TargetId[];
  readonly trigger?: Trigger;
  readonly state?: AttemptState;
}

interface AttemptDoc extends Omit<Attempt, 'id'> {
  readonly _id: string;
  /** Whose number it was to show, for the index. */
  readonly targetId: TargetId;
  readonly expiresAt: Date;
}

const DAY_MS = 86_400_000;

export const attemptSchema = recordSchema<AttemptDoc>(ATTEMPTS, {
  seller: { type: String, required: true },
  shop: { type: String, required: true },
  listing: { type: String, required: true },
  targetId: { type: String, required: true },
  skus: { type: [String], required: true },
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
  constructor(
    @InjectModel(ATTEMPTS) private readonly model: Model<AttemptDoc>,
    private readonly days: AttemptDaysStore,
    private readonly options: HubOptions,
  ) {}

  /** Keeps attempts for a while, and their number per day for good. */
  async insert(attempts: readonly Omit<Attempt, 'id'>[]): Promise<void> {
    if (attempts.length === 0) return;
    const docs = attempts.map((attempt) => ({
      ...attempt,
      _id: ulid(attempt.at),
      targetId: targetIdOf(attempt.seller, attempt.shop, attempt.listing),
      expiresAt: new Date(attempt.at + this.options.attemptDays * DAY_MS),
    }));
    await Promise.all([this.collection().insertMany(docs, { ordered: false }), this.days.count(attempts)]);
  }

  /** Attempts, newest first; `before` is where the last page ended. */
  async list(
    { seller, shop, targets, trigger, state }: AttemptFilter,
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly Attempt[]> {
    const filter: Filter<AttemptDoc> = {
      seller,
      ...(targets !== undefined ? { targetId: { $in: [...targets] } } : shop !== undefined && { shop }),
      ...((trigger ?? state) !== undefined && kindOf(trigger, state)),
      ...(page.before !== undefined && { _id: { $lt: page.before } }),
    };
    const docs = await this.collection().find(filter).sort({ _id: -1 }).limit(page.limit).toArray();
    return docs.map(({ _id, targetId: _targetId, expiresAt: _expiresAt, ...attempt }) => ({ ...attempt, id: _id }));
  }

  private collection(): Collection<AttemptDoc> {
    return this.model.collection as unknown as Collection<AttemptDoc>;
  }
}

/** The database merges what it finds of each trigger in each state; were one left out, the index would be in no order. */
const kindOf = (trigger: Trigger | undefined, state: AttemptState | undefined): Filter<AttemptDoc> => ({
  trigger: trigger ?? { $in: [...TRIGGERS] },
  state: state ?? { $in: [...ATTEMPT_STATES] },
});
