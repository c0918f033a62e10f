import { z } from 'zod';
import { ChannelError, secondsField, type AppCall, type GrantedShop, type Tokens } from '../kit';
import { regionOf } from './regions';
import { errorOf, exchange, type ShopeeRequest } from './wire';

/** [S6] flat. `expire_time` is when the seller's authorisation ends. */
const infoSchema = z.object({
  shop_name: z.string().catch(''),
  region: z.string(),
  expire_time: secondsField.nullish().catch(undefined),
});

const REQUEST: ShopeeRequest = { method: 'GET', path: '/api/v2/shop/get_shop_info', effect: 'read' };
/** [S1] an authorisation lasts at most 365 days. */
const LONGEST_CONSENT_MS = 365 * 86_400_000;

/**
 * Name, region, currency and zone of a shop that was just granted, and the end of its authorisation: as Shopee tells
 * it, and never more than 365 days away.
 * @throws ChannelError `refused` for a region that the hub does not serve
 */
export async function describeShop(call: AppCall, channelShopId: string, tokens: Tokens): Promise<GrantedShop> {
  const shop = {
    channelShopId,
    region: call.app.region,
    currency: '',
    appKey: call.app.key,
    appSecret: call.app.secret,
    accessToken: tokens.accessToken,
    settings: {},
    ...(call.app.baseUrl === undefined ? {} : { baseUrl: call.app.baseUrl }),
  };
  const shopCall = { http: call.http, now: call.now, shop };
  const answer = await exchange(shopCall, REQUEST);
  if (answer.error !== '') throw errorOf(shopCall, REQUEST, answer);
  const parsed = infoSchema.safeParse(answer.flat);
  if (!parsed.success) throw new ChannelError({ kind: 'malformed' }, 'get_shop_info answers without a region');
  const code = parsed.data.region.toUpperCase();
  const region = regionOf(code);
  if (region === undefined) {
    throw new ChannelError({ kind: 'refused', reason: 'unknown-region' }, `no currency is known for region ${code}`);
  }
  const latest = call.now() + LONGEST_CONSENT_MS;
  const told = parsed.data.expire_time ?? 0;
  return {
    channelShopId,
    name: parsed.data.shop_name.slice(0, 200) || `Shopee ${channelShopId}`,
    region: code,
    currency: region.currency,
    timeZone: region.timeZone,
    tokens: { ...tokens, refreshTokenExpiresAt: told > call.now() ? Math.min(told, latest) : latest },
  };
}
