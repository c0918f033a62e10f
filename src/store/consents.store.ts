import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { AppId, SellerId } from '../domain';
import { recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const CONSENTS = 'consents';

/** A seller was sent to a channel to authorise shops, and has not come back yet. */
export interface ConsentRecord {
  readonly seller: SellerId;
  readonly app: AppId;
  readonly channel: string;
  /** The key that began it, `root` for the root key, and the person it belongs to. */
  readonly starter: { readonly key: string; readonly person: string };
  readonly createdAt: number;
  readonly until: number;
}

interface ConsentDoc extends Omit<ConsentRecord, 'starter'> {
  readonly _id: string;
  readonly v: number;
  readonly starterKey: string;
  readonly starterPerson: string;
  readonly expiresAt: Date;
}

export const consentSchema = recordSchema<ConsentDoc>(CONSENTS, {
  v: { type: Number, required: true },
  seller: { type: String, required: true },
  app: { type: String, required: true },
  channel: { type: String, required: true },
  starterKey: { type: String, required: true },
  starterPerson: { type: String, required: true },
  createdAt: { type: Number, required: true },
  until: { type: Number, required: true },
  expiresAt: { type: Date, required: true },
});

const OPEN = 1;
const SPENT = 2;
/** A spent state is kept a little, so that nobody wonders what became of it. */
const KEPT_MS = 3_600_000;

/** States of consents that are under way: each is good once, and only its hash is stored. */
@Injectable()
export class ConsentsStore {
  constructor(@InjectModel(CONSENTS) private readonly model: Model<ConsentDoc>) {}

  async insert(state: string, { starter, ...consent }: ConsentRecord): Promise<void> {
    const who = { starterKey: starter.key, starterPerson: starter.person };
    const expiresAt = new Date(consent.until + KEPT_MS);
    await this.model.create({ _id: hashOf(state), v: OPEN, ...consent, ...who, expiresAt });
  }

  /** Spends the state. Undefined when it is unknown, over, spent, or of another channel. */
  async spend(state: string, channel: string, now: number): Promise<ConsentRecord | undefined> {
    const good = { _id: hashOf(state), v: OPEN, channel, until: { $gt: now } };
    const doc = await this.model.findOneAndUpdate(good, { $set: { v: SPENT } }).lean<ConsentDoc>();
    if (!doc) return undefined;
    const { _id, v: _v, expiresAt: _end, starterKey: key, starterPerson: person, ...consent } = doc;
    return { ...consent, starter: { key, person } };
  }
}

const hashOf = (state: string): string => createHash('sha256').update(state).digest('hex');
