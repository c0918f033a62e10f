import type { ListingId } from '../../src/domain';
import type { ChannelIds } from './channel-ids';

/** A price in the shop's currency, minor units, and a second one while a sale is on. */
export interface Prices {
  readonly price: number;
  /** Instants in ms; where the channel takes days only, both days are wholly inside. */
  readonly sale?: { readonly price: number; readonly startsAt: number; readonly endsAt: number };
}

export interface PriceWrite {
  readonly listing: ListingId;
  readonly channelIds: ChannelIds;
  /** Everything that the listing shall have: what is left out is removed at the channel. */
  readonly prices: Prices;
}

/** `undefined`: the channel does not know the listing. */
export interface PriceReading {
  readonly listing: ListingId;
  readonly prices: Prices | undefined;
}

/** What a channel can do with prices, as data. */
export interface PriceManifest {
  /** As for stock: most lines in one write, `perItem` where all of them must belong to one item. */
  readonly batch: { readonly most: number; readonly perItem: boolean };
  /** How exactly a sale's start and end can be given ahead of time; `none`: the hub writes at the minute itself. */
  readonly saleDates: 'none' | 'days' | 'instants';
}
