import { json, type Reply } from '../http/call';
import { itemsOf, priceNow, saleNow, shown, type Listing, type Shop } from '../shop';
import type { Ground } from '../world';
import { listParameter, pageOf, refuse, type SellerCall } from './door';
import { instantText, shopSku } from './rows';

const MOST_ROWS = 100;

const STATUSES = [
  ...['all', 'active', 'inactive-all', 'deleted-all', 'image-missing', 'pending', 'rejected', 'disapproved'],
  ...['sold-out', 'not-authorized'],
];

/**
 * `GET /v2/product-sets`: what products have in common; a product is a variation that is sold. At most 100 a page, even
 * if more are asked for. [Z1 doc]
 */
export function listSets(ground: Ground): (call: SellerCall) => Reply {
  return ({ call, shop }) => {
    const { limit, offset } = pageOf(call);
    const size = Math.min(limit, MOST_ROWS);
    const found = chooseSets(shop, call);
    const items = found.slice(offset, offset + size).map((listings) => describeSet(ground, listings));
    return json(200, { items, pagination: { limit: size, offset, totalCount: found.length } });
  };
}

function chooseSets(shop: Shop, call: SellerCall['call']): readonly Listing[][] {
  const status = call.query.get('status') ?? 'all';
  if (!STATUSES.includes(status)) throw refuse(422, 'The parameter status is invalid.');
  const ids = listParameter(call, 'productSetIds');
  const inStock = call.query.get('inStock');
  const chosen = ids?.flatMap((id) => {
    const listings = shop.byItem.get(Number(id));
    return listings === undefined ? [] : [listings];
  });
  const found = chosen ?? byStatus(shop, status);
  if (inStock === null) return found;
  return found.filter((listings) => listings.some((one) => shown(one) > 0) === (inStock === 'true'));
}

function byStatus(shop: Shop, status: string): readonly Listing[][] {
  if (status === 'all') return itemsOf(shop);
  if (status === 'active') return itemsOf(shop, 'live');
  if (status === 'inactive-all') return itemsOf(shop, 'inactive');
  return status === 'sold-out' ? itemsOf(shop).filter((listings) => listings.every((one) => shown(one) === 0)) : [];
}

function describeSet(ground: Ground, listings: Listing[]): Record<string, unknown> {
  const [first] = listings as [Listing];
  return {
    id: first.itemId,
    ...{ srcId: String(first.itemId), name: `Product ${first.sku}`, parentSku: first.sku, sellerSku: first.sku },
    createdAt: instantText(first.madeMs * 1000),
    updatedAt: instantText(Math.max(...listings.map((one) => one.updatedMs)) * 1000),
    description: '',
    ...{ brandId: 1, primaryCategoryId: 1, attributeSetId: 1, categories: [1], attributes: {}, browseNodes: [] },
    sellerId: first.shop.id,
    status: listings.some((one) => one.active) ? 'active' : 'inactive',
    // The description has no products inside; whether they are ever there is a reading.
    ...(ground.readings.choices.zaloraSetProducts === 'inside' ? { products: listings.map(describeProduct) } : {}),
  };
}

/** `GET /v2/product-set/{id}`. */
export function readSet(ground: Ground): (call: SellerCall) => Reply {
  return ({ call, shop }) => json(200, describeSet(ground, findSet(shop, call.params['id'])));
}

/** `GET /v2/product-set/{id}/products`: its variations. [Z1 doc] */
export function listSetProducts({ call, shop }: SellerCall): Reply {
  return json(200, findSet(shop, call.params['id']).map(describeProduct));
}

/** `GET /v2/product-set/{id}/products/{productId}`. */
export function readSetProduct({ call, shop }: SellerCall): Reply {
  const listing = findSet(shop, call.params['id']).find((one) => String(one.modelId) === call.params['product']);
  if (listing === undefined) throw refuse(404, 'Product not found.');
  return json(200, describeProduct(listing));
}

/** `GET /v2/products` by `productIds[]` or `sellerSku`; it has no pages. [Z1 doc] */
export function listProducts({ call, shop }: SellerCall): Reply {
  const ids = listParameter(call, 'productIds');
  const sellerSku = call.query.get('sellerSku');
  if (ids === undefined && sellerSku === null) throw refuse(422, 'A filter is required.');
  if (ids !== undefined && ids.length > MOST_ROWS) throw refuse(422, `productIds must have 1 to ${MOST_ROWS} entries.`);
  const found =
    ids === undefined
      ? [shop.listings.get(sellerSku ?? '')]
      : ids.map((id) => shop.byModel.get(Number(id))).filter((one) => sellerSku === null || one?.sku === sellerSku);
  return json(200, found.filter((one) => one !== undefined).map(describeProduct));
}

/** `GET /v2/product/seller-skus?sellerSkus[]`: at most 100. [Z1 doc] */
export function readBySkus({ call, shop }: SellerCall): Reply {
  const skus = listParameter(call, 'sellerSkus');
  if (skus === undefined || skus.length > MOST_ROWS)
    throw refuse(422, `sellerSkus must have 1 to ${MOST_ROWS} entries.`);
  return json(200, skus.flatMap((sku) => shop.listings.get(sku) ?? []).map(describeProduct));
}

/** `GET /v2/product/seller-sku/{sku}`. */
export function readBySku({ call, shop }: SellerCall): Reply {
  const listing = shop.listings.get(call.params['sku'] ?? '');
  if (listing === undefined) throw refuse(404, 'Product not found.');
  return json(200, describeProduct(listing));
}

export function findProduct(shop: Shop, id: string | undefined): Listing {
  const listing = shop.byModel.get(Number(id));
  if (listing === undefined) throw refuse(404, `Product ${id ?? ''} not found.`);
  return listing;
}

export function findSet(shop: Shop, id: string | undefined): Listing[] {
  const listings = shop.byItem.get(Number(id));
  if (listings === undefined) throw refuse(404, 'Product set not found.');
  return listings;
}

function describeProduct(listing: Listing): Record<string, unknown> {
  const sale = saleNow(listing, Date.now());
  return {
    id: listing.modelId,
    productSetId: listing.itemId,
    name: `Product ${listing.sku}`,
    sellerSku: listing.sku,
    shopSku: shopSku(listing.modelId),
    status: listing.active ? 'active' : 'inactive',
    variation: '',
    fulfilmentType: listing.ventureFulfilled ? 'venture' : 'merchant',
    price: listing.priceHundredths === null ? null : listing.priceHundredths / 100,
    salePrice: sale === undefined ? null : sale.priceHundredths / 100,
    currentPrice: priceNow(listing, Date.now()) / 100,
  };
}
