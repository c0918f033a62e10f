import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { keyOf } from '../domain';
import type { BreakerReport, BreakerState } from '../platform/breaker';
import { recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const BREAKER_STATES = 'breaker-states';

interface BreakerStateDoc extends BreakerReport {
  readonly _id: string;
  readonly until: number;
  readonly expiresAt: Date;
}

export const breakerStateSchema = recordSchema<BreakerStateDoc>(BREAKER_STATES, {
  channel: { type: String, required: true },
  host: { type: String, required: true },
  state: { type: String, required: true },
  until: { type: Number, required: true },
  expiresAt: { type: Date, required: true },
});

const STATES: readonly BreakerState[] = ['closed', 'half-open', 'open'];

/** What the breakers of all processes say. A word counts for some seconds, so that a dead process says nothing. */
@Injectable()
export class BreakerStatesStore {
  constructor(@InjectModel(BREAKER_STATES) private readonly model: Model<BreakerStateDoc>) {}

  /** One process's word on its breakers, good until `until` (ms). */
  async report(processId: string, reports: readonly BreakerReport[], until: number): Promise<void> {
    if (reports.length === 0) return;
    await this.model.bulkWrite(
      reports.map((report) => {
        const $set = { ...report, until, expiresAt: new Date(until) };
        return { updateOne: { filter: { _id: keyOf(processId, report.host) }, update: { $set }, upsert: true } };
      }),
      { ordered: false },
    );
  }

  /** The worst state that any process reports of a channel; closed where none does. */
  async worstOf(channel: string, now: number): Promise<BreakerState> {
    const docs = await this.model.find({ channel, until: { $gt: now } }).lean<BreakerStateDoc[]>();
    return STATES[Math.max(0, ...docs.map(({ state }) => STATES.indexOf(state)))] ?? 'closed';
  }
}
