import type { ChannelIds } from './channel-ids';

/**
 * Orders created or changed in `[from, to]`, ms. Never longer than `manifest.orderWindowMs`, and `to` so far in the past
 * that none enters while it is read: an order that changes leaves it.
 */
export interface OrderWindow {
  readonly by: 'created' | 'updated';
  readonly from: number;
  readonly to: number;
}

/** One page; `next` is opaque and good for the same window only. Without it the list is complete. */
export interface OrdersPage {
  /** Ids that `readOrders` takes; the same one may come on several pages. */
  readonly externalIds: readonly string[];
  /** When each last changed, ms, where the list tells the same instant as `normalize` does of the order read now. */
  readonly updatedAt?: ReadonlyMap<string, number>;
  readonly next?: string;
}

/** One thing that the shop offers, as its catalogue shows it. */
export interface CatalogueItem {
  readonly channelIds: ChannelIds;
  /** The seller's own code of it; empty where the seller gave none. */
  readonly sellerSku: string;
  readonly name: string;
  /** False: switched off, deleted, rejected or banned; buyers do not see it. */
  readonly isLive: boolean;
  /** What buyers can buy now, sale units, where the list tells it. */
  readonly sellable?: number;
  /** A status that no documentation names: opens a problem, is never guessed at. */
  readonly unknownStatus?: string;
}

/** One page of the catalogue; `next` is opaque. Without it the catalogue is complete. */
export interface CataloguePage {
  readonly items: readonly CatalogueItem[];
  readonly next?: string;
  /** How many there are in all, where the channel says so. */
  readonly total?: number;
}
