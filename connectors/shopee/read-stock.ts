import type { CallContext, ListingRef, StockReading } from '../kit';
import { isNumbered, itemIdOf, keyOfModel, listingKey, modelIdOf } from './listing-key';
import { modelsById, readItems, readModels, type Item, type Model } from './products';
import { readPromotionEnds } from './promotions';
import { isBeside, sellableOf, stockOf } from './stock-number';

/** What Shopee has for one listing: the item, or the model, that it names. */
export type Found = Item | Model | undefined;

/**
 * Reads what listings name: items without variations 50 a call, models by their item. An item that has variations now
 * is not what a listing without a model names.
 * @throws ChannelError
 */
export async function findListings(
  call: CallContext,
  listings: readonly ListingRef[],
): Promise<(listing: ListingRef) => Found> {
  const known = listings.filter(({ channelIds }) => isNumbered(channelIds));
  const idsOf = (isPlain: boolean): readonly string[] => [
    ...new Set(
      known
        .filter(({ channelIds }) => (modelIdOf(channelIds) === '0') === isPlain)
        .map((ref) => itemIdOf(ref.channelIds)),
    ),
  ];
  const items = await readItems(call, idsOf(true));
  const models = new Map([...(await readModels(call, idsOf(false)))].map(([id, read]) => [id, modelsById(read)]));
  return ({ channelIds }) => {
    const [itemId, modelId] = [itemIdOf(channelIds), modelIdOf(channelIds)];
    if (modelId !== '0') return models.get(itemId)?.get(modelId);
    const item = items.get(itemId);
    return item?.has_model === true ? undefined : item;
  };
}

/** Units that promotions hold beside the seller's number, by model id; empty unless the shop's setting says `beside`. */
export async function reservedByModel(
  call: CallContext,
  itemId: string,
  modelIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (!isBeside(call.shop.settings)) return new Map();
  const refs = modelIds.map((modelId) => ({
    listing: modelId as ListingRef['listing'],
    channelIds: { itemId, modelId },
  }));
  const find = await findListings(call, refs);
  return new Map(
    refs.flatMap((ref) => {
      const stock = stockOf(find(ref)?.stock_info_v2, call.shop.settings);
      return stock === undefined ? [] : [[ref.channelIds.modelId, stock.reserved] as const];
    }),
  );
}

/**
 * Reads what buyers can buy of each listing: the seller's number, with the promotion's reserve inside it (setting
 * `reservedStock: inside`, the default) or beside it. A listing that Shopee does not know reads `undefined`. The reserve
 * is the lock [S6][S8]; only items that have one cost a call more, for its end.
 * @throws ChannelError
 */
export async function readStock(call: CallContext, listings: readonly ListingRef[]): Promise<readonly StockReading[]> {
  const find = await findListings(call, listings);
  const read = listings.map((ref) => ({ ref, stock: stockOf(find(ref)?.stock_info_v2, call.shop.settings) }));
  const reserved = read.filter(({ stock }) => stock !== undefined && stock.reserved > 0);
  const items = new Set(reserved.map(({ ref }) => itemIdOf(ref.channelIds)));
  const ends = items.size === 0 ? new Map<string, number>() : await readPromotionEnds(call, [...items]);
  return read.map(({ ref: { listing, channelIds }, stock }) => {
    if (stock === undefined) return { listing, sellable: undefined };
    const sellable = sellableOf(stock, call.shop.settings);
    if (stock.reserved === 0) return { listing, sellable };
    const until = ends.get(listingKey(channelIds)) ?? ends.get(keyOfModel(itemIdOf(channelIds), '0'));
    return { listing, sellable, lock: { units: stock.reserved, ...(until !== undefined && { until }) } };
  });
}
