import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Collection } from 'mongodb';
import type { Model } from 'mongoose';
import { positionIdOf, type Move, type Position, type PositionId, type SellerId } from '../domain';
import { FREE, recordSchema } from './record-schema';
import { Swapper } from './swapper';

/** The model's name, which is the collection's. */
export const POSITIONS = 'positions';

/** Most moves kept with a position; older ones are in the archive. */
export const MOST_MOVES = 64;

/** A sku's stock with its latest moves, newest last. */
export interface StoredPosition extends Position {
  readonly id: PositionId;
  readonly seller: SellerId;
  readonly sku: string;
  readonly moves: readonly Move[];
  /** Whether any of its moves is in the archive. */
  readonly archived: boolean;
  /** The newest dated balance: its instant, and how many moves went to the archive since. */
  readonly balance?: { readonly at: number; readonly moves: number };
  /** The version up to which listings and problems follow. */
  readonly handled: number;
  /** A problem about it may be open. */
  readonly troubled?: boolean;
  readonly due?: number;
}

interface PositionDoc extends Omit<StoredPosition, 'id'> {
  readonly _id: PositionId;
  readonly w?: string;
}

export const positionSchema = recordSchema<PositionDoc>(POSITIONS, {
  seller: { type: String, required: true },
  sku: { type: String, required: true },
  v: { type: Number, required: true },
  counted: { type: Boolean, required: true },
  onHand: { type: Number, required: true },
  committed: { type: Number, required: true },
  safetyBuffer: { type: Number, required: true },
  exposure: { type: FREE, required: true },
  quotas: { type: [FREE], required: true },
  lowStockAt: { type: Number },
  moves: { type: [FREE], required: true },
  archived: { type: Boolean, required: true },
  balance: { type: FREE },
  handled: { type: Number, required: true },
  troubled: { type: Boolean },
  due: { type: Number },
  w: { type: String },
});

/** Positions: truth about stock. They change only through `commit`. */
@Injectable()
export class PositionsStore {
  private readonly swapper: Swapper<PositionDoc>;

  constructor(@InjectModel(POSITIONS) private readonly model: Model<PositionDoc>) {
    this.swapper = new Swapper(() => this.collection());
  }

  async find(id: PositionId): Promise<StoredPosition | undefined> {
    return (await this.readMany([id])).get(id);
  }

  /** One read for all of them; a sku without a position is left out. */
  async readMany(ids: readonly PositionId[]): Promise<ReadonlyMap<PositionId, StoredPosition>> {
    const docs = await this.collection()
      .find({ _id: { $in: [...ids] } })
      .toArray();
    return new Map(docs.map((doc) => [doc._id, storedOf(doc as PositionDoc)]));
  }

  /** The numbers and quotas of skus without their moves; a sku without a position is left out. */
  async readNumbers(seller: SellerId, skus: readonly string[]): Promise<ReadonlyMap<string, Position>> {
    if (skus.length === 0) return new Map();
    const docs = await this.collection()
      .find({ _id: { $in: skus.map((sku) => positionIdOf(seller, sku)) } }, { projection: { moves: 0 } })
      .toArray();
    return new Map(docs.map((doc) => [doc.sku, doc as Position]));
  }

  /** A seller's positions by id, after `after`. */
  async list(
    seller: SellerId,
    page: { readonly after?: PositionId; readonly limit: number },
  ): Promise<readonly StoredPosition[]> {
    const first = positionIdOf(seller, '');
    const last = first.replace(/\|$/, '}') as PositionId;
    const docs = await this.collection()
      .find({ _id: { $gt: page.after ?? first, $lt: last } })
      .sort({ _id: 1 })
      .limit(page.limit)
      .toArray();
    return docs.map((doc) => storedOf(doc as PositionDoc));
  }

  /**
   * Swaps the position from version `v` to `next`, with the moves that made the difference; those of its moves that
   * are not in `next` must be in the archive. False when somebody else was first.
   */
  async commit(next: StoredPosition, v: number, moves: readonly Move[]): Promise<boolean> {
    const { id, ...rest } = next;
    if (v === 0) return this.swapper.swap({ was: 0, next: { ...rest, _id: id } });
    const { moves: kept, seller: _seller, sku: _sku, handled: _handled, troubled: _troubled, ...numbers } = rest;
    const update = {
      $set: numbers,
      ...(moves.length > 0 ? { $push: { moves: { $each: moves, $slice: -kept.length } } } : {}),
    };
    return this.swapper.swap({ was: v, next: { ...rest, _id: id }, update });
  }

  /** Positions whose listings and problems do not follow yet, those that wait longest first. */
  async dueBefore(now: number, limit: number): Promise<readonly PositionId[]> {
    const docs = await this.collection()
      .find({ due: { $lte: now } }, { projection: { _id: 1 } })
      .sort({ due: 1 })
      .limit(limit)
      .toArray();
    return docs.map((doc) => doc._id);
  }

  /** Listings and problems follow these positions as read; a newer version keeps its `due`. */
  async settle(
    handled: readonly { readonly id: PositionId; readonly v: number; readonly troubled: boolean }[],
  ): Promise<void> {
    if (handled.length === 0) return;
    await this.collection().bulkWrite(
      handled.map(({ id, v, troubled }) => ({
        updateOne: { filter: { _id: id, v }, update: settled(v, troubled) },
      })),
      { ordered: false },
    );
  }

  /** A problem is about to be opened for these: whoever handles them next looks whether its cause is still there. */
  async markTroubled(ids: readonly PositionId[]): Promise<void> {
    if (ids.length === 0) return;
    await this.collection().updateMany({ _id: { $in: [...ids] } }, { $set: { troubled: true } });
  }

  /** They are tried again then, by their job; the sweep leaves them alone until later. A newer version is due at once. */
  async postpone(id: PositionId, due: number): Promise<void> {
    const position = await this.find(id);
    if (position?.due === undefined) return;
    await this.collection().updateOne({ _id: id, v: position.v }, { $set: { due } });
  }

  private collection(): Collection<PositionDoc> {
    return this.model.collection as unknown as Collection<PositionDoc>;
  }
}

const settled = (v: number, troubled: boolean) =>
  troubled
    ? { $set: { handled: v, troubled }, $unset: { due: '' as const } }
    : { $set: { handled: v }, $unset: { due: '' as const, troubled: '' as const } };

function storedOf({ _id, w: _w, ...doc }: PositionDoc): StoredPosition {
  return { ...doc, id: _id };
}
