import type { Call, Reply } from '../http/call';
import type { Listing, Shop } from '../shop';
import type { Ground } from '../world';
import { countWrite } from '../writes';
import { failure, refuse, success, wholeNumber, type Fields, type ShopCall } from './door';
import { faceOfShop } from './faces';
import { unitsByLocation, writeLocations } from './locations';

/** One item a call, 1 to 50 models [S4][S6 doc]; the number's bounds are from a real failure text [S12 obs]. */
const MOST_MODELS = 50;
const MOST_STOCK = 10_000_000;
/** As test shops may show it. [L12 obs] */
const ABSURD_STOCK = 1_370_000_000_000;

/** What is wanted of a model: units by warehouse, and their sum. */
interface Row {
  modelId: number;
  stock: number;
  at: Map<string, number>;
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
    const rows = readRows(shop, body['stock_list']);
    // Partial holiday mode does not block [S9 obs]; the answer to full holiday mode is NOT CONFIRMED.
    if (faceOfShop(shop).holiday === 'full') {
      throw refuse('product.error_holiday_mode_change_stock', 'Can not change the stock in holiday mode.');
    }
    const listings = shop.byItem.get(itemId);
    if (listings === undefined) throw refuse('product.error_item_not_found', 'Product not found');
    if (listings.every((listing) => listing.modelId !== 0) && rows.some((row) => row.modelId === 0)) {
      throw refuse('product.error_edit_item_stock_for_item_has_model', 'Can not edit item stock for item with models.');
    }
    refuseInPromotion(listings, rows);
    const unlucky = (sku: string): boolean => ground.faults.refusesRow('shopee', sku);
    const inside = ground.readings.choices.shopeeReserve === 'inside';
    const failed: Failed[] = [];
    const done: Fields[] = [];
    let busy = false;
    for (const row of rows) {
      const reason = writeRow(call, listings, { row, inside, unlucky });
      if (reason === undefined) {
        for (const [location, stock] of row.at) done.push({ model_id: row.modelId, location_id: location, stock });
      } else {
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
  { row, inside, unlucky }: { row: Row; inside: boolean; unlucky: (sku: string) => boolean },
): string | undefined {
  const listing = listings.find((one) => one.modelId === row.modelId);
  if (listing === undefined) return UNKNOWN_MODEL;
  const stock = [...(row.at.has('') ? row.at : mergedAt(listing, row.at)).values()].reduce((sum, one) => sum + one, 0);
  const reason = unlucky(listing.sku)
    ? 'Our system is taking some time to respond, please try later.'
    : reasonAgainst(listing, stock);
  const write = { sku: listing.sku, number: stock, kind: 'stock' as const };
  countWrite(call, listing, reason === undefined ? write : { ...write, refused: reason });
  if (reason !== undefined) return reason;
  writeLocations(listing, row.at);
  listing.sellable = stock + (inside ? 0 : listing.locked);
  return undefined;
}

/** Warehouses that are left out keep theirs. */
function mergedAt(listing: Listing, at: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...unitsByLocation(listing), ...at]);
}

/**
 * A promotion may refuse the whole call: any stock, or one below its reserve, in spellings that differ by promotion;
 * which promotion uses which is NOT CONFIRMED. [S6][S8][S9]
 */
function refuseInPromotion(listings: readonly Listing[], rows: readonly Row[]): void {
  for (const row of rows) {
    const listing = listings.find((one) => one.modelId === row.modelId);
    const refusal = listing?.promotion?.refusal;
    if (listing === undefined || refusal === undefined || refusal === 'floor') continue;
    if (refusal === 'block') {
      throw refuse('product.error_cannt_edit_stock_in_promotion', 'The stock cannot be edited in a promotion.');
    }
    if (row.stock >= listing.locked) continue;
    if (refusal === 'floor-auth') throw refuse('error_auth', 'Total stock must be more than reserved stock.');
    throw refuse('error_param', 'Can not update item with stock less than reserved stock');
  }
}

/** Stock is at least the live promotion reserve. [S6][S12] */
function reasonAgainst(listing: Listing, stock: number): string | undefined {
  if (stock > MOST_STOCK) return `Stock should be within 0-${MOST_STOCK} for model ${listing.sku}`;
  if (stock < listing.locked) return `Stock should be larger than ${listing.locked} (reserve stock number)`;
  return undefined;
}

function readRows(shop: Shop, list: unknown): Row[] {
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
    const at = new Map<string, number>();
    for (const one of stocks as (Fields | null)[]) {
      const [location, stock] = readStock(shop, one ?? {});
      at.set(location, (at.get(location) ?? 0) + stock);
    }
    return { modelId, stock: [...at.values()].reduce((sum, one) => sum + one, 0), at };
  });
}

/** A shop without assigned warehouses refuses a location. [S9 obs] */
function readStock(shop: Shop, entry: Fields): [string, number] {
  const stock = wholeNumber(entry['stock'], 'stock', { least: 0, most: Number.MAX_SAFE_INTEGER });
  const { locations } = faceOfShop(shop);
  const location = entry['location_id'];
  if (location === undefined || location === null || location === '') return [locations[0] ?? '', stock];
  if (typeof location === 'string' && locations.includes(location)) return [location, stock];
  throw refuse('warehouse.error_not_in_whitelist', 'The shop is not in the multi-warehouse whitelist.');
}

/** `stock_info_v2` as items and models show it. [S6 doc] */
export function stockInfo(ground: Ground, listing: Listing): Fields {
  const inside = ground.readings.choices.shopeeReserve === 'inside';
  const hidden = inside ? 0 : listing.locked;
  const absurd = ground.faults.of('shopee').absurdStock ? ABSURD_STOCK : undefined;
  return {
    summary_info: { total_reserved_stock: listing.locked, total_available_stock: absurd ?? listing.sellable },
    seller_stock: [...unitsByLocation(listing)].map(([location, stock], index) => ({
      location_id: location,
      stock: absurd ?? (index === 0 ? stock - hidden : stock),
      if_saleable: true,
    })),
    shopee_stock: [],
    advance_stock: { sellable_advance_stock: 0, in_transit_advance_stock: 0 },
  };
}

export function hasModels(shop: Shop, itemId: number): boolean {
  return (shop.byItem.get(itemId) ?? []).some((listing) => listing.modelId !== 0);
}
