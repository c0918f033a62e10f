import { z } from 'zod';
import { type CallContext, ChannelError, type ListingRef } from '../kit';
import { plainCode } from './classify';
import { fieldsOf, optionalId, optionalText } from './fields';
import { ask, errorOf, exchange, type WireRequest } from './wire';

/** Most products of a page: 100 is refused with E019. [L5 doc][L12 obs] */
export const PRODUCTS_PAGE = 50;
/** SKUs asked for at once: fewer than a page, and an address of bearable length. */
const SKUS_AT_ONCE = 20;

/** One SKU of a product as it was answered, by its SkuId. */
export type RawSkus = ReadonlyMap<string, unknown>;

export const itemIdOf = ({ channelIds }: Pick<ListingRef, 'channelIds'>): string => channelIds['itemId'] ?? '';
export const skuIdOf = ({ channelIds }: Pick<ListingRef, 'channelIds'>): string => channelIds['skuId'] ?? '';

/**
 * Reads the SKUs of listings: `/product/item/get` for one item, `/products/get` by `sku_seller_list` for several, and
 * again `/product/item/get` for what that list does not show. One that Lazada does not know is left out. [L5 doc][L12 obs]
 * @throws ChannelError
 */
export async function readSkus(call: CallContext, listings: readonly ListingRef[]): Promise<RawSkus> {
  const known = new Map<string, unknown>();
  if (new Set(listings.map(itemIdOf)).size > 1) {
    const sellerSkus = [...new Set(listings.map(({ channelIds }) => channelIds['sellerSku'] ?? ''))].filter(Boolean);
    for (let at = 0; at < sellerSkus.length; at += SKUS_AT_ONCE) {
      await addProducts(call, sellerSkus.slice(at, at + SKUS_AT_ONCE), known);
    }
  }
  const missing = listings.filter((listing) => !known.has(skuIdOf(listing)));
  for (const itemId of new Set(missing.map(itemIdOf))) await addItem(call, itemId, known);
  return known;
}

/** 207, 208, 4136 and 4137, or their names in the text; also an item of another store. [L5 doc][L12 obs] */
const UNKNOWN_ITEM = /^(?:20[78]|413[67])\b|ITEM_NOT_FOUND|SELLER_SKU_NOT_FOUND|EDIT_ITEM_NOT_BELONG_SELLER/;

async function addItem(call: CallContext, itemId: string, known: Map<string, unknown>): Promise<void> {
  if (itemId === '') return;
  const request: WireRequest = {
    method: 'GET',
    path: '/product/item/get',
    params: { item_id: itemId },
    effect: 'read',
  };
  const envelope = await exchange(call, request);
  if (envelope.code === '0') addSkus(envelope.data, known);
  else if (!UNKNOWN_ITEM.test(`${plainCode(envelope.code)} ${envelope.message}`)) {
    throw errorOf(envelope, request, call);
  }
}

async function addProducts(
  call: CallContext,
  sellerSkus: readonly string[],
  known: Map<string, unknown>,
): Promise<void> {
  const params = {
    filter: 'all',
    limit: String(PRODUCTS_PAGE),
    offset: '0',
    sku_seller_list: JSON.stringify(sellerSkus),
  };
  const data = await ask(call, { method: 'GET', path: '/products/get', params, effect: 'read' });
  const { products } = PRODUCTS.catch({ products: [] }).parse(data);
  for (const product of products) addSkus(product, known);
}

const PRODUCT = z.object({ skus: z.array(z.unknown()) });
const PRODUCTS = z.object({ products: z.array(z.unknown()) });

function addSkus(data: unknown, known: Map<string, unknown>): void {
  const product = PRODUCT.safeParse(data);
  if (!product.success) throw new ChannelError({ kind: 'malformed' }, 'a product without its skus');
  for (const sku of product.data.skus) {
    const { skuId } = readSkuIds(sku);
    if (skuId !== undefined) known.set(skuId, sku);
  }
}

/** Spelled as in the write, or as in the order calls; ShopSku is `<itemId>_<COUNTRY>-<skuId>`. [L4 doc][L5 doc][L12 obs] */
const IDS = z.object({
  SkuId: optionalId,
  sku_id: optionalId,
  SellerSku: optionalText,
  seller_sku: optionalText,
  ShopSku: optionalText,
  shop_sku: optionalText,
});

/** What a SKU is known by; undefined where it does not say. */
export function readSkuIds(sku: unknown): {
  readonly skuId?: string | undefined;
  readonly sellerSku?: string | undefined;
} {
  const ids = IDS.parse(fieldsOf(sku));
  return {
    skuId: ids.SkuId ?? ids.sku_id ?? skuIdOfShopSku(ids.ShopSku ?? ids.shop_sku),
    sellerSku: ids.SellerSku ?? ids.seller_sku,
  };
}

/** `<itemId>_<COUNTRY>-<skuId>`. [L4 doc][L12 obs] */
export const skuIdOfShopSku = (shopSku: string | undefined): string | undefined =>
  /^\d+_[A-Za-z]+-(\d{1,20})$/.exec(shopSku ?? '')?.[1];
