/** Microseconds since 1970, never the same twice. */
let lastUs = 0;
export function nowUs(): number {
  const us = Math.floor((performance.timeOrigin + performance.now()) * 1000);
  lastUs = us > lastUs ? us : lastUs + 1;
  return lastUs;
}

export function isoMs(instantMs: number): string {
  return new Date(instantMs).toISOString();
}

interface Task {
  act: () => void;
  leftMs: number;
  since: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * The clock of retry ladders and unpaid orders only: `factor` simulated seconds pass in a real one.
 * HTTP time-outs and signature windows keep real time.
 */
export class SimulatedClock {
  private readonly tasks = new Set<Task>();

  constructor(public factor = 1) {}

  /** Acts once after `delayMs` simulated milliseconds; the answer takes it back. */
  schedule(delayMs: number, act: () => void): () => void {
    const task: Task = { act, leftMs: delayMs, since: Date.now(), timer: undefined };
    this.tasks.add(task);
    this.arm(task);
    return () => this.drop(task);
  }

  /** Changes the speed; what is scheduled keeps the simulated time it has left. */
  setFactor(factor: number): void {
    const now = Date.now();
    for (const task of this.tasks) {
      task.leftMs = Math.max(0, task.leftMs - (now - task.since) * this.factor);
      task.since = now;
    }
    this.factor = factor;
    for (const task of this.tasks) this.arm(task);
  }

  clear(): void {
    for (const task of [...this.tasks]) this.drop(task);
  }

  private arm(task: Task): void {
    clearTimeout(task.timer);
    const realMs = Math.min(task.leftMs / this.factor, 2_000_000_000);
    task.timer = setTimeout(() => {
      this.tasks.delete(task);
      task.act();
    }, realMs);
  }

  private drop(task: Task): void {
    clearTimeout(task.timer);
    this.tasks.delete(task);
  }
}
