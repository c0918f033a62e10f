import type { Job } from 'bull';
import { Batcher } from './batch';
import { BootRefusal } from './hub-error';
import { JOB_NAMES, type JobName } from './jobs';
import { withOnlyLogContext, type Log } from './logger';
import type { Metrics } from './metrics';
import type { Pace } from './pace';
import type { QueuedJob, Queues, Task } from './queues';
import { failureOf, planRetry, type Failure } from './retry';

export type { Task } from './queues';

/** How a piece of work ended. Whatever is thrown counts as `failed` with what `failureOf` reads in it. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Nothing failed, but it must be looked at again. */
  | { readonly kind: 'later'; readonly delayMs: number };

export interface WorkOptions<Name extends JobName> {
  /** How many pieces, or batches, are worked on at a time in this process. */
  readonly concurrency: number;
  /** Keeps in the store that it is tried again, before the delayed job is queued. */
  readonly onRetry?: (task: Task<Name>, retry: { delayMs: number; tries: number; failure: Failure }) => Promise<void>;
  /** Keeps in the store that it is not tried again: a dead letter, or it waits for a person. */
  readonly onGiveUp: (task: Task<Name>, end: { then: 'dead' | 'operator'; failure: Failure }) => Promise<void>;
}

export interface BatchWorkOptions<Name extends JobName> extends WorkOptions<Name> {
  /** Most pieces in one batch, and how long the first waits for others. */
  readonly batch: { readonly most: number; readonly flushMs: number };
}

interface Registered {
  /** How many Bull jobs are taken at a time. */
  readonly jobsAtOnce: number;
  readonly work: Batcher<Task<JobName>, Outcome>;
  readonly options: WorkOptions<JobName>;
}

/** What workers stand on. */
export interface WorkersParts {
  readonly queues: Queues;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly pace: Pace;
}

const DONE: Outcome = { kind: 'done' };
/** Not begun when the process was told to stop: another one does it. */
const RETURNED: Outcome = { kind: 'later', delayMs: 0 };
const MOST_JOBS_AT_ONCE = 200;

/** All workers of this process. Rooms register while modules are made; nothing runs before `start`. */
export class Workers {
  readonly #registered = new Map<JobName, Registered>();
  #turn = 0;
  #isStopping = false;

  constructor(private readonly parts: WorkersParts) {}

  /** Works on one piece at a time, `concurrency` of them side by side. */
  handle<Name extends JobName>(
    name: Name,
    options: WorkOptions<Name>,
    fn: (task: Task<Name>) => Promise<Outcome | undefined>,
  ): void {
    const one = async (tasks: readonly Task<Name>[]): Promise<(Outcome | undefined)[]> =>
      Promise.all(tasks.map((task) => withOnlyLogContext({ job: name, ...task.ids }, () => fn(task))));
    this.#register(name, { ...options, batch: { most: 1, flushMs: 0 } }, one);
  }

  /** Works on pieces that come close together in one go. An Error as an answer fails that piece alone. */
  handleBatch<Name extends JobName>(
    name: Name,
    options: BatchWorkOptions<Name>,
    fn: (tasks: readonly Task<Name>[]) => Promise<readonly (Outcome | Error | undefined)[]>,
  ): void {
    this.#register(name, options, (tasks) => withOnlyLogContext({ job: name }, () => fn(tasks)));
  }

  /** @throws BootRefusal when a job has nobody who works on it. */
  start(): void {
    const missing = JOB_NAMES.filter((name) => !this.#registered.has(name));
    if (missing.length > 0) throw new BootRefusal(`nobody works on these jobs: ${missing.join(', ')}`);
    for (const [name, registered] of this.#registered) {
      void this.parts.queues
        .of(name)
        .process(registered.jobsAtOnce, (job: Job<QueuedJob>) => this.#run(name, registered, job))
        .catch((error: unknown) => this.parts.log.error({ queue: name, err: error }, 'worker ended'));
    }
  }

  /** Takes no new jobs, gives back what was not begun, and waits for what runs. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.parts.queues.all().map((queue) => queue.close().catch(() => undefined)));
  }

  #register<Name extends JobName>(
    name: Name,
    options: BatchWorkOptions<Name>,
    fn: (tasks: readonly Task<Name>[]) => Promise<readonly (Outcome | Error | undefined)[]>,
  ): void {
    if (this.#registered.has(name)) throw new BootRefusal(`two handlers for the job ${name}`);
    const { most, flushMs } = options.batch;
    const work = new Batcher<Task<Name>, Outcome>({
      most,
      flushMs,
      inFlight: options.concurrency,
      waiting: Infinity,
      write: async (tasks) =>
        this.#isStopping ? tasks.map(() => RETURNED) : (await fn(tasks)).map((outcome) => outcome ?? DONE),
    });
    const jobsAtOnce = Math.min(options.concurrency * most, MOST_JOBS_AT_ONCE);
    this.#registered.set(name, { jobsAtOnce, work, options } as unknown as Registered);
  }

  /** Always resolves: what becomes of the work is decided here, never by Bull. */
  async #run(name: JobName, registered: Registered, job: Job<QueuedJob>): Promise<void> {
    await Promise.all(job.data.tasks.map((task) => this.#runOne(name, registered, task)));
  }

  async #runOne(name: JobName, registered: Registered, task: Task<JobName>): Promise<void> {
    const began = performance.now();
    await withOnlyLogContext({ job: name, ...task.ids }, async () => {
      const outcome = await registered.work.add(task).catch((error: unknown): Outcome => this.#failed(error, name));
      this.parts.metrics.jobs.observe({ queue: name, outcome: outcome.kind }, (performance.now() - began) / 1000);
      await this.#conclude(name, { registered, task, outcome }).catch((error: unknown) =>
        this.parts.log.error({ err: error }, 'the end of a job was not kept; a sweep finds the work'),
      );
    });
  }

  #failed(error: unknown, name: JobName): Outcome {
    const failure = failureOf(error);
    if (failure.kind === 'fault') this.parts.log.error({ queue: name, err: error }, 'a job met a mistake of the hub');
    return { kind: 'failed', failure };
  }

  async #conclude(
    name: JobName,
    { registered, task, outcome }: { registered: Registered; task: Task<JobName>; outcome: Outcome },
  ): Promise<void> {
    switch (outcome.kind) {
      case 'done':
        return;
      case 'later':
        await this.#again(name, task, { delayMs: outcome.delayMs, tries: task.tries });
        return;
      case 'failed': {
        const { failure } = outcome;
        const plan = planRetry(failure, task.tries, Math.random);
        if (plan.kind === 'stop') {
          this.parts.log.warn({ failure, tries: task.tries, then: plan.then }, 'job given up');
          await registered.options.onGiveUp(task, { then: plan.then, failure });
          return;
        }
        const retry = { delayMs: this.parts.pace.of(plan.delayMs), tries: task.tries + 1 };
        this.parts.log.info({ failure, ...retry }, 'job is tried again');
        await registered.options.onRetry?.(task, { ...retry, failure });
        await this.#again(name, task, retry);
      }
    }
  }

  async #again(name: JobName, task: Task<JobName>, retry: { delayMs: number; tries: number }): Promise<void> {
    this.#turn += 1;
    const generation = `again-${Date.now().toString(36)}-${process.pid}-${this.#turn}`;
    await this.parts.queues.enqueue(name, [task.ids], { generation, ...retry });
  }
}
