import { json, type Call, type Reply } from '../http/call';
import { markChanged, type Listing, type Sale } from '../shop';
import { bodyOf, refuse, type SellerCall } from './door';
import { findProduct, findSet } from './products';

/** `PUT /v2/product/{productId}/prices/{country}`: fields left out are written as NULL. [Z1 doc][Z2] */
export function writePrice({ call, shop }: SellerCall): Reply {
  const listing = findProduct(shop, call.params['id']);
  const fields = fieldsOf(bodyOf(call));
  write(call, listing, fields);
  return json(200, describePrice(listing));
}

/** `PUT /v2/product-set/{id}/prices`: an array, one entry a product. [Z1 doc] */
export function writeSetPrices({ call, shop }: SellerCall): Reply {
  const listings = findSet(shop, call.params['id']);
  const body = bodyOf(call);
  if (!Array.isArray(body)) throw refuse(422, 'The body must be an array.');
  const writes = body.map((entry: unknown) => {
    const fields = fieldsOf(entry);
    const listing = listings.find((one) => one.modelId === fields['productId']);
    if (listing === undefined) throw refuse(422, 'productId must be a product of the set.');
    return { listing, fields };
  });
  for (const { listing, fields } of writes) write(call, listing, fields);
  return json(
    200,
    writes.map(({ listing }) => describePrice(listing)),
  );
}

/** `GET /v2/product/{productId}/prices`: one entry a country. */
export function readPrices({ call, shop }: SellerCall): Reply {
  return json(200, [describePrice(findProduct(shop, call.params['id']))]);
}

/** `GET /v2/product/{productId}/prices/{country}`. */
export function readPrice({ call, shop }: SellerCall): Reply {
  const listing = findProduct(shop, call.params['id']);
  if ((call.params['country'] ?? '').toUpperCase() !== shop.region.toUpperCase()) throw refuse(404, 'Price not found.');
  return json(200, describePrice(listing));
}

/** `GET /v2/product-set/{id}/prices`. */
export function readSetPrices({ call, shop }: SellerCall): Reply {
  return json(200, findSet(shop, call.params['id']).map(describePrice));
}

function fieldsOf(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw refuse(422, 'The body must be an object.');
  return body as Record<string, unknown>;
}

function write(call: Call, listing: Listing, fields: Record<string, unknown>): void {
  const priceHundredths = amountOf(fields, 'price');
  const sale = saleOf(fields);
  if (sale !== undefined && priceHundredths !== null && sale.priceHundredths >= priceHundredths) {
    throw refuse(422, 'salePrice must be below price.');
  }
  const { status } = fields;
  if (status !== undefined && status !== 'active' && status !== 'inactive') {
    throw refuse(422, 'status must be active or inactive.');
  }
  listing.priceHundredths = priceHundredths;
  listing.sale = sale;
  // The status alone is kept when it is left out. [Z1 doc]
  if (status !== undefined && listing.active !== (status === 'active')) {
    listing.active = status === 'active';
    listing.shop.pages = undefined;
  }
  markChanged(listing);
  const number = (sale?.priceHundredths ?? priceHundredths ?? 0) / 100;
  (call.note.writes ??= []).push({ sku: listing.sku, number, kind: 'price' });
}

function amountOf(fields: Record<string, unknown>, name: string): number | null {
  const value = fields[name] ?? null;
  if (value === null) return null;
  if (typeof value !== 'number' || value < 0) throw refuse(422, `${name} must be a number of at least 0.`);
  return Math.round(value * 100);
}

function saleOf(fields: Record<string, unknown>): Sale | undefined {
  const instant = (name: string): string | null => {
    const value = fields[name] ?? null;
    if (value === null) return null;
    const ms = typeof value === 'string' ? Date.parse(value) : NaN;
    if (Number.isNaN(ms)) throw refuse(422, `${name} must be a date-time.`);
    return new Date(ms).toISOString();
  };
  const priceHundredths = amountOf(fields, 'salePrice');
  const startsAt = instant('saleStartDate');
  const endsAt = instant('saleEndDate');
  if (priceHundredths === null) return undefined;
  if (startsAt !== null && endsAt !== null && startsAt >= endsAt) throw refuse(422, 'saleEndDate must be later.');
  return { priceHundredths, startsAt, endsAt };
}

function describePrice(listing: Listing): Record<string, unknown> {
  const { sale } = listing;
  return {
    productId: listing.modelId,
    country: listing.shop.region,
    price: listing.priceHundredths === null ? null : listing.priceHundredths / 100,
    salePrice: sale === undefined ? null : sale.priceHundredths / 100,
    saleStartDate: sale?.startsAt ?? null,
    saleEndDate: sale?.endsAt ?? null,
    status: listing.active ? 'active' : 'inactive',
  };
}
