import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { FilterQuery, Model } from 'mongoose';
import { inBatches, keyOf, type SellerId, type StockRow } from '../domain';
import { Clock } from '../platform/clock';
import { FREE, recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const STOCK_FILES = 'stock-files';

/** A stock file that a seller sent. */
export interface StockFileRef {
  readonly seller: SellerId;
  readonly file: string;
}

/** A piece of a file; its number is part of its id, from 0. */
interface PieceDoc extends StockFileRef {
  readonly _id: string;
  readonly rows: readonly StockRow[];
  readonly lastRow: number;
  readonly faulty: boolean;
  readonly expiresAt: Date;
}

export const stockFileSchema = recordSchema<PieceDoc>(STOCK_FILES, {
  seller: { type: String, required: true },
  file: { type: String, required: true },
  rows: { type: [FREE], required: true },
  lastRow: { type: Number, required: true },
  faulty: { type: Boolean, required: true },
  expiresAt: { type: Date, required: true },
});

const ROWS_PER_PIECE = 1000;
/** Longer than the job that works on it is kept. */
const KEPT_MS = 35 * 86_400_000;

/** The rows of stock files, in pieces of bounded size, until some time after their job. */
@Injectable()
export class StockFilesStore {
  constructor(
    @InjectModel(STOCK_FILES) private readonly model: Model<PieceDoc>,
    private readonly clock: Clock,
  ) {}

  /** Keeps a new file; answers how many pieces it has. */
  async keep(ref: StockFileRef, rows: readonly StockRow[]): Promise<number> {
    const expiresAt = new Date(this.clock.now() + KEPT_MS);
    const pieces = inBatches(rows, ROWS_PER_PIECE);
    for (const [at, piece] of pieces.entries()) {
      const doc = { ...ref, _id: idOf(ref, at), ...stateOf(piece), expiresAt };
      await this.model.collection.insertOne(doc as never);
    }
    return pieces.length;
  }

  async piece(ref: StockFileRef, at: number): Promise<readonly StockRow[]> {
    const doc = await this.model.findOne({ _id: idOf(ref, at) }).lean<PieceDoc>();
    return doc?.rows ?? [];
  }

  /** Writes what was found out about the rows of a piece. */
  async judge(ref: StockFileRef, at: number, rows: readonly StockRow[]): Promise<void> {
    await this.model.updateOne({ _id: idOf(ref, at) }, { $set: stateOf(rows) });
  }

  /** Rows after one of them, in their order. */
  async rowsAfter(
    ref: StockFileRef,
    page: { readonly after: number; readonly limit: number; readonly areFaulty?: boolean },
  ): Promise<readonly StockRow[]> {
    const { limit, areFaulty = false } = page;
    const found: StockRow[] = [];
    for (let { after } = page; found.length < limit;) {
      const piece = await this.pieceAfter(ref, after, areFaulty);
      if (piece === undefined) break;
      found.push(...piece.rows.filter(({ row, faults }) => row > page.after && (!areFaulty || faults !== undefined)));
      after = piece.lastRow;
    }
    return found.slice(0, limit);
  }

  private async pieceAfter(ref: StockFileRef, row: number, isFaulty: boolean): Promise<PieceDoc | undefined> {
    const filter: FilterQuery<PieceDoc> = { ...ref, ...(isFaulty && { faulty: true }), lastRow: { $gt: row } };
    const [doc] = await this.model.find(filter).sort({ lastRow: 1 }).limit(1).lean<PieceDoc[]>();
    return doc;
  }
}

const idOf = ({ seller, file }: StockFileRef, at: number): string => keyOf(seller, file, String(at));

const stateOf = (rows: readonly StockRow[]): Pick<PieceDoc, 'rows' | 'lastRow' | 'faulty'> => ({
  rows,
  lastRow: rows.at(-1)?.row ?? 0,
  faulty: rows.some(({ faults }) => faults !== undefined),
});
