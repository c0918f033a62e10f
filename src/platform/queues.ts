import { createHash } from 'node:crypto';
import Bull, { type Queue } from 'bull';
import { inBatches, keyOf } from '../domain';
import { JOB_NAMES, type JobName, type Jobs } from './jobs';
import type { Log } from './logger';
import type { Metrics } from './metrics';
import { closeRedis, connectRedis, type RedisLink, type RedisUse } from './redis';

/** One piece of work as the queue has it: ids, and how often it was tried before. */
export interface Task<Name extends JobName> {
  readonly ids: Jobs[Name];
  readonly tries: number;
}

/** What lies in Redis. Work that was queued together lies together: a job of its own for each costs ten times as much. */
export interface QueuedJob<Name extends JobName = JobName> {
  readonly tasks: readonly Task<Name>[];
}

export interface EnqueueOptions<Name extends JobName> {
  /**
   * Two jobs of the same ids and generation are one, when they are queued one by one. Take what changes with the truth
   * (its version), and something new in a sweep: then a stuck job swallows nothing.
   */
  readonly generation: string | number | ((ids: Jobs[Name]) => string | number);
  readonly delayMs?: number;
  readonly tries?: number | ((ids: Jobs[Name]) => number);
}

export interface QueuesOptions {
  readonly url: string;
  readonly namespace: string;
  readonly log: Log;
  readonly metrics: Metrics;
}

interface Piece {
  /** Its ids and generation. */
  readonly id: string;
  readonly task: Task<JobName>;
}

interface Adding {
  readonly pieces: readonly Piece[];
  readonly resolve: (isQueued: boolean) => void;
}

const ENQUEUE_MS = 50;
const MOST_PER_JOB = 25;
const RENEW_MS = 3000;
const TELL_MS = 5000;
const SETTINGS = {
  lockDuration: 30_000,
  stalledInterval: 15_000,
  maxStalledCount: 5,
  retryProcessDelay: 500,
  guardInterval: 2000,
};

/** The queues, one per job. They carry work; what they lose, sweeps find again. */
export class Queues {
  readonly #connections: RedisLink[] = [];
  readonly #client: RedisLink;
  #subscriber: RedisLink | undefined;
  readonly #queues: ReadonlyMap<JobName, Queue<QueuedJob>>;
  readonly #adding = new Map<JobName, Adding[]>();
  #closing = false;
  #renewedAt = -Infinity;
  #toldAt = -Infinity;
  #untold = 0;

  constructor(private readonly options: QueuesOptions) {
    this.#client = this.#connect('client');
    this.#queues = new Map(JOB_NAMES.map((name) => [name, this.#open(name)]));
    options.metrics.lookedUp(
      { name: 'sluice_queue_jobs', help: 'Jobs in a queue.', labelNames: ['queue', 'state'] },
      () => this.#depths(),
    );
  }

  /** The connection that commands go through; for health and for the check at boot. */
  get client(): RedisLink {
    return this.#client;
  }

  /** The Bull queue itself: for the worker wrapper and the board only. */
  of(name: JobName): Queue<QueuedJob> {
    return this.#queues.get(name) as Queue<QueuedJob>;
  }

