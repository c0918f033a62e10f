import CircuitBreaker from 'opossum';
import { ChannelError } from '../../connectors/kit';
import type { Metrics } from './metrics';

export type BreakerState = 'closed' | 'half-open' | 'open';

export interface BreakerReport {
  readonly channel: string;
  readonly host: string;
  readonly state: BreakerState;
}

/** Opens when half of at least ten calls within ten seconds found no channel; one call tries after ten more. */
const OPTIONS = {
  timeout: false,
  errorThresholdPercentage: 50,
  volumeThreshold: 10,
  rollingCountTimeout: 10_000,
  rollingCountBuckets: 10,
  resetTimeout: 10_000,
} as const;

const STATES: readonly BreakerState[] = ['closed', 'half-open', 'open'];

type Call = () => Promise<unknown>;
interface Kept {
  readonly channel: string;
  readonly host: string;
  readonly breaker: CircuitBreaker<[Call]>;
}

/** One breaker per channel host: counts 5xx, time-outs and cut connections; never throttling, refusals or tokens. */
export class Breakers {
  readonly #kept = new Map<string, Kept>();

  constructor(metrics: Metrics) {
    const spec = {
      name: 'sluice_breaker_state',
      help: '0 closed, 1 half-open, 2 open.',
      labelNames: ['channel', 'host'],
    };
    metrics.lookedUp(spec, () =>
      Promise.resolve(
        this.states().map(({ channel, host, state }) => ({ labels: { channel, host }, value: STATES.indexOf(state) })),
      ),
    );
  }

  /**
   * Makes the call, unless the breaker is open.
   * @throws ChannelError `unavailable`, answered, when it is open.
   */
  async run<Answer>(place: { channel: string; host: string }, call: () => Promise<Answer>): Promise<Answer> {
    const { breaker } = this.#of(place);
    try {
      return (await breaker.fire(call)) as Answer;
    } catch (error) {
      if (CircuitBreaker.isOurError(error as Error)) throw isOpen(place.host);
      throw error;
    }
  }

  /** Every breaker that was used, with its state. */
  states(): readonly BreakerReport[] {
    return [...this.#kept.values()].map(({ channel, host, breaker }) => ({ channel, host, state: stateOf(breaker) }));
  }

  /** The worst state among a channel's hosts; closed when it was never called. */
  stateOf(channel: string): BreakerState {
    const states = this.states().filter((report) => report.channel === channel);
    return STATES[Math.max(0, ...states.map(({ state }) => STATES.indexOf(state)))] ?? 'closed';
  }

  close(): void {
    for (const { breaker } of this.#kept.values()) breaker.shutdown();
  }

  #of({ channel, host }: { channel: string; host: string }): Kept {
    const id = `${channel} ${host}`;
    const found = this.#kept.get(id);
    if (found !== undefined) return found;
    const breaker = new CircuitBreaker((call: Call) => call(), { ...OPTIONS, errorFilter: isNoOutage });
    const made = { channel, host, breaker };
    this.#kept.set(id, made);
    return made;
  }
}

const isNoOutage = (error: unknown): boolean =>
  !(error instanceof ChannelError && error.failure.kind === 'unavailable');

const isOpen = (host: string): ChannelError =>
  new ChannelError(
    { kind: 'unavailable', unanswered: false, afterMs: OPTIONS.resetTimeout },
    `${host} is not called now`,
  );

function stateOf({ opened, halfOpen }: CircuitBreaker<[Call]>): BreakerState {
  return halfOpen ? 'half-open' : opened ? 'open' : 'closed';
}
