import { currencyDigits, moneyFromNumber } from '../../src/domain';
import type { CallContext, ListingRef, PriceReading, PriceWrite, StockResult } from '../kit';
import { refuse, sortOut, writeModels, type Refused } from './item-call';
import { readPriceReason, readPriceRefusal } from './price-refusals';
import { findListings } from './read-stock';
import { regionOf } from './regions';

const PATH = '/api/v2/product/update_price';

const UNREADABLE: Refused = { code: 'bad-price', message: 'no price above 0 in a known currency', reading: 'listing' };
const NOT_WHOLE: Refused = {
  code: 'price-not-whole',
  message: 'prices of this country are whole numbers',
  reading: 'listing',
};

/** [S4] no dates are taken: what holds now is what is written, the sale's price while it is on. */
function priceNow({ prices: { price, sale } }: PriceWrite, now: number): number {
  return sale !== undefined && sale.startsAt <= now && now < sale.endsAt ? sale.price : price;
}

/**
 * A price as Shopee takes it: [S6] two decimals in some countries, whole numbers in the others, where the setting
 * `wholePrices` says what becomes of the rest: `refuse` (default), or `round`, half up (QUIRKS 25).
 */
function amountOf(call: CallContext, write: PriceWrite): number | Refused {
  const { currency, region, settings } = call.shop;
  const digits = currencyDigits(currency);
  const minor = priceNow(write, call.now());
  if (digits === undefined || !Number.isSafeInteger(minor) || minor <= 0) return UNREADABLE;
  const amount = minor / 10 ** digits;
  if (digits === 0 || (regionOf(region)?.priceDigits ?? digits) >= digits || Number.isInteger(amount)) return amount;
  if (settings.wholePrices !== 'round') return NOT_WHOLE;
  return Math.max(1, Math.round(amount));
}

/**
 * Sets the prices of one item's models, in one call; models left out keep theirs. Shopee's number is `original_price`,
 * without dates: a sale is written when it begins and taken back when it ends, by two calls of the hub.
 * @throws ChannelError when the call failed as a whole
 */
export async function pushPrices(call: CallContext, writes: readonly PriceWrite[]): Promise<readonly StockResult[]> {
  const { settings } = call.shop;
  const amounts = new Map(writes.map((write) => [write, amountOf(call, write)]));
  const bad = writes.flatMap((write) => {
    const amount = amounts.get(write);
    return typeof amount === 'object' ? [refuse(write, amount)] : [];
  });
  const { itemId, sent, answered } = sortOut(writes.filter((write) => typeof amounts.get(write) === 'number'));
  if (sent.length === 0) return [...bad, ...answered];
  const body = {
    item_id: Number(itemId),
    price_list: sent.map(({ write, modelId }) => ({ model_id: Number(modelId), original_price: amounts.get(write) })),
  };
  const readings = {
    ofCall: (error: string, message: string) => readPriceRefusal(error, message, settings),
    ofLine: (reason: string) => readPriceReason(reason, settings),
  };
  return [...bad, ...answered, ...(await writeModels(call, { path: PATH, body, readings }, sent))];
}

/**
 * Reads back what was written: `original_price`, in the shop's currency. What a promotion of Shopee makes of it
 * (`current_price`) is not ours. A listing that Shopee does not know, or without a price, reads `undefined`.
 * @throws ChannelError
 */
export async function readPrices(call: CallContext, listings: readonly ListingRef[]): Promise<readonly PriceReading[]> {
  const find = await findListings(call, listings);
  const { currency } = call.shop;
  return listings.map((ref) => {
    const told = find(ref)?.price_info ?? [];
    const own = told.find((price) => price.currency === undefined || price.currency === currency);
    const price = own === undefined ? undefined : moneyFromNumber(own.original_price, currency)?.minor;
    return { listing: ref.listing, prices: price === undefined ? undefined : { price } };
  });
}
