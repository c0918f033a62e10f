import type { Hint } from '../kit';
import { instantOf, listingKeysOf, orderNumberOf, readEnvelope, shopsOf, type PushEnvelope } from './push-envelope';

/** [S2][S7] 3 status, 4 tracking number, 15 shipping document, 29 return, 30 package status. */
const ORDER_CODES = new Set([3, 4, 15, 29, 30]);
/** [S7] a booking has a document before it has an order. */
const SHIPPING_DOCUMENT = 15;
/** [S8] a promotion's reserve: eaten by an order, given back by one, or changed without one. */
const RESERVED_STOCK = 8;

/** [S2][S8] what a listing shows, or what it costs, changed without an order. */
const LISTING_CODES: ReadonlyMap<number, string> = new Map([
  [7, 'item promotion'],
  [RESERVED_STOCK, 'reserved stock'],
  [9, 'promotion update'],
  [22, 'item price'],
  [36, 'stock in the Shopee warehouse'],
]);

/** [S2] the right to act for shops. */
const ACCESS_CODES: ReadonlyMap<number, 'granted' | 'revoked' | 'expiring'> = new Map([
  [1, 'granted'],
  [2, 'revoked'],
  [12, 'expiring'],
]);

/** [S2][S7][S8] pushes that ask for nothing. */
const IGNORED: ReadonlyMap<number, string> = new Map([
  [0, 'verification message with other content'],
  [5, 'Shopee updates'],
  [10, 'webchat'],
  [11, 'video upload'],
  [13, 'brand'],
  [16, 'item violation'],
  [23, 'booking status'],
  [24, 'booking tracking number'],
  [25, 'booking shipping document'],
  [27, 'scheduled publish failed'],
  [28, 'penalty'],
  [37, 'documented without stock, price or order'],
  [38, 'documented without stock, price or order'],
  [47, 'package info'],
]);

const inShop = ({ shopId }: PushEnvelope): { readonly channelShopId?: string } =>
  shopId === undefined ? {} : { channelShopId: shopId };

const ignore = (envelope: PushEnvelope, reason: string): Hint => ({
  kind: 'ignored',
  ...inShop(envelope),
  reason: `push code ${envelope.code}: ${reason}`,
});

function orderHint(envelope: PushEnvelope): Hint {
  const { code, shopId: channelShopId } = envelope;
  const externalId = orderNumberOf(envelope.data);
  if (externalId === undefined && code === SHIPPING_DOCUMENT) return ignore(envelope, 'document without an order');
  if (channelShopId === undefined) return { kind: 'unreadable', reason: `push code ${code} without shop_id` };
  if (externalId === undefined) return { kind: 'unreadable', reason: `push code ${code} without an order number` };
  return { kind: 'order', channelShopId, externalId };
}

function listingsHint(envelope: PushEnvelope, name: string): Hint {
  const listingKeys = listingKeysOf(envelope.data);
  if (listingKeys.length === 0) return ignore(envelope, `${name}, names no listing`);
  if (envelope.shopId === undefined)
    return { kind: 'unreadable', reason: `push code ${envelope.code} without shop_id` };
  return { kind: 'listings', channelShopId: envelope.shopId, listingKeys, reason: name };
}

function accessHint(envelope: PushEnvelope, news: 'granted' | 'revoked' | 'expiring'): Hint {
  const [channelShopId, ...others] = shopsOf(envelope);
  if (channelShopId === undefined) return ignore(envelope, `authorisation ${news}, names no shop`);
  const until = news === 'expiring' ? instantOf(envelope.data.expire_before) : undefined;
  return {
    kind: 'access',
    channelShopId,
    ...(others.length === 0 ? {} : { channelShopIds: [channelShopId, ...others] }),
    news,
    ...(until === undefined ? {} : { until }),
  };
}

/**
 * What a kept push asks for. Order codes name an order of a shop, listing codes what must be read back, and partner
 * level codes the shops whose authorisation changes; the other documented ones are ignored with a reason. A promotion's
 * reserve that an order changed (code 8) is that order's earliest news (QUIRKS 4). Pure; never throws.
 */
export function hint(bytes: Buffer): Hint {
  const envelope = readEnvelope(bytes);
  if (envelope === undefined) return { kind: 'unreadable', reason: 'no JSON object with a push code' };
  const { code, data } = envelope;
  const news = ACCESS_CODES.get(code);
  if (news !== undefined) return accessHint(envelope, news);
  const isOrderNews = code === RESERVED_STOCK && orderNumberOf(data) !== undefined;
  if (ORDER_CODES.has(code) || isOrderNews) return orderHint(envelope);
  const listings = LISTING_CODES.get(code);
  if (listings !== undefined) return listingsHint(envelope, listings);
  const reason = IGNORED.get(code);
  return reason === undefined
    ? { kind: 'ignored', ...inShop(envelope), reason: `push code ${code} is not known` }
    : ignore(envelope, reason);
}
