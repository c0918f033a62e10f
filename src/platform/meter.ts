/** What a call is for, the most urgent first. `bulk`: whole lists of orders and catalogues. */
export const URGENCIES = ['lower', 'raise', 'price', 'read', 'bulk'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** How much of a second's calls each may find used before it has to wait: the rest is kept for what is more urgent. */
export const SHARES: Readonly<Record<Urgency, number>> = { lower: 1, raise: 0.9, price: 0.8, read: 0.7, bulk: 0.5 };

/** The numbers of a meter, for the one in Redis too. */
export const METER = {
  secondMs: 1000,
  /** Throttled: the rate is halved, at most once in a second, to no less than a twentieth of the limit. */
  lowestPart: 20,
  /** And rises again evenly, from nothing to the limit in so long. */
  recoveryMs: 60_000,
  /** Throttled without a word on how long: nobody calls for so long. */
  pauseMs: 1000,
  /** Who was refused for so long, and got nothing for longer than a second, is served next. */
  hungryMs: 500,
  unservedMs: 1250,
  /** Who has not asked for so long has given up. */
  goneMs: 3000,
} as const;

export interface Ask {
  readonly now: number;
  /** Documented calls per second; 0 is no limit. */
  readonly limit: number;
  readonly urgency: Urgency;
}

export interface Wait {
  /** 0: the call may be made now. */
  readonly ms: number;
  /** The channel asked for it. */
  readonly isBlocked: boolean;
}

interface Asking {
  asked?: number;
  seen?: number;
  got?: number;
}

/**
 * Who may call a channel, and when: in no second more calls than the limit, lowered by throttling answers. One per shop
 * and one per app. This is the meter of one process, in memory; `budget-script.ts` is the same in Redis, for all.
 */
export class Meter {
  #grants: number[] = [];
  #low: { readonly rate: number; readonly at: number } | undefined;
  #blockedUntil = 0;
  readonly #asking = new Map<Urgency, Asking>();

  /** How long this call has to wait. One that has to is remembered, so that it is not passed over for ever. */
  ask(ask: Ask): Wait {
    const blockedMs = this.#blockedUntil - ask.now;
    if (blockedMs > 0) return { ms: Math.ceil(blockedMs), isBlocked: true };
    const ms = ask.limit === 0 ? 0 : this.#waitMs(ask);
    if (ms > 0) this.#refuse(ask);
    return { ms, isBlocked: false };
  }

  /** The call is made. */
  grant({ now, limit, urgency }: Ask): void {
    if (limit === 0) return;
    this.#grants = [now, ...this.#grants].slice(0, Math.max(1, Math.floor(limit)));
    this.#asking.set(urgency, { got: now });
  }

  /** The channel throttled a call: everybody waits, and then calls more slowly for a while. */
  throttle(now: number, limit: number, afterMs: number = METER.pauseMs): void {
    if (limit > 0 && (this.#low === undefined || now - this.#low.at >= METER.secondMs)) {
      this.#low = { rate: Math.max(limit / METER.lowestPart, this.#rate(now, limit) / 2), at: now };
    }
    this.#blockedUntil = Math.max(this.#blockedUntil, now + afterMs);
  }

  #rate(now: number, limit: number): number {
    if (this.#low === undefined) return limit;
    return Math.min(limit, this.#low.rate + ((now - this.#low.at) * limit) / METER.recoveryMs);
  }

  #waitMs({ now, limit, urgency }: Ask): number {
    const rate = this.#rate(now, limit);
    const most = Math.max(1, Math.floor(rate));
    const windowMs = rate < 1 ? METER.secondMs / rate : METER.secondMs;
    const hungry = this.#hungriest(now);
    const share = Math.max(1, Math.floor(most * SHARES[urgency]));
    const own = hungry === urgency ? most : hungry === undefined ? share : Math.min(share, most - 1);
    if (own === 0) return METER.secondMs;
    const last = this.#grants[own - 1];
    const gapMs = last === undefined ? windowMs : Math.max(0, now - last);
    return gapMs < windowMs ? Math.ceil(windowMs - gapMs) : 0;
  }

  /** Of those who were passed over, the one who has waited longest: one call in a second is left to it. */
  #hungriest(now: number): Urgency | undefined {
    let hungriest: Urgency | undefined;
    let since = Infinity;
    for (const urgency of URGENCIES) {
      const { asked, seen, got } = this.#asking.get(urgency) ?? {};
      if (asked === undefined || seen === undefined || asked >= since) continue;
      if (now - asked < METER.hungryMs || now - seen > METER.goneMs) continue;
      if (got !== undefined && now - got < METER.unservedMs) continue;
      hungriest = urgency;
      since = asked;
    }
    return hungriest;
  }

  #refuse({ now, urgency }: Ask): void {
    const { asked, seen, ...rest } = this.#asking.get(urgency) ?? {};
    const isNew = asked === undefined || seen === undefined || now - seen > METER.goneMs;
    this.#asking.set(urgency, { ...rest, asked: isNew ? now : asked, seen: now });
  }
}
