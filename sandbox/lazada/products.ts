import type { Reply } from '../http/call';
import { toDecimal } from '../money';
import { shown, total, type Listing, type Shop } from '../shop';
import type { Ground } from '../world';
import { refuse, success, type SellerCall } from './door';

/** Pages above 50 are refused. [L12 obs] */
const MOST_PRODUCTS = 50;

/** `GET /products/get`: a page of products, each with its skus. [L5 doc] */
export function listProducts(ground: Ground): (call: SellerCall) => Reply {
  return ({ parameters, shop }) => {
    const limit = Number(parameters.get('limit') ?? '20');
    const offset = Number(parameters.get('offset') ?? '0');
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST_PRODUCTS) throw refuse('19', 'E019: Invalid Limit');
    if (!Number.isInteger(offset) || offset < 0) throw refuse('14', 'E014: Invalid Offset');
    const wanted = sellerSkus(parameters.get('sku_seller_list'));
    const items =
      wanted === undefined
        ? [...shop.byItem.values()]
        : [...new Set(wanted.flatMap((sku) => shop.byItem.get(shop.listings.get(sku)?.itemId ?? -1) ?? []))].map(
            (one) => [one],
          );
    const page = items.slice(offset, offset + limit).map((listings) => product(ground, shop, listings));
    return success({ total_products: items.length, products: page });
  };
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
    status: 'Active',
    attributes: { name: `Product ${listings[0]?.sku ?? ''}` },
    skus: listings.map((listing) => sku(ground, shop, listing)),
  };
}

/** One sku with its numbers: sellable includes the campaign-locked part. [L5 doc][L3 doc] */
function sku(ground: Ground, shop: Shop, listing: Listing): Record<string, unknown> {
  const sellable = shown(listing);
  const quantity = ground.readings.choices.lazadaTopQuantity === 'sellable' ? sellable : total(listing);
  const { sale } = listing;
  return {
    SkuId: listing.modelId,
    SellerSku: listing.sku,
    ShopSku: shopSku(shop, listing),
    Status: 'active',
    quantity,
    Available: sellable,
    price: (listing.priceHundredths ?? 0) / 100,
    special_price: sale === undefined ? 0 : sale.priceHundredths / 100,
    ...(sale === undefined ? {} : { special_from_date: sale.startsAt, special_to_date: sale.endsAt }),
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

/** `<itemId>_<COUNTRY>-<skuId>`. [L4 doc] */
export function shopSku(shop: Shop, listing: Listing): string {
  return `${listing.itemId}_${shop.region}-${listing.modelId}`;
}

export function priceText(listing: Listing): string {
  return toDecimal(listing.priceHundredths ?? 0);
}
