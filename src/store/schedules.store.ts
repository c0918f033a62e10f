import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { keyOf, type SellerId, type ShopId } from '../domain';
import type { Schedule } from '../platform/cron';
import { isDuplicateKey } from './duplicate-key';
import { FREE, recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const SCHEDULES = 'schedules';

/** Which listings of a shop are published once more; all of them where nothing is named. */
export interface RepublishScope {
  readonly skus?: readonly string[];
  readonly category?: string;
  /** Only those that were not read back for so long, in seconds. */
  readonly olderThanS?: number;
}

/** When a shop's listings are published once more. */
export interface ScheduleRecord extends Schedule {
  readonly seller: SellerId;
  readonly shop: ShopId;
  readonly id: string;
  readonly v: number;
  readonly scope: RepublishScope;
  /** The next instant; one that is past is caught up with once. Absent: there is none any more. */
  readonly due?: number;
  /** The instant that was begun last, and its work. */
  readonly last?: { readonly at: number; readonly job: string };
  readonly by: string;
}

interface ScheduleDoc extends ScheduleRecord {
  readonly _id: string;
}

export const scheduleSchema = recordSchema<ScheduleDoc>(SCHEDULES, {
  seller: { type: String, required: true },
  shop: { type: String, required: true },
  id: { type: String, required: true },
  v: { type: Number, required: true },
  cron: { type: String, required: true },
  timeZone: { type: String, required: true },
  scope: { type: FREE, required: true },
  due: { type: Number },
  last: { type: FREE },
  by: { type: String, required: true },
});

/** Most schedules of one shop. */
export const MOST_SCHEDULES = 20;

/** Whose schedules. */
interface ShopOf {
  readonly seller: SellerId;
  readonly shop: ShopId;
}

/** When shops are published once more. */
@Injectable()
export class SchedulesStore {
  constructor(@InjectModel(SCHEDULES) private readonly model: Model<ScheduleDoc>) {}

  /** All schedules of a shop. */
  async list({ seller, shop }: ShopOf): Promise<ScheduleRecord[]> {
    const docs = await this.model
      .find({ seller, shop })
      .sort({ id: 1 })
      .limit(2 * MOST_SCHEDULES)
      .lean<ScheduleDoc[]>();
    return docs.map(recordOf);
  }

  async find({ seller, shop }: ShopOf, id: string): Promise<ScheduleRecord | undefined> {
    const doc = await this.model.findOne({ _id: keyOf(seller, shop, id) }).lean<ScheduleDoc>();
    return doc ? recordOf(doc) : undefined;
  }

  /** Writes the schedule as version `v` over version `v - 1`; version 1 makes it. False when somebody was first. */
  async put(schedule: ScheduleRecord): Promise<boolean> {
    const _id = keyOf(schedule.seller, schedule.shop, schedule.id);
    const doc = { ...schedule, _id };
    if (schedule.v > 1) return (await this.model.replaceOne({ _id, v: schedule.v - 1 }, doc)).matchedCount === 1;
    try {
      await this.model.create(doc);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** False when there was none. */
  async remove({ seller, shop }: ShopOf, id: string): Promise<boolean> {
    return (await this.model.deleteOne({ _id: keyOf(seller, shop, id) })).deletedCount === 1;
  }

  /** Schedules whose instant has come, those that wait longest first. */
  async dueBefore(now: number, limit: number): Promise<ScheduleRecord[]> {
    const docs = await this.model
      .find({ due: { $lte: now } })
      .sort({ due: 1 })
      .limit(limit)
      .lean<ScheduleDoc[]>();
    return docs.map(recordOf);
  }
}

const recordOf = ({ _id, ...rest }: ScheduleDoc): ScheduleRecord => rest;
