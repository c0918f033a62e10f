import type { Reply } from '../http/call';
import { itemsOf, shown, total, type Listing, type Shop } from '../shop';
import type { Ground } from '../world';
import { refuse, success, type SellerCall } from './door';
import { instant, instantText, shopSku } from './texts';

/** Test shops may say so; it is more than 32 bits hold. [L12 obs] */
const ABSURD_STOCK = 1_370_000_000_000;

/** Pages above 50 are refused. [L12 obs] */
const MOST_PRODUCTS = 50;

/** `GET /products/get`: a page of products, each with its skus. [L5 doc] */
export function listProducts(ground: Ground): (call: SellerCall) => Reply {
  return ({ parameters, shop }) => {
    const limit = Number(parameters.get('limit') ?? '20');
    const offset = Number(parameters.get('offset') ?? '0');
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST_PRODUCTS) throw refuse('19', 'E019: Invalid Limit');
    if (!Number.isInteger(offset) || offset < 0) throw refuse('14', 'E014: Invalid Offset');
    const items = chooseItems(shop, parameters);
    const page = items.slice(offset, offset + limit).map((listings) => product(ground, shop, listings));
    return success({ total_products: items.length, products: page });
  };
}

/** Filter words of `/products/get`. [L12 obs: all, live, inactive, …] */
const FILTERS = ['all', 'live', 'inactive', 'deleted', 'image-missing', 'pending', 'rejected', 'sold-out'];

function chooseItems(shop: Shop, parameters: ReadonlyMap<string, string>): readonly Listing[][] {
  const filter = parameters.get('filter') ?? 'all';
  if (!FILTERS.includes(filter)) throw refuse('36', 'E036: Invalid status filter');
  const sinceMs = instant(parameters.get('update_after'));
  const wanted = sellerSkus(parameters.get('sku_seller_list'));
  const named = wanted === undefined ? undefined : new Set(wanted.map((sku) => shop.listings.get(sku)?.itemId ?? -1));
  const chosen =
    named === undefined ? byStatus(shop, filter) : [...named].flatMap((itemId) => [shop.byItem.get(itemId) ?? []]);
  const found = named === undefined ? chosen : chosen.filter((listings) => listings.length > 0);
  return sinceMs === undefined
    ? found
    : found.filter((listings) => listings.some((listing) => listing.updatedMs >= sinceMs));
}

function byStatus(shop: Shop, filter: string): readonly Listing[][] {
  if (filter === 'all' || filter === 'live' || filter === 'inactive') return itemsOf(shop, filter);
  if (filter !== 'sold-out') return [];
  return itemsOf(shop).filter((listings) => listings.every((listing) => shown(listing) === 0));
}

/** `GET /product/item/get` by `item_id` or `seller_sku`. [L5 doc] */
export function readProduct(ground: Ground): (call: SellerCall) => Reply {
  return ({ parameters, shop }) => {
    const sellerSku = parameters.get('seller_sku');
    const itemId = parameters.get('item_id') ?? String(shop.listings.get(sellerSku ?? '')?.itemId ?? '');
    const listings = shop.byItem.get(Number(itemId));
    if (itemId === '' || listings === undefined) throw refuse('208', 'E208: Item not found', 'ISP');
    return success(product(ground, shop, listings));
  };
}

/** A JSON array of seller skus. [L12 obs] */
function sellerSkus(text: string | undefined): string[] | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list.map(String);
  } catch {
    // Falls through to the refusal.
  }
  throw refuse('5', 'E005: Invalid Request Format');
}

function product(ground: Ground, shop: Shop, listings: Listing[]): Record<string, unknown> {
  return {
    item_id: listings[0]?.itemId,
    primary_category: 10000,
    status: listings.some((listing) => listing.active) ? 'Active' : 'InActive',
    attributes: { name: `Product ${listings[0]?.sku ?? ''}` },
    skus: listings.map((listing) => sku(ground, shop, listing)),
  };
}

/** One sku with its numbers: sellable includes the campaign-locked part. [L5 doc][L3 doc] */
function sku(ground: Ground, shop: Shop, listing: Listing): Record<string, unknown> {
  const sellable = ground.faults.of('lazada').absurdStock ? ABSURD_STOCK : shown(listing);
  const quantity = ground.readings.choices.lazadaTopQuantity === 'sellable' ? sellable : total(listing);
  return {
    SkuId: listing.modelId,
    SellerSku: listing.sku,
    ShopSku: shopSku(shop, listing),
    Status: listing.active ? 'active' : 'inactive',
    quantity,
    Available: sellable,
    price: (listing.priceHundredths ?? 0) / 100,
    ...saleFields(ground, listing),
    multiWarehouseInventories: [
      {
        warehouseCode: 'dropshipping',
        quantity: sellable,
        totalQuantity: total(listing),
        occupyQuantity: listing.occupied,
        withholdQuantity: listing.withheld,
        sellableQuantity: sellable,
      },
    ],
    channelInventories: listing.locked > 0 ? [{ CampaignName: 'sandbox campaign', quantity: listing.locked }] : [],
    fblWarehouseInventories: [],
  };
}

/** The special price with its days and, as old data have them, hours. [L5 doc][L11] */
function saleFields(ground: Ground, listing: Listing): Record<string, unknown> {
  const { sale } = listing;
  if (sale === undefined) return { special_price: 0 };
  const local = (iso: string | null): string | undefined =>
    iso === null ? undefined : instantText(Date.parse(iso) * 1000, ground.readings.choices.lazadaOffset).slice(0, 16);
  const from = local(sale.startsAt);
  const to = local(sale.endsAt);
  return {
    special_price: sale.priceHundredths / 100,
    ...(from === undefined ? {} : { special_from_date: from.slice(0, 10), special_from_time: from }),
    ...(to === undefined ? {} : { special_to_date: to.slice(0, 10), special_to_time: to }),
  };
}
