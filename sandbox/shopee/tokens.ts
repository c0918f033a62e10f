import { randomBytes } from 'node:crypto';
import { Refusal, type Handler, type Reply } from '../http/call';
import type { App, Shop } from '../shop';
import type { Ground } from '../world';
import { ACCESS_LIFE_S, grantAccount, issueMainCode, spendAccountRefresh, spendMainCode, type Pair } from './accounts';
import { tellAuthorised, tellMainAuthorised } from './authority';
import { checkSigned, flat, refuse, type PublicCall } from './door';
import { authorise, faceOfApp, faceOfShop, keepBounded } from './faces';

/** `POST auth/token/get {code, partner_id, shop_id|main_account_id}`: the code works once. [S1][S6 doc] */
export function getToken(ground: Ground): (call: PublicCall) => Reply {
  return ({ app, body, call }) => {
    checkPartner(app.key, body['partner_id']);
    const code = typeof body['code'] === 'string' ? body['code'] : '';
    if (body['main_account_id'] !== undefined) return mainToken(app, code, body['main_account_id']);
    const shop = ground.market.sessions.spendCode(code, app);
    if (shop === undefined) throw refuse('invalid_code', 'Invalid code');
    if (String(body['shop_id']) !== shop.id) throw refuse('invalid_shop_id', 'Invalid shop_id');
    call.note.shop = shop.id;
    ground.market.sessions.renew(shop);
    return flat({ ...pair(shop), shop_id_list: [Number(shop.id)], merchant_id_list: [] });
  };
}

/** A main account's pair, with the shops and merchants that it may be spent for. [S1 doc] */
function mainToken(app: App, code: string, mainAccountId: unknown): Reply {
  const face = faceOfApp(app);
  if (!spendMainCode(app, code)) throw refuse('invalid_code', 'Invalid code');
  if (String(mainAccountId) !== String(face.mainAccountId)) {
    throw refuse('invalid_main_acount_id', 'Invalid main_account_id');
  }
  const shops = [...app.shops.values()].filter((shop) => !faceOfShop(shop).unlinked);
  return flat({
    ...accountPair(grantAccount(app, 'main')),
    shop_id_list: shops.map((shop) => Number(shop.id)),
    merchant_id_list: [face.merchantId],
  });
}

/** `POST auth/access_token/get`: a refresh token works once; each answer brings the next. [S1 doc] */
export function refreshToken(ground: Ground): (call: PublicCall) => Reply {
  return ({ app, body, call }) => {
    checkPartner(app.key, body['partner_id']);
    const token = typeof body['refresh_token'] === 'string' ? body['refresh_token'] : '';
    if (body['merchant_id'] !== undefined) return refreshMerchant(app, token, body['merchant_id']);
    const shop = spendRefresh(ground, app, { token, shopId: body['shop_id'] });
    call.note.shop = shop.id;
    ground.market.sessions.renew(shop);
    if (ground.quirks.losesRefreshAnswer()) return { status: 0, cut: true };
    return flat({ ...pair(shop), partner_id: Number(app.key), shop_id: Number(shop.id) });
  };
}

/** The shop that a refresh token was good for; a token that was used is refused as one never given. [S6 doc] */
function spendRefresh(ground: Ground, app: App, { token, shopId }: { token: string; shopId: unknown }): Shop {
  const refresh = ground.market.sessions.refreshOf(token, 0);
  if (refresh === undefined || refresh.shop.app !== app) {
    const shop = app.shops.get(String(shopId));
    const spent = shop === undefined ? 'bad' : spendAccountRefresh(app, token, `shop ${shop.id}`);
    if (spent === 'good' && shop !== undefined) return shop;
    throw spent === 'expired' ? refuseExpired() : refuse('error_auth', 'Invalid refresh_token.');
  }
  if (String(shopId) !== refresh.shop.id) throw refuse('invalid_shop_id', 'Invalid shop_id');
  if (refresh.used) throw refuse('error_auth', 'Invalid refresh_token.');
  if (refresh.endsMs <= Date.now()) throw refuseExpired();
  if (faceOfShop(refresh.shop).authorisedUntilMs <= Date.now()) {
    throw refuse('shop_access_expired', 'The authorization of the shop has expired, please authorize again.');
  }
  refresh.used = true;
  return refresh.shop;
}

