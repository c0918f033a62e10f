import CircuitBreaker from 'opossum';
import { ChannelError } from '../../connectors/kit';
import type { Metrics } from './metrics';

export type BreakerState = 'closed' | 'half-open' | 'open';

/** What is called, as one breaker counts it. */
export interface BreakerPlace {
  readonly channel: string;
  readonly host: string;
  /** `seller|shop`, where a seller named the host: it is that shop's alone, and nobody else's business. */
  readonly shop?: string;
}

export interface BreakerReport extends BreakerPlace {
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
  readonly place: BreakerPlace;
  readonly breaker: CircuitBreaker<[Call]>;
}

/** Stands for all hosts that sellers named. */
const SELLERS_HOST = 'of a seller';

/** One breaker per channel host: counts 5xx, time-outs and cut connections; never throttling, refusals or tokens. */
export class Breakers {
  readonly #kept = new Map<string, Kept>();

  constructor(metrics: Metrics) {
    const spec = {
      name: 'sluice_breaker_state',
      help: '0 closed, 1 half-open, 2 open.',
      labelNames: ['channel', 'host'],
    };
    metrics.lookedUp(spec, () => Promise.resolve(this.#figures()));
  }

  /**
   * Makes the call, unless the breaker is open.
   * @throws ChannelError `unavailable`, answered, when it is open.
   */
  async run<Answer>(place: BreakerPlace, call: () => Promise<Answer>): Promise<Answer> {
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
    return [...this.#kept.values()].map(({ place, breaker }) => ({ ...place, state: stateOf(breaker) }));
  }

  /** The worst state among a channel's hosts that this shop calls; closed when none was ever called. */
  stateOf(channel: string, shop: string): BreakerState {
    return worstOf(this.states().filter((report) => report.channel === channel && (report.shop ?? shop) === shop));
  }

  close(): void {
    for (const { breaker } of this.#kept.values()) breaker.shutdown();
  }

  /** One figure per channel and host; of hosts that sellers named, the worst. */
  #figures(): { labels: Record<string, string>; value: number }[] {
    const labelled = this.states().map((report) => ({
      ...report,
      host: report.shop === undefined ? report.host : SELLERS_HOST,
    }));
    return labelled.map(({ channel, host }) => {
      const same = labelled.filter((each) => each.channel === channel && each.host === host);
      return { labels: { channel, host }, value: STATES.indexOf(worstOf(same)) };
    });
  }

  #of(place: BreakerPlace): Kept {
    const id = `${place.channel} ${place.host} ${place.shop ?? ''}`;
    const found = this.#kept.get(id);
    if (found !== undefined) return found;
    const breaker = new CircuitBreaker((call: Call) => call(), { ...OPTIONS, errorFilter: isNoOutage });
    const made = { place, breaker };
    this.#kept.set(id, made);
    return made;
  }
}

/** The worst of several states; closed without any. */
export const worstOf = (reports: readonly Pick<BreakerReport, 'state'>[]): BreakerState =>
  STATES[Math.max(0, ...reports.map(({ state }) => STATES.indexOf(state)))] ?? 'closed';

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
