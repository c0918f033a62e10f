import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { inBatches } from '../../src/domain';
import type { CallContext, ListingRef, StockChange, StockReading, StockResult, StockWrite } from '../kit';
import { ask } from './wire';
import { writeLines } from './write-lines';

/** Sets what buyers can buy; a number is what the shop shows, open orders are not in it. @throws ChannelError */
export const pushStock = (call: CallContext, writes: readonly StockWrite[]): Promise<readonly StockResult[]> =>
  writeLines(call, writes, {
    method: 'PUT',
    path: '/stock',
    fields: ({ sellable }) => ({ sellable: Math.max(0, sellable) }),
  });

/** Changes what buyers can buy by so much; the id lets the shop do each change once. @throws ChannelError */
export const adjustStock = (call: CallContext, changes: readonly StockChange[]): Promise<readonly StockResult[]> =>
  writeLines(call, changes, {
    method: 'POST',
    path: '/stock/changes',
    extra: { id: randomUUID() },
    fields: ({ units }) => ({ units }),
  });

const MOST_READ = 100;
const stockSchema = z.object({
  items: z.array(z.object({ sku: z.string(), sellable: z.int().min(0).max(Number.MAX_SAFE_INTEGER) })).max(1000),
});

/** The skus of some listings, in portions that one call takes. */
export function skuPortions(listings: readonly ListingRef[]): readonly (readonly string[])[] {
  const skus = [...new Set(listings.map(({ channelIds }) => channelIds.sku ?? ''))].filter((sku) => sku !== '');
  return inBatches(skus, MOST_READ);
}

/** Reads what buyers can buy; a sku that the shop does not know reads `undefined`. @throws ChannelError */
export async function readStock(call: CallContext, listings: readonly ListingRef[]): Promise<readonly StockReading[]> {
  const read = new Map<string, number>();
  for (const skus of skuPortions(listings)) {
    const query = { skus: JSON.stringify(skus) };
    const { items } = await ask(call, { method: 'GET', path: '/stock', query, effect: 'read' }, stockSchema);
    for (const { sku, sellable } of items) read.set(sku, sellable);
  }
  return listings.map(({ listing, channelIds }) => ({ listing, sellable: read.get(channelIds.sku ?? '') }));
}
