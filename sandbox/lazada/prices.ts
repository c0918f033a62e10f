import type { Call } from '../http/call';
import { toHundredths } from '../money';
import { markChanged, type Listing, type Sale } from '../shop';
import type { Ground } from '../world';
import { textAt, type Tree } from './payload';

export interface PriceFault {
  seller_sku: string;
  field: string;
  message: string;
  code: string;
}

/**
 * The price part of `/product/price_quantity/update`: `Price`, and `SalePrice` with `SaleStartDate` and `SaleEndDate`.
 * Nothing is written when a part is faulty; what is left out stays. Refused while a campaign has the listing. [L5 doc]
 */
export function writePrice(
  ground: Ground,
  listing: Listing,
  { row, call }: { row: Tree; call: Call },
): PriceFault | undefined {
  const given = { price: textAt(row, 'Price'), sale: textAt(row, 'SalePrice') };
  if (!given.price && given.sale === undefined) return undefined;
  const read = readPrice(ground, listing, row);
  const fault = 'message' in read ? read : undefined;
  const number = Number(given.sale || given.price);
  const write = { sku: listing.sku, number, kind: 'price' as const };
  (call.note.writes ??= []).push(fault === undefined ? write : { ...write, refused: fault.message });
  if ('message' in read) return read;
  listing.priceHundredths = read.priceHundredths;
  listing.sale = read.sale;
  markChanged(listing);
  return undefined;
}

type Prices = { priceHundredths: number | null; sale: Sale | undefined };

function readPrice(ground: Ground, listing: Listing, row: Tree): Prices | PriceFault {
  const fault = (field: string, code: string, message: string): PriceFault => ({
    seller_sku: listing.sku,
    ...{ field, message, code },
  });
  if (listing.locked > 0) return fault('Price', 'THD_IC_CAMPAIGN_PRICE_LOCKED', 'the price is locked by a campaign');
  const price = textAt(row, 'Price');
  const priceHundredths = price ? toHundredths(price) : listing.priceHundredths;
  if (priceHundredths === undefined || priceHundredths === 0) return fault('Price', '205', 'E205: invalid price');
  const salePrice = textAt(row, 'SalePrice');
  if (salePrice === undefined) return { priceHundredths, sale: listing.sale };
  if (salePrice === '' || Number(salePrice) === 0) {
    const clears = ground.readings.choices.lazadaEmptySale === 'clears';
    return { priceHundredths, sale: clears ? undefined : listing.sale };
  }
  const hundredths = toHundredths(salePrice);
  if (hundredths === undefined || hundredths >= (priceHundredths ?? 0)) {
    return fault('SalePrice', '206', 'E206: sale price must be below the price');
  }
  const days = readDays(ground, row);
  if (days === undefined) return fault('SaleStartDate', '207', 'E207: invalid sale dates');
  return { priceHundredths, sale: { priceHundredths: hundredths, ...days } };
}

/** Days are `YYYY-MM-DD` of the marketplace's zone. [L5 doc] Whether the last day counts is a reading. */
function readDays(ground: Ground, row: Tree): { startsAt: string | null; endsAt: string | null } | undefined {
  const { lazadaOffset: offset, lazadaSaleEnd } = ground.readings.choices;
  const zone = `${offset.slice(0, 3)}:00`;
  const read = (name: string, time: string): string | null | undefined => {
    const text = textAt(row, name);
    if (!text) return null;
    const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T${time}${zone}`) : NaN;
    return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
  };
  const startsAt = read('SaleStartDate', '00:00:00');
  const endsAt = read('SaleEndDate', lazadaSaleEnd === 'inclusive' ? '23:59:59.999' : '00:00:00');
  if (startsAt === undefined || endsAt === undefined) return undefined;
  return startsAt !== null && endsAt !== null && startsAt >= endsAt ? undefined : { startsAt, endsAt };
}
