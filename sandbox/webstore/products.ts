import { json, type Reply } from '../http/call';
import { toDecimal, toHundredths } from '../money';
import { shown, type Listing, type Sale } from '../shop';
import { linesOf, pageOf, refuse, textsOf, type Fields, type ShopCall } from './door';
import { unknown, type LineResult } from './stock';

const MOST_READ = 100;

/** `GET /catalogue?limit&cursor`: by sku. */
export function listCatalogue({ call, shop }: ShopCall): Reply {
  const { limit, after } = pageOf(call);
  const skus = [...shop.listings.keys()].sort();
  const from = after === undefined ? 0 : skus.findIndex((sku) => sku > after);
  const page = from < 0 ? [] : skus.slice(from, from + limit);
  const more = from >= 0 && from + page.length < skus.length;
  const items = page.flatMap((sku) => shop.listings.get(sku) ?? []).map(describeItem);
  return json(200, { items, next: more ? page[page.length - 1] : null, total: skus.length });
}

const describeItem = (listing: Listing): Fields => ({
  sku: listing.sku,
  name: `Product ${listing.sku}`,
  live: listing.active,
  sellable: shown(listing),
});

/** `GET /prices?skus=[…]`. */
export function readPrices({ call, shop }: ShopCall): Reply {
  const listings = textsOf(call, 'skus', MOST_READ).flatMap((sku) => shop.listings.get(sku) ?? []);
  const items = listings.map(({ sku, priceHundredths, sale }) => ({
    sku,
    price: toDecimal(priceHundredths ?? 0),
    sale:
      sale === undefined
        ? null
        : { price: toDecimal(sale.priceHundredths), startsAt: sale.startsAt, endsAt: sale.endsAt },
  }));
  return json(200, { currency: shop.currency, items });
}

/** `PUT /prices {currency, lines:[{sku, price, sale}]}`: whole prices; a sale of null is none. */
export function writePrices({ call, shop, body }: ShopCall): Reply {
  if (body['currency'] !== shop.currency) throw refuse(422, 'currency', `The shop sells in ${shop.currency}.`);
  const results = linesOf(body).map((line): LineResult => {
    const sku = line['sku'] as string;
    const listing = shop.listings.get(sku);
    if (listing === undefined) return unknown(sku);
    const price = amountOf(line['price']);
    listing.sale = saleOf(line['sale']);
    listing.priceHundredths = price;
    (call.note.writes ??= []).push({ sku, number: price, kind: 'price' });
    return { sku, done: true };
  });
  return json(200, { results });
}

function amountOf(value: unknown): number {
  const amount = typeof value === 'string' ? toHundredths(value) : undefined;
  if (amount === undefined) throw refuse(422, 'price', 'A price is a text such as "12.50".');
  return amount;
}

function saleOf(value: unknown): Sale | undefined {
  if (value === null || value === undefined) return undefined;
  const { price, startsAt, endsAt } = value as Fields;
  const instants = [startsAt, endsAt];
  if (!instants.every((text) => typeof text === 'string' && !Number.isNaN(Date.parse(text)))) {
    throw refuse(422, 'sale', 'A sale has a start and an end in ISO 8601.');
  }
  return { priceHundredths: amountOf(price), startsAt: startsAt as string, endsAt: endsAt as string };
}
