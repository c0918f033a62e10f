import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Collection } from 'mongodb';
import type { Model } from 'mongoose';
import { keyOf, type Move, type OrderId, type SellerId } from '../domain';
import { onlyDuplicates } from './duplicate-key';
import { FREE, recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const MOVES = 'moves';

/** Whose moves: a sku of a seller. */
export interface SkuRef {
  readonly seller: SellerId;
  readonly sku: string;
}

interface MoveDoc extends Move {
  readonly _id: string;
  readonly seller: SellerId;
  readonly sku: string;
}

export const moveSchema = recordSchema<MoveDoc>(MOVES, {
  seller: { type: String, required: true },
  sku: { type: String, required: true },
  id: { type: String, required: true },
  kind: { type: String, required: true },
  v: { type: Number, required: true },
  turn: { type: Number },
  at: { type: Number, required: true },
  onHand: { type: Number, required: true },
  committed: { type: Number, required: true },
  units: { type: Number },
  order: { type: String },
  stockV: { type: Number },
  shop: { type: String },
  hold: { type: Boolean },
  holding: { type: FREE },
  shown: { type: [FREE], default: undefined },
  broke: { type: [FREE], default: undefined },
  short: { type: Number },
  quota: { type: FREE },
  rules: { type: FREE },
  repaired: { type: FREE },
  reason: { type: String },
  by: { type: String },
});

/** The archive: moves that left their position. Never edited. */
@Injectable()
export class MovesStore {
  constructor(@InjectModel(MOVES) private readonly model: Model<MoveDoc>) {}

  /** Keeps committed moves. One that is kept already is the same one. */
  async insert(ref: SkuRef, moves: readonly Move[]): Promise<void> {
    const docs = moves.map((move) => ({ ...move, ...only(ref), _id: keyOf(ref.seller, ref.sku, move.id) }));
    try {
      await this.collection().insertMany(docs, { ordered: false });
    } catch (error) {
      if (!onlyDuplicates(error)) throw error;
    }
  }

  /** Archived moves of several skus of a seller, each with its sku. */
  async ofSkus(
    seller: SellerId,
    wanted: readonly { readonly sku: string; readonly id: string }[],
  ): Promise<readonly (Move & { readonly sku: string })[]> {
    if (wanted.length === 0) return [];
    const ids = wanted.map(({ sku, id }) => keyOf(seller, sku, id));
    const docs = await this.collection()
      .find({ _id: { $in: ids } })
      .toArray();
    return docs.map((doc) => ({ ...moveOf(doc), sku: doc.sku }));
  }

  /** Every archived move of these orders on one sku. */
  async ofOrders(ref: SkuRef, orders: readonly OrderId[]): Promise<readonly Move[]> {
    if (orders.length === 0) return [];
    return this.read({ ...only(ref), order: { $in: [...orders] } });
  }

  /** Archived moves by their ids. */
  async byIds(ref: SkuRef, ids: readonly string[]): Promise<readonly Move[]> {
    if (ids.length === 0) return [];
    return this.read({ _id: { $in: ids.map((id) => keyOf(ref.seller, ref.sku, id)) } });
  }

  /** Archived moves with a version above `v`, oldest first. */
  async since(ref: SkuRef, v: number): Promise<readonly Move[]> {
    const moves = await this.read({ ...only(ref), v: { $gt: v } });
    return [...moves].sort((a, b) => a.v - b.v);
  }

  /** Archived moves with a version above `v`, oldest first; the last version of a full page may be cut off. */
  async after(ref: SkuRef, page: { readonly v: number; readonly limit: number }): Promise<readonly Move[]> {
    const docs = await this.collection()
      .find({ ...only(ref), v: { $gt: page.v } })
      .sort({ seller: 1, sku: 1, v: 1 })
      .limit(page.limit)
      .toArray();
    return docs.map((doc) => moveOf(doc));
  }

  /** Archived moves below version `below`, newest first. */
  async page(ref: SkuRef, page: { readonly below: number; readonly limit: number }): Promise<readonly Move[]> {
    const docs = await this.collection()
      .find({ ...only(ref), v: { $lt: page.below } })
      .sort({ seller: -1, sku: -1, v: -1 })
      .limit(page.limit)
      .toArray();
    return docs.map((doc) => moveOf(doc));
  }

  private async read(filter: Parameters<Collection<MoveDoc>['find']>[0]): Promise<readonly Move[]> {
    const docs = await this.collection().find(filter).toArray();
    return docs.map((doc) => moveOf(doc));
  }

  private collection(): Collection<MoveDoc> {
    return this.model.collection as unknown as Collection<MoveDoc>;
  }
}

/** A position is a reference too; a filter is exactly this. */
const only = ({ seller, sku }: SkuRef): SkuRef => ({ seller, sku });

function moveOf({ _id, seller: _seller, sku: _sku, ...move }: MoveDoc): Move {
  return move;
}
