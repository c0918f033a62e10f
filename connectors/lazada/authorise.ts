import { z } from 'zod';
import {
  type AppCall,
  type Authorisation,
  type CallContext,
  ChannelError,
  type GrantedShop,
  type TokenHolder,
  type Tokens,
} from '../kit';
import { fieldsOf, optionalId, optionalQuantity, readText } from './fields';
import { AUTH_HOST } from './manifest';
import { regionOf } from './regions';
import { ask, type Envelope, errorOf, exchange as send, type WireRequest } from './wire';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Consent and tokens. [L1 doc][L6 doc]
 * An access token lives 7 or 30 days, its refresh token 14 or 180; refreshing never prolongs the latter. The page
 * advises to refresh from 48 hours before the end on; of a token with a shorter life that would be all of it, so
 * whoever keeps `leadMs` takes no more than a part of the life.
 */
export const authorisation: Authorisation = {
  leadMs: 48 * HOUR_MS,
  warnMs: 7 * DAY_MS,
  refreshTokenServes: 'always',
  consentUrl,
  exchange,
  refresh,
};

/** `redirect_uri` must be the registered one, `state` comes back in its query. [L1 doc] */
function consentUrl(app: AppCall['app'], ask: { readonly state: string; readonly redirectUrl: string }): string {
  const query = new URLSearchParams({
    response_type: 'code',
    force_auth: 'true',
    redirect_uri: ask.redirectUrl,
    client_id: app.key,
    state: ask.state,
  });
  return `${(app.baseUrl ?? AUTH_HOST).replace(/\/+$/, '')}/oauth/authorize?${query.toString()}`;
}

/** The code is single-use and lives 30 minutes. [L1 doc] */
async function exchange(call: AppCall, query: Readonly<Record<string, string>>): Promise<readonly GrantedShop[]> {
  const code = query['code'];
  if (!code)
    throw new ChannelError({ kind: 'refused', reason: readText(query['error']) ?? 'no-code' }, 'no code came back');
  const now = call.now();
  const granted = callOf(call, { region: call.app.region });
  // Never repeated inside the call: a code that was spent is refused.
  const request: WireRequest = { method: 'POST', path: '/auth/token/create', params: { code }, effect: 'write' };
  const envelope = await send(granted, request);
  if (/^(?:Invalid|Illegal)(?:Auth)?Code$/i.test(envelope.code) || isMissing(envelope, 'code')) {
    throw new ChannelError({ kind: 'refused', reason: envelope.code }, `${request.path}: ${envelope.message}`);
  }
  if (envelope.code !== '0') throw errorOf(envelope, request, granted);
  const { tokens, answer } = tokensOf(envelope, now);
  return shopsOf(call, tokens, answer);
}

/** Keeps the refresh token where none comes back [L12], and the end of the authorisation, which is never prolonged. */
async function refresh(call: AppCall, holder: TokenHolder): Promise<Tokens> {
  const { refreshToken, refreshTokenExpiresAt: end } = holder.tokens;
  if (!refreshToken) throw new ChannelError({ kind: 'unauthorized' }, 'no refresh token is stored');
  const now = call.now();
  const held = callOf(call, { region: holder.region });
  const params = { refresh_token: refreshToken };
  const request: WireRequest = { method: 'POST', path: '/auth/token/refresh', params, effect: 'write' };
  const envelope = await send(held, request);
  if (isMissing(envelope, 'refresh_?token')) {
    throw new ChannelError({ kind: 'unauthorized' }, `${request.path}: ${envelope.message}`);
  }
  if (envelope.code !== '0') throw errorOf(envelope, request, held);
  const { tokens } = tokensOf(envelope, now);
  const ends = [end, tokens.refreshTokenExpiresAt].filter((instant) => instant !== undefined);
  return {
    accessToken: tokens.accessToken,
    accessTokenExpiresAt: tokens.accessTokenExpiresAt,
    refreshToken: tokens.refreshToken ?? refreshToken,
    ...(ends.length === 0 ? {} : { refreshTokenExpiresAt: Math.min(...ends) }),
  };
}

const isMissing = ({ code, message }: Envelope, name: string): boolean =>
  code === 'MissingParameter' && new RegExp(`(?<!_)\\b${name}\\b`, 'i').test(message);

