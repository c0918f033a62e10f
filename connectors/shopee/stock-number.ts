import type { ShopAccess } from '../kit';
import type { StockInfo } from './products';

type Settings = ShopAccess['settings'];

export interface Stock {
  /** The seller's own number: what `update_stock` sets. */
  readonly own: number;
  readonly reserved: number;
}

/** Setting `reservedStock` (QUIRKS 9): whether a promotion's reserve lies beside the seller's number. */
export const isBeside = (settings: Settings): boolean => settings.reservedStock === 'beside';

/** Setting `locationId` (QUIRKS 24): the one location whose stock the hub reads and writes; undefined: all that sell. */
export const locationOf = (settings: Settings): string | undefined => settings.locationId || undefined;

/**
 * [S6] `seller_stock` is the seller's, over all locations that may sell; `shopee_stock` is Shopee's and not ours.
 * `total_available_stock` ("can be sold currently") stands in only where `seller_stock` is not there (QUIRKS 9).
 */
export function stockOf(info: StockInfo | null | undefined, settings: Settings): Stock | undefined {
  if (info === null || info === undefined) return undefined;
  const location = locationOf(settings);
  const locations = info.seller_stock?.filter(
    (place) => place.if_saleable !== false && (location === undefined || place.location_id === location),
  );
  const own = locations?.reduce((sum, { stock }) => sum + stock, 0) ?? info.summary_info?.total_available_stock;
  if (own === null || own === undefined) return undefined;
  return { own: Math.max(0, own), reserved: Math.max(0, info.summary_info?.total_reserved_stock ?? 0) };
}

/** What buyers can buy. */
export const sellableOf = (stock: Stock, settings: Settings): number =>
  stock.own + (isBeside(settings) ? stock.reserved : 0);
