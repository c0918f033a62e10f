import { setTimeout as delay } from 'node:timers/promises';
import { ChannelError, type ChannelFailure } from '../../connectors/kit';
import { TAKE, THROTTLE } from './budget-script';
import { Meter, METER, URGENCIES, type Urgency, type Wait } from './meter';
import type { RedisLink } from './redis';
import { LONGEST_SILENCE_MS } from './retry-after';

/** Whose calls are counted: a shop's, and its app's over all shops. */
export interface Payer {
  readonly channel: string;
  readonly app: string;
  /** `seller|shop`, or the app where there is no shop yet. */
  readonly shop: string;
  /** Documented, of one shop. */
  readonly callsPerSecond: number;
  /** Documented, of one app over all its shops. */
  readonly appCallsPerSecond?: number;
}

export type Throttled = Extract<ChannelFailure, { kind: 'throttled' }>;

/** No call was made: the turn of this one is too far away. */
export class NoTurn extends ChannelError {
  constructor({ ms, isBlocked }: Wait) {
    const message = isBlocked ? 'the channel asked us to wait' : 'our own budget of calls for this shop is used up';
    super({ kind: 'throttled', afterMs: ms }, message);
  }
}

type Scripts = RedisLink &
  Record<'sluiceTake' | 'sluiceThrottle', (...args: readonly (string | number)[]) => Promise<unknown>>;

/** Calls of one process that wait for the same. */
interface Line {
  end: Promise<void>;
  isBusy: boolean;
}

interface Waiting {
  readonly payer: Payer;
  readonly urgency: Urgency;
  readonly endsAt: number;
  readonly line: Line;
}

interface Throttling {
  readonly name: string;
  readonly limit: number;
  readonly blockMs: number;
}

const LONGEST_WAIT_MS = 2000;
const MOST_APART_MS = 20;
const SILENT_MS = 1000;
const MOST_METERS = 10_000;

/** Calls per second of shops and apps, counted over all processes; by each process alone while Redis is away. */
export class Budgets {
  readonly #redis: Scripts;
  readonly #meters = new Map<string, Meter>();
  readonly #lines = new Map<string, Line>();
  #silentUntil = 0;

  constructor(
    redis: RedisLink,
    private readonly namespace: string,
  ) {
    redis.defineCommand('sluiceTake', { lua: TAKE });
    redis.defineCommand('sluiceThrottle', { lua: THROTTLE });
    this.#redis = redis as Scripts;
  }

  /**
   * Takes one call, waiting for its turn for at most two seconds. Calls of one urgency are served in the order they
   * came, as far as one process goes. What is less urgent takes only what the rest leaves, but at least about one call
   * in a second and a quarter.
   * @throws NoTurn when the turn is later than that.
   */
  async take(payer: Payer, urgency: Urgency): Promise<void> {
    const name = `${this.#key(payer, payer.shop)}:${urgency}`;
    const endsAt = performance.now() + LONGEST_WAIT_MS;
    const line = this.#lines.get(name) ?? { end: Promise.resolve(), isBusy: false };
    const turn = line.end.then(() => this.#turn({ payer, urgency, endsAt, line }));
    const end = turn.catch(() => undefined);
    line.end = end;
    this.#lines.set(name, line);
    await turn.finally(() => {
      if (line.end === end) this.#lines.delete(name);
    });
  }

  /** Where calls have to wait, no process takes many at a stroke: the others wake up at the same moment. */
  async #turn({ payer, urgency, endsAt, line }: Waiting): Promise<void> {
    for (;;) {
      if (line.isBusy) await delay(Math.random() * MOST_APART_MS);
      const wait = await this.ask(payer, urgency);
      if (wait.ms === 0) return;
      if (performance.now() + wait.ms > endsAt) throw new NoTurn(wait);
      line.isBusy = true;
      await delay(wait.ms);
    }
  }

  /** One look whether the call may be made now; where it may, it counts as made. `now` in ms, else the store's own. */
  async ask(payer: Payer, urgency: Urgency, now?: number): Promise<Wait> {
    const meters = metersOf(payer);
    const keys = meters.flatMap(({ name }) => [this.#key(payer, name), `${this.#key(payer, name)}:grants`]);
    const args = [now ?? '', URGENCIES.indexOf(urgency) + 1, ...meters.map(({ limit }) => limit)];
    const told = await this.#shared(() => this.#redis.sluiceTake(keys.length, ...keys, ...args));
    return told === undefined ? this.#askAlone(payer, urgency, now ?? Date.now()) : waitOf(told);
  }

  /**
   * The channel throttled a call of this payer: until then nobody calls for its shop, or its app. Where an app has no
   * documented limit that could be lowered, the shop that was told is slowed down. Never throws.
   */
  async heed(payer: Payer, told: Omit<Throttled, 'kind'>, now?: number): Promise<void> {
    const { afterMs = METER.pauseMs, scope = 'shop' } = told;
    const blockMs = Math.min(Math.max(afterMs, 0), LONGEST_SILENCE_MS);
    const [shop, app] = metersOf(payer);
    if (scope === 'shop') return this.#throttle(payer, { ...shop, blockMs }, now);
    await this.#throttle(payer, { ...app, blockMs }, now);
    if (app.limit === 0) await this.#throttle(payer, { ...shop, blockMs: 0 }, now);
  }

  async #throttle(payer: Payer, { name, limit, blockMs }: Throttling, now?: number): Promise<void> {
    const key = this.#key(payer, name);
    this.#meter(key).throttle(now ?? Date.now(), limit, blockMs);
    await this.#shared(() => this.#redis.sluiceThrottle(1, key, now ?? '', limit, blockMs));
  }

  /** What Redis says; undefined where it says nothing. A Redis that hangs is not asked again at once. */
  async #shared(ask: () => Promise<unknown>): Promise<unknown> {
    if (this.#redis.status !== 'ready' || performance.now() < this.#silentUntil) return undefined;
    return ask().catch(() => {
      this.#silentUntil = performance.now() + SILENT_MS;
    });
  }

  #askAlone(payer: Payer, urgency: Urgency, now: number): Wait {
    const asked = metersOf(payer).map(({ name, limit }) => ({
      meter: this.#meter(this.#key(payer, name)),
      ask: { now, limit, urgency },
    }));
    const waits = asked.map(({ meter, ask }) => meter.ask(ask));
    const longest = waits.reduce((one, other) => (other.ms > one.ms ? other : one));
    if (longest.ms === 0) for (const { meter, ask } of asked) meter.grant(ask);
    return longest;
  }

  #meter(key: string): Meter {
    const found = this.#meters.get(key);
    if (found !== undefined) return found;
    if (this.#meters.size >= MOST_METERS) this.#meters.clear();
    const made = new Meter();
    this.#meters.set(key, made);
    return made;
  }

  /** All keys of one call are in one slot of a Redis Cluster: those of its app. */
  #key({ channel, app }: Payer, name: string): string {
    return `{${this.namespace}:budget:${channel}:${app}}:${name}`;
  }
}

function metersOf({ shop, callsPerSecond, appCallsPerSecond = 0 }: Payer) {
  return [
    { name: `shop:${shop}`, limit: callsPerSecond },
    { name: 'app', limit: appCallsPerSecond },
  ] as const;
}

function waitOf(told: unknown): Wait {
  const [ms, blocked] = told as readonly [number, number];
  return { ms, isBlocked: blocked === 1 };
}
