import { planTokens, type TokenState, type TokenWays } from './plan-tokens';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 1_000 * DAY;
const WAYS: TokenWays = {
  renewsBy: 'refresh',
  leadMs: 2 * HOUR,
  warnMs: 7 * DAY,
  soonMs: 5000,
  pauseMs: 10_000,
  probeMs: 15_000,
};
const pair = (changes: Partial<TokenState> = {}): TokenState => ({
  isPresent: true,
  pair: 'p1',
  grantedAt: NOW - HOUR,
  gotAt: NOW - HOUR,
  canRefresh: true,
  accessTokenExpiresAt: NOW + 10 * HOUR,
  refreshTokenExpiresAt: NOW + 30 * DAY,
  ...changes,
});
const plan = (changes: Partial<TokenState> = {}, ways: Partial<TokenWays> = {}, now = NOW) =>
  planTokens(pair(changes), { ...WAYS, ...ways }, now);

describe('a pair', () => {
  it('is good until its lead, then is replaced ahead, and is looked at exactly then', () => {
    expect(plan()).toEqual({
      use: 'good',
      isAhead: false,
      warns: false,
      until: NOW + 30 * DAY,
      next: NOW + 8 * HOUR,
    });
    expect(plan({}, {}, NOW + 8 * HOUR)).toMatchObject({ use: 'good', isAhead: true });
  });

  it('that lives shorter than its lead is replaced at half of its life, not at once', () => {
    const short = { accessTokenExpiresAt: NOW + HOUR, gotAt: NOW };
    expect(plan(short)).toMatchObject({ use: 'good', isAhead: false, next: NOW + HOUR / 2 });
    expect(plan(short, {}, NOW + HOUR / 2)).toMatchObject({ isAhead: true });
  });

  it('that ends within seconds is stale, but a tenth of a short life is enough', () => {
    expect(plan({ accessTokenExpiresAt: NOW + 4000 }).use).toBe('stale');
    expect(plan({ accessTokenExpiresAt: NOW + 900, gotAt: NOW - 1100 }).use).toBe('good');
    expect(plan({ accessTokenExpiresAt: NOW + 100, gotAt: NOW - 1900 }).use).toBe('stale');
  });

  it('that is refused is stale; just after the hub replaced it, it is held', () => {
    expect(plan({ refusedAt: NOW }).use).toBe('stale');
    const renewed = { refusedAt: NOW, gotAt: NOW - 9000 };
    expect(plan(renewed)).toMatchObject({ use: 'held', next: NOW + 1000 });
    expect(plan(renewed, {}, NOW + 1000).use).toBe('stale');
    expect(plan({ gotAt: NOW, accessTokenExpiresAt: NOW - 1 }).use).toBe('held');
  });

  it('without an end is good', () => {
    const lasting = planTokens({ isPresent: true, canRefresh: false }, WAYS, NOW);
    expect(lasting).toEqual({ use: 'good', isAhead: false, warns: false });
  });
});

describe('a pair that nothing replaces', () => {
  const only = { canRefresh: false, refreshTokenExpiresAt: undefined as never };

  it('is good to its very end, and dead after it', () => {
    expect(plan({ ...only, accessTokenExpiresAt: NOW + 1 }).use).toBe('good');
    expect(plan({ ...only, accessTokenExpiresAt: NOW }).use).toBe('dead');
  });

  it('that is refused is tried again now and then', () => {
    expect(plan({ ...only, refusedAt: NOW }).use).toBe('dead');
    expect(plan({ ...only, refusedAt: NOW - 15_000 }).use).toBe('good');
  });

  it('warns of the end of its access token', () => {
    expect(plan(only)).toMatchObject({ warns: true, until: NOW + 10 * HOUR });
  });

  it('is dead when there is none, or its refresh token is over', () => {
    expect(planTokens({ isPresent: false }, WAYS, NOW)).toEqual({ use: 'dead', isAhead: false, warns: false });
    expect(plan({ accessTokenExpiresAt: NOW, refreshTokenExpiresAt: NOW }).use).toBe('dead');
  });
});

describe('an authorisation that ends', () => {
  it('is told of from its warning on, and looked at when that begins', () => {
    const near = { refreshTokenExpiresAt: NOW + 7 * DAY + HOUR };
    expect(plan(near)).toMatchObject({ warns: false, next: NOW + HOUR });
    expect(plan(near, {}, NOW + HOUR)).toMatchObject({ warns: true, until: NOW + 7 * DAY + HOUR });
  });

  it("is told of at the channel's own word, whatever the tokens say", () => {
    expect(plan({ endsAt: NOW + 20 * DAY })).toMatchObject({ warns: true, until: NOW + 20 * DAY });
  });

  it('with a dead refresh token lasts as long as its access token', () => {
    const dead = { deadAt: NOW - HOUR };
    expect(plan(dead)).toEqual({
      use: 'good',
      isAhead: false,
      warns: true,
      until: NOW + 10 * HOUR,
      next: NOW + 10 * HOUR,
    });
    expect(plan({ ...dead, accessTokenExpiresAt: NOW })).toMatchObject({ use: 'dead', warns: false });
    expect(plan({ ...dead, refusedAt: NOW - DAY }).use).toBe('dead');
  });
});

describe('a token that the channel gives for the asking', () => {
  const issue = { renewsBy: 'issue' } as const;

  it('is asked for when there is none or it ends, never ahead, and nobody is warned', () => {
    expect(planTokens({ isPresent: false }, { ...WAYS, ...issue }, NOW).use).toBe('stale');
    expect(plan({ accessTokenExpiresAt: NOW }, issue).use).toBe('stale');
    expect(plan({ accessTokenExpiresAt: NOW + HOUR }, issue)).toEqual({ use: 'good', isAhead: false, warns: false });
  });

  it('is dead when the channel gives none', () => {
    expect(plan({ refusedAt: NOW, deadAt: NOW }, issue).use).toBe('dead');
  });
});