/** A call with the app's key, for no shop or one that is not stored yet. */
function callOf(
  { http, app, now }: AppCall,
  shop: { readonly region: string; readonly accessToken?: string },
): CallContext {
  return {
    http,
    now,
    shop: {
      channelShopId: '',
      region: shop.region,
      currency: '',
      appKey: app.key,
      appSecret: app.secret,
      accessToken: shop.accessToken ?? '',
      ...(app.baseUrl === undefined ? {} : { baseUrl: app.baseUrl }),
      settings: {},
    },
  };
}

const token = z.string().min(1).max(4000);
const seconds = optionalQuantity.pipe(z.int().min(0).max(315_360_000).optional());

/** Flat, beside `code`; the shops are `country_user_info` on create and `…_list` on refresh. [L6 doc] */
const ANSWER = z.object({
  access_token: token,
  refresh_token: token.optional().catch(undefined),
  expires_in: seconds.pipe(z.int().min(1)),
  refresh_expires_in: seconds,
  country: z.string().optional().catch(undefined),
  account: z.string().optional().catch(undefined),
  country_user_info: z.array(z.unknown()).optional().catch(undefined),
  country_user_info_list: z.array(z.unknown()).optional().catch(undefined),
});
type Answer = z.infer<typeof ANSWER>;

/** Ends are counted from before the call, so that none is thought later than it is. */
function tokensOf({ whole, data }: Envelope, now: number): { readonly tokens: Tokens; readonly answer: Answer } {
  const parsed = ANSWER.safeParse({ ...fieldsOf(data), ...whole });
  if (!parsed.success) throw new ChannelError({ kind: 'malformed' }, 'an answer without tokens or their lives');
  const { access_token, refresh_token, expires_in, refresh_expires_in } = parsed.data;
  const accessTokenExpiresAt = now + expires_in * 1000;
  // 0 is said where the token cannot be refreshed: the authorisation ends with it.
  const end = refresh_expires_in === 0 ? accessTokenExpiresAt : now + (refresh_expires_in ?? 0) * 1000;
  const tokens: Tokens = {
    accessToken: access_token,
    accessTokenExpiresAt,
    ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
    ...(refresh_expires_in === undefined ? {} : { refreshTokenExpiresAt: end }),
  };
  return { tokens, answer: parsed.data };
}

/** Six countries in two lists; each shop costs a call. */
const MOST_USERS = 60;
const USER = z.object({ country: z.string(), seller_id: optionalId, short_code: z.unknown().optional() });

/** One shop per country: a cross-border (`cb`) token is good for several, and each gets it. [L1 doc][L6 doc] */
async function shopsOf(call: AppCall, tokens: Tokens, answer: Answer): Promise<readonly GrantedShop[]> {
  const told = [...(answer.country_user_info ?? []), ...(answer.country_user_info_list ?? [])];
  const users = told.slice(0, MOST_USERS).map((user) => USER.safeParse(user).data);
  const shops = new Map<string, GrantedShop>();
  for (const user of users) {
    if (user?.seller_id === undefined || shops.has(`${user.country}|${user.seller_id}`)) continue;
    const fallback = readText(user.short_code) ?? readText(answer.account) ?? user.seller_id;
    const shop = await shopOf(call, tokens, { country: user.country, sellerId: user.seller_id, fallback });
    if (shop !== undefined) shops.set(`${user.country}|${user.seller_id}`, shop);
  }
  if (shops.size === 0) throw new ChannelError({ kind: 'malformed' }, 'tokens without a shop in a known country');
  return [...shops.values()];
}

interface User {
  readonly country: string;
  readonly sellerId: string;
  readonly fallback: string;
}

async function shopOf(call: AppCall, tokens: Tokens, user: User): Promise<GrantedShop | undefined> {
  const region = regionOf(user.country);
  if (region === undefined) return undefined;
  return {
    channelShopId: user.sellerId,
    name: (await nameOf(call, tokens, user)) ?? user.fallback,
    region: user.country.toLowerCase(),
    // `/seller/get` tells neither. [L7 doc]
    currency: region.currency,
    timeZone: region.timeZone,
    tokens,
  };
}

/** The code is spent: a name that cannot be had is no reason to lose the tokens. */
async function nameOf(call: AppCall, tokens: Tokens, { country }: User): Promise<string | undefined> {
  const request: WireRequest = { method: 'GET', path: '/seller/get', params: {}, effect: 'read' };
  try {
    const data = fieldsOf(await ask(callOf(call, { region: country, accessToken: tokens.accessToken }), request));
    return readText(data['name']) ?? readText(data['name_company']);
  } catch (error) {
    if (error instanceof ChannelError) return undefined;
    throw error;
  }
}
