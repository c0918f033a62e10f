import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { keyOf, type SellerId, type WebhookId } from '../domain';
import { Seal, type SealPlace } from '../platform/seal';
import { recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const WEBHOOKS = 'webhooks';

export const EVENT_TYPES = [
  'stock.changed',
  'stock.low',
  'stock.low.closed',
  'order.created',
  'order.updated',
  'problem.opened',
  'problem.closed',
] as const;
/** What a seller's system can ask to be told. */
export type EventType = (typeof EVENT_TYPES)[number];

/** A seller's address that events are sent to, without its secret. Instants in ms. */
export interface WebhookRecord {
  readonly id: WebhookId;
  readonly seller: SellerId;
  readonly url: string;
  readonly events: readonly EventType[];
  readonly createdAt: number;
  /** How many rounds in a row nothing was taken. */
  readonly tries: number;
  /** Since when. */
  readonly failingSince?: number;
  /** Nothing is sent until a person says so. */
  readonly pausedAt?: number;
}

/** A webhook that one process serves until `due`; nobody else does meanwhile. */
export interface ServedWebhook extends WebhookRecord {
  readonly due: number;
  /** Rises with all that is written for it. */
  readonly news: number;
}

/** How its receiver does. */
export interface Health {
  readonly tries: number;
  readonly failingSince?: number | undefined;
  readonly pausedAt?: number;
}

interface WebhookDoc extends Omit<WebhookRecord, 'id'> {
  readonly _id: WebhookId;
  readonly sealed: string;
  /** When its events are looked at; absent while none waits. While it is served, when that counts as lost. */
  readonly due?: number;
  readonly news: number;
}

export const webhookSchema = recordSchema<WebhookDoc>(WEBHOOKS, {
  seller: { type: String, required: true },
  url: { type: String, required: true },
  events: { type: [String], enum: EVENT_TYPES, required: true },
  sealed: { type: String, required: true },
  createdAt: { type: Number, required: true },
  tries: { type: Number, required: true },
  failingSince: { type: Number },
  pausedAt: { type: Number },
  due: { type: Number },
  news: { type: Number, required: true },
});

/** Where sellers' systems want to be told, and how their receivers do. */
@Injectable()
export class WebhooksStore {
  constructor(
    @InjectModel(WEBHOOKS) private readonly model: Model<WebhookDoc>,
    private readonly seal: Seal,
  ) {}

  async insert(webhook: Omit<WebhookRecord, 'tries'>, secret: string): Promise<void> {
    const { id, ...rest } = webhook;
    const sealed = this.seal.seal(secret, placeOf(webhook));
    await this.model.create({ ...rest, _id: id, sealed, tries: 0, news: 0 });
  }

  async find(seller: SellerId, id: string): Promise<WebhookRecord | undefined> {
    const doc = await this.model.findOne({ _id: keyOf(seller, id) as WebhookId }).lean<WebhookDoc>();
    return doc ? recordOf(doc) : undefined;
  }

  /** The webhooks of these sellers, the paused ones too. */
  async ofSellers(sellers: readonly SellerId[]): Promise<readonly WebhookRecord[]> {
    const docs = await this.model.find({ seller: { $in: [...sellers] } }).lean<WebhookDoc[]>();
    return docs.map(recordOf);
  }

  /** False when it was gone already. */
  async remove(id: WebhookId): Promise<boolean> {
    return (await this.model.deleteOne({ _id: id })).deletedCount === 1;
  }

  /** What events are signed with. */
  async secretOf(webhook: Pick<WebhookRecord, 'id' | 'seller'>): Promise<string | undefined> {
    const doc = await this.model.findOne({ _id: webhook.id }, { sealed: 1 }).lean<WebhookDoc>();
    return doc ? this.seal.open(doc.sealed, placeOf(webhook)) : undefined;
  }

  /** Events were written for these: they are looked at, where they do not rest or are being served. */
  async wake(ids: readonly WebhookId[], now: number): Promise<void> {
    const _id = { $in: [...ids] };
    await this.model.bulkWrite(
      [
        { updateMany: { filter: { _id }, update: { $inc: { news: 1 } } } },
        { updateMany: { filter: { _id, due: { $exists: false } }, update: { $set: { due: now } } } },
      ],
      { ordered: true },
    );
  }

  /** Webhooks whose events are to be looked at, those that wait longest first. */
  async dueBefore(now: number, limit: number): Promise<readonly { readonly id: WebhookId; readonly due: number }[]> {
    const docs = await this.model
      .find({ due: { $lte: now } }, { due: 1 })
      .sort({ due: 1 })
      .limit(limit)
      .lean<WebhookDoc[]>();
    return docs.map(({ _id, due = now }) => ({ id: _id, due }));
  }

  /** Takes it to serve it until then, or holds it longer; undefined when somebody else has it, or it is gone. */
  async serve(
    { id, due }: Pick<ServedWebhook, 'id' | 'due'>,
    until: number,
    health: Partial<Health> = {},
  ): Promise<ServedWebhook | undefined> {
    const update = healthUpdate({ due: until }, health);
    const doc = await this.model.findOneAndUpdate({ _id: id, due }, update, { new: true }).lean<WebhookDoc>();
    return doc ? { ...recordOf(doc), due: until, news: doc.news } : undefined;
  }

  /** Nothing waits any more, or not before `due`. Where something was written since it was served, it is due at once. */
  async rest({ id, due, news }: ServedWebhook, next: number | undefined, now: number): Promise<void> {
    const update = next === undefined ? { $unset: { due: 1 as const } } : { $set: { due: next } };
    const rested = await this.model.updateOne({ _id: id, due, news }, update);
    if (rested.matchedCount === 0) await this.model.updateOne({ _id: id, due }, { $set: { due: now } });
  }

  /**
   * Its receiver took nothing: it is left alone until then, or until a person says so.
   * @returns false when it is gone, or somebody else has it.
   */
  async backOff({ id, due }: ServedWebhook, health: Health & { readonly until?: number }): Promise<boolean> {
    const { until, ...rest } = health;
    return (await this.model.updateOne({ _id: id, due }, healthUpdate({ due: until }, rest))).matchedCount === 1;
  }

  /** A person says that its receiver is there again. */
  async resume(id: WebhookId, now: number): Promise<void> {
    const update = { $set: { due: now, tries: 0 }, $unset: { pausedAt: 1 as const, failingSince: 1 as const } };
    await this.model.updateOne({ _id: id }, update);
  }
}

/** What is undefined goes, what is not named stays. */
function healthUpdate(due: { readonly due: number | undefined }, health: Partial<Health>) {
  const fields = Object.entries({ ...due, ...health });
  const gone = fields.filter(([, value]) => value === undefined).map(([name]) => [name, 1]);
  return {
    $set: Object.fromEntries(fields.filter(([, value]) => value !== undefined)),
    ...(gone.length > 0 && { $unset: Object.fromEntries(gone) as Record<string, 1> }),
  };
}

const placeOf = ({ seller, id }: Pick<WebhookRecord, 'id' | 'seller'>): SealPlace => [seller, id, 'secret'];

function recordOf({ _id, sealed: _sealed, due: _due, news: _news, ...rest }: WebhookDoc): WebhookRecord {
  return { ...rest, id: _id };
}
