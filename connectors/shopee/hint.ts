import type { Hint } from '../kit';
import { orderNumberOf, readEnvelope } from './push-envelope';

/** [S2][S7] 3 status, 4 tracking number, 29 return, 30 package status. [S8] 8 the reserve that an order ate. */
const ORDER_CODES = new Set([3, 4, 29, 30]);
const RESERVED_STOCK = 8;

/** [S2][S7][S8] pushes that ask for nothing now. */
const IGNORED: Readonly<Record<number, string>> = {
  0: 'verification message with other content',
  1: 'shop authorised',
  2: 'shop de-authorised',
  5: 'Shopee updates',
  7: 'item promotion',
  8: 'reserved stock without an order',
  9: 'promotion update',
  10: 'webchat',
  11: 'video upload',
  12: 'authorisation expiring',
  13: 'brand',
  15: 'shipping document',
  16: 'item violation',
  22: 'item price',
  23: 'booking',
  24: 'booking',
  25: 'booking',
  27: 'scheduled publish failed',
  28: 'penalty',
  36: 'stock in the Shopee warehouse',
  37: 'push code 37',
  38: 'push code 38',
  47: 'package info',
};

const ignoredReason = (code: number): string => {
  const name = IGNORED[code];
  return name === undefined ? `push code ${code} is not known` : `push code ${code}: ${name}`;
};

/**
 * What a kept push asks for. Order codes name an order of a shop; the other documented ones are ignored with a reason;
 * a promotion's reserve that an order changed (code 8) is that order's earliest news (QUIRKS 4). Pure; never throws.
 */
export function hint(bytes: Buffer): Hint {
  const envelope = readEnvelope(bytes);
  if (envelope === undefined) return { kind: 'unreadable', reason: 'no JSON object with a push code' };
  const { code, shopId, data } = envelope;
  const shop = shopId === undefined ? {} : { channelShopId: shopId };
  const externalId = orderNumberOf(data);
  if (!ORDER_CODES.has(code) && (code !== RESERVED_STOCK || externalId === undefined)) {
    return { kind: 'ignored', ...shop, reason: ignoredReason(code) };
  }
  if (shopId === undefined) return { kind: 'unreadable', reason: `push code ${code} without shop_id` };
  if (externalId === undefined) return { kind: 'unreadable', reason: `push code ${code} without an order number` };
  return { kind: 'order', channelShopId: shopId, externalId };
}
