import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { keyOf, type PushRhythm, type SellerId, type ShopId } from '../domain';
import { Batcher } from '../platform/batch';
import { onlyDuplicates } from './duplicate-key';
import { FREE, recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const POLL_CURSORS = 'poll-cursors';

/** A pass over one window of a shop's list, as far as it is. */
export interface PollPass {
  readonly from: number;
  readonly to: number;
  /** The channel's word on where the next page begins; absent before the first. */
  readonly next?: string;
  readonly seen: number;
  readonly written: number;
  /** When the cursor last went on before this pass: a pass that is given up has moved nothing. */
  readonly movedBefore?: number;
}

/** An order that is in the list and could not be read, and since when. */
export interface UnreadOrder {
  readonly externalId: string;
  readonly since: number;
  readonly why: string;
}

/** How far a shop's orders are read, by polling. Instants in ms. */
export interface PollCursor {
  /** `seller|shop`. */
  readonly id: string;
  readonly v: number;
  readonly seller: SellerId;
  readonly shop: ShopId;
  readonly since: number;
  /** When somebody is to look; while somebody does, when that one counts as lost. */
  readonly due: number;
  /** Somebody looks, and counts as lost from then on; absent while nobody does. */
  readonly heldUntil?: number;
  /** When the list is read next, whatever the pushes do. */
  readonly pollAt: number;
  /** Everything that the channel changed before is here. */
  readonly readTo: number;
  /** When the cursor, or a page of its pass, last went on; absent while the shop cannot be called. */
  readonly movedAt?: number;
  readonly pass?: PollPass;
  readonly last?: { readonly at: number; readonly end: string; readonly seen: number; readonly written: number };
  readonly failures: number;
  readonly unread: readonly UnreadOrder[];
  /** Pushes heard since the last look. */
  readonly heard: number;
  readonly heardAt?: number;
  readonly rhythm?: PushRhythm;
  /** Orders that polling found and no push told, since the last push. */
  readonly untold: number;
  readonly auditAt: number;
  /** Listings are off sale until every order of up to then is in the ledger; and up to when that is so. */
  readonly hearTo?: number;
  readonly heardTo?: number;
}

/** What a look changes; what is undefined goes. `heardTaken` of the heard pushes are accounted for. */
export interface CursorChange {
  readonly due: number;
  readonly heldUntil: number | undefined;
  readonly pollAt?: number;
  readonly readTo?: number;
  readonly movedAt?: number | undefined;
  readonly pass?: PollPass | undefined;
  readonly last?: PollCursor['last'];
  readonly failures?: number;
  readonly unread?: readonly UnreadOrder[];
  readonly rhythm?: PushRhythm;
  readonly untold?: number;
  readonly heardTaken?: number;
  readonly heardTo?: number;
}

interface CursorDoc extends Omit<PollCursor, 'id'> {
  readonly _id: string;
}

interface HeardPushes {
  readonly id: string;
  readonly pushes: number;
  readonly at: number;
}

export const pollCursorSchema = recordSchema<CursorDoc>(POLL_CURSORS, {
  v: { type: Number, required: true },
  seller: { type: String, required: true },
  shop: { type: String, required: true },
  since: { type: Number, required: true },
  due: { type: Number, required: true },
  pollAt: { type: Number, required: true },
  readTo: { type: Number, required: true },
  movedAt: { type: Number },
  pass: { type: FREE },
  last: { type: FREE },
  failures: { type: Number, required: true },
  unread: { type: [FREE], required: true },
  heard: { type: Number, required: true },
  heardAt: { type: Number },
  rhythm: { type: FREE },
  untold: { type: Number, required: true },
  auditAt: { type: Number, required: true },
  heldUntil: { type: Number },
  hearTo: { type: Number },
  heardTo: { type: Number },
});

const HEARD_FLUSH_MS = 2000;
const MOST_HEARD_WAITING = 20_000;

export const cursorIdOf = (seller: SellerId, shop: ShopId): string => keyOf(seller, shop);

/** One cursor per shop whose channel lists its orders. Who swaps its version holds it. */
@Injectable()
export class PollCursorsStore implements BeforeApplicationShutdown {
  private readonly hearing = new Batcher<HeardPushes, true>({
    flushMs: HEARD_FLUSH_MS,
    most: 2000,
    inFlight: 1,
    waiting: MOST_HEARD_WAITING,
    write: (heard) => this.keepHeard(heard),
  });

  constructor(@InjectModel(POLL_CURSORS) private readonly model: Model<CursorDoc>) {}

  async beforeApplicationShutdown(): Promise<void> {
    await this.hearing.drain();
  }

  /** Makes those that are missing. */
  async ensure(cursors: readonly Omit<PollCursor, 'v'>[]): Promise<number> {
    const ids = cursors.map(({ id }) => id);
    const there = await this.model.find({ _id: { $in: ids } }, { _id: 1 }).lean<{ _id: string }[]>();
    const known = new Set(there.map(({ _id }) => _id));
    const missing = cursors.filter(({ id }) => !known.has(id)).map(({ id, ...rest }) => ({ ...rest, _id: id, v: 1 }));
    if (missing.length === 0) return 0;
    try {
      await this.model.insertMany(missing, { ordered: false });
    } catch (error) {
      if (!onlyDuplicates(error)) throw error;
    }
    return missing.length;
  }

  async find(seller: SellerId, shop: ShopId): Promise<PollCursor | undefined> {
    const doc = await this.model.findOne({ _id: cursorIdOf(seller, shop) }).lean<CursorDoc>();
    return doc === null ? undefined : plain(doc);
  }

  /** Cursors that somebody is to look at, those that wait longest first. */
  async dueBefore(now: number, limit: number): Promise<readonly PollCursor[]> {
    return this.read({ due: { $lte: now } }, 'due', limit);
  }

  /** Cursors whose shop is to be audited. */
  async auditsDueBefore(now: number, limit: number): Promise<readonly PollCursor[]> {
    return this.read({ auditAt: { $lte: now } }, 'auditAt', limit);
  }

  /** Keeps what a look did; undefined when somebody else took over. */
  async enter(cursor: PollCursor, change: CursorChange): Promise<PollCursor | undefined> {
    const { heardTaken = 0, ...fields } = change;
    const entries = Object.entries(fields);
    const set = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    const unset = Object.fromEntries(entries.filter(([, value]) => value === undefined).map(([name]) => [name, 1]));
    return this.swap(cursor, {
      $set: { ...set, v: cursor.v + 1 },
      ...(Object.keys(unset).length > 0 && { $unset: unset }),
      ...(heardTaken > 0 && { $inc: { heard: -heardTaken } }),
    });
  }

  /** The shop is gone. */
  async remove({ id, v }: PollCursor): Promise<void> {
    await this.model.deleteOne({ _id: id, v });
  }

  /**
   * The shop's list is to be read now, and every order of up to now heard of: the end of a list is not read before it is
   * settled. Whoever is at it began before, and its word on when to look next counts no more.
   */
  async wake(seller: SellerId, shop: ShopId, now: number): Promise<void> {
    const isDue = { $min: { due: now, pollAt: now }, $max: { hearTo: now }, $unset: { heldUntil: 1 } };
    await this.model.updateOne({ _id: cursorIdOf(seller, shop) }, { ...isDue, $inc: { v: 1 } });
  }

  /** Every order of up to `to` is to be in the ledger; somebody is to look at `due`, unless somebody does. */
  async askToHear(
    { seller, shop }: { readonly seller: SellerId; readonly shop: ShopId },
    { to, due, now }: { readonly to: number; readonly due: number; readonly now: number },
  ): Promise<void> {
    const _id = cursorIdOf(seller, shop);
    await this.model.updateOne({ _id }, { $max: { hearTo: to } });
    await this.model.updateOne({ _id, heldUntil: { $not: { $gt: now } } }, { $min: { due } });
  }

  /** The next audit; `from` is the instant as it was read: one process alone moves it. */
  async moveAudit({ id, auditAt: from }: PollCursor, to: number): Promise<boolean> {
    const answer = await this.model.updateOne({ _id: id, auditAt: from }, { $set: { auditAt: to } });
    return answer.modifiedCount === 1;
  }

  /** Counts pushes of a shop; kept within seconds, many shops in one write. A lost count is a count less. */
  hear(seller: SellerId, shop: ShopId, heard: { readonly pushes: number; readonly at: number }): void {
    if (heard.pushes === 0) return;
    void this.hearing.add({ id: cursorIdOf(seller, shop), ...heard }).catch(() => undefined);
  }

  /** When the cursor that is furthest behind last went on, of those whose shops can be called. */
  async oldest(): Promise<number | undefined> {
    const [doc] = await this.model
      .find({ movedAt: { $gt: 0 } }, { movedAt: 1 })
      .sort({ movedAt: 1 })
      .limit(1)
      .lean<CursorDoc[]>();
    return doc?.movedAt;
  }

  private async keepHeard(heard: readonly HeardPushes[]): Promise<readonly true[]> {
    const sums = new Map<string, { pushes: number; at: number }>();
    for (const { id, pushes, at } of heard) {
      const sum = sums.get(id);
      sums.set(id, { pushes: pushes + (sum?.pushes ?? 0), at: Math.max(at, sum?.at ?? 0) });
    }
    await this.model.bulkWrite(
      [...sums].map(([id, { pushes, at }]) => ({
        updateOne: { filter: { _id: id }, update: { $inc: { heard: pushes }, $max: { heardAt: at } } },
      })),
      { ordered: false },
    );
    return heard.map(() => true);
  }

  private async read(
    filter: Readonly<Record<string, { $lte: number }>>,
    by: 'due' | 'auditAt',
    limit: number,
  ): Promise<readonly PollCursor[]> {
    const docs = await this.model
      .find(filter)
      .sort({ [by]: 1 })
      .limit(limit)
      .lean<CursorDoc[]>();
    return docs.map(plain);
  }

  private async swap(
    { id, v }: Pick<PollCursor, 'id' | 'v'>,
    update: Readonly<Record<string, unknown>>,
  ): Promise<PollCursor | undefined> {
    const doc = await this.model.findOneAndUpdate({ _id: id, v }, update, { new: true }).lean<CursorDoc>();
    return doc === null ? undefined : plain(doc);
  }
}

const plain = ({ _id, ...rest }: CursorDoc): PollCursor => ({ ...rest, id: _id });
