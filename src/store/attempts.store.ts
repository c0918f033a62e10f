import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Collection, Filter } from 'mongodb';
import type { Model } from 'mongoose';
import { ulid } from 'ulid';
import {
  ATTEMPT_STATES,
  TRIGGERS,
  type AttemptState,
  type ListingId,
  type SellerId,
  type ShopId,
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
  readonly listings?: readonly { readonly shop: ShopId; readonly listing: ListingId }[];
  readonly trigger?: Trigger;
  readonly state?: AttemptState;
}

interface AttemptDoc extends Omit<Attempt, 'id'> {
  readonly _id: string;
  readonly expiresAt: Date;
}

const DAY_MS = 86_400_000;

export const attemptSchema = recordSchema<AttemptDoc>(ATTEMPTS, {
  seller: { type: String, required: true },
  shop: { type: String, required: true },
  listing: { type: String, required: true },
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
      expiresAt: new Date(attempt.at + this.options.attemptDays * DAY_MS),
    }));
    await Promise.all([this.collection().insertMany(docs, { ordered: false }), this.days.count(attempts)]);
  }

  /** Attempts, newest first; `before` is where the last page ended. */
  async list(
    { seller, shop, listings, trigger, state }: AttemptFilter,
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly Attempt[]> {
    const scopes = listings ?? [shop === undefined ? {} : { shop }];
    const kinds = trigger === undefined && state === undefined ? [{}] : kindsOf(trigger, state);
    const filters = scopes.flatMap((scope) => kinds.map((kind) => ({ seller, ...scope, ...kind })));
    const pages = await Promise.all(filters.map((filter) => this.read(filter, page)));
    return pages
      .flat()
      .sort((one, other) => (one.id < other.id ? 1 : -1))
      .slice(0, page.limit);
  }

  private async read(
    filter: Readonly<Record<string, unknown>>,
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly Attempt[]> {
    const from = page.before === undefined ? filter : { ...filter, _id: { $lt: page.before } };
    const docs = await this.collection()
      .find(from as Filter<AttemptDoc>)
      .sort({ _id: -1 })
      .limit(page.limit)
      .toArray();
    return docs.map(({ _id, expiresAt: _expiresAt, ...attempt }) => ({ ...attempt, id: _id }));
  }

  private collection(): Collection<AttemptDoc> {
    return this.model.collection as unknown as Collection<AttemptDoc>;
  }
}

/** An index serves one trigger with one state: what is left out is asked for one by one, each a page at most. */
const kindsOf = (trigger: Trigger | undefined, state: AttemptState | undefined): readonly object[] =>
  (trigger === undefined ? TRIGGERS : [trigger]).flatMap((one) =>
    (state === undefined ? ATTEMPT_STATES : [state]).map((other) => ({ trigger: one, state: other })),
  );
