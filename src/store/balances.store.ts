import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Collection, Filter } from 'mongodb';
import type { Model } from 'mongoose';
import { keyOf, type Position, type SellerId } from '../domain';
import { onlyDuplicates } from './duplicate-key';
import type { SkuRef } from './moves.store';
import { FREE, recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const BALANCES = 'balances';

/** A position as it was at a version: what is older need not be folded any more. */
export interface Balance {
  readonly position: Position;
  /** The hub's instant of the newest move in it, ms. */
  readonly at: number;
}

interface BalanceDoc extends Balance {
  readonly _id: string;
  readonly seller: SellerId;
  readonly sku: string;
  readonly v: number;
}

export const balanceSchema = recordSchema<BalanceDoc>(BALANCES, {
  seller: { type: String, required: true },
  sku: { type: String, required: true },
  v: { type: Number, required: true },
  at: { type: Number, required: true },
  position: { type: FREE, required: true },
});

/** Dated balances of positions, written by the ledger as moves go to the archive. Never edited. */
@Injectable()
export class BalancesStore {
  constructor(@InjectModel(BALANCES) private readonly model: Model<BalanceDoc>) {}

  /** Keeps a committed state. One that is kept already is the same one. */
  async insert({ seller, sku }: SkuRef, balance: Balance): Promise<void> {
    const { v } = balance.position;
    try {
      await this.collection().insertOne({ ...balance, seller, sku, v, _id: keyOf(seller, sku, String(v)) });
    } catch (error) {
      if (!onlyDuplicates(error)) throw error;
    }
  }

  /** The newest balance of an instant, at or before `at`. */
  async before({ seller, sku }: SkuRef, at: number): Promise<Balance | undefined> {
    const [found] = await this.collection()
      .find({ seller, sku, at: { $lte: at } } as Filter<BalanceDoc>)
      .sort({ seller: -1, sku: -1, at: -1 })
      .limit(1)
      .toArray();
    return found === undefined ? undefined : { position: found.position, at: found.at };
  }

  private collection(): Collection<BalanceDoc> {
    return this.model.collection as unknown as Collection<BalanceDoc>;
  }
}
