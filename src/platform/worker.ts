import type { Job } from 'bull';
import { Batcher } from './batch';
import { BootRefusal } from './hub-error';
import { JOB_NAMES, type JobName, type Jobs } from './jobs';
import { withLogContext, type Log } from './logger';
import type { Metrics } from './metrics';
import type { QueuedJob, Queues } from './queues';
import { failureOf, planRetry, type Failure } from './retry';

/** One piece of work as the queue has it. */
export interface Task<Name extends JobName> {
  readonly ids: Jobs[Name];
  /** How often it was tried before. */
  readonly tries: number;
}

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

type Work = (job: Job<QueuedJob>) => Promise<Outcome>;

interface Registered {
  readonly concurrency: number;
  readonly work: Work;
  readonly options: WorkOptions<JobName>;
}

const DONE: Outcome = { kind: 'done' };

/** All workers of this process. Rooms register while modules are made; nothing runs before `start`. */
export class Workers {
  readonly #registered = new Map<JobName, Registered>();
  #turn = 0;

  constructor(
    private readonly queues: Queues,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /** Works on one job at a time, `concurrency` of them side by side. */
  handle<Name extends JobName>(
    name: Name,
    options: WorkOptions<Name>,
    fn: (task: Task<Name>) => Promise<Outcome | undefined>,
  ): void {
    const work: Work = async (job) => (await fn(taskOf(job))) ?? DONE;
    this.#register(name, {
      concurrency: options.concurrency,
      work,
      options: options as unknown as WorkOptions<JobName>,
    });
  }

  /** Works on jobs that come close together in one go. An Error as an answer fails that job alone. */
  handleBatch<Name extends JobName>(
    name: Name,
    options: BatchWorkOptions<Name>,
    fn: (tasks: readonly Task<Name>[]) => Promise<readonly (Outcome | Error | undefined)[]>,
  ): void {
    const { most, flushMs } = options.batch;
    const batcher = new Batcher<Task<Name>, Outcome>({
      most,
      flushMs,
      inFlight: options.concurrency,
      waiting: Infinity,
      write: async (tasks) => (await fn(tasks)).map((outcome) => outcome ?? DONE),
    });
    const work: Work = (job) => batcher.add(taskOf(job));
    this.#register(name, {
      concurrency: options.concurrency * most,
      work,
      options: options as unknown as WorkOptions<JobName>,
    });
  }

  /** @throws BootRefusal when a job has nobody who works on it. */
  start(): void {
    const missing = JOB_NAMES.filter((name) => !this.#registered.has(name));
    if (missing.length > 0) throw new BootRefusal(`nobody works on these jobs: ${missing.join(', ')}`);
    for (const [name, registered] of this.#registered) {
      void this.queues
        .of(name)
        .process(registered.concurrency, (job: Job<QueuedJob>) => this.#run(name, registered, job))
        .catch((error: unknown) => this.log.error({ queue: name, err: error }, 'worker ended'));
    }
  }

  /** Takes no new jobs and waits for those that run. */
  async stop(): Promise<void> {
    await Promise.all(this.queues.all().map((queue) => queue.close().catch(() => undefined)));
  }

  #register(name: JobName, registered: Registered): void {
    if (this.#registered.has(name)) throw new BootRefusal(`two handlers for the job ${name}`);
    this.#registered.set(name, registered);
  }

  /** Always resolves: what becomes of the work is decided here, never by Bull. */
  async #run(name: JobName, registered: Registered, job: Job<QueuedJob>): Promise<void> {
    const began = performance.now();
    await withLogContext({ job: name, ...job.data.ids }, async () => {
      const outcome = await registered.work(job).catch((error: unknown): Outcome => this.#failed(error, name));
      this.metrics.jobs.observe({ queue: name, outcome: outcome.kind }, (performance.now() - began) / 1000);
      await this.#conclude(name, { registered, job, outcome }).catch((error: unknown) =>
        this.log.error({ err: error }, 'the end of a job was not kept; a sweep finds the work'),
      );
    });
  }

  #failed(error: unknown, name: JobName): Outcome {
    const failure = failureOf(error);
    if (failure.kind === 'fault') this.log.error({ queue: name, err: error }, 'a job met a mistake of the hub');
    return { kind: 'failed', failure };
  }

  async #conclude(
    name: JobName,
    { registered, job, outcome }: { registered: Registered; job: Job<QueuedJob>; outcome: Outcome },
  ): Promise<void> {
    const task = taskOf(job);
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
          this.log.warn({ failure, tries: task.tries, then: plan.then }, 'job given up');
          await registered.options.onGiveUp(task, { then: plan.then, failure });
          return;
        }
        const retry = { delayMs: plan.delayMs, tries: task.tries + 1 };
        this.log.info({ failure, ...retry }, 'job is tried again');
        await registered.options.onRetry?.(task, { ...retry, failure });
        await this.#again(name, task, retry);
      }
    }
  }

  async #again(name: JobName, task: Task<JobName>, retry: { delayMs: number; tries: number }): Promise<void> {
    this.#turn += 1;
    const generation = `again-${Date.now().toString(36)}-${process.pid}-${this.#turn}`;
    await this.queues.enqueue(name, [task.ids], { generation, ...retry });
  }
}

const taskOf = <Name extends JobName>(job: Job<QueuedJob>): Task<Name> => job.data as Task<Name>;
