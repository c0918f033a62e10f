import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { Clock } from '../platform/clock';
import { isDuplicateKey } from './duplicate-key';
import { recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const LEASES = 'leases';

/** The right of one process to do one thing for a while. */
export interface Lease {
  readonly name: string;
  /** Rises with every holder: a write that carries it can be refused when a later holder has written. */
  readonly fence: number;
  readonly token: string;
}

interface LeaseDoc {
  readonly _id: string;
  readonly v: number;
  readonly token: string;
  readonly until: number;
}

export const leaseSchema = recordSchema<LeaseDoc>(LEASES, {
  v: { type: Number, required: true },
  token: { type: String, required: true },
  until: { type: Number, required: true },
});

/** Leases on what must be done by one process at a time, each with a fencing number. */
@Injectable()
export class LeasesStore {
  constructor(
    @InjectModel(LEASES) private readonly model: Model<LeaseDoc>,
    private readonly clock: Clock,
  ) {}

  /** Undefined while somebody else holds it. `forMs` longer than the work may take. */
  async take(name: string, forMs: number): Promise<Lease | undefined> {
    const now = this.clock.now();
    const found = await this.model.findOne({ _id: name }).lean<LeaseDoc>();
    if (found !== null && found.until > now) return undefined;
    const next = { v: (found?.v ?? 0) + 1, token: randomUUID(), until: now + forMs };
    const won = found === null ? await this.make(name, next) : await this.follow(found, next);
    return won ? { name, fence: next.v, token: next.token } : undefined;
  }

  /** Holds it longer; false when it was lost. */
  async renew({ name, fence, token }: Lease, forMs: number): Promise<boolean> {
    const $set = { until: this.clock.now() + forMs };
    const answer = await this.model.updateOne({ _id: name, v: fence, token }, { $set });
    return answer.matchedCount === 1;
  }

  /** Gives it back, where it is still held. */
  async release({ name, fence, token }: Lease): Promise<void> {
    await this.model.updateOne({ _id: name, v: fence, token }, { $set: { until: 0 } });
  }

  private async make(name: string, next: Omit<LeaseDoc, '_id'>): Promise<boolean> {
    try {
      await this.model.create({ _id: name, ...next });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  private async follow(found: LeaseDoc, next: Omit<LeaseDoc, '_id'>): Promise<boolean> {
    const answer = await this.model.updateOne({ _id: found._id, v: found.v }, { $set: next });
    return answer.modifiedCount === 1;
  }
}
