import type { Dialect, Draft } from '../dialect';
import { Router } from '../http/router';
import type { Shop } from '../shop';
import type { Ground } from '../world';
import { addDeals } from './deal-routes';
import { failure, forShop, signed } from './door';
import { faceOfApp, faceOfShop } from './faces';
import { confirmLost, listLost, news } from './news';
import { NOTICE_KINDS, notice } from './notices';
import { answerCancellation, cancelOrder, listOrders, readEscrow, readOrders } from './orders';
import { updatePrice } from './prices';
import { promotionNews, reserveNews } from './promotion-news';
import { listItemPromotions, listItems, listModels, readItems, readShop } from './products';
import { ACK_TIMEOUT_MS, VERIFICATION, getPushConfig, readIpRanges, setPushConfig } from './push-config';
import { listReturns, readReturn } from './returns';
import { signPush } from './sign';
import { updateStock } from './stock';
import { asTexts } from './text-ids';
import { consent, getToken, refreshToken, resendToken } from './tokens';

/** After a try that was not heard. [S2 doc][S8] */
const RETRY_AFTER_S = [300, 1800, 10_800];

/** The pretend Shopee Open Platform v2. */
export function shopee(ground: Ground): Dialect {
  return {
    channel: 'shopee',
    routes: addDeals(routes(ground), ground),
    ack: { timeoutMs: ACK_TIMEOUT_MS, accepts: (status, length) => status >= 200 && status < 300 && length === 0 },
    callerKey: (call) => call.query.get('shop_id') ?? call.query.get('partner_id') ?? 'anybody',
    throttled: (kind) =>
      kind === 'usual'
        ? failure('error_rate_limit', 'Too many requests. You have reached the rate limit. Please try again later.')
        : failure('common.exceed_partner_api', 'Too many requests of this app. Please try again later.'),
    quotaSpent: () => failure('error_limit', 'The daily quota of the app is used up. It is reset at 00:00 (UTC+8).'),
    badSign: () => failure('error_sign', 'Wrong sign.', { status: ground.readings.choices.shopeeAuthStatus }),
    mayHear: (shop) => !shop.revoked && !faceOfShop(shop).unlinked,
    verification: () => VERIFICATION,
    notice: (shop, kind, listing) => inTexts(ground, notice(shop, kind, listing)),
    noticeKinds: NOTICE_KINDS,
    busy: () => failure('error_system_busy', 'Our system is taking some time to respond, please try later.'),
    maintenance: () => failure('error_busy', 'The system is under maintenance, please try later.', { status: 503 }),
    unknown: () =>
      failure('error_param', 'Permission denied. This API is currently offline or the request path is incorrect.'),
    news: (change) => [...news(change), ...reserveNews(change)].map((draft) => inTexts(ground, draft)),
    promotionNews: (promotion, what) => promotionNews(promotion, what).map((draft) => inTexts(ground, draft)),
    addresses: (shop, kind) => addressesOf(shop, kind),
    headers: (app, url, body) => ({ authorization: signPush(app.secret, url, body) }),
    retryAfterMs: (tries) => {
      const waitS = RETRY_AFTER_S[tries - 1];
      return waitS === undefined ? undefined : waitS * 1000;
    },
  };
}

/** Numbers sometimes arrive as strings, and `data` as a JSON text. [S2][S14] */
function inTexts(ground: Ground, draft: Draft): Draft {
  if (!ground.quirks.choices.textIds) return draft;
  const body = asTexts(JSON.parse(draft.body)) as { data: unknown };
  return { ...draft, body: JSON.stringify({ ...body, data: JSON.stringify(body.data) }) };
}

/** One address for the app, unless the code is switched off or the shop is blocked. [S6 doc] */
function addressesOf(shop: Shop, kind: string): string[] {
  const { pushesOff, blockedShops } = faceOfApp(shop.app);
  const { hookUrl } = shop.app;
  return hookUrl === undefined || pushesOff.has(Number(kind)) || blockedShops.has(shop.id) ? [] : [hookUrl];
}

function routes(ground: Ground): Router {
  return new Router()
    .add('GET', '/api/v2/shop/auth_partner', consent(ground))
    .add('POST', '/api/v2/auth/token/get', signed(ground, getToken(ground)))
    .add('POST', '/api/v2/auth/access_token/get', signed(ground, refreshToken(ground)))
    .add('GET', '/api/v2/push/get_lost_push_message', signed(ground, listLost(ground)))
    .add('POST', '/api/v2/push/confirm_consumed_lost_push_message', signed(ground, confirmLost()))
    .add('POST', '/api/v2/push/set_app_push_config', signed(ground, setPushConfig(ground)))
    .add('GET', '/api/v2/push/get_app_push_config', signed(ground, getPushConfig(ground)))
    .add('POST', '/api/v2/public/get_token_by_resend_code', signed(ground, resendToken()))
    .add('GET', '/api/v2/public/get_shopee_ip_ranges', signed(ground, readIpRanges()))
    .add('GET', '/api/v2/returns/get_return_list', forShop(ground, listReturns()))
    .add('GET', '/api/v2/returns/get_return_detail', forShop(ground, readReturn()))
    .add('GET', '/api/v2/product/get_item_promotion', forShop(ground, listItemPromotions()))
    .add('GET', '/api/v2/shop/get_shop_info', forShop(ground, readShop()))
    .add('GET', '/api/v2/order/get_order_list', forShop(ground, listOrders()))
    .add('GET', '/api/v2/order/get_order_detail', forShop(ground, readOrders()))
    .add('POST', '/api/v2/order/cancel_order', forShop(ground, cancelOrder(ground)))
    .add('POST', '/api/v2/order/handle_buyer_cancellation', forShop(ground, answerCancellation(ground)))
    .add('GET', '/api/v2/payment/get_escrow_detail', forShop(ground, readEscrow()))
    .add('POST', '/api/v2/product/update_stock', forShop(ground, updateStock(ground)))
    .add('POST', '/api/v2/product/update_price', forShop(ground, updatePrice()))
    .add('GET', '/api/v2/product/get_item_list', forShop(ground, listItems()))
    .add('GET', '/api/v2/product/get_item_base_info', forShop(ground, readItems(ground)))
    .add('GET', '/api/v2/product/get_model_list', forShop(ground, listModels(ground)));
}