/** A refresh with merchant_id gives a merchant's token, which no shop call takes. [S13 obs] */
function refreshMerchant(app: App, token: string, merchantId: unknown): Reply {
  const face = faceOfApp(app);
  if (String(merchantId) !== String(face.merchantId)) throw refuse('error_param', 'Invalid merchant_id.');
  const spent = spendAccountRefresh(app, token, `merchant ${face.merchantId}`);
  if (spent === 'expired') throw refuseExpired();
  if (spent === 'bad') throw refuse('error_auth', 'Invalid refresh_token.');
  const made = accountPair(grantAccount(app, 'merchant'));
  return flat({ ...made, partner_id: Number(app.key), merchant_id: face.merchantId });
}

function refuseExpired(): Refusal {
  return refuse('refresh_token_expired', 'Your refresh_token expired.');
}

/** `POST public/get_token_by_resend_code {resend_code}`: the pair whose answer was lost, once a code. [S6 doc] */
export function resendToken(): (call: PublicCall) => Reply {
  return ({ app, body, call }) => {
    const { resendCodes } = faceOfApp(app);
    const code = String(body['resend_code']);
    const shop = resendCodes.get(code);
    if (shop === undefined) throw refuse('invalid_code', 'Invalid resend_code');
    resendCodes.delete(code);
    call.note.shop = shop.id;
    return flat({ ...pair(shop), shop_id_list: [Number(shop.id)], merchant_id_list: [] });
  };
}

/** A resend code, as the console gives it to the app's owner. */
export function issueResendCode(shop: Shop): string {
  const code = randomBytes(16).toString('hex');
  keepBounded(faceOfApp(shop.app).resendCodes, code, shop);
  return code;
}

function checkPartner(key: string, given: unknown): void {
  if (String(given) !== key) throw refuse('error_param', 'Invalid partner_id.');
}

function pair(shop: Shop): Record<string, unknown> {
  return {
    access_token: shop.tokens.access,
    refresh_token: shop.tokens.refresh,
    expire_in: Math.floor((shop.tokens.accessEndsMs - Date.now()) / 1000),
  };
}

function accountPair({ access, refresh }: Pair): Record<string, unknown> {
  return { access_token: access, refresh_token: refresh, expire_in: ACCESS_LIFE_S };
}

/**
 * The consent page: the seller says yes at once and comes back with `code` and `shop_id`, or `main_account_id` with
 * `sandbox_main=1`. The shop is the app's first, or the one named by `sandbox_shop`. [S1 doc]
 */
export function consent(ground: Ground): Handler {
  return (call) => {
    const { query } = call;
    const app = checkSigned(ground, call, []);
    const redirect = query.get('redirect');
    if (redirect === null || !URL.canParse(redirect)) throw refuse('error_param', 'There is no redirect in query.');
    const target = new URL(redirect);
    if (query.get('sandbox_main') === '1') {
      for (const shop of app.shops.values()) authorise(shop);
      tellMainAuthorised(ground, app);
      target.searchParams.set('code', issueMainCode(app));
      target.searchParams.set('main_account_id', String(faceOfApp(app).mainAccountId));
      throw new Refusal({ status: 302, headers: { location: target.toString() } });
    }
    const wanted = query.get('sandbox_shop');
    const shop = wanted === null ? [...app.shops.values()][0] : app.shops.get(wanted);
    if (shop === undefined) throw refuse('shop_no_linked', 'Partner and shop has no linked.');
    authorise(shop);
    tellAuthorised(ground, shop);
    target.searchParams.set('code', ground.market.sessions.issueCode(shop));
    target.searchParams.set('shop_id', shop.id);
    throw new Refusal({ status: 302, headers: { location: target.toString() } });
  };
}
