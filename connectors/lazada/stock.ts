import { type CallContext, ChannelError, type ListingRef, type StockReading } from '../kit';
import { readLock } from './lock';
import { readSkus, skuIdOf } from './products';
import { readSellable } from './sellable';

/**
 * Reads what buyers can buy of each listing, and what campaigns lock of it. [L5 doc][L12 obs]
 * @throws ChannelError `malformed` also where no listing says it: a number is never guessed.
 */
export async function readStock(call: CallContext, listings: readonly ListingRef[]): Promise<readonly StockReading[]> {
  const skus = await readSkus(call, listings);
  const readings = listings.flatMap((ref): readonly StockReading[] => {
    const sku = skus.get(skuIdOf(ref));
    if (sku === undefined) return [{ listing: ref.listing, sellable: undefined }];
    const sellable = readSellable(sku, call.shop.settings);
    const lock = readLock(sku, call.shop);
    return sellable === undefined ? [] : [{ listing: ref.listing, sellable, ...(lock !== undefined && { lock }) }];
  });
  if (readings.length > 0 || listings.length === 0) return readings;
  throw new ChannelError({ kind: 'malformed' }, 'SKUs without a sellable quantity');
}
