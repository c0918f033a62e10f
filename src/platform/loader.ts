interface Asked<Value> {
  readonly promise: Promise<Value | undefined>;
  readonly resolve: (value: Value | undefined) => void;
  readonly reject: (reason: unknown) => void;
}

export interface LoaderOptions<Id extends string, Value> {
  /** One read (`$in`) for all ids; what is missing is left out. */
  readonly read: (ids: readonly Id[]) => Promise<readonly Value[]>;
  readonly idOf: (value: Value) => Id;
  /** How long the first id waits for others; without it, one turn of the event loop. */
  readonly gatherMs?: number;
  /** Most ids in one read. */
  readonly most?: number;
}

/**
 * Turns reads by id that are asked for within one turn of the event loop (or `gatherMs`) into one read. It keeps nothing: an id asked
 * for later is read again.
 */
export class Loader<Id extends string, Value> {
  readonly #options: LoaderOptions<Id, Value>;
  #asked = new Map<Id, Asked<Value>>();

  constructor(options: LoaderOptions<Id, Value>) {
    this.#options = options;
  }

  load(id: Id): Promise<Value | undefined> {
    const twin = this.#asked.get(id);
    if (twin !== undefined) return twin.promise;
    if (this.#asked.size === 0) this.#plan();
    const asked = deferred<Value>();
    this.#asked.set(id, asked);
    return asked.promise;
  }

  loadMany(ids: readonly Id[]): Promise<readonly (Value | undefined)[]> {
    return Promise.all(ids.map((id) => this.load(id)));
  }

  #plan(): void {
    const { gatherMs } = this.#options;
    if (gatherMs === undefined) setImmediate(() => void this.#readAll());
    else setTimeout(() => void this.#readAll(), gatherMs);
  }

  #readAll(): Promise<unknown> {
    const asked = [...this.#asked];
    this.#asked = new Map();
    const most = this.#options.most ?? 500;
    const reads = [];
    for (let from = 0; from < asked.length; from += most) reads.push(this.#readSome(asked.slice(from, from + most)));
    return Promise.all(reads);
  }

  async #readSome(asked: readonly (readonly [Id, Asked<Value>])[]): Promise<void> {
    try {
      const values = await this.#options.read(asked.map(([id]) => id));
      const byId = new Map(values.map((value) => [this.#options.idOf(value), value]));
      for (const [id, { resolve }] of asked) resolve(byId.get(id));
    } catch (error) {
      for (const [, { reject }] of asked) reject(error);
    }
  }
}

function deferred<Value>(): Asked<Value> {
  let resolve!: Asked<Value>['resolve'];
  let reject!: Asked<Value>['reject'];
  const promise = new Promise<Value | undefined>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
