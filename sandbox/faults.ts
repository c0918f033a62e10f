import { Chance } from './chance';
import type { Channel } from './shop';

/** How a channel misbehaves. Rates are 0 to 1. */
export interface Faults {
  /** Answers come this much later; a write takes effect half-way. */
  latencyMs: number;
  /** Pushes leave this much later. */
  newsDelayMs: number;
  /** This part of the calls fails before it does anything. */
  errorRate: number;
  /** How a call fails: HTTP 5xx, the documented busy answer, or either. */
  errorKind: 'http' | 'busy' | 'mixed';
  /** More calls than this per second and caller are throttled. */
  throttlePerS: number | undefined;
  /** This part of the pushes is never sent. */
  loseRate: number;
  /** This part of the pushes is sent twice. */
  duplicateRate: number;
  /** This part of the changes is told after the order's next change (true: 1). */
  reorder: number;
  /** How long a reordered change waits for a next one. */
  reorderHoldMs: number;
  /** This part of the rows of a stock write is refused inside HTTP 200. */
  partialFailureRate: number;
  /** This part of the calls takes effect, and then the connection is cut without an answer. */
  unansweredRate: number;
  /** Every connection is cut at once. */
  down: boolean;
  /** The documented maintenance answer to every call. */
  maintenance: boolean;
  /** Campaign lock or promotion reserve on every listing. */
  lockUnits: number;
}

export const NO_FAULTS: Readonly<Faults> = {
  latencyMs: 0,
  newsDelayMs: 0,
  errorRate: 0,
  errorKind: 'mixed',
  throttlePerS: undefined,
  loseRate: 0,
  duplicateRate: 0,
  reorder: 0,
  reorderHoldMs: 2000,
  partialFailureRate: 0,
  unansweredRate: 0,
  down: false,
  maintenance: false,
  lockUnits: 0,
};

interface Bucket {
  tokens: number;
  atMs: number;
}

/** The faults of each channel, their random choices, and the throttle's counts. */
export class FaultBoard {
  private readonly active = new Map<Channel, Faults>();
  private readonly chances = new Map<Channel, Chance>();
  private readonly buckets = new Map<string, Bucket>();

  of(channel: Channel): Faults {
    return this.active.get(channel) ?? NO_FAULTS;
  }

  chance(channel: Channel): Chance {
    let chance = this.chances.get(channel);
    if (chance === undefined) {
      chance = new Chance();
      this.chances.set(channel, chance);
    }
    return chance;
  }

  set(channel: Channel, faults: Faults, seed?: number): void {
    this.active.set(channel, faults);
    this.buckets.clear();
    if (seed !== undefined) this.chances.set(channel, new Chance(seed));
  }

  clear(channel?: Channel): void {
    if (channel === undefined) this.active.clear();
    else this.active.delete(channel);
    this.buckets.clear();
  }

  /** Whether one more call of this caller is over the rate; a bucket holds one second's worth. */
  overRate(channel: Channel, caller: string, nowMs: number): boolean {
    const rate = this.of(channel).throttlePerS;
    if (rate === undefined) return false;
    const key = `${channel} ${caller}`;
    const most = rate > 0 ? Math.max(1, rate) : 0;
    const bucket = this.buckets.get(key) ?? { tokens: most, atMs: nowMs };
    bucket.tokens = Math.min(most, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * rate);
    bucket.atMs = nowMs;
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) return true;
    bucket.tokens -= 1;
    return false;
  }
}
