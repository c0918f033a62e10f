import { z } from 'zod';
import type { CallContext, ListingRef, StockReading } from '../kit';
import { errorOf, exchange, isDone, shaped, type ZaloraRequest } from './wire';

const PRODUCT_ID = /^[1-9]\d{0,14}$/;
const stockSchema = z.object({ available: z.int() });

/** [Z1] `available` = quantity + consignment - reservedStock: what buyers can buy. 404 is a product not known. */
async function availableOf(call: CallContext, productId: string): Promise<number | undefined> {
  const request: ZaloraRequest = { method: 'GET', path: `/v2/stock/product/${productId}`, effect: 'read' };
  const answer = await exchange(call, request);
  if (answer.status === 404) return undefined;
  if (!isDone(answer)) throw errorOf(call, request, answer);
  return Math.max(0, shaped(answer, stockSchema).available);
}

/**
 * Reads what buyers can buy of each listing, one call per product (no list by product ids is documented).
 * A listing that Zalora does not know reads `undefined`.
 * @throws ChannelError
 */
export async function readStock(call: CallContext, listings: readonly ListingRef[]): Promise<readonly StockReading[]> {
  const read = new Map<string, number | undefined>();
  const readings: StockReading[] = [];
  for (const { listing, channelIds } of listings) {
    const productId = channelIds.productId ?? '';
    if (PRODUCT_ID.test(productId) && !read.has(productId)) read.set(productId, await availableOf(call, productId));
    readings.push({ listing, sellable: read.get(productId) });
  }
  return readings;
}
