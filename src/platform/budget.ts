import { setTimeout as delay } from 'node:timers/promises';
import type Redis from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { ChannelError } from '../../connectors/kit';

const LONGEST_WAIT_MS = 2000;

/** Calls per second and shop, counted over all processes; by each process alone while Redis is away. */
export class Budgets {
  readonly #limiters = new Map<number, RateLimiterAbstract>();

  constructor(
    private readonly redis: Redis,
    private readonly namespace: string,
  ) {}

  /**
   * Takes one call, waiting for its turn for at most two seconds.
   * @throws ChannelError `throttled` when the turn is later than that.
   */
  async take(key: string, callsPerSecond: number): Promise<void> {
    const limiter = this.#of(callsPerSecond);
    const endsAt = performance.now() + LONGEST_WAIT_MS;
    for (;;) {
      const waitMs = await waitFor(limiter, key);
      if (waitMs === 0) return;
      if (performance.now() + waitMs > endsAt) {
        throw new ChannelError(
          { kind: 'throttled', afterMs: waitMs },
          'our own budget of calls for this shop is used up',
        );
      }
      await delay(waitMs + Math.random() * 50);
    }
  }

  #of(callsPerSecond: number): RateLimiterAbstract {
    const found = this.#limiters.get(callsPerSecond);
    if (found !== undefined) return found;
    const rate = { points: callsPerSecond, duration: 1, keyPrefix: `{${this.namespace}:budget}` };
    const insuranceLimiter = new RateLimiterMemory(rate);
    const made = new RateLimiterRedis({
      ...rate,
      storeClient: this.redis,
      insuranceLimiter,
      rejectIfRedisNotReady: true,
    });
    this.#limiters.set(callsPerSecond, made);
    return made;
  }
}

/** 0 when the call may be made now. */
async function waitFor(limiter: RateLimiterAbstract, key: string): Promise<number> {
  try {
    await limiter.consume(key);
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
    throw refusal;
  }
}
