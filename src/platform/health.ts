import type { Queues } from './queues';

/** Whether the process can do its work now. */
export interface Readiness {
  readonly isReady: boolean;
  /** Names of what is missing. */
  readonly missing: readonly string[];
}

/** Something the process needs; rejects while it is not there. */
export type Probe = () => Promise<unknown>;

const PROBE_MS = 1000;

/** Asks everything the process needs whether it is there. */
export class Health {
  readonly #probes = new Map<string, Probe>();
  #isStopping = false;

  constructor(queues: Queues) {
    this.add('Redis', () => queues.client.ping());
    this.add('queues', () => Promise.all(queues.all().map((queue) => queue.getJobCounts())));
  }

  add(name: string, probe: Probe): void {
    this.#probes.set(name, probe);
  }

  /** From now on the process is not ready: nothing new shall be sent to it. */
  stop(): void {
    this.#isStopping = true;
  }

  async ready(): Promise<Readiness> {
    const names = [...this.#probes.keys()];
    const found = await Promise.all([...this.#probes.values()].map((probe) => answersInTime(probe)));
    const missing = names.filter((_, index) => found[index] !== true);
    if (this.#isStopping) missing.push('the process is stopping');
    return { isReady: missing.length === 0, missing };
  }
}

function answersInTime(probe: Probe): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), PROBE_MS)));
  const answer = probe().then(
    () => true,
    () => false,
  );
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
}
