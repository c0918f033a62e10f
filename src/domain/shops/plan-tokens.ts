/** What is known of a shop's tokens without opening them; instants in ms. */
export interface TokenState {
  readonly isPresent: boolean;
  /** Another name with every pair: what was decided over an older one is refused. */
  readonly pair?: string;
  /** When a person authorised the shop, and when the present pair came; later where the hub asked for it itself. */
  readonly grantedAt?: number;
  readonly gotAt?: number;
  readonly canRefresh?: boolean;
  readonly accessTokenExpiresAt?: number;
  readonly refreshTokenExpiresAt?: number;
  /** The channel's own word on when the authorisation ends. */
  readonly endsAt?: number;
  /** The channel took the access token no more. */
  readonly refusedAt?: number;
  /** The channel gives no other pair for this one. */
  readonly deadAt?: number;
  /** A refresh token that serves once is being spent, and nobody knows yet what it bought. */
  readonly spendingAt?: number;
}

/** How tokens of a channel are replaced, and how long before its ends something is done. */
export interface TokenWays {
  readonly renewsBy: 'refresh' | 'issue' | 'nothing';
  /** How long ahead of its end an access token is replaced. */
  readonly leadMs: number;
  /** How long ahead of its end a person is told to authorise again. */
  readonly warnMs: number;
  /** A token that ends this soon is not used any more. */
  readonly soonMs: number;
  /** A pair that the hub asked for, and that was refused, is not replaced before this age. */
  readonly pauseMs: number;
  /** A refused token that nothing can replace is tried again after this. */
  readonly probeMs: number;
}

/**
 * `good`: may be used. `stale`: must be replaced before. `held`: refused, though it was just replaced. `dead`: only a
 * person can help.
 */
export type TokenUse = 'good' | 'stale' | 'held' | 'dead';

export interface TokenPlan {
  readonly use: TokenUse;
  /** It is time to replace it, though it may still be used. */
  readonly isAhead: boolean;
  /** Until when the shop can be called if nobody authorises it again; absent where that is not known. */
  readonly until?: number;
  /** It is time to tell a person of that end. */
  readonly warns: boolean;
  /** When to look again; absent when there is nothing to wait for. */
  readonly next?: number;
}

/** A pair lives long enough to be used, however short its life: margins are at most these shares of it. */
const SOON_SHARE = 0.1;
const LEAD_SHARE = 0.5;

/** What may be done with a shop's tokens now, and what is to be done about them. */
export function planTokens(state: TokenState, ways: TokenWays, now: number): TokenPlan {
  const use = useOf(state, ways, now);
  const aheadAt = aheadFrom(state, ways);
  const isAhead = use === 'good' && aheadAt <= now && isRenewable(state, ways, now);
  const until = untilOf(state, ways, now);
  const warnsFrom = until === undefined ? Infinity : isCertain(state) ? now : until - ways.warnMs;
  const triesAt = use === 'good' ? aheadAt : use === 'held' ? (state.gotAt ?? now) + ways.pauseMs : Infinity;
  const next = nextOf([triesAt, warnsFrom, until ?? Infinity], now);
  return {
    use,
    isAhead,
    warns: use !== 'dead' && until !== undefined && until > now && warnsFrom <= now,
    ...(until !== undefined && { until }),
    ...(next !== undefined && { next }),
  };
}

function useOf(state: TokenState, ways: TokenWays, now: number): TokenUse {
  const { isPresent, refusedAt, deadAt, accessTokenExpiresAt: end = Infinity } = state;
  const lives = isPresent && end > now;
  if (lives && refusedAt === undefined && !isSoon(state, ways, now)) return 'good';
  if (isRenewable(state, ways, now)) return isPaused(state, ways, now) ? 'held' : 'stale';
  if (!lives) return 'dead';
  if (refusedAt === undefined) return 'good';
  return deadAt === undefined && now >= refusedAt + ways.probeMs ? 'good' : 'dead';
}

function isRenewable(state: TokenState, { renewsBy }: TokenWays, now: number): boolean {
  if (state.deadAt !== undefined || renewsBy === 'nothing') return false;
  if (renewsBy === 'issue') return true;
  return state.canRefresh === true && (state.refreshTokenExpiresAt ?? Infinity) > now;
}

const lifeOf = ({ accessTokenExpiresAt, gotAt }: TokenState): number =>
  accessTokenExpiresAt === undefined || gotAt === undefined ? Infinity : Math.max(0, accessTokenExpiresAt - gotAt);

const isSoon = (state: TokenState, { soonMs }: TokenWays, now: number): boolean =>
  now >= (state.accessTokenExpiresAt ?? Infinity) - Math.min(soonMs, lifeOf(state) * SOON_SHARE);

function aheadFrom(state: TokenState, ways: TokenWays): number {
  if (ways.renewsBy !== 'refresh' || state.canRefresh !== true || state.deadAt !== undefined) return Infinity;
  return (state.accessTokenExpiresAt ?? Infinity) - Math.min(ways.leadMs, lifeOf(state) * LEAD_SHARE);
}

/** A new pair that is refused at once would buy the next one, and that the next. */
function isPaused({ grantedAt = 0, gotAt = 0, ...state }: TokenState, { pauseMs }: TokenWays, now: number): boolean {
  const wasOfNoUse = state.refusedAt !== undefined || (state.accessTokenExpiresAt ?? Infinity) <= gotAt;
  return wasOfNoUse && gotAt > grantedAt && now < gotAt + pauseMs;
}

function untilOf(state: TokenState, ways: TokenWays, now: number): number | undefined {
  if (ways.renewsBy === 'issue' || !state.isPresent) return undefined;
  const lasts = isRenewable(state, ways, now) ? state.refreshTokenExpiresAt : state.accessTokenExpiresAt;
  const until = Math.min(lasts ?? Infinity, state.endsAt ?? Infinity);
  return until === Infinity ? undefined : until;
}

/** The end is told or decided: nobody has to wait until it is near. */
const isCertain = ({ endsAt, deadAt }: TokenState): boolean => endsAt !== undefined || deadAt !== undefined;

function nextOf(instants: readonly number[], now: number): number | undefined {
  const next = Math.min(...instants.filter((instant) => instant > now));
  return next === Infinity ? undefined : next;
}
