import { Refusal, type Handler, type Reply } from '../http/call';
import type { Shop } from '../shop';
import type { Ground } from '../world';
import { flat, refuse, type PublicCall } from './door';
import { signCall, same } from './sign';

/** `POST auth/token/get {code, partner_id, shop_id}`: the code works once. [S1][S6 doc] */
export function getToken(ground: Ground): (call: PublicCall) => Reply {
  return ({ app, body, call }) => {
    checkPartner(app.key, body['partner_id']);
    const shop = typeof body['code'] === 'string' ? ground.market.sessions.spendCode(body['code'], app) : undefined;
    if (shop === undefined) throw refuse('invalid_code', 'Invalid code');
    if (String(body['shop_id']) !== shop.id) throw refuse('invalid_shop_id', 'Invalid shop_id');
    call.note.shop = shop.id;
    ground.market.sessions.renew(shop);
    return flat({ ...pair(shop), shop_id_list: [Number(shop.id)], merchant_id_list: [] });
  };
}

/** `POST auth/access_token/get`: a refresh token works once; each answer brings the next. [S1 doc] */
export function refreshToken(ground: Ground): (call: PublicCall) => Reply {
  return ({ app, body, call }) => {
    checkPartner(app.key, body['partner_id']);
    const token = typeof body['refresh_token'] === 'string' ? body['refresh_token'] : '';
    const refresh = ground.market.sessions.refreshOf(token, Date.now());
    if (refresh === undefined || refresh.shop.app !== app) throw refuse('error_auth', 'Invalid refresh_token.');
    if (String(body['shop_id']) !== refresh.shop.id) throw refuse('invalid_shop_id', 'Invalid shop_id');
    call.note.shop = refresh.shop.id;
    if (refresh.used) throw refuse('error_auth', 'Invalid refresh_token.');
    refresh.used = true;
    ground.market.sessions.renew(refresh.shop);
    return flat({ ...pair(refresh.shop), partner_id: Number(app.key), shop_id: Number(refresh.shop.id) });
  };
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

/**
 * The consent page: the seller says yes at once and comes back with `code` and `shop_id`. The shop is the app's first,
 * or the one named by `sandbox_shop`. [S1 doc]
 */
export function consent(ground: Ground): Handler {
  return (call) => {
    const { query } = call;
    const app = ground.market.app('shopee', query.get('partner_id') ?? '');
    const redirect = query.get('redirect');
    if (app === undefined || redirect === null) throw refuse('error_param', 'Invalid partner_id.');
    const expected = signCall(app.secret, [app.key, call.path, query.get('timestamp') ?? '']);
    if (!same(expected, query.get('sign') ?? '')) throw refuse('error_sign', 'Wrong sign.');
    const wanted = query.get('sandbox_shop');
    const shop = wanted === null ? [...app.shops.values()][0] : app.shops.get(wanted);
    if (shop === undefined) throw refuse('shop_no_linked', 'Partner and shop has no linked.');
    const target = new URL(redirect);
    target.searchParams.set('code', ground.market.sessions.issueCode(shop));
    target.searchParams.set('shop_id', shop.id);
    throw new Refusal({ status: 302, headers: { location: target.toString() } });
  };
}
