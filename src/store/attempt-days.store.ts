import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { FilterQuery, Model } from 'mongoose';
import { keyOf, type AttemptState, type SellerId, type ShopId, type Trigger } from '../domain';
import { isDuplicateKey } from './duplicate-key';
import { FREE, recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const ATTEMPT_DAYS = 'attempt-days';

/** How often each trigger ended in each state. */
export type AttemptCounts = Readonly<Partial<Record<Trigger, Readonly<Partial<Record<AttemptState, number>>>>>>;

/** A shop's attempts of one day (UTC). */
export interface AttemptDay {
  readonly seller: SellerId;
  readonly shop: ShopId;
  /** `2026-11-21`. */
  readonly day: string;
  readonly counts: AttemptCounts;
}

interface Counted {
  readonly seller: SellerId;
  readonly shop: ShopId;
  readonly at: number;
  readonly trigger: Trigger;
  readonly state: AttemptState;
}

/** What is added to the counts of a day, by field. */
interface Adding {
  readonly day: Omit<AttemptDay, 'counts'>;
  readonly more: Record<string, number>;
}

interface AttemptDayDoc extends AttemptDay {
  readonly _id: string;
}

export const attemptDaySchema = recordSchema<AttemptDayDoc>(ATTEMPT_DAYS, {
  seller: { type: String, required: true },
  shop: { type: String, required: true },
  day: { type: String, required: true },
  counts: { type: FREE, required: true },
});

const MOST_TRIES = 5;

/** What is left of attempts when they are gone: counted as they are written. */
@Injectable()
export class AttemptDaysStore {
  constructor(@InjectModel(ATTEMPT_DAYS) private readonly model: Model<AttemptDayDoc>) {}

  /** One write for attempts of one moment. */
  async count(attempts: readonly Counted[]): Promise<void> {
    const days = new Map<string, Adding>();
    for (const { seller, shop, at, trigger, state } of attempts) {
      const day = new Date(at).toISOString().slice(0, 10);
      const id = keyOf(seller, shop, day);
      const adding = days.get(id) ?? { day: { seller, shop, day }, more: {} };
      const field = `counts.${trigger}.${state}`;
      adding.more[field] = (adding.more[field] ?? 0) + 1;
      days.set(id, adding);
    }
    await Promise.all([...days].map(([id, adding]) => this.add(id, adding)));
  }

  /** Days of a shop, or of all, the newest first; `below` is where the last page ended. */
  async list(
    seller: SellerId,
    page: {
      readonly shop?: ShopId;
      readonly from?: string;
      readonly to?: string;
      readonly below?: { readonly day: string; readonly shop: ShopId };
      readonly limit: number;
    },
  ): Promise<AttemptDay[]> {
    const { shop, from, to, below, limit } = page;
    const range = { ...(from !== undefined && { $gte: from }), ...(to !== undefined && { $lte: to }) };
    const filter: FilterQuery<AttemptDayDoc> = {
      seller,
      ...(shop !== undefined && { shop }),
      ...((from ?? to) !== undefined && { day: range }),
    };
    const pages = below === undefined ? [filter] : after(filter, below);
    const found: AttemptDayDoc[] = [];
    for (const each of pages) {
      const rest = limit - found.length;
      if (rest > 0) found.push(...(await this.read(each, rest)));
    }
    return found.map(({ _id, ...day }) => day);
  }

  private read(filter: FilterQuery<AttemptDayDoc>, limit: number): Promise<AttemptDayDoc[]> {
    return this.model.find(filter).sort({ day: -1, shop: 1 }).limit(limit).lean<AttemptDayDoc[]>();
  }

  /** Of two that count the first attempts of a day one makes it, and the other adds to it. */
  private async add(id: string, { day, more }: Adding): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.model.updateOne({ _id: id }, { $inc: more, $setOnInsert: day }, { upsert: true });
        return;
      } catch (error) {
        if (!isDuplicateKey(error) || tries === MOST_TRIES) throw error;
      }
    }
  }
}

/** The rest of the day where the page ended, and the days before it. */
const after = (
  filter: FilterQuery<AttemptDayDoc>,
  { day, shop }: { readonly day: string; readonly shop: ShopId },
): readonly FilterQuery<AttemptDayDoc>[] => [
  ...(filter.shop === undefined ? [{ ...filter, day, shop: { $gt: shop } }] : []),
  { ...filter, day: { ...(filter.day as object), $lt: day } },
];
