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
  /** This part of the calls is throttled, however few they are. */
  throttleRate: number;
  /** Which throttling answer: the usual one, or the channel's other one (Lazada 901). */
  throttleKind: 'usual' | 'other' | 'mixed';
  /** Calls a day, to 00:00 UTC+8; those above are refused until then. */
  dailyCalls: number | undefined;
  /** Only calls whose path holds one of these meet the faults of calls; empty: all of them. */
  paths: readonly string[];
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
  /** Rows of a stock or price write that name one of these skus are refused. */
  refuseSkus: readonly string[];
  /** This part of the refreshes happens, and is not answered. */
  refreshUnansweredRate: number;
  /** This part of the calls is told that its signature (Zalora: its token) is wrong. */
  signErrorRate: number;
  /** So far the marketplace's clock is ahead of the true one: what is signed now is too old, or from the future. */
  clockSkewS: number;
  /** Stock is read as 1.37e12, whatever it is. [L12 obs] */
  absurdStock: boolean;
  /** This part of the calls takes effect, and then the connection is cut without an answer. */
  unansweredRate: number;
  /** Every connection is cut at once. */
  down: boolean;
  /** The documented maintenance answer to every call. */
  maintenance: boolean;
  /** What `Retry-After` says during maintenance and, on Zalora, throttling. */
  retryAfterS: number;
  /** Campaign lock or promotion reserve on every listing. */
  lockUnits: number;
}

export const NO_FAULTS: Readonly<Faults> = {
  latencyMs: 0,
  newsDelayMs: 0,
  errorRate: 0,
  errorKind: 'mixed',
  throttlePerS: undefined,
  throttleRate: 0,
  throttleKind: 'usual',
  dailyCalls: undefined,
  paths: [],
  loseRate: 0,
  duplicateRate: 0,
  reorder: 0,
  reorderHoldMs: 2000,
  partialFailureRate: 0,
  refuseSkus: [],
  refreshUnansweredRate: 0,
  signErrorRate: 0,
  clockSkewS: 0,
  absurdStock: false,
  unansweredRate: 0,
  down: false,
  maintenance: false,
  retryAfterS: 2,
  lockUnits: 0,
};

const MOST_CALLERS = 10_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** The faults of each channel, their random choices, and the throttle's counts. */
export class FaultBoard {
  private readonly active = new Map<Channel, Faults>();
  private readonly chances = new Map<Channel, Chance>();
  private readonly buckets = new Map<string, Bucket>();
  private readonly days = new Map<Channel, { day: number; calls: number }>();
  private readonly ends = new Map<Channel, NodeJS.Timeout>();

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
    this.forget(channel);
    this.active.set(channel, faults);
    if (seed !== undefined) this.chances.set(channel, new Chance(seed));
  }

  clear(channel?: Channel): void {
    for (const one of channel === undefined ? [...this.active.keys()] : [channel]) {
      this.forget(one);
      this.active.delete(one);
    }
  }

  /** Acts once the channel's faults have lasted so long, unless they are changed before. */
  endAfter(channel: Channel, lastMs: number, act: () => void): void {
    const timer = setTimeout(act, lastMs);
    timer.unref();
    this.ends.set(channel, timer);
  }

  private forget(channel: Channel): void {
    clearTimeout(this.ends.get(channel));
    this.ends.delete(channel);
    this.days.delete(channel);
    this.buckets.clear();
  }

  /** Whether a call to this path meets the faults of calls. */
  meets(channel: Channel, path: string): boolean {
    const { paths } = this.of(channel);
    return paths.length === 0 || paths.some((part) => path.includes(part));
  }

  /** Whether a row of a write is refused: by its sku, or by chance. */
  refusesRow(channel: Channel, sku: string): boolean {
    const { refuseSkus, partialFailureRate } = this.of(channel);
    return refuseSkus.includes(sku) || this.chance(channel).happens(partialFailureRate);
  }

  /** What the marketplace takes for now. */
  nowMs(channel: Channel): number {
    return Date.now() + this.of(channel).clockSkewS * 1000;
  }

  /** Counts a call of the day, which ends at 00:00 UTC+8; whether it is one too many. */
  overQuota(channel: Channel): boolean {
    const { dailyCalls } = this.of(channel);
    if (dailyCalls === undefined) return false;
    const day = Math.floor((Date.now() + 8 * 3_600_000) / 86_400_000);
    const counted = this.days.get(channel);
    const calls = counted?.day === day ? counted.calls : 0;
    this.days.set(channel, { day, calls: calls + 1 });
    return calls >= dailyCalls;
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
    if (this.buckets.size > MOST_CALLERS) this.buckets.clear();
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) return true;
    bucket.tokens -= 1;
    return false;
  }
}
