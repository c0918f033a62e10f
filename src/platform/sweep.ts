import type { Log } from './logger';
import type { Metrics } from './metrics';

export interface SweepSpec {
  readonly name: string;
  readonly everyMs: number;
  /** Answers how many pieces of work it found. */
  readonly sweep: () => Promise<number>;
}

interface Running {
  readonly spec: SweepSpec;
  timer?: NodeJS.Timeout;
  run?: Promise<void>;
}

/** Periodic look-ups for work that no queue knows of. They run in worker processes, each with a jitter of its own. */
export class Sweeps {
  readonly #sweeps: Running[] = [];
  #isOn = false;

  constructor(
    private readonly log: Log,
    private readonly metrics: Metrics,
    private readonly random: () => number = Math.random,
  ) {}

  /** Registers a sweep; nothing runs before `start`. */
  every(spec: SweepSpec): void {
    this.#sweeps.push({ spec });
  }

  start(): void {
    this.#isOn = true;
    for (const sweep of this.#sweeps) this.#plan(sweep);
  }

  /** Runs one now; a run that is on already is waited for instead. */
  runNow(name: string): Promise<void> {
    const sweep = this.#sweeps.find(({ spec }) => spec.name === name);
    return sweep === undefined ? Promise.reject(new Error(`no sweep ${name}`)) : this.#run(sweep);
  }

  /** Starts none any more and waits for those that run. */
  async stop(): Promise<void> {
    this.#isOn = false;
    for (const { timer } of this.#sweeps) clearTimeout(timer);
    await Promise.all(this.#sweeps.flatMap(({ run }) => run ?? []));
  }

  #plan(sweep: Running): void {
    const delayMs = sweep.spec.everyMs * (0.75 + 0.5 * this.random());
    sweep.timer = setTimeout(() => {
      void this.#run(sweep).then(() => {
        if (this.#isOn) this.#plan(sweep);
      });
    }, delayMs);
  }

  #run(sweep: Running): Promise<void> {
    sweep.run ??= this.#sweepOnce(sweep.spec).finally(() => delete sweep.run);
    return sweep.run;
  }

  async #sweepOnce({ name, sweep }: SweepSpec): Promise<void> {
    try {
      const found = await sweep();
      if (found > 0) this.metrics.swept.inc({ sweep: name }, found);
    } catch (error) {
      this.metrics.sweepFailures.inc({ sweep: name });
      this.log.warn({ sweep: name, err: error }, 'sweep failed');
    }
  }
}
