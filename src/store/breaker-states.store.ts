import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { keyOf } from '../domain';
import { worstOf, type BreakerReport, type BreakerState } from '../platform/breaker';
import { recordSchema } from './record-schema';
import type { ShopRecord } from './shops.store';

/** The model's name, which is the collection's. */
export const BREAKER_STATES = 'breaker-states';

interface BreakerStateDoc extends BreakerReport {
  readonly _id: string;
  /** Empty where the host is everybody's. */
  readonly shop: string;
  readonly until: number;
  readonly expiresAt: Date;
}

export const breakerStateSchema = recordSchema<BreakerStateDoc>(BREAKER_STATES, {
  channel: { type: String, required: true },
  host: { type: String, required: true },
  shop: { type: String, default: '' },
  state: { type: String, required: true },
  until: { type: Number, required: true },
  expiresAt: { type: Date, required: true },
});

/** What the breakers of all processes say. A word counts for some seconds, so that a dead process says nothing. */
@Injectable()
export class BreakerStatesStore {
  constructor(@InjectModel(BREAKER_STATES) private readonly model: Model<BreakerStateDoc>) {}

  /** One process's word on its breakers, good until `until` (ms). */
  async report(processId: string, reports: readonly BreakerReport[], until: number): Promise<void> {
    if (reports.length === 0) return;
    await this.model.bulkWrite(
      reports.map((report) => {
        const { host, shop = '' } = report;
        const $set = { ...report, shop, until, expiresAt: new Date(until) };
        return { updateOne: { filter: { _id: keyOf(processId, host, shop) }, update: { $set }, upsert: true } };
      }),
      { ordered: false },
    );
  }

  /** The worst state that any process reports of the hosts that a shop calls; closed where none does. */
  async worstFor(
    { seller, id, channel }: Pick<ShopRecord, 'seller' | 'id' | 'channel'>,
    now: number,
  ): Promise<BreakerState> {
    const shop = { $in: ['', keyOf(seller, id)] };
    return worstOf(await this.model.find({ channel, shop, until: { $gt: now } }).lean<BreakerStateDoc[]>());
  }
}
