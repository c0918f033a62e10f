import { json, type Call, type Reply } from '../http/call';
import { priceNow, saleNow, shown, total, type Listing, type Shop } from '../shop';
import type { Ground } from '../world';
import { countWrite } from '../writes';
import { bodyOf, listParameter, refuse, type SellerCall } from './door';
import { shopSku } from './rows';

const MOST_ROWS = 100;

interface Row {
  productId: number;
  quantity: number;
}

/** `PUT /v2/stock/product`: the answer 200 lists the rows that were REFUSED, without reasons. [Z1 doc][Z2] */
export function writeStock(ground: Ground): (call: SellerCall) => Reply {
  return ({ call, shop }) => {
    const rows = readRows(bodyOf(call));
    const refused = rows.filter((row) => !writeRow(ground, shop, { row, call }));
    return json(200, refused);
  };
}

function readRows(body: unknown): Row[] {
  if (!Array.isArray(body)) throw refuse(422, 'The body must be an array.');
  if (body.length > MOST_ROWS) throw refuse(422, `At most ${MOST_ROWS} products can be updated at once.`);
  return body.map((entry: unknown) => {
    const { productId, quantity } = (entry ?? {}) as Partial<Row>;
    if (!Number.isInteger(productId) || !Number.isInteger(quantity) || (quantity ?? -1) < 0) {
      throw refuse(422, 'productId and quantity must be whole numbers, quantity at least 0.');
    }
    return { productId: productId as number, quantity: quantity as number };
  });
}

/** Unknown products and those that the venture fulfils are ignored. [Z1 doc] */
function writeRow(ground: Ground, shop: Shop, { row, call }: { row: Row; call: Call }): boolean {
  const listing = shop.byModel.get(row.productId);
  if (listing === undefined) return false;
  const unlucky = ground.faults.chance('zalora').happens(ground.faults.of('zalora').partialFailureRate);
  const done = !unlucky && !listing.ventureFulfilled;
  const write = { sku: listing.sku, number: row.quantity, kind: 'stock' as const };
  countWrite(call, listing, done ? write : { ...write, refused: 'ignored' });
  if (!done) return false;
  // Reserved items are subtracted from the quantity. [Z1: available = quantity + consignment - reservedStock]
  listing.sellable =
    ground.readings.choices.zaloraQuantity === 'gross'
      ? row.quantity - listing.withheld - listing.occupied
      : row.quantity;
  return true;
}

/**
 * `GET /v2/stock/product/{id}`. `reservedStock` counts pending and ready-to-ship items, `preVerificationStock` those
 * whose payment is not confirmed; both are off sale. [Z1 doc]
 */
export function readStock(ground: Ground): (call: SellerCall) => Reply {
  return ({ call, shop }) => json(200, describeStock(ground, findProduct(shop, call.params['id'])));
}

function describeStock(ground: Ground, listing: Listing): Record<string, unknown> {
  const quantity = ground.readings.choices.zaloraQuantity === 'gross' ? total(listing) : listing.sellable;
  return {
    productId: listing.modelId,
    shopSku: shopSku(listing.modelId),
    sellerSku: listing.sku,
    name: `Product ${listing.sku}`,
    quantity,
    reservedStock: listing.occupied,
    preVerificationStock: listing.withheld,
    available: shown(listing),
    consignments: { received: 0, quarantined: 0, defective: 0, canceled: 0, returned: 0, failed: 0 },
    sellableStock: 0,
    nonSellableStock: 0,
    warehouses: [{ name: 'Main', stock: quantity, warehouseId: 1 }],
  };
}

/** Set rows have no productId: join on sellerSku. [Z1 doc] */
export function readSetStock(ground: Ground): (call: SellerCall) => Reply {
  return ({ call, shop }) => {
    const listings = shop.byItem.get(Number(call.params['id']));
    if (listings === undefined) throw refuse(404, 'Product set not found.');
    return json(
      200,
      listings.map((listing) => {
        const { productId: _, ...row } = describeStock(ground, listing);
        return row;
      }),
    );
  };
}

/** `GET /v2/product/seller-skus?sellerSkus[]`: at most 100. [Z1 doc] */
export function readBySkus({ call, shop }: SellerCall): Reply {
  const skus = listParameter(call, 'sellerSkus');
  if (skus === undefined || skus.length > MOST_ROWS)
    throw refuse(422, `sellerSkus must have 1 to ${MOST_ROWS} entries.`);
  return json(200, skus.flatMap((sku) => shop.listings.get(sku) ?? []).map(describeProduct));
}

export function readBySku({ call, shop }: SellerCall): Reply {
  const listing = shop.listings.get(call.params['sku'] ?? '');
  if (listing === undefined) throw refuse(404, 'Product not found.');
  return json(200, describeProduct(listing));
}

function findProduct(shop: Shop, id: string | undefined): Listing {
  const listing = shop.byModel.get(Number(id));
  if (listing === undefined) throw refuse(404, `Product ${id ?? ''} not found.`);
  return listing;
}

function describeProduct(listing: Listing): Record<string, unknown> {
  const sale = saleNow(listing, Date.now());
  return {
    id: listing.modelId,
    productSetId: listing.itemId,
    name: `Product ${listing.sku}`,
    sellerSku: listing.sku,
    shopSku: shopSku(listing.modelId),
    status: 'active',
    variation: '',
    fulfilmentType: listing.ventureFulfilled ? 'venture' : 'merchant',
    price: listing.priceHundredths === null ? null : listing.priceHundredths / 100,
    salePrice: sale === undefined ? null : sale.priceHundredths / 100,
    currentPrice: priceNow(listing, Date.now()) / 100,
  };
}

/** `PUT /v2/product/{productId}/prices/{country}`: fields left out are written as NULL. [Z1 doc][Z2] */
export function writePrice({ call, shop }: SellerCall): Reply {
  const listing = findProduct(shop, call.params['id']);
  const body = (bodyOf(call) ?? {}) as Record<string, unknown>;
  const hundredths = (value: unknown): number | null => (typeof value === 'number' ? Math.round(value * 100) : null);
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const salePrice = hundredths(body['salePrice']);
  listing.priceHundredths = hundredths(body['price']);
  listing.sale =
    salePrice === null
      ? undefined
      : { priceHundredths: salePrice, startsAt: text(body['saleStartDate']), endsAt: text(body['saleEndDate']) };
  (call.note.writes ??= []).push({ sku: listing.sku, number: Number(body['price']), kind: 'price' });
  return json(200, describePrice(listing));
}

function describePrice(listing: Listing): Record<string, unknown> {
  const { sale } = listing;
  return {
    country: listing.shop.region,
    price: listing.priceHundredths === null ? null : listing.priceHundredths / 100,
    salePrice: sale === undefined ? null : sale.priceHundredths / 100,
    saleStartDate: sale?.startsAt ?? null,
    saleEndDate: sale?.endsAt ?? null,
    status: 'active',
  };
}
