import { type CallContext, ChannelError, type ListingRef, type StockReading } from '../kit';
import { readSkus, skuIdOf } from './products';
import { readSellable } from './sellable';

/**
 * Reads what buyers can buy of each listing. [L5 doc][L12 obs]
 * @throws ChannelError `malformed` also for a listing that does not say it: a number is never guessed.
 */
export async function readStock(call: CallContext, listings: readonly ListingRef[]): Promise<readonly StockReading[]> {
  const skus = await readSkus(call, listings);
  return listings.map((ref) => {
    const skuId = skuIdOf(ref);
    if (!skus.has(skuId)) return { listing: ref.listing, sellable: undefined };
    const sellable = readSellable(skus.get(skuId), call.shop.settings);
    if (sellable === undefined) throw new ChannelError({ kind: 'malformed' }, `SKU ${skuId} has no sellable quantity`);
    return { listing: ref.listing, sellable };
  });
}
