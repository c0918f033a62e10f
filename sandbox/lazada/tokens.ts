import type { Handler, Reply } from '../http/call';
import type { Shop } from '../shop';
import type { Ground } from '../world';
import { flat, refuse, type Signed } from './door';

/** `/auth/token/create`: the code works once. [L1 doc][L6 doc] */
export function createToken(ground: Ground): (call: Signed) => Reply {
  return ({ app, parameters, call }) => {
    const code = parameters.get('code');
    if (!code)
      throw refuse(
        'MissingParameter',
        'The input parameter "code" that is mandatory for processing this request is not supplied',
      );
    const shop = ground.market.sessions.spendCode(code, app);
    if (shop === undefined) throw refuse('InvalidCode', 'Invalid authorization code');
    call.note.shop = shop.id;
    ground.market.sessions.renew(shop);
    return answer(shop, 'country_user_info');
  };
}

/** `/auth/token/refresh`: the refresh token's end does not move. [L1 doc] The shop list has another name here. [L6 doc] */
export function refreshToken(ground: Ground): (call: Signed) => Reply {
  return ({ app, parameters, call }) => {
    const token = parameters.get('refresh_token');
    if (!token)
      throw refuse(
        'MissingParameter',
        'The input parameter "refresh_token" that is mandatory for processing this request is not supplied',
      );
    const refresh = ground.market.sessions.refreshOf(token, Date.now());
    const spent = refresh?.used === true && ground.readings.choices.lazadaUsedRefresh === 'dead';
    if (refresh === undefined || refresh.shop.app !== app || spent) {
      throw refuse('IllegalRefreshToken', 'The specified refresh token is invalid or expired');
    }
    call.note.shop = refresh.shop.id;
    refresh.used = true;
    ground.market.sessions.renew(refresh.shop, true);
    return answer(refresh.shop, 'country_user_info_list');
  };
}

/** Tokens come flat, without `data`. [L6 doc] */
function answer(shop: Shop, listName: 'country_user_info' | 'country_user_info_list'): Reply {
  const now = Date.now();
  const country = shop.crossBorder ? 'cb' : shop.region.toLowerCase();
  return flat({
    access_token: shop.tokens.access,
    refresh_token: shop.tokens.refresh,
    expires_in: Math.floor((shop.tokens.accessEndsMs - now) / 1000),
    refresh_expires_in: Math.floor((shop.tokens.refreshEndsMs - now) / 1000),
    country,
    account: `seller-${shop.id}@example.com`,
    account_id: shop.id,
    account_platform: 'seller_center',
    [listName]: accountOf(shop).map((one) => ({
      country: one.region.toLowerCase(),
      user_id: one.id,
      seller_id: one.id,
      short_code: `${one.region}SBX`,
    })),
  });
}

/** A cross-border authorisation names the account's shop in each country. [L1 doc] */
function accountOf(shop: Shop): Shop[] {
  return shop.crossBorder ? [...shop.app.shops.values()].filter((one) => one.crossBorder) : [shop];
}

/**
 * The consent page: the seller says yes at once. The shop is the app's first, or the one named by `sandbox_shop`.
 * [L1 doc: response_type, redirect_uri, client_id, state]
 */
export function consent(ground: Ground): Handler {
  return (call) => {
    const app = ground.market.app('lazada', call.query.get('client_id') ?? '');
    const redirect = call.query.get('redirect_uri');
    if (app === undefined || redirect === null || call.query.get('response_type') !== 'code') {
      throw refuse('InvalidAppKey', 'client_id, redirect_uri or response_type is wrong');
    }
    const wanted = call.query.get('sandbox_shop');
    const shop = wanted === null ? [...app.shops.values()][0] : app.shops.get(wanted);
    if (shop === undefined) throw refuse('InvalidAppKey', 'no such shop of this app');
    const target = new URL(redirect);
    target.searchParams.set('code', ground.market.sessions.issueCode(shop));
    const state = call.query.get('state');
    if (state !== null) target.searchParams.set('state', state);
    return { status: 302, headers: { location: target.toString() } };
  };
}
