import { HubError } from './hub-error';

export interface BatchOptions<In, Out> {
  /** An item waits at most this long for others. */
  readonly flushMs: number;
  /** Most items in one write. */
  readonly most: number;
  /** Most writes at a time. */
  readonly inFlight: number;
  /** Most items that wait; one more is refused as `busy`. */
  readonly waiting: number;
  /** A write that takes longer fails for its callers; it keeps its place until it ends. */
  readonly timeoutMs?: number;
  /** One answer per item, in their order. An Error as an answer fails that item alone; a throw fails all. */
  readonly write: (items: readonly In[]) => Promise<readonly (Out | Error)[]>;
}

interface Waiting<In, Out> {
  readonly item: In;
  readonly resolve: (answer: Out) => void;
  readonly reject: (reason: unknown) => void;
}

/** Group commit: many callers' items go out in one write, and each caller gets its own answer. */
export class Batcher<In, Out> {
  readonly #options: BatchOptions<In, Out>;
  #pending: Waiting<In, Out>[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running = 0;
  #whenIdle: (() => void)[] = [];

  constructor(options: BatchOptions<In, Out>) {
    this.#options = options;
  }

  /** How many items wait or are being written is bounded by `waiting` and `inFlight` × `most`. */
  get waiting(): number {
    return this.#pending.length;
  }

  /** @throws HubError `busy` when too many wait, `store` after `timeoutMs`. */
  add(item: In): Promise<Out> {
    if (this.#pending.length >= this.#options.waiting) {
      return Promise.reject(new HubError('busy', 'later', { message: 'too many items wait to be written' }));
    }
    return new Promise((resolve, reject) => {
      this.#pending.push({ item, resolve, reject });
      if (this.#pending.length >= this.#options.most) this.#flush();
      else this.#timer ??= setTimeout(() => this.#flush(), this.#options.flushMs);
    });
  }

  /** Writes what waits; resolves when nothing waits or runs any more. */
  drain(): Promise<void> {
    this.#flush();
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #isIdle(): boolean {
    return this.#running === 0 && this.#pending.length === 0;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#pending.length > 0 && this.#running < this.#options.inFlight) {
      void this.#writeOut(this.#pending.splice(0, this.#options.most));
    }
  }

  async #writeOut(batch: readonly Waiting<In, Out>[]): Promise<void> {
    this.#running += 1;
    const overdue = this.#failLate(batch);
    try {
      const answers = await this.#options.write(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        const answer = answers[index];
        if (answer instanceof Error) reject(answer);
        else resolve(answer as Out);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      clearTimeout(overdue);
      this.#running -= 1;
      this.#flush();
      if (this.#isIdle()) for (const resolve of this.#whenIdle.splice(0)) resolve();
    }
  }

  #failLate(batch: readonly Waiting<In, Out>[]): NodeJS.Timeout | undefined {
    const { timeoutMs } = this.#options;
    if (timeoutMs === undefined) return undefined;
    return setTimeout(() => {
      const late = new HubError('store', 'later', { message: `a write took more than ${timeoutMs} ms` });
      for (const { reject } of batch) reject(late);
    }, timeoutMs);
  }
}
