import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { keyOf, type SellerId, type SkuUnits } from '../domain';
import { isDuplicateKey } from './duplicate-key';
import { FREE, recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const ADJUSTMENTS = 'adjustments';

/** A relative move of several skus: all of them or none. */
export interface Adjustment {
  readonly seller: SellerId;
  readonly id: string;
  readonly v: number;
  /** Rises each time a refused one is asked for again; its moves are numbered by it. */
  readonly attempt: number;
  readonly lines: readonly SkuUnits[];
  readonly reason: string;
  readonly by: string;
  readonly state: 'pending' | 'done' | 'refused';
  /** When a pending one is taken back, ms: nobody waits for its answer any more. */
  readonly due?: number;
}

interface AdjustmentDoc extends Adjustment {
  readonly _id: string;
}

export const adjustmentSchema = recordSchema<AdjustmentDoc>(ADJUSTMENTS, {
  seller: { type: String, required: true },
  id: { type: String, required: true },
  v: { type: Number, required: true },
  attempt: { type: Number, required: true },
  lines: { type: [FREE], required: true },
  reason: { type: String, required: true },
  by: { type: String, required: true },
  state: { type: String, required: true },
  due: { type: Number },
});

/** Relative moves by their caller's id. */
@Injectable()
export class AdjustmentsStore {
  constructor(@InjectModel(ADJUSTMENTS) private readonly model: Model<AdjustmentDoc>) {}

  async find(seller: SellerId, id: string): Promise<Adjustment | undefined> {
    const doc = await this.model.findOne({ _id: keyOf(seller, id) }).lean<AdjustmentDoc>();
    return doc === null ? undefined : plain(doc);
  }

  /** Writes over version `v - 1`; version 1 makes it. False when somebody else was first. */
  async swap(adjustment: Adjustment): Promise<boolean> {
    const _id = keyOf(adjustment.seller, adjustment.id);
    if (adjustment.v > 1) {
      const answer = await this.model.replaceOne({ _id, v: adjustment.v - 1 }, { ...adjustment, _id });
      return answer.modifiedCount === 1;
    }
    try {
      await this.model.create({ ...adjustment, _id });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** Pending ones that nobody waits for any more. */
  async dueBefore(now: number, limit: number): Promise<readonly Adjustment[]> {
    const docs = await this.model
      .find({ due: { $lte: now } })
      .sort({ due: 1 })
      .limit(limit)
      .lean<AdjustmentDoc[]>();
    return docs.map(plain);
  }
}

function plain({ _id, ...adjustment }: AdjustmentDoc): Adjustment {
  return adjustment;
}
