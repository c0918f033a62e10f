import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Collection, Filter } from 'mongodb';
import type { Model } from 'mongoose';
import {
  standingOf,
  type ListingId,
  type SellerId,
  type ShopId,
  type Standing,
  type Target,
  type TargetId,
} from '../domain';
import { Loader } from '../platform/loader';
import { FREE, recordSchema } from './record-schema';
import { Swapper } from './swapper';

/** The model's name, which is the collection's. */
export const TARGETS = 'targets';

interface TargetDoc extends Omit<Target, 'id'> {
  readonly _id: TargetId;
  /** Where it stands, for the index. */
  readonly standing?: Standing;
  readonly w?: string;
}

/** A shop with listings to write. */
export interface DirtyShop {
  readonly seller: SellerId;
  readonly shop: ShopId;
}

export const targetSchema = recordSchema<TargetDoc>(TARGETS, {
  seller: { type: String, required: true },
  shop: { type: String, required: true },
  listing: { type: String, required: true },
  skus: { type: [String], required: true },
  v: { type: Number, required: true },
  wanted: { type: FREE },
  sent: { type: FREE },
  lastSent: { type: FREE },
  acknowledged: { type: FREE },
  drift: { type: Number, required: true },
  unknown: { type: Number },
  unsure: { type: Number },
  check: { type: Boolean },
  readBack: { type: FREE },
  auditDue: { type: Number },
  suspect: { type: FREE },
  drifted: { type: FREE },
  accepted: { type: Number },
  guarded: { type: Boolean },
  openNumber: { type: Number },
  raiseSince: { type: Number },
  missing: { type: FREE },
  closedAt: { type: Number },
  closedMs: { type: Number },
  lock: { type: FREE },
  planned: { type: [FREE], required: true },
  openUnits: { type: Number, required: true },
  lowering: { type: Boolean },
  trigger: { type: String },
  lease: { type: FREE },
  tries: { type: Number, required: true },
  alone: { type: Boolean },
  refusal: { type: FREE },
  due: { type: Number },
  standing: { type: String },
  w: { type: String },
});

/** What every listing should show, and what is known of what it shows. */
@Injectable()
export class TargetsStore {
  private readonly swapper: Swapper<TargetDoc>;
  private readonly loader: Loader<TargetId, Target>;

  constructor(@InjectModel(TARGETS) private readonly model: Model<TargetDoc>) {
    this.swapper = new Swapper(() => this.collection());
    this.loader = new Loader({
      read: (ids) => this.read({ _id: { $in: [...ids] } }),
      idOf: (target) => target.id,
    });
  }

  /** Targets by id; reads of one moment go out together. One that does not exist is left out. */
  async readMany(ids: readonly TargetId[]): Promise<ReadonlyMap<TargetId, Target>> {
    const targets = await this.loader.loadMany(ids);
    return new Map(targets.flatMap((target) => (target === undefined ? [] : [[target.id, target] as const])));
  }

  /** Every target that one of these skus is a part of. */
  bySkus(seller: SellerId, skus: readonly string[]): Promise<readonly Target[]> {
    return this.read({ seller, skus: { $in: [...skus] } });
  }

  /** Writes `target` over version `target.v - 1`; version 1 makes it. False when somebody else was first. */
  swap(target: Target): Promise<boolean> {
    const { id, ...rest } = target;
    return this.swapper.swap({ was: target.v - 1, next: { ...rest, _id: id, standing: standingOf(target) } });
  }

  /**
   * A shop's listings that wait to be written. Where they are more than `limit`, half of them are those that became due
   * last, and come first: a lowering of this moment is not behind a backlog.
   */
  async dirty(ref: DirtyShop, page: { readonly now: number; readonly limit: number }): Promise<readonly Target[]> {
    const { now, limit } = page;
    const filter = { seller: ref.seller, shop: ref.shop, due: { $lte: now } } as Filter<TargetDoc>;
    const longest = await this.read(filter, { limit, sort: { due: 1 } });
    if (longest.length < limit) return longest;
    const latest = await this.read(filter, { limit: Math.ceil(limit / 2), sort: { due: -1 } });
    const known = new Set(latest.map(({ id }) => id));
    return [...latest, ...longest.filter(({ id }) => !known.has(id))].slice(0, limit);
  }

