import { z } from 'zod';
import { formatMoney, parseMoney } from '../../src/domain';
import {
  ChannelError,
  type CallContext,
  type ListingRef,
  type PriceReading,
  type Prices,
  type PriceWrite,
  type StockResult,
} from '../kit';
import { skuPortions } from './stock';
import { ask } from './wire';
import { writeLines } from './write-lines';

const iso = (at: number): string => new Date(at).toISOString();

/** Writes whole prices: a sale that is left out is removed. @throws ChannelError */
export function pushPrices(call: CallContext, writes: readonly PriceWrite[]): Promise<readonly StockResult[]> {
  const { currency } = call.shop;
  const text = (minor: number): string => formatMoney({ minor, currency });
  const fields = ({ prices: { price, sale } }: PriceWrite): Record<string, unknown> => ({
    price: text(price),
    sale: sale ? { price: text(sale.price), startsAt: iso(sale.startsAt), endsAt: iso(sale.endsAt) } : null,
  });
  return writeLines(call, writes, { method: 'PUT', path: '/prices', extra: { currency }, fields });
}

const amountField = z.string().regex(/^\d{1,13}(?:\.\d{1,6})?$/);
const instantField = z.iso.datetime().transform((text) => Date.parse(text));
const pricesSchema = z.object({
  currency: z.string(),
  items: z
    .array(
      z.object({
        sku: z.string(),
        price: amountField,
        sale: z.object({ price: amountField, startsAt: instantField, endsAt: instantField }).nullish(),
      }),
    )
    .max(1000),
});

type PriceItem = z.infer<typeof pricesSchema>['items'][number];

/** @throws ChannelError `malformed` for what is no amount of the currency */
function readItem({ price, sale }: PriceItem, currency: string): Prices {
  const minor = (text: string): number => {
    const money = parseMoney(text, currency);
    if (money === undefined) throw new ChannelError({ kind: 'malformed' }, `a price is no amount of ${currency}`);
    return money.minor;
  };
  return { price: minor(price), ...(sale == null ? {} : { sale: { ...sale, price: minor(sale.price) } }) };
}

/** Reads back the prices as written. @throws ChannelError */
export async function readPrices(call: CallContext, listings: readonly ListingRef[]): Promise<readonly PriceReading[]> {
  const read = new Map<string, Prices>();
  for (const skus of skuPortions(listings)) {
    const query = { skus: JSON.stringify(skus) };
    const answer = await ask(call, { method: 'GET', path: '/prices', query, effect: 'read' }, pricesSchema);
    if (answer.currency !== call.shop.currency) {
      throw new ChannelError({ kind: 'malformed' }, `the shop's prices are not in ${call.shop.currency}`);
    }
    for (const item of answer.items) read.set(item.sku, readItem(item, answer.currency));
  }
  return listings.map(({ listing, channelIds }) => ({ listing, prices: read.get(channelIds.sku ?? '') }));
}
