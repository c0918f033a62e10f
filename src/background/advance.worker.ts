import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock';
import { Log, withLogContext } from '../platform/logger';
import { Pace } from '../platform/pace';
import { Queues } from '../platform/queues';
import { failureOf, planRetry, type Failure } from '../platform/retry';
import { Sweeps } from '../platform/sweep';
import { Workers, type Outcome, type Task } from '../platform/worker';
import { LongJobsStore, type LongJob, type LongStep } from '../store/long-jobs.store';
import { LongWork } from '../store/long-work';

/** A step that takes longer counts as lost, and another process begins it again. */
const STEP_MS = 120_000;
const SWEEP_MS = 1000;
const MOST_PER_SWEEP = 100;
/** Work that waits for a person (a token) is looked at again this often. */
const HELD_MS = 300_000;

/** Runs the job *do the next step of long work*. What is next stands in the job's document, so a restart resumes it. */
@Injectable()
export class AdvanceWorker implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly sweeps: Sweeps,
    private readonly queues: Queues,
    private readonly jobs: LongJobsStore,
    private readonly work: LongWork,
    private readonly clock: Clock,
    private readonly pace: Pace,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    const onGiveUp = async (): Promise<void> => undefined;
    this.workers.handle('advance', { concurrency: 4, onGiveUp }, (task) => this.advance(task));
    this.sweeps.every({ name: 'long-jobs', everyMs: SWEEP_MS, sweep: () => this.sweep() });
  }

  private async advance({ ids }: Task<'advance'>): Promise<Outcome | undefined> {
    const job = await this.jobs.claim(ids.job, STEP_MS);
    if (job === undefined) return undefined;
    return withLogContext({ seller: job.seller }, () => this.step(job));
  }

  private async step(job: LongJob): Promise<Outcome | undefined> {
    try {
      const done = await this.stepOf(job);
      const next = await this.jobs.enter(job, done);
      return next?.due === undefined ? undefined : { kind: 'later', delayMs: done.delayMs ?? 0 };
    } catch (error) {
      await this.failed(job, failureOf(error));
      return undefined;
    }
  }

  private stepOf(job: LongJob): Promise<LongStep> {
    const doStep = this.work.of(job.kind);
    if (doStep === undefined) throw new Error(`no room does the long work ${job.kind}`);
    return doStep(job);
  }

  /** The waits are kept with the job; the sweep finds it when they are over. */
  private async failed(job: LongJob, failure: Failure): Promise<void> {
    this.log.warn({ seller: job.seller, work: job.kind, job: job.id, failure }, 'a step of long work failed');
    const plan = planRetry(failure, job.tries, Math.random);
    if (plan.kind === 'stop' && plan.then === 'dead') {
      await this.work.tellFailed(job, failure.reason);
      return this.jobs.fail(job, failure.reason);
    }
    const delayMs = this.pace.of(plan.kind === 'again' ? plan.delayMs : HELD_MS);
    return this.jobs.fail(job, failure.reason, { delayMs });
  }

  private async sweep(): Promise<number> {
    const now = this.clock.now();
    const due = await this.jobs.dueBefore(now, MOST_PER_SWEEP);
    const generations = new Map(due.map(({ id, v }) => [id, v]));
    await this.queues.enqueue(
      'advance',
      due.map(({ id }) => ({ job: id })),
      { generation: ({ job }) => `sweep-${generations.get(job) ?? 0}-${now}` },
    );
    return due.length;
  }
}
