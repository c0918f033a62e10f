import type { ChannelHttp } from './http';

/** One app, ready to be called where there is no shop yet, or none is concerned. */
export interface AppCall {
  readonly http: ChannelHttp;
  readonly app: {
    readonly key: string;
    readonly secret: string;
    readonly region: string;
    /** `HUB_<CHANNEL>_URL`, where it is set. */
    readonly baseUrl?: string;
  };
  readonly now: () => number;
}

/** What a consent or a refresh gave; instants in ms. */
export interface Tokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: number;
  readonly refreshToken?: string;
  /** When the seller must authorise anew, whatever is refreshed before. */
  readonly refreshTokenExpiresAt?: number;
}

/** One shop that a seller gave us the right to act for. */
export interface GrantedShop {
  readonly channelShopId: string;
  readonly name: string;
  readonly region: string;
  /** ISO 4217. */
  readonly currency: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly tokens: Tokens;
}

/** What a refresh needs of a shop. */
export interface TokenHolder {
  readonly channelShopId: string;
  readonly region: string;
  readonly settings: Readonly<Record<string, string>>;
  /** As stored: what is to be replaced. */
  readonly tokens: Tokens;
}

/** Consent by the seller, and tokens that live on by being refreshed. A channel without it has `issueToken`. */
export interface Authorisation {
  /** How long before its end the access token is refreshed, ms. */
  readonly leadMs: number;
  /** How long before the end of the whole authorisation the seller is told to authorise again, ms. */
  readonly warnMs: number;
  /** `once`: a refresh token buys one new pair, and is dead afterwards (Shopee). */
  readonly refreshTokenServes: 'once' | 'always';
  /**
   * Pure: where the seller says yes. `redirectUrl` is the hub's callback; `state` comes back in the callback's query,
   * by the channel where it hands a state through, else inside `redirectUrl`.
   */
  consentUrl(app: AppCall['app'], ask: { readonly state: string; readonly redirectUrl: string }, now: number): string;
  /**
   * Spends the single-use code of the callback's query. Every shop that the consent was for, each with its own tokens.
   * @throws ChannelError `refused` when the code is spent, too old or not there.
   */
  exchange(call: AppCall, query: Readonly<Record<string, string>>): Promise<readonly GrantedShop[]>;
  /**
   * The next tokens. One that is not given anew keeps its old value in the answer.
   * @throws ChannelError `unauthorized` when the refresh token is dead.
   */
  refresh(call: AppCall, holder: TokenHolder): Promise<Tokens>;
  /**
   * After a refresh whose answer was lost: the pair that the channel gave then, where it can be asked for again.
   * @throws ChannelError `unauthorized` when it cannot.
   */
  recover?(call: AppCall, holder: TokenHolder): Promise<Tokens>;
}
