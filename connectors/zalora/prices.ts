import { z } from 'zod';
import { currencyDigits, formatMoney, moneyFromNumber } from '../../src/domain';
import {
  ChannelError,
  amountField,
  idField,
  type CallContext,
  type ListingRef,
  type PriceReading,
  type Prices,
  type PriceWrite,
  type ShopAccess,
  type StockResult,
} from '../kit';
import { readInstant } from './order-schema';
import { ask, errorOf, exchange, isDone, problemOf, shaped, type ZaloraRequest } from './wire';

const PRODUCT_ID = /^[1-9]\d{0,14}$/;
/** [Z1] most seller skus in one look-up. */
const MOST_SKUS = 100;

const countryOf = (shop: ShopAccess): string => encodeURIComponent(shop.region.toUpperCase());
const instant = (ms: number): string => new Date(ms).toISOString();
const amountOf = (minor: number, currency: string): number => Number(formatMoney({ minor, currency }));

/**
 * [Z1][Z2] what is left out is written as null, the sale too: every field is always sent. Only the status is kept, or,
 * by the description of that field, made active: under the setting `priceStatus: kept` it is left out (QUIRKS 16).
 */
function bodyOf({ price, sale }: Prices, shop: ShopAccess): Readonly<Record<string, unknown>> {
  return {
    price: amountOf(price, shop.currency),
    salePrice: sale === undefined ? null : amountOf(sale.price, shop.currency),
    saleStartDate: sale === undefined ? null : instant(sale.startsAt),
    saleEndDate: sale === undefined ? null : instant(sale.endsAt),
    ...(shop.settings.priceStatus === 'kept' ? {} : { status: 'active' }),
  };
}

const refuse = ({ listing }: PriceWrite, code: string, message: string): StockResult => ({
  listing,
  kind: 'refused',
  code,
  message,
  reading: 'listing',
});

/** [Z1][Z2] `sale_price_block_period_days`: a product must have been on sale for so long before its price may fall. */
const isBlockPeriod = (message: string): boolean => /block[ _]?period|minimum period|before sale price/i.test(message);

/** [Z1] 422 says why; 403 is a seller who may not set sale prices, 404 a product that is not there: all of one line. */
async function pushOne(call: CallContext, write: PriceWrite): Promise<StockResult> {
  const { shop } = call;
  const productId = write.channelIds.productId ?? '';
  if (!PRODUCT_ID.test(productId)) return refuse(write, 'bad-id', 'productId is a number');
  if (currencyDigits(shop.currency) === undefined) return refuse(write, 'currency', 'the currency is not known');
  const path = `/v2/product/${productId}/prices/${countryOf(shop)}`;
  const request: ZaloraRequest = { method: 'PUT', path, body: bodyOf(write.prices, shop), effect: 'write' };
  const answer = await exchange(call, request);
  if (isDone(answer)) return { listing: write.listing, kind: 'done' };
  if (![400, 403, 404, 422].includes(answer.status)) throw errorOf(call, request, answer);
  const message = problemOf(call, request, answer);
  return refuse(write, isBlockPeriod(message) ? 'sale-price-block-period' : String(answer.status), message);
}

/**
 * Writes prices, one call per product. What a write leaves out is gone at Zalora, so each carries everything.
 * @throws ChannelError when a call failed as a whole
 */
export async function pushPrices(call: CallContext, writes: readonly PriceWrite[]): Promise<readonly StockResult[]> {
  const results: StockResult[] = [];
  for (const write of writes) results.push(await pushOne(call, write));
  return results;
}

const found = z.array(z.object({ id: idField, productSetId: idField })).max(10_000);
/** [Z1] a page of rows; [Z2] takes a bare list too. */
const productsSchema = z.union([found, z.object({ items: found }).transform(({ items }) => items)]);
const dateField = z.string().transform(readInstant).pipe(z.int().min(0)).nullish();
const priceSchema = z.object({
  productId: idField,
  country: z.string().nullish(),
  price: amountField.nullish(),
  salePrice: amountField.nullish(),
  saleStartDate: dateField,
  saleEndDate: dateField,
});
type PriceRow = z.infer<typeof priceSchema>;
const pricesSchema = z.union([z.array(priceSchema).max(100_000), priceSchema.transform((row) => [row])]);

/** The end of time, for a sale whose end is not told. */
const ALWAYS = 8.64e15;

function pricesOf(row: PriceRow, currency: string): Prices | undefined {
  const minor = (amount: number): number => {
    const money = moneyFromNumber(amount, currency);
    if (money === undefined) throw new ChannelError({ kind: 'malformed' }, 'a price cannot be read');
    return money.minor;
  };
  if (row.price === undefined || row.price === null) return undefined;
  const price = minor(row.price);
  if (row.salePrice === undefined || row.salePrice === null) return { price };
  const sale = { price: minor(row.salePrice), startsAt: row.saleStartDate ?? 0, endsAt: row.saleEndDate ?? ALWAYS };
  return { price, sale };
}

/** [Z1] prices are read by product set, and a set is found by the seller skus of its products. */
async function setsOf(call: CallContext, listings: readonly ListingRef[]): Promise<ReadonlyMap<string, string>> {
  const skus = [...new Set(listings.map(({ channelIds }) => channelIds.sellerSku ?? '').filter((sku) => sku !== ''))];
  const sets = new Map<string, string>();
  for (let at = 0; at < skus.length; at += MOST_SKUS) {
    const query = new URLSearchParams({ limit: String(MOST_SKUS), offset: '0' });
    for (const sku of skus.slice(at, at + MOST_SKUS)) query.append('sellerSkus[]', sku);
    const path = `/v2/product/seller-skus?${query.toString()}`;
    const items = await ask(call, { method: 'GET', path, effect: 'read' }, productsSchema);
    for (const { id, productSetId } of items) sets.set(id, productSetId);
  }
  return sets;
}

async function readSet(call: CallContext, set: string): Promise<readonly PriceRow[]> {
  const request: ZaloraRequest = { method: 'GET', path: `/v2/product-set/${set}/prices`, effect: 'read' };
  const answer = await exchange(call, request);
  if (answer.status === 404) return [];
  if (!isDone(answer)) throw errorOf(call, request, answer);
  return shaped(answer, pricesSchema);
}

/**
 * Reads prices back: one look-up for 100 listings, then one call for each product set. `undefined` where the product is
 * not known, or has no price in the shop's country.
 * @throws ChannelError
 */
export async function readPrices(call: CallContext, listings: readonly ListingRef[]): Promise<readonly PriceReading[]> {
  const sets = await setsOf(call, listings);
  const wanted = new Set(listings.flatMap(({ channelIds }) => sets.get(channelIds.productId ?? '') ?? []));
  const country = call.shop.region.toUpperCase();
  const read = new Map<string, Prices | undefined>();
  for (const set of wanted) {
    for (const row of await readSet(call, set)) {
      if ((row.country ?? country).toUpperCase() === country)
        read.set(row.productId, pricesOf(row, call.shop.currency));
    }
  }
  return listings.map(({ listing, channelIds }) => ({ listing, prices: read.get(channelIds.productId ?? '') }));
}
