import type { Call } from '../http/call';
import { markChanged, total, type Listing, type Shop } from '../shop';
import type { Ground } from '../world';
import { countWrite } from '../writes';
import { failure, flat, refuse, type SellerCall } from './door';
import { listAt, readPayload, textAt, type Tree } from './payload';
import { writePrice } from './prices';

type Kind = 'sellable' | 'adjust' | 'total';

interface RowFault {
  seller_sku?: string;
  field?: string;
  message: string;
  code?: string;
}

const MOST_SKUS = 50;

/**
 * The three stock writes. A payload of 1 to 50 skus; each row is done or named in `detail`: some refused is code "0"
 * with `detail`, all refused is code "501" with `detail`. [L5 doc][L12][L13 obs]
 */
export function writeStock(ground: Ground, kind: Kind): (call: SellerCall) => ReturnType<typeof flat> {
  return ({ call, parameters, shop }) => {
    const text = parameters.get('payload');
    // Plain parameters instead of `payload` answer E006. [L12 obs]
    if (text === undefined) throw refuse('6', 'E006: Unexpected internal error', 'ISP');
    const tree = readPayload(text);
    if (tree === undefined) throw refuse('5', 'E005: Invalid Request Format');
    const rows = listAt(tree, ['Request', 'Product', 'Skus', 'Sku']);
    if (rows.length === 0) throw refuse('30', 'E030: Empty Request');
    if (rows.length > MOST_SKUS) throw refuse('204', 'E204: Too many SKUs in one request');
    const faults = rows.flatMap((row) => writeRow(shop, row, { ground, kind, call }) ?? []);
    if (faults.length === 0) return flat({ data: {} });
    if (faults.length === rows.length || ground.readings.choices.lazadaMixed === '501')
      return failure('501', 'E501: Update product failed', { type: 'ISP', detail: faults });
    return flat({ data: {}, detail: faults });
  };
}

interface RowTerms {
  ground: Ground;
  kind: Kind;
  call: Call;
}

function writeRow(shop: Shop, row: Tree, terms: RowTerms): RowFault | undefined {
  const listing = findListing(shop, row);
  if ('message' in listing) return listing;
  const wanted = quantityOf(row, terms.kind);
  const barred = barredRow(listing, row, terms);
  const price =
    barred === undefined && terms.kind === 'total'
      ? writePrice(terms.ground, listing, { row, call: terms.call })
      : undefined;
  if (price !== undefined) return price;
  // An element of another name is ignored silently with code "0". [L12 obs]
  if (wanted === undefined) return barred;
  const fault = barred ?? apply(listing, wanted, terms.kind);
  const write = { sku: listing.sku, number: Number(wanted), kind: terms.kind };
  if (fault === undefined) markChanged(listing);
  countWrite(terms.call, listing, fault === undefined ? write : { ...write, refused: fault.message });
  return fault;
}

/** What refuses a whole row, whatever it asks for: a fault that was asked for, or a seller who may not write totals. */
function barredRow(listing: Listing, row: Tree, { ground, kind }: RowTerms): RowFault | undefined {
  const asks = quantityOf(row, kind) !== undefined;
  if (asks && kind === 'total' && ground.readings.choices.lazadaTotalWrites === 'refused') {
    return { seller_sku: listing.sku, message: 'SELLER_NOT_PERMITTED', code: '501' };
  }
  const asksPrice = kind === 'total' && (textAt(row, 'Price') ?? textAt(row, 'SalePrice')) !== undefined;
  if ((!asks && !asksPrice) || !ground.faults.refusesRow('lazada', listing.sku)) return undefined;
  return { seller_sku: listing.sku, message: 'SYSTEM_BUSY: please try again later', code: '1000' };
}

/** By SkuId (with ItemId), else by SellerSku. [L5 doc] */
function findListing(shop: Shop, row: Tree): Listing | RowFault {
  const skuId = textAt(row, 'SkuId');
  const itemId = textAt(row, 'ItemId');
  const sellerSku = textAt(row, 'SellerSku');
  if (skuId) {
    const listing = shop.byModel.get(Number(skuId));
    if (listing !== undefined && (!itemId || listing.itemId === Number(itemId))) return listing;
    return { field: 'ItemId', message: 'ITEM_NOT_FOUND', code: 'E0501' };
  }
  if (!sellerSku) return { field: 'SellerSku', message: 'E200: SellerSku is empty', code: '200' };
  return shop.listings.get(sellerSku) ?? { seller_sku: sellerSku, message: 'SELLER_SKU_NOT_FOUND' };
}

/** The multi-warehouse element's inner name is `Quantity`; the own warehouse is `dropshipping`. [L12 obs][L5] */
function quantityOf(row: Tree, kind: Kind): string | undefined {
  const plain = textAt(row, kind === 'total' ? 'Quantity' : 'SellableQuantity');
  if (plain !== undefined && plain !== '') return plain;
  const warehouses = listAt(row, ['MultiWarehouseInventories', 'MultiWarehouseInventory']);
  const own = warehouses.find((entry) => textAt(entry, 'WarehouseCode') === 'dropshipping');
  return own === undefined ? undefined : textAt(own, 'Quantity');
}

function apply(listing: Listing, wanted: string, kind: Kind): RowFault | undefined {
  const number = Number(wanted);
  if (!/^-?\d+$/.test(wanted) || !Number.isSafeInteger(number)) return badNumber(listing);
  if (kind === 'adjust') return adjust(listing, number);
  if (number < 0) return badNumber(listing);
  if (kind === 'total') return setTotal(listing, number);
  if (number < listing.locked) return underLock(listing);
  listing.sellable = number;
  return undefined;
}

function badNumber(listing: Listing): RowFault {
  return { seller_sku: listing.sku, field: 'Quantity', message: 'E212: invalid quantity', code: '212' };
}

function underLock(listing: Listing): RowFault {
  const message = `THD_IC_CAMPAIGN_STOCK_LOCKED: sellable quantity cannot be below the campaign locked quantity ${listing.locked}`;
  return { seller_sku: listing.sku, message, code: '4170' };
}

/** A delta; below zero is 212. [L5 doc] */
function adjust(listing: Listing, delta: number): RowFault | undefined {
  const after = listing.sellable + delta;
  if (after < 0) return { seller_sku: listing.sku, message: 'E212: negative sellable', code: '212' };
  if (delta < 0 && after < listing.locked) return underLock(listing);
  listing.sellable = after;
  return undefined;
}

/** `Quantity` is the total: at least withhold + occupied + locked. [L5 doc] */
function setTotal(listing: Listing, number: number): RowFault | undefined {
  const least = listing.withheld + listing.occupied + listing.locked;
  if (number < least) {
    return {
      seller_sku: listing.sku,
      message: `quantity ${number} is less than withhold, occupied and locked ${least}`,
    };
  }
  listing.sellable += number - total(listing);
  return undefined;
}
