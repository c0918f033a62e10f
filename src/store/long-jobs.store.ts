import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { keyOf, type LongJobId, type SellerId } from '../domain';
import { Clock } from '../platform/clock';
import { isDuplicateKey } from './duplicate-key';
import { FREE, recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const LONG_JOBS = 'long-jobs';

export type LongJobState = 'waiting' | 'running' | 'done' | 'failed';

/** Work of many steps, with its progress: an import, a first synchronisation, an audit. */
export interface LongJob {
  readonly id: string;
  readonly v: number;
  readonly seller: SellerId;
  readonly kind: string;
  /** What it is about, a shop as a rule: one job of a kind at a time for it. */
  readonly about: string;
  readonly wish: Readonly<Record<string, unknown>>;
  readonly state: LongJobState;
  /** Pieces that are through, and how many there are where that is known. */
  readonly done: number;
  readonly total?: number;
  /** Where the next step begins. */
  readonly cursor?: unknown;
  /** What it has to say so far; bounded by its kind. */
  readonly report: Readonly<Record<string, unknown>>;
  /** Why it failed, or is tried again. */
  readonly reason?: string;
  /** How often the present step was tried again. */
  readonly tries: number;
  readonly by: string;
  readonly startedAt: number;
  readonly updatedAt: number;
  /** When somebody is to look at it; while a step runs, when that step counts as lost. */
  readonly due?: number;
}

/** What one step did. */
export interface LongStep {
  readonly done: number;
  readonly total?: number;
  readonly cursor?: unknown;
  readonly report?: Readonly<Record<string, unknown>>;
  readonly isFinished: boolean;
  /** How long the next step waits. */
  readonly delayMs?: number;
}

interface LongJobDoc extends LongJob {
  readonly _id: LongJobId;
  /** Seller, kind and about, while it is not over: unique. */
  readonly only?: string;
  readonly expiresAt?: Date;
}

export const longJobSchema = recordSchema<LongJobDoc>(LONG_JOBS, {
  id: { type: String, required: true },
  v: { type: Number, required: true },
  seller: { type: String, required: true },
  kind: { type: String, required: true },
  about: { type: String, required: true },
  wish: { type: FREE, required: true },
  state: { type: String, enum: ['waiting', 'running', 'done', 'failed'], required: true },
  done: { type: Number, required: true },
  total: { type: Number },
  cursor: { type: FREE },
  report: { type: FREE, required: true },
  reason: { type: String },
  tries: { type: Number, required: true },
  by: { type: String, required: true },
  startedAt: { type: Number, required: true },
  updatedAt: { type: Number, required: true },
  due: { type: Number },
  only: { type: String },
  expiresAt: { type: Date },
});

const KEPT_MS = 30 * 86_400_000;

/** Long work by seller and id. */
@Injectable()
export class LongJobsStore {
  constructor(
    @InjectModel(LONG_JOBS) private readonly model: Model<LongJobDoc>,
    private readonly clock: Clock,
  ) {}

  /**
   * Begins it, or answers the one of this kind that is not over yet. Its worker finds it within a second. Under an `id`
   * of the asker's it is begun once, and answered as it is, also when it is over.
   */
  async begin(ask: Pick<LongJob, 'seller' | 'kind' | 'about' | 'wish' | 'by'> & { id?: string }): Promise<LongJob> {
    const now = this.clock.now();
    const { id = randomUUID() } = ask;
    const job: LongJob = {
      ...{ ...ask, id, v: 1, state: 'waiting', done: 0, tries: 0, report: {} },
      ...{ startedAt: now, updatedAt: now, due: now },
    };
    const only = keyOf(ask.seller, ask.kind, ask.about);
    try {
      await this.model.create({ ...job, _id: keyOf(ask.seller, id) as LongJobId, only });
      return job;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const begun = ask.id === undefined ? undefined : await this.find(ask.seller, ask.id);
      if (begun !== undefined) return begun;
      const running = await this.model.findOne({ only }).lean<LongJobDoc>();
      return running === null ? this.begin(ask) : plain(running);
    }
  }

  async find(seller: SellerId, id: string): Promise<LongJob | undefined> {
    return this.read(keyOf(seller, id) as LongJobId);
  }

  async read(id: LongJobId): Promise<LongJob | undefined> {
    const doc = await this.model.findOne({ _id: id }).lean<LongJobDoc>();
    return doc === null ? undefined : plain(doc);
  }

  /** Takes the job for one step of at most `forMs`; undefined when somebody else has it, or it is over. */
  async claim(id: LongJobId, forMs: number): Promise<LongJob | undefined> {
    const now = this.clock.now();
    const job = await this.read(id);
    if (job?.due === undefined || job.due > now) return undefined;
    return this.swap(job, { state: 'running', due: now + forMs });
  }

  /** Keeps what a step did, unless the claim was lost. */
  async enter(job: LongJob, step: LongStep): Promise<LongJob | undefined> {
    const { done, total, cursor, report = job.report } = step;
    const progress = { done, report, tries: 0, ...(total !== undefined && { total }) };
    if (step.isFinished) return this.end(job, { ...progress, state: 'done' });
    const next = { ...progress, ...(cursor !== undefined && { cursor }) };
    return this.swap(job, { ...next, due: this.clock.now() + (step.delayMs ?? 0) });
  }

  /** It is tried again later, or not any more. */
  async fail(job: LongJob, reason: string, again?: { readonly delayMs: number }): Promise<void> {
    if (again === undefined) await this.end(job, { state: 'failed', reason });
    else await this.swap(job, { reason, tries: job.tries + 1, due: this.clock.now() + again.delayMs });
  }

  /** Jobs that somebody is to look at, those that wait longest first. */
  async dueBefore(now: number, limit: number): Promise<readonly { readonly id: LongJobId; readonly v: number }[]> {
    const docs = await this.model
      .find({ due: { $lte: now } }, { v: 1 })
      .sort({ due: 1 })
      .limit(limit)
      .lean<LongJobDoc[]>();
    return docs.map(({ _id, v }) => ({ id: _id, v }));
  }

  private swap(job: LongJob, change: Partial<LongJob>): Promise<LongJob | undefined> {
    return this.write(job, { $set: this.stamped(job, change) });
  }

  private end(job: LongJob, change: Partial<LongJob>): Promise<LongJob | undefined> {
    const expiresAt = new Date(this.clock.now() + KEPT_MS);
    return this.write(job, {
      $set: { ...this.stamped(job, change), expiresAt },
      $unset: { due: 1, only: 1, cursor: 1, ...(change.state === 'done' && { reason: 1 }) },
    });
  }

  private stamped(job: LongJob, change: Partial<LongJob>): Partial<LongJob> {
    return { ...change, v: job.v + 1, updatedAt: this.clock.now() };
  }

  private async write(job: LongJob, update: Readonly<Record<string, unknown>>): Promise<LongJob | undefined> {
    const filter = { _id: keyOf(job.seller, job.id) as LongJobId, v: job.v };
    const doc = await this.model.findOneAndUpdate(filter, update, { new: true }).lean<LongJobDoc>();
    return doc === null ? undefined : plain(doc);
  }
}

function plain({ _id, only: _only, expiresAt: _expiresAt, ...job }: LongJobDoc): LongJob {
  return job;
}
