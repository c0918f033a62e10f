import { z } from 'zod';
import { formatMoney } from '../../src/domain';
import {
  type CallContext,
  ChannelError,
  type ListingRef,
  type PriceReading,
  type Prices,
  type PriceWrite,
  type StockResult,
} from '../kit';
import { readAmount } from './amounts';
import { fieldsOf, optionalText } from './fields';
import { manifest } from './manifest';
import { type Field, idFields, payloadOf } from './payload';
import { readSkus, skuIdOf } from './products';
import { regionOf } from './regions';
import { dayOf, readSaleEnd, readSaleStart } from './sale-days';
import { choiceOf } from './settings';
import { writeLines } from './write-lines';

/**
 * Writes prices in one call, `/product/price_quantity/update` without a quantity, so that stock stays as it is. A sale
 * goes out with the days it begins and ends on by the country's clock. [L5 doc]
 * @throws ChannelError when the call failed as a whole.
 */
export async function pushPrices(call: CallContext, writes: readonly PriceWrite[]): Promise<readonly StockResult[]> {
  const most = manifest.prices?.batch.most ?? 0;
  if (writes.length > most) {
    throw new ChannelError({ kind: 'refused', reason: 'too-many-lines' }, `${writes.length} lines in one price write`);
  }
  if (writes.length === 0) return [];
  const skus = writes.map(({ channelIds, prices }) => [...idFields(channelIds), ...priceFields(call, prices)]);
  const payload = payloadOf(skus, choiceOf(call.shop.settings, 'stockPayload'));
  return writeLines(call, writes, { path: '/product/price_quantity/update', payload });
}

function priceFields({ shop }: CallContext, { price, sale }: Prices): readonly Field[] {
  const text = (minor: number): string => formatMoney({ minor, currency: shop.currency });
  if (sale === undefined) {
    // How a sale price is taken away is NOT CONFIRMED (QUIRKS 23).
    const none = choiceOf(shop.settings, 'saleRemovedBy') === 'zero' ? text(0) : '';
    const dates: readonly Field[] =
      none === ''
        ? [
            ['SaleStartDate', ''],
            ['SaleEndDate', ''],
          ]
        : [];
    return [['Price', text(price)], ['SalePrice', none], ...dates];
  }
  const offsetMs = offsetOf(shop.region);
  return [
    ['Price', text(price)],
    ['SalePrice', text(sale.price)],
    ['SaleStartDate', dayOf(sale.startsAt, offsetMs)],
    // The end itself is outside: a sale until midnight does not reach into the next day.
    ['SaleEndDate', dayOf(Math.max(sale.startsAt, sale.endsAt - 1), offsetMs)],
  ];
}

function offsetOf(code: string): number {
  const region = regionOf(code);
  if (region !== undefined) return region.offsetMs;
  throw new ChannelError({ kind: 'refused', reason: 'unknown-region' }, `Lazada has no region ${code}`);
}

/**
 * Reads the prices of listings back. [L5 doc]
 * @throws ChannelError `malformed` also for a listing whose price or sale cannot be read.
 */
export async function readPrices(call: CallContext, listings: readonly ListingRef[]): Promise<readonly PriceReading[]> {
  const skus = await readSkus(call, listings);
  return listings.map((ref) => {
    const skuId = skuIdOf(ref);
    if (!skus.has(skuId)) return { listing: ref.listing, prices: undefined };
    const prices = readPricesOf(skus.get(skuId), call);
    if (prices === undefined)
      throw new ChannelError({ kind: 'malformed' }, `SKU ${skuId} has no price that can be read`);
    return { listing: ref.listing, prices };
  });
}

const amount = z.union([z.string(), z.number()]);

/** Read in lower case, written in capitals. `special_…_time` has hours, `special_…_date` is the day. [L5 doc][L11] */
const SKU = z.object({
  price: amount,
  special_price: amount.nullish(),
  special_from_time: optionalText,
  special_from_date: optionalText,
  special_to_time: optionalText,
  special_to_date: optionalText,
});

function readPricesOf(sku: unknown, { shop }: CallContext): Prices | undefined {
  const parsed = SKU.safeParse(fieldsOf(sku));
  if (!parsed.success) return undefined;
  const price = readAmount(parsed.data.price, shop.currency);
  const written = parsed.data.special_price ?? 0;
  const special = written === '' ? 0 : readAmount(written, shop.currency);
  if (price === undefined || special === undefined) return undefined;
  // 0 is shown where there is no sale. [L5 doc]
  if (special === 0) return { price };
  const offsetMs = offsetOf(shop.region);
  const startsAt = readSaleStart(parsed.data.special_from_time ?? parsed.data.special_from_date, offsetMs);
  const endsAt = readSaleEnd(parsed.data.special_to_time ?? parsed.data.special_to_date, offsetMs);
  return startsAt === undefined || endsAt === undefined
    ? undefined
    : { price, sale: { price: special, startsAt, endsAt } };
}