  /**
   * Shops that have listings to write, found among the `limit` that wait longest and as many that became due last: one
   * shop with a long backlog hides no other.
   */
  async dirtyShops(now: number, limit: number): Promise<readonly DirtyShop[]> {
    return this.shopsWith('due', now, limit);
  }

  private async shopsWith(field: 'due' | 'auditDue', now: number, limit: number): Promise<readonly DirtyShop[]> {
    const ends = await Promise.all(([1, -1] as const).map((from) => this.dueFrom({ field, from }, now, limit)));
    const shops = new Map(ends.flat().map((doc) => [doc.shop, { seller: doc.seller, shop: doc.shop }]));
    return [...shops.values()];
  }

  /** A shop's listings that are to be read back, those that wait longest first. */
  unread(
    { seller, shop }: DirtyShop,
    page: { readonly now: number; readonly limit: number },
  ): Promise<readonly Target[]> {
    const filter = { seller, shop, auditDue: { $lte: page.now } } as Filter<TargetDoc>;
    return this.read(filter, { limit: page.limit, sort: { auditDue: 1 } });
  }

  /** Shops that have listings to read back, found at both ends of what waits, as `dirtyShops` does. */
  async unreadShops(now: number, limit: number): Promise<readonly DirtyShop[]> {
    return this.shopsWith('auditDue', now, limit);
  }

  /** A shop's listings that stand as asked, by id, after `after`. */
  standing(
    { seller, shop }: DirtyShop,
    page: { readonly standing: Standing; readonly after?: string; readonly limit: number },
  ): Promise<readonly Target[]> {
    const { standing, after, limit } = page;
    const from = after === undefined ? {} : { listing: { $gt: after as ListingId } };
    return this.read({ seller, shop, standing, ...from }, { limit, sort: { listing: 1 } });
  }

  /** Listings whose locks are to be looked at, the longest waiting first. */
  locksDue(now: number, limit: number): Promise<readonly Target[]> {
    return this.read({ 'lock.due': { $lte: now } }, { limit, sort: { 'lock.due': 1 } });
  }

  /** A person wants a refused number tried again. */
  async makeDue(id: TargetId, now: number): Promise<void> {
    await this.collection().updateOne({ _id: id }, { $set: { due: now }, $inc: { v: 1 } });
  }

  /** The shop can be called again: what was put off is due. */
  async wake({ seller, shop }: DirtyShop, now: number): Promise<void> {
    const putOff = { seller, shop, due: { $gt: now } } as Filter<TargetDoc>;
    await this.collection().updateMany(putOff, { $set: { due: now }, $inc: { v: 1 } });
  }

  /** Every order of up to `heardTo` is in the ledger: listings that waited for that go on. */
  async wakeHeard({ seller, shop }: DirtyShop, { heardTo, now }: { heardTo: number; now: number }): Promise<void> {
    const waiting = { seller, shop, due: { $gt: now }, 'missing.at': { $lte: heardTo }, lease: { $exists: false } };
    await this.collection().updateMany(waiting, { $set: { due: now }, $inc: { v: 1 } });
  }

  /** The listing is no more; the channel's number stays as it is. */
  async remove(ids: readonly TargetId[]): Promise<void> {
    await this.collection().deleteMany({ _id: { $in: [...ids] } });
  }

  /** From the longest waiting on (1), or from the latest (-1). */
  private dueFrom(
    { field, from }: { readonly field: 'due' | 'auditDue'; readonly from: 1 | -1 },
    now: number,
    limit: number,
  ): Promise<readonly DirtyShop[]> {
    return this.collection()
      .find({ [field]: { $lte: now } } as Filter<TargetDoc>, { projection: { seller: 1, shop: 1 } })
      .sort({ [field]: from })
      .limit(limit)
      .toArray();
  }

  private async read(
    filter: Filter<TargetDoc>,
    options: { limit?: number; sort?: Record<string, 1 | -1> } = {},
  ): Promise<readonly Target[]> {
    const docs = await this.collection().find(filter, options).toArray();
    return docs.map((doc) => targetOf(doc as TargetDoc));
  }

  private collection(): Collection<TargetDoc> {
    return this.model.collection as unknown as Collection<TargetDoc>;
  }
}

function targetOf({ _id, w: _w, standing: _standing, ...doc }: TargetDoc): Target {
  return { ...doc, id: _id };
}
