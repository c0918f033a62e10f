import { createHmac, randomBytes } from 'node:crypto';
import type { App, Channel, Shop, Tokens } from './shop';

interface Session {
  shop: Shop;
  endsMs: number;
}

interface Refresh {
  shop: Shop;
  endsMs: number;
  used: boolean;
}

interface Code {
  shop: Shop;
  endsMs: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LASTING_MS = 3650 * DAY_MS;

type Lives = Partial<Record<Channel, number>>;

/**
 * Token lives: Lazada online app 30 d and 180 d [L1 doc]; Shopee 4 h and 30 d [S1 doc]; Zalora 1 h, no refresh [Z1 doc].
 * A channel that is not named has no tokens: what it has instead lives until it is revoked.
 */
export const ACCESS_LIFE_MS = {
  lazada: 30 * DAY_MS,
  shopee: 4 * HOUR_MS,
  zalora: HOUR_MS,
} satisfies Lives;
export const REFRESH_LIFE_MS = {
  lazada: 180 * DAY_MS,
  shopee: 30 * DAY_MS,
  zalora: 0,
} satisfies Lives;
/** Consent codes: Lazada 30 min [L1 doc], Shopee 10 min [S1 doc]; both single-use. */
const CODE_LIFE_MS = { lazada: HOUR_MS / 2, shopee: HOUR_MS / 6, zalora: 0 } satisfies Lives;

const lifeMs = (lives: Lives, channel: Channel): number => lives[channel] ?? LASTING_MS;

const SHORTEST_MS = 1000;
const MOST_KEPT = 50_000;

/** How long a channel's next tokens live, in the marketplace's own time; what is not said is as documented. */
export interface TokenLife {
  accessMs?: number | undefined;
  refreshMs?: number | undefined;
}

/** Who may speak for which shop: access tokens, refresh tokens and consent codes. */
export class Sessions {
  private readonly told = new Map<Channel, TokenLife>();
  private readonly access = new Map<string, Session>();
  private readonly refresh = new Map<string, Refresh>();
  private readonly codes = new Map<string, Code>();

  /** Tokens live `factor` times shorter than they say there. */
  constructor(private readonly factor: () => number = () => 1) {}

  /** Changes how long the next tokens of a channel live; an empty life is the documented one. */
  setLife(channel: Channel, life: TokenLife): void {
    this.told.set(channel, life);
  }

  /** How long tokens that are made now live, in real time. */
  livesOf(channel: Channel): { accessMs: number; refreshMs: number } {
    const told = this.told.get(channel);
    const real = (ms: number): number => (ms === 0 ? 0 : Math.max(SHORTEST_MS, ms / this.factor()));
    return {
      accessMs: real(told?.accessMs ?? lifeMs(ACCESS_LIFE_MS, channel)),
      refreshMs: real(told?.refreshMs ?? lifeMs(REFRESH_LIFE_MS, channel)),
    };
  }

  /** The tokens that a shop begins with: given ones, or ones that follow from the app's secret and the shop's id. */
  begin(shop: Shop, given: { access?: string | undefined; refresh?: string | undefined }): void {
    const derived = (word: string): string =>
      createHmac('sha256', shop.app.secret).update(`${word}|${shop.id}`).digest('hex').slice(0, 40);
    this.grant(shop, { access: given.access ?? derived('access'), refresh: given.refresh ?? derived('refresh') });
  }

  /** A new pair. With `keepRefreshEnd` the new refresh token ends when the old one would have. */
  renew(shop: Shop, keepRefreshEnd = false): Tokens {
    const endsMs = shop.tokens.refreshEndsMs;
    this.grant(shop, { access: randomBytes(20).toString('hex'), refresh: randomBytes(20).toString('hex') });
    if (keepRefreshEnd) {
      shop.tokens.refreshEndsMs = endsMs;
      const refresh = this.refresh.get(shop.tokens.refresh);
      if (refresh !== undefined) refresh.endsMs = endsMs;
    }
    return shop.tokens;
  }

  /** The shop an access token speaks for, while it lives. */
  holder(token: string, nowMs: number): Shop | undefined {
    const session = this.access.get(token);
    return session !== undefined && session.endsMs > nowMs ? session.shop : undefined;
  }

  refreshOf(token: string, nowMs: number): Refresh | undefined {
    const refresh = this.refresh.get(token);
    return refresh !== undefined && refresh.endsMs > nowMs ? refresh : undefined;
  }

  issueCode(shop: Shop): string {
    const code = randomBytes(16).toString('hex');
    keep(this.codes, code, { shop, endsMs: Date.now() + lifeMs(CODE_LIFE_MS, shop.channel) });
    return code;
  }

  /** The shop that a consent code stands for, once. */
  spendCode(code: string, app: App): Shop | undefined {
    const entry = this.codes.get(code);
    if (entry === undefined || entry.shop.app !== app) return undefined;
    this.codes.delete(code);
    return entry.endsMs > Date.now() ? entry.shop : undefined;
  }

  /** Ends every access token of a channel (or one shop) now. */
  expire(channel: Channel, shopId?: string): void {
    for (const session of this.access.values()) {
      if (session.shop.channel !== channel || (shopId !== undefined && session.shop.id !== shopId)) continue;
      session.endsMs = 0;
      session.shop.tokens.accessEndsMs = Date.now();
    }
  }

  /** Forgets every token of a shop, as when its seller takes the authorisation back. */
  revoke(shop: Shop): void {
    for (const [token, session] of this.access) if (session.shop === shop) this.access.delete(token);
    for (const [token, refresh] of this.refresh) if (refresh.shop === shop) this.refresh.delete(token);
    for (const [code, one] of this.codes) if (one.shop === shop) this.codes.delete(code);
    shop.revoked = true;
    shop.tokens.accessEndsMs = Math.min(shop.tokens.accessEndsMs, Date.now());
    shop.tokens.refreshEndsMs = Math.min(shop.tokens.refreshEndsMs, Date.now());
  }

  clear(): void {
    this.told.clear();
    this.access.clear();
    this.refresh.clear();
    this.codes.clear();
  }

  private grant(shop: Shop, pair: { access: string; refresh: string }): void {
    const now = Date.now();
    const lives = this.livesOf(shop.channel);
    const accessEndsMs = now + lives.accessMs;
    const refreshEndsMs = now + lives.refreshMs;
    shop.revoked = false;
    shop.tokens = { access: pair.access, accessEndsMs, refresh: pair.refresh, refreshEndsMs };
    keep(this.access, pair.access, { shop, endsMs: accessEndsMs });
    keep(this.refresh, pair.refresh, { shop, endsMs: refreshEndsMs, used: false });
  }
}

/** Adds one, and forgets the oldest above the most. */
function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.size > MOST_KEPT ? map.keys() : [];
  if (oldest !== undefined) map.delete(oldest);
}