  all(): readonly Queue<QueuedJob>[] {
    return [...this.#queues.values()];
  }

  /**
   * Queues as best it can within 50 ms, all in one write.
   * @returns false when that is not certain: a sweep finds the work. Never throws.
   */
  async enqueue<Name extends JobName>(
    name: Name,
    payloads: readonly Jobs[Name][],
    options: EnqueueOptions<Name>,
  ): Promise<boolean> {
    if (payloads.length === 0) return true;
    const isReady = this.#client.status === 'ready' && !this.#closing;
    const pieces = piecesOf(payloads, options);
    const { delayMs = 0 } = options;
    const isQueued = isReady && (await (delayMs > 0 ? this.#add(name, pieces, delayMs) : this.#addSoon(name, pieces)));
    if (!isQueued) this.options.metrics.notQueued.inc({ queue: name }, payloads.length);
    return isQueued;
  }

  /** Ends the connections; call it when the workers have stopped. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.all().map((queue) => queue.close()));
    await Promise.all(this.#connections.map(closeRedis));
  }

  /** What is queued in one turn of the event loop goes out in one write, and lies together. */
  #addSoon(name: JobName, pieces: readonly Piece[]): Promise<boolean> {
    return new Promise((resolve) => {
      const adding = this.#adding.get(name) ?? [];
      if (adding.length === 0) setImmediate(() => void this.#addTogether(name));
      this.#adding.set(name, adding);
      adding.push({ pieces, resolve });
    });
  }

  async #addTogether(name: JobName): Promise<void> {
    const adding = this.#adding.get(name) ?? [];
    this.#adding.delete(name);
    const pieces = adding.flatMap((each) => each.pieces);
    const isQueued = await this.#add(name, pieces, 0);
    for (const { resolve } of adding) resolve(isQueued);
  }

  async #add(name: JobName, pieces: readonly Piece[], delayMs: number): Promise<boolean> {
    const jobs = inBatches(pieces, MOST_PER_JOB).map((together) => ({
      data: { tasks: together.map(({ task }) => task) },
      opts: { jobId: jobIdOf(together.map(({ id }) => id)), delay: delayMs },
    }));
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ENQUEUE_MS)));
    const added = this.of(name)
      .addBulk(jobs)
      // Bull passes over a command that failed inside the transaction: its job then has no id.
      .then((made) => made.every((job) => typeof job.id === 'string') || this.#renew())
      .catch((error: unknown) => isUnanswered(error) && this.#renew());
    const isQueued = await Promise.race([added, tooLate]);
    clearTimeout(timer);
    return isQueued;
  }

  /** Makes the connections anew: scripts that Redis forgot are sent again, and a dead wire is noticed. */
  #renew(): false {
    const now = performance.now();
    if (now - this.#renewedAt > RENEW_MS && !this.#closing) {
      this.#renewedAt = now;
      for (const redis of this.#connections) if (redis.status === 'ready') redis.disconnect(true);
    }
    return false;
  }

  #open(name: JobName): Queue<QueuedJob> {
    const queue = new Bull<QueuedJob>(name, {
      prefix: `{${this.options.namespace}:${name}}`,
      createClient: (type) => this.#clientFor(type),
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1 },
      settings: SETTINGS,
      skipVersionCheck: true,
    } as Bull.QueueOptions);
    queue.on('error', (error) => {
      if (isUnanswered(error)) this.#renew();
      this.#tell(name, error);
    });
    return queue;
  }

  /** One line now and then: while Redis is away, every connection of every queue fails again and again. */
  #tell(queue: JobName, error: Error): void {
    const now = performance.now();
    if (this.#closing) return;
    if (now - this.#toldAt < TELL_MS) {
      this.#untold += 1;
      return;
    }
    this.options.log.warn({ queue, untold: this.#untold, err: error }, 'queue in trouble');
    this.#toldAt = now;
    this.#untold = 0;
  }

  #clientFor(type: 'client' | 'subscriber' | 'bclient'): RedisLink {
    if (type === 'client') return this.#client;
    if (type === 'bclient') return this.#connect('blocking');
    this.#subscriber ??= this.#connect('subscriber');
    return this.#subscriber;
  }

  #connect(use: RedisUse): RedisLink {
    const redis = connectRedis(this.options.url, use);
    this.#connections.push(redis);
    return redis;
  }

  async #depths(): Promise<{ labels: Record<string, string>; value: number }[]> {
    const counts = await Promise.all(
      JOB_NAMES.map(async (queue) => ({ queue, counts: await this.of(queue).getJobCounts() })),
    );
    return counts.flatMap(({ queue, counts: { waiting, active, delayed } }) =>
      Object.entries({ waiting, active, delayed }).map(([state, value]) => ({ labels: { queue, state }, value })),
    );
  }
}

function piecesOf<Name extends JobName>(
  payloads: readonly Jobs[Name][],
  { generation, tries = 0 }: EnqueueOptions<Name>,
): readonly Piece[] {
  const turnOf = typeof generation === 'function' ? generation : () => generation;
  const triesOf = typeof tries === 'function' ? tries : () => tries;
  return payloads.map((ids) => ({
    id: `${keyOf(...Object.values<string>(ids))}#${turnOf(ids)}`,
    task: { ids, tries: triesOf(ids) },
  }));
}

/** One id for the same work queued together again. */
function jobIdOf(ids: readonly string[]): string {
  const [only = ''] = ids;
  return ids.length === 1 ? only : `${ids.length}-${createHash('sha1').update(ids.join('\n')).digest('hex')}`;
}

const isUnanswered = (error: unknown): boolean => error instanceof Error && error.message === 'Command timed out';
