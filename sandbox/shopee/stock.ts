import type { Call, Reply } from '../http/call';
import type { Listing, Shop } from '../shop';
import type { Ground } from '../world';
import { countWrite } from '../writes';
import { failure, refuse, success, wholeNumber, type Fields, type ShopCall } from './door';

/** One item a call, 1 to 50 models [S4][S6 doc]; the number's bounds are from a real failure text [S12 obs]. */
const MOST_MODELS = 50;
const MOST_STOCK = 10_000_000;

interface Row {
  modelId: number;
  stock: number;
}

interface Failed {
  model_id: number;
  failed_reason: string;
}

/**
 * `POST product/update_stock`. An unknown model fails inside `failure_list` with an empty `error` [S9 obs]; a number
 * below the promotion reserve comes with `product.error_busi_update_stock_failed` and the lists together [S12 obs].
 */
export function updateStock(ground: Ground): (call: ShopCall) => Reply {
  return ({ call, shop, body }) => {
    const itemId = wholeNumber(body['item_id'], 'item_id', { least: 1, most: Number.MAX_SAFE_INTEGER });
    const rows = readRows(body['stock_list']);
    const listings = shop.byItem.get(itemId);
    if (listings === undefined) throw refuse('product.error_item_not_found', 'Product not found');
    if (listings.every((listing) => listing.modelId !== 0) && rows.some((row) => row.modelId === 0)) {
      throw refuse('product.error_edit_item_stock_for_item_has_model', 'Can not edit item stock for item with models.');
    }
    const unlucky = (): boolean =>
      ground.faults.chance('shopee').happens(ground.faults.of('shopee').partialFailureRate);
    const inside = ground.readings.choices.shopeeReserve === 'inside';
    const failed: Failed[] = [];
    const done: Fields[] = [];
    let busy = false;
    for (const row of rows) {
      const reason = writeRow(call, listings, { row, inside, unlucky });
      if (reason === undefined) done.push({ model_id: row.modelId, location_id: '', stock: row.stock });
      else {
        failed.push({ model_id: row.modelId, failed_reason: reason });
        busy ||= reason !== UNKNOWN_MODEL;
      }
    }
    const response = { success_list: done, failure_list: failed };
    if (!busy) return success(response);
    return failure('product.error_busi_update_stock_failed', 'Update stock failed, please check failure_list.', {
      response,
    });
  };
}

const UNKNOWN_MODEL = 'model ID not exist in sku';

/** The reason why a row failed, or undefined. */
function writeRow(
  call: Call,
  listings: Listing[],
  { row, inside, unlucky }: { row: Row; inside: boolean; unlucky: () => boolean },
): string | undefined {
  const listing = listings.find((one) => one.modelId === row.modelId);
  if (listing === undefined) return UNKNOWN_MODEL;
  const reason = unlucky()
    ? 'Our system is taking some time to respond, please try later.'
    : reasonAgainst(listing, row);
  const write = { sku: listing.sku, number: row.stock, kind: 'stock' as const };
  countWrite(call, listing, reason === undefined ? write : { ...write, refused: reason });
  if (reason === undefined) listing.sellable = row.stock + (inside ? 0 : listing.locked);
  return reason;
}

/** Stock is at least the live promotion reserve. [S6][S12] */
function reasonAgainst(listing: Listing, row: Row): string | undefined {
  if (row.stock > MOST_STOCK) return `Stock should be within 0-${MOST_STOCK} for model ${listing.sku}`;
  if (row.stock < listing.locked) return `Stock should be larger than ${listing.locked} (reserve stock number)`;
  return undefined;
}

function readRows(list: unknown): Row[] {
  if (!Array.isArray(list) || list.length < 1 || list.length > MOST_MODELS) {
    throw refuse('error_param', `Wrong parameters, detail: stock_list must have 1 to ${MOST_MODELS} entries.`);
  }
  return (list as (Fields | null)[]).map((entry) => {
    const modelId = wholeNumber(entry?.['model_id'], 'model_id', {
      least: 0,
      most: Number.MAX_SAFE_INTEGER,
      fallback: 0,
    });
    const stocks = entry?.['seller_stock'];
    if (!Array.isArray(stocks) || stocks.length === 0)
      throw refuse('error_param', 'Wrong parameters, detail: seller_stock is empty.');
    const stock = (stocks as (Fields | null)[]).reduce((sum, one) => sum + readStock(one ?? {}), 0);
    return { modelId, stock };
  });
}

/** A shop without assigned warehouses refuses a location. [S9 obs] */
function readStock(entry: Fields): number {
  if (entry['location_id'])
    throw refuse('warehouse.error_not_in_whitelist', 'The shop is not in the multi-warehouse whitelist.');
  return wholeNumber(entry['stock'], 'stock', { least: 0, most: Number.MAX_SAFE_INTEGER });
}

/** `stock_info_v2` as items and models show it. [S6 doc] */
export function stockInfo(ground: Ground, listing: Listing): Fields {
  const inside = ground.readings.choices.shopeeReserve === 'inside';
  const stock = inside ? listing.sellable : listing.sellable - listing.locked;
  return {
    summary_info: { total_reserved_stock: listing.locked, total_available_stock: listing.sellable },
    seller_stock: [{ location_id: '', stock, if_saleable: true }],
    shopee_stock: [],
    advance_stock: { sellable_advance_stock: 0, in_transit_advance_stock: 0 },
  };
}

export function hasModels(shop: Shop, itemId: number): boolean {
  return (shop.byItem.get(itemId) ?? []).some((listing) => listing.modelId !== 0);
}
