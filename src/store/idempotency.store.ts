import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { keyOf } from '../domain';
import { isDuplicateKey } from './duplicate-key';
import { FREE, recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const IDEMPOTENCY = 'idempotency';

/** One repeated call: who made it, where, and the header that names it. */
export interface IdempotencyRef {
  /** `root` where the hub's own key acts for nobody. */
  readonly seller: string;
  readonly key: string;
  readonly method: string;
  readonly route: string;
  readonly header: string;
}

/** An answer as it was given. `body` is absent where it held a secret. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type Beginning =
  /** Carry it out, then `finish` or `forget` with this mark. */
  | { readonly kind: 'begun'; readonly mark: number }
  | { readonly kind: 'in-flight' }
  | { readonly kind: 'other-body' }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer };

interface IdempotencyDoc {
  readonly _id: string;
  readonly body: string;
  /** Who is at it, until when; a dead process loses it. */
  readonly mark: number;
  readonly answer?: KeptAnswer;
  readonly expiresAt: Date;
}

const KEPT_MS = 24 * 3_600_000;
const LEASE_MS = 30_000;

export const idempotencySchema = recordSchema<IdempotencyDoc>(IDEMPOTENCY, {
  body: { type: String, required: true },
  mark: { type: Number, required: true },
  answer: { type: FREE },
  expiresAt: { type: Date, required: true },
});

/** Which calls were made, and what they were answered. */
@Injectable()
export class IdempotencyStore {
  constructor(@InjectModel(IDEMPOTENCY) private readonly model: Model<IdempotencyDoc>) {}

  /** Takes the call, or says what became of the one before it. */
  async begin(ref: IdempotencyRef, body: string, now: number): Promise<Beginning> {
    const fresh = { _id: idOf(ref), body, mark: now, expiresAt: new Date(now + KEPT_MS) };
    try {
      await this.model.create(fresh);
      return { kind: 'begun', mark: now };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const kept = await this.model.findOne({ _id: fresh._id }).lean<IdempotencyDoc>();
    if (!kept) return { kind: 'in-flight' };
    const isOver = kept.expiresAt.getTime() <= now || (!kept.answer && kept.mark + LEASE_MS <= now);
    if (isOver) return this.takeOver(kept, fresh);
    if (kept.body !== body) return { kind: 'other-body' };
    return kept.answer ? { kind: 'answered', answer: kept.answer } : { kind: 'in-flight' };
  }

  /** The call was carried out and answered. */
  async finish(ref: IdempotencyRef, mark: number, answer: KeptAnswer): Promise<void> {
    await this.model.updateOne({ _id: idOf(ref), mark }, { $set: { answer } });
  }

  /** The call changed nothing: the next one with this header is a first one. */
  async forget(ref: IdempotencyRef, mark: number): Promise<void> {
    await this.model.deleteOne({ _id: idOf(ref), mark });
  }

  private async takeOver(kept: IdempotencyDoc, fresh: IdempotencyDoc): Promise<Beginning> {
    const { body, mark, expiresAt } = fresh;
    const change = { $set: { body, mark, expiresAt }, $unset: { answer: 1 } };
    const answer = await this.model.updateOne({ _id: kept._id, mark: kept.mark }, change);
    return answer.matchedCount === 1 ? { kind: 'begun', mark } : { kind: 'in-flight' };
  }
}

const idOf = ({ seller, key, method, route, header }: IdempotencyRef): string =>
  keyOf(seller, key, method, route, header);
