import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { AnyBulkWriteOperation, Collection, MongoBulkWriteError, WriteError } from 'mongodb';
import type { Model } from 'mongoose';
import type { AppId, DeliveryId, OrderId, SellerId, ShopId } from '../domain';
import { isDuplicateKey } from './duplicate-key';
import { FREE, recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const DELIVERIES = 'deliveries';

export const DELIVERY_VERDICTS = ['accepted', 'duplicate', 'ignored', 'dead'] as const;
export type DeliveryVerdict = (typeof DELIVERY_VERDICTS)[number];

/** A push as it arrived. Instants in ms. */
export interface NewDelivery {
  readonly id: DeliveryId;
  readonly app: AppId;
  readonly channel: string;
  readonly channelShopId?: string;
  /** Absent while the seller is not known: the app is the hub's own. */
  readonly seller?: SellerId;
  /** Exact bytes. */
  readonly bytes: Buffer;
  /** Only those that matter; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAt: number;
  /** When a sweep may take it for forgotten. */
  readonly due: number;
}

/** A kept push with what became of it. */
export interface DeliveryRecord extends Omit<NewDelivery, 'due'> {
  /** Rises with every copy that arrives and every retry, never with a verdict. */
  readonly v: number;
  readonly updatedAt: number;
  readonly verdict: DeliveryVerdict;
  readonly why?: string;
  readonly shop?: ShopId;
  readonly order?: OrderId;
  /** How often it arrived. */
  readonly copies: number;
  readonly tries: number;
  /** Present while it waits to be read. */
  readonly due?: number;
  /** The shop whose token it waits for. */
  readonly heldFor?: ShopId;
}

/** `again`: it was kept before and waits to be read once more. */
export type Kept = 'kept' | 'again' | Error;

/** A delivery as somebody read it. */
export interface DeliveryRef {
  readonly id: DeliveryId;
  readonly v: number;
}

/** A delivery that waits to be read, and since when a sweep may take it for forgotten. */
export interface DueDelivery extends DeliveryRef {
  readonly tries: number;
  readonly due: number;
}

/** What became of a delivery, as read at version `v`. */
export interface Settled extends DeliveryRef {
  readonly verdict: DeliveryVerdict;
  readonly why?: string;
  readonly seller?: SellerId;
  readonly shop?: ShopId;
  readonly order?: OrderId;
}

export interface DeliveryFilter {
  readonly verdict?: DeliveryVerdict;
  readonly updatedAfter?: number;
}

interface DeliveryDoc extends Omit<DeliveryRecord, 'id'> {
  readonly _id: DeliveryId;
  /** When what was settled is forgotten; absent while it waits, or is a dead letter's. */
  readonly expiresAt?: Date;
}

export const deliverySchema = recordSchema<DeliveryDoc>(DELIVERIES, {
  v: { type: Number, required: true },
  app: { type: String, required: true },
  channel: { type: String, required: true },
  channelShopId: { type: String },
  seller: { type: String },
  shop: { type: String },
  order: { type: String },
  bytes: { type: Buffer, required: true },
  headers: { type: FREE, required: true },
  receivedAt: { type: Number, required: true },
  updatedAt: { type: Number, required: true },
  verdict: { type: String, enum: DELIVERY_VERDICTS, required: true },
  why: { type: String },
  copies: { type: Number, required: true },
  tries: { type: Number, required: true },
  due: { type: Number },
  heldFor: { type: String },
  expiresAt: { type: Date },
});

const KEPT_MS = 30 * 86_400_000;
const WITHOUT_BYTES = { bytes: 0 } as const;

/** The inbox: every push that was accepted, with its exact bytes. */
@Injectable()
export class DeliveriesStore {
  constructor(@InjectModel(DELIVERIES) private readonly model: Model<DeliveryDoc>) {}

  /**
   * Keeps many in one write. One that was kept before is due again: the same bytes may announce a later change.
   * @returns what became of each, in their order.
   */
  async insertBatch(deliveries: readonly NewDelivery[], now: number): Promise<readonly Kept[]> {
    const failures = await this.insertAll(deliveries);
    const kept = deliveries.map((_, index): Kept => failures.get(index) ?? 'kept');
    const copies = deliveries.filter((_, index) => isDuplicateKey(failures.get(index)));
    if (copies.length === 0) return kept;
    const again = copies.map(({ id, due }) => dueAgain(id, { due, now, copies: 1 }));
    await this.collection().bulkWrite(again, { ordered: false });
    return kept.map((one) => (isDuplicateKey(one) ? 'again' : one));
  }

  /** Makes deliveries wait to be read once more: an operator's retry. */
  async makeDue(ids: readonly DeliveryId[], now: number): Promise<void> {
    if (ids.length === 0) return;
    const again = ids.map((id) => dueAgain(id, { due: now, now, copies: 0 }));
    await this.collection().bulkWrite(again, { ordered: false });
  }

  /** Deliveries that wait to be read, those that wait longest first. */
  async dueBefore(now: number, limit: number): Promise<readonly DueDelivery[]> {
    const docs = await this.collection()
      .find({ due: { $lte: now } }, { projection: { v: 1, tries: 1, due: 1 } })
      .sort({ due: 1 })
      .limit(limit)
      .toArray();
    return docs.map(({ _id, v, tries, due = now }) => ({ id: _id, v, tries, due }));
  }

  /** These deliveries with their bytes; what is not there is left out. */
  async readMany(ids: readonly DeliveryId[]): Promise<readonly DeliveryRecord[]> {
    const docs = await this.collection()
      .find({ _id: { $in: [...ids] } }, { promoteBuffers: true })
      .toArray();
    return docs.map(recordOf);
  }

  /** Keeps verdicts in one write. A delivery that became due again since it was read stays due. */
  async settle(settled: readonly Settled[], now: number): Promise<void> {
    if (settled.length === 0) return;
    const operations = settled.map(({ id, v, why, ...rest }) => ({
      updateOne: {
        filter: { _id: id, v },
        update: {
          $set: { ...rest, updatedAt: now, ...expiryOf(rest.verdict, now), ...(why !== undefined && { why }) },
          $unset: { due: '', heldFor: '', ...(why === undefined && { why: '' }) },
        },
      },
    }));
    await this.collection().bulkWrite(operations as AnyBulkWriteOperation<DeliveryDoc>[], { ordered: false });
  }

  /** Moves the instant at which a sweep looks for them again. */
  async postpone(refs: readonly (DeliveryRef & { readonly dueAt: number; readonly tries: number })[]): Promise<void> {
    if (refs.length === 0) return;
    const operations = refs.map(({ id, v, dueAt, tries }) => ({
      updateOne: { filter: { _id: id, v, due: { $exists: true } }, update: { $set: { due: dueAt, tries } } },
    }));
    await this.collection().bulkWrite(operations, { ordered: false });
  }

  /** These wait for the token of a shop. */
  async hold(ids: readonly DeliveryId[], shop: ShopId): Promise<void> {
    const waiting = { _id: { $in: [...ids] }, due: { $exists: true } };
    await this.collection().updateMany(waiting, { $set: { heldFor: shop } });
  }

  /** The shop has a token: all that waited for it is due. */
  async release(shop: ShopId, now: number): Promise<void> {
    const held = { heldFor: shop, due: { $exists: true } };
    await this.collection().updateMany(held, { $set: { due: now }, $unset: { heldFor: '' } });
  }

  /** One of the seller's deliveries with its bytes. */
  async find(seller: SellerId, id: DeliveryId): Promise<DeliveryRecord | undefined> {
    const doc = await this.collection().findOne({ _id: id, seller }, { promoteBuffers: true });
    return doc ? recordOf(doc) : undefined;
  }

  /** The seller's deliveries by last change, oldest first, without their bytes. */
  async list(
    seller: SellerId,
    filter: DeliveryFilter,
    page: { readonly after?: readonly [number, string]; readonly limit: number },
  ): Promise<readonly Omit<DeliveryRecord, 'bytes'>[]> {
    const [instant, id] = page.after ?? [];
    const from = Math.max(filter.updatedAfter ?? 0, instant ?? 0);
    const rest = id === undefined ? {} : { $or: [{ updatedAt: { $gt: from } }, { updatedAt: from, _id: { $gt: id } }] };
    const query = {
      seller,
      verdict: { $in: filter.verdict === undefined ? [...DELIVERY_VERDICTS] : [filter.verdict] },
      updatedAt: { [id === undefined && filter.updatedAfter !== undefined ? '$gt' : '$gte']: from },
      ...rest,
    };
    const docs = await this.collection()
      .find(query as Parameters<Collection<DeliveryDoc>['find']>[0], { projection: WITHOUT_BYTES })
      .sort({ updatedAt: 1, _id: 1 })
      .limit(page.limit)
      .toArray();
    return docs.map(recordOf);
  }

  /** What arrived about one order, oldest first, without bytes. */
  async ofOrder(order: OrderId, limit: number): Promise<readonly Omit<DeliveryRecord, 'bytes'>[]> {
    const docs = await this.collection().find({ order }, { projection: WITHOUT_BYTES }).limit(limit).toArray();
    return docs.map(recordOf).sort((left, right) => left.receivedAt - right.receivedAt);
  }

  /** What failed, by place in the batch. Anything but single documents failing is thrown. */
  private async insertAll(deliveries: readonly NewDelivery[]): Promise<ReadonlyMap<number, Error>> {
    try {
      await this.collection().insertMany(deliveries.map(documentOf), { ordered: false });
      return new Map();
    } catch (error) {
      const failed = writeErrorsOf(error);
      if (failed.length === 0) throw error;
      return new Map(failed.map((one) => [one.index, asError(one)]));
    }
  }

  private collection(): Collection<DeliveryDoc> {
    return this.model.collection as unknown as Collection<DeliveryDoc>;
  }
}

const expiryOf = (verdict: DeliveryVerdict, now: number): { expiresAt?: Date } =>
  verdict === 'dead' ? {} : { expiresAt: new Date(now + KEPT_MS) };

function documentOf({ id, ...delivery }: NewDelivery): DeliveryDoc {
  const { receivedAt: updatedAt } = delivery;
  return { _id: id, v: 1, ...delivery, updatedAt, verdict: 'accepted', copies: 1, tries: 0 };
}

function dueAgain(
  id: DeliveryId,
  { due, now, copies }: { due: number; now: number; copies: number },
): AnyBulkWriteOperation<DeliveryDoc> {
  const update = {
    $inc: { v: 1, copies },
    $set: { due, updatedAt: now, verdict: 'accepted', tries: 0 },
    $unset: { why: '', expiresAt: '' },
  };
  return { updateOne: { filter: { _id: id }, update } } as unknown as AnyBulkWriteOperation<DeliveryDoc>;
}

function recordOf({ _id, expiresAt: _expiresAt, ...doc }: DeliveryDoc): DeliveryRecord {
  return { ...doc, id: _id };
}

function writeErrorsOf(error: unknown): readonly WriteError[] {
  if (!(error instanceof Error) || error.name !== 'MongoBulkWriteError') return [];
  const { writeErrors } = error as MongoBulkWriteError;
  return [writeErrors].flat();
}

const asError = ({ code, errmsg }: WriteError): Error =>
  Object.assign(new Error(errmsg ?? `write error ${code}`), { name: 'MongoServerError', code });
