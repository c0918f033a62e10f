import { json, type Call, type Reply } from '../http/call';
import { markChanged, shown, total, type Listing, type Shop } from '../shop';
import type { Ground } from '../world';
import { countWrite } from '../writes';
import { bodyOf, refuse, type SellerCall } from './door';
import { findProduct } from './products';
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
  const done = !ground.faults.refusesRow('zalora', listing.sku) && !listing.ventureFulfilled;
  const write = { sku: listing.sku, number: row.quantity, kind: 'stock' as const };
  countWrite(call, listing, done ? write : { ...write, refused: 'ignored' });
  if (!done) return false;
  // Reserved items are subtracted from the quantity. [Z1: available = quantity + consignment - reservedStock]
  listing.sellable =
    ground.readings.choices.zaloraQuantity === 'gross'
      ? row.quantity - listing.withheld - listing.occupied
      : row.quantity;
  markChanged(listing);
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
