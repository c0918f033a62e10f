import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { AnyBulkWriteOperation, Collection, Filter } from 'mongodb';
import type { Model } from 'mongoose';
import { keyOf, partsOf, type SellerId, type WebhookId } from '../domain';
import { onlyDuplicates } from './duplicate-key';
import { FREE, recordSchema } from './record-schema';
import type { EventType } from './webhooks.store';

/** The model's name, which is the collection's. */
export const WEBHOOK_EVENTS = 'webhook-events';

/** What is told to one webhook about one thing. Instants in ms. */
export interface NewEvent {
  readonly webhook: WebhookId;
  readonly seller: SellerId;
  readonly type: EventType | 'test';
  /** Sku, order, or key of a problem. */
  readonly subject: string;
  /** Of the thing's state: a newer one takes the place of an older one that still waits. */
  readonly v: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export const EVENT_STATES = ['waiting', 'delivered', 'failed'] as const;
export type EventState = (typeof EVENT_STATES)[number];

/** An event with what became of it. */
export interface WebhookEvent extends NewEvent {
  /** The same for every try, and for the same state of the same thing written twice. */
  readonly id: string;
  readonly state: EventState;
  readonly tries: number;
  /** When it is sent next; absent once it is over. */
  readonly due?: number;
  /** The last try: when, and the receiver's status or why there is none. */
  readonly triedAt?: number;
  readonly status?: number;
  readonly why?: string;
}

/** How a try ended. */
export type EventTry = Required<Pick<WebhookEvent, 'state' | 'tries' | 'triedAt'>> &
  Pick<WebhookEvent, 'due' | 'status' | 'why'>;

interface EventDoc extends WebhookEvent {
  readonly _id: string;
  readonly expiresAt: Date;
}

/** Longer than anybody tries; then it is forgotten, whatever became of it. */
const KEPT_WAITING_MS = 10 * 86_400_000;
/** What is over is kept this long, for people, and so that a repeat of the same event finds it. */
export const KEPT_MS = 7 * 86_400_000;

export const webhookEventSchema = recordSchema<EventDoc>(WEBHOOK_EVENTS, {
  id: { type: String, required: true },
  webhook: { type: String, required: true },
  seller: { type: String, required: true },
  type: { type: String, required: true },
  subject: { type: String, required: true },
  v: { type: Number, required: true },
  data: { type: FREE, required: true },
  at: { type: Number, required: true },
  state: { type: String, enum: EVENT_STATES, required: true },
  tries: { type: Number, required: true },
  due: { type: Number },
  triedAt: { type: Number },
  status: { type: Number },
  why: { type: String },
  expiresAt: { type: Date, required: true },
});

/** What sellers' systems are told: for each webhook, type and thing its latest state, so that what waits stays bounded. */
@Injectable()
export class WebhookEventsStore {
  constructor(@InjectModel(WEBHOOK_EVENTS) private readonly model: Model<EventDoc>) {}

  /** Keeps many in one write. What was written before, or is older than what is there, changes nothing. */
  async record(events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    try {
      await this.collection().bulkWrite(events.map(upsert), { ordered: false });
    } catch (error) {
      if (!onlyDuplicates(error)) throw error;
    }
  }

  /** A webhook's events that are to be sent, those that wait longest first. */
  async dueOf(webhook: WebhookId, now: number, limit: number): Promise<readonly WebhookEvent[]> {
    return this.read({ webhook, due: { $lte: now } }, { due: 1 }, limit);
  }

  /** When the next of a webhook's events is due; undefined when none waits. */
  async nextDueOf(webhook: WebhookId): Promise<number | undefined> {
    const [next] = await this.read({ webhook, due: { $gte: 0 } }, { due: 1 }, 1);
    return next?.due;
  }

  /** Keeps how tries ended. An event whose thing changed since it was read stays due with its newer state. */
  async settle(tried: readonly { readonly event: WebhookEvent; readonly as: EventTry }[]): Promise<void> {
    if (tried.length === 0) return;
    const operations = tried.map(({ event, as: { due, status, why, ...rest } }) => {
      const told = { ...(due !== undefined && { due }), ...(status !== undefined && { status }), ...(why && { why }) };
      const isOver = due === undefined && { expiresAt: new Date(rest.triedAt + KEPT_MS) };
      const gone = (['due', 'status', 'why'] as const).filter((name) => told[name] === undefined);
      const update = {
        $set: { ...rest, ...told, ...isOver },
        $unset: Object.fromEntries(gone.map((name) => [name, ''])),
      };
      return { updateOne: { filter: { _id: placeOf(event), v: event.v }, update } };
    });
    await this.collection().bulkWrite(operations as AnyBulkWriteOperation<EventDoc>[], { ordered: false });
  }

  /** What was told to a webhook, the latest first; `before` is where the last page ended. */
  async list(
    webhook: WebhookId,
    page: { readonly before?: readonly [number, string]; readonly limit: number },
  ): Promise<readonly WebhookEvent[]> {
    const [at, id] = page.before ?? [];
    if (at === undefined || id === undefined) return this.read({ webhook }, { at: -1, id: -1 }, page.limit);
    const same = await this.read({ webhook, at, id: { $lt: id } }, { at: -1, id: -1 }, page.limit);
    if (same.length === page.limit) return same;
    const older = { webhook, at: { $lt: at } };
    return [...same, ...(await this.read(older, { at: -1, id: -1 }, page.limit - same.length))];
  }

  private async read(
    filter: Filter<EventDoc>,
    sort: Record<string, 1 | -1>,
    limit: number,
  ): Promise<readonly WebhookEvent[]> {
    const docs = await this.collection().find(filter).sort(sort).limit(limit).toArray();
    return docs.map(({ _id, expiresAt: _expiresAt, ...event }) => event);
  }

  private collection(): Collection<EventDoc> {
    return this.model.collection as unknown as Collection<EventDoc>;
  }
}

const placeOf = ({ webhook, type, subject }: NewEvent): string => keyOf(...partsOf(webhook), type, subject);

const idOf = (event: NewEvent): string =>
  `evt_${createHash('sha256')
    .update(keyOf(placeOf(event), String(event.v)))
    .digest('hex')
    .slice(0, 32)}`;

function upsert({ webhook, seller, type, subject, v, data, at }: NewEvent): AnyBulkWriteOperation<EventDoc> {
  const event: NewEvent = { webhook, seller, type, subject, v, data, at };
  const fresh = { id: idOf(event), state: 'waiting', tries: 0, due: at };
  const update = {
    $set: { ...event, ...fresh, expiresAt: new Date(at + KEPT_WAITING_MS) },
    $unset: { triedAt: '', status: '', why: '' },
  };
  const operation = { filter: { _id: placeOf(event), v: { $lt: v } }, update, upsert: true };
  return { updateOne: operation } as AnyBulkWriteOperation<EventDoc>;
}
