import {
  ChannelError,
  type AppCall,
  type Authorisation,
  type ChannelFailure,
  type GrantedShop,
  type TokenHolder,
  type Tokens,
} from '../kit';
import { codeOf } from './failures';
import { describeShop } from './shop-info';
import { askForPair, numberOf, pairRequest, type Pair } from './tokens';
import { publicAddressOf } from './wire';

const CONSENT = '/api/v2/shop/auth_partner';
const TOKEN = '/api/v2/auth/token/get';
const REFRESH = '/api/v2/auth/access_token/get';
const RESENT = '/api/v2/public/get_token_by_resend_code';
const DAY_MS = 86_400_000;
const ID = /^\d{1,20}$/;

const refuse = (reason: string, text: string): ChannelError => new ChannelError({ kind: 'refused', reason }, text);

/** [S6] about the app and not about the code it sent. */
const OF_THE_APP = new Set(['error_sign', 'error_partner_key_expired', 'invalid_partner_id']);
/** [S6] `invalid_code`, `invalid_main_acount_id` [sic] and `error_auth` "Invalid code": this consent is used up. */
const readConsent = (failure: ChannelFailure, error: string): ChannelFailure =>
  failure.kind === 'unauthorized' && !OF_THE_APP.has(codeOf(error)) ? { kind: 'refused', reason: error } : failure;

/** [S1] Shopee hands no state through, so it travels inside the address that the seller comes back to (QUIRKS 18). */
function consentUrl(
  app: AppCall['app'],
  ask: { readonly state: string; readonly redirectUrl: string },
  now: number,
): string {
  const redirect = new URL(ask.redirectUrl);
  redirect.searchParams.set('state', ask.state);
  return publicAddressOf(app, { path: CONSENT, query: { redirect: redirect.toString() } }, now);
}

const refreshPair = (call: AppCall, shopId: string, refreshToken: string): Promise<Pair> =>
  askForPair(
    call,
    pairRequest(REFRESH, {
      refresh_token: refreshToken,
      partner_id: numberOf(call.app.key),
      shop_id: numberOf(shopId),
    }),
  );

/** [S1] the code buys one pair; [S6] one that was sent anew from the console has an endpoint of its own. */
function firstPair(call: AppCall, query: Readonly<Record<string, string>>): Promise<Pair> {
  const { code = '', shop_id: shopId = '', main_account_id: account = '' } = query;
  if (code === '' || code.length > 512) throw refuse('no-code', 'the callback names no code');
  if (code.startsWith('resend')) return askForPair(call, pairRequest(RESENT, { resend_code: code }), readConsent);
  if (!ID.test(shopId) && !ID.test(account)) throw refuse('no-shop', 'the callback names no shop and no main account');
  const who = ID.test(shopId) ? { shop_id: numberOf(shopId) } : { main_account_id: numberOf(account) };
  return askForPair(call, pairRequest(TOKEN, { code, partner_id: numberOf(call.app.key), ...who }), readConsent);
}

/** Told of one shop of several: it is left out, and the others are granted. */
const isOfOneShop = (error: unknown): error is ChannelError =>
  error instanceof ChannelError && ['unauthorized', 'refused'].includes(error.failure.kind);

/**
 * [S1] the first pair of a main account can be used once for each of its shops: each gets its own by refreshing. A shop
 * that Shopee refuses (banned, another region) is left out, unless none is left.
 */
async function shopsOf(call: AppCall, pair: Pair, shopIds: readonly string[]): Promise<readonly GrantedShop[]> {
  const granted: GrantedShop[] = [];
  let refused: ChannelError | undefined;
  for (const shopId of shopIds) {
    try {
      const own = await refreshPair(call, shopId, pair.tokens.refreshToken);
      granted.push(await describeShop(call, shopId, own.tokens));
    } catch (error) {
      if (!isOfOneShop(error)) throw error;
      refused ??= error;
    }
  }
  if (granted.length > 0) return granted;
  throw refused ?? refuse('no-shop', 'the consent is for no shop');
}

async function exchange(call: AppCall, query: Readonly<Record<string, string>>): Promise<readonly GrantedShop[]> {
  const pair = await firstPair(call, query);
  const { shop_id: named = '' } = query;
  const [only, ...others] = ID.test(named) ? [BigInt(named).toString()] : pair.shopIds;
  const ofAccount = query.main_account_id !== undefined || pair.hasMerchants || others.length > 0;
  if (only === undefined) throw refuse('no-shop', 'the consent is for no shop');
  if (!ID.test(named) && ofAccount) return shopsOf(call, pair, [...new Set([only, ...others])]);
  return [await describeShop(call, only, pair.tokens)];
}

/** [S1] each refresh token buys one new pair. The end of the authorisation stays what it was. */
async function refresh(call: AppCall, holder: TokenHolder): Promise<Tokens> {
  const { refreshToken, refreshTokenExpiresAt } = holder.tokens;
  if (refreshToken === undefined) throw new ChannelError({ kind: 'unauthorized' }, 'no refresh token is stored');
  const pair = await refreshPair(call, holder.channelShopId, refreshToken);
  if (pair.shopId !== undefined && pair.shopId !== holder.channelShopId) {
    throw new ChannelError({ kind: 'malformed' }, `${REFRESH} answers for another shop`);
  }
  return { ...pair.tokens, ...(refreshTokenExpiresAt === undefined ? {} : { refreshTokenExpiresAt }) };
}

/**
 * [S1] access tokens live 4 h, refresh tokens 30 days and serve once, a consent at most 365 days. There is no
 * `recover`: the code that a lost pair is asked for again with is handed out to a person, in the console (QUIRKS 20).
 */
export const authorisation: Authorisation = {
  leadMs: 30 * 60_000,
  warnMs: 14 * DAY_MS,
  refreshTokenServes: 'once',
  consentUrl,
  exchange,
  refresh,
};
