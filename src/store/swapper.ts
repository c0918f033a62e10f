import { randomBytes } from 'node:crypto';
import { onlyDuplicates } from './duplicate-key';
import type { AnyBulkWriteOperation, Collection } from 'mongodb';

/** A versioned document; `w` is the mark of the write that made this version. */
export interface Versioned {
  readonly _id: string;
  readonly v: number;
  readonly w?: string;
}

/** One compare-and-swap on one document. `was` is the version as read; 0 inserts. */
export interface Swap<Doc extends Versioned> {
  readonly was: number;
  readonly next: Doc;
  /** What to write instead of the whole document, where the document is large. Must set `v`. */
  readonly update?: Readonly<Record<string, unknown>>;
}

interface Waiting<Doc extends Versioned> {
  readonly swap: Swap<Doc>;
  readonly w: string;
  readonly resolve: (won: boolean) => void;
  readonly reject: (error: unknown) => void;
}

const MOST_PER_WRITE = 64;
const MOST_IN_FLIGHT = 4;
const PROCESS_MARK = randomBytes(6).toString('hex');

/**
 * Compare-and-swaps of one collection, those of one moment in one write. A swap is told *won* only when that is
 * certain; an uncertain one (won, and overtaken at once) is told *lost*: whoever asks again finds its own doing and
 * does nothing. Filter exactly `{_id, v}`.
 */
export class Swapper<Doc extends Versioned> {
  private waiting: Waiting<Doc>[] = [];
  private inFlight = 0;
  private planned = false;
  private count = 0;

  constructor(private readonly collection: () => Collection<Doc>) {}

  /** True when the document went from version `was` to `next` by this write. */
  swap(swap: Swap<Doc>): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.count += 1;
      this.waiting.push({ swap, w: `${PROCESS_MARK}${this.count.toString(36)}`, resolve, reject });
      this.plan();
    });
  }

  private plan(): void {
    if (this.planned || this.inFlight >= MOST_IN_FLIGHT || this.waiting.length === 0) return;
    this.planned = true;
    setImmediate(() => {
      this.planned = false;
      const batch = this.waiting.splice(0, MOST_PER_WRITE);
      this.inFlight += 1;
      void this.flush(batch).finally(() => {
        this.inFlight -= 1;
        this.plan();
      });
      this.plan();
    });
  }

  private async flush(batch: readonly Waiting<Doc>[]): Promise<void> {
    try {
      const certain = await this.write(batch);
      const won = certain ?? (await this.findOut(batch));
      batch.forEach((each) => each.resolve(won.has(each.w)));
    } catch (error) {
      batch.forEach((each) => each.reject(error));
    }
  }

  /** The marks that won, or undefined when the answer leaves that open. */
  private async write(batch: readonly Waiting<Doc>[]): Promise<ReadonlySet<string> | undefined> {
    const operations = batch.map(({ swap, w }) => operationOf(swap, w));
    try {
      const answer = await this.collection().bulkWrite(operations, { ordered: false });
      const all = answer.matchedCount + answer.insertedCount === batch.length;
      return all ? new Set(batch.map((each) => each.w)) : this.single(batch);
    } catch (error) {
      if (!onlyDuplicates(error)) throw error;
      return batch.length === 1 ? new Set() : undefined;
    }
  }

  private single(batch: readonly Waiting<Doc>[]): ReadonlySet<string> | undefined {
    return batch.length === 1 ? new Set() : undefined;
  }

  private async findOut(batch: readonly Waiting<Doc>[]): Promise<ReadonlySet<string>> {
    const ids = batch.map((each) => each.swap.next._id);
    const filter = { _id: { $in: ids } } as unknown as Parameters<Collection<Doc>['find']>[0];
    const docs = await this.collection()
      .find(filter, { projection: { w: 1 } })
      .toArray();
    return new Set(docs.map((doc) => String(doc['w'])));
  }
}

function operationOf<Doc extends Versioned>(swap: Swap<Doc>, w: string): AnyBulkWriteOperation<Doc> {
  const operation =
    swap.was === 0
      ? { insertOne: { document: { ...swap.next, w } } }
      : swap.update === undefined
        ? { replaceOne: { filter: { _id: swap.next._id, v: swap.was }, replacement: { ...swap.next, w } } }
        : { updateOne: { filter: { _id: swap.next._id, v: swap.was }, update: marked(swap.update, w) } };
  return operation as unknown as AnyBulkWriteOperation<Doc>;
}

const marked = (update: Readonly<Record<string, unknown>>, w: string): Record<string, unknown> => ({
  ...update,
  $set: { ...(update['$set'] as Record<string, unknown>), w },
});
