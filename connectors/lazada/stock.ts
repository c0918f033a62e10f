import { z } from 'zod';
import { type CallContext, ChannelError, type ListingRef, type ShopAccess, type StockReading } from '../kit';
import { optionalId, optionalQuantity as quantity } from './fields';
import { choiceOf } from './settings';
import { ask, errorOf, exchange, plainCode, type WireRequest } from './wire';

/** Most products of a page: 100 is refused with E019. [L12 obs] */
const PAGE = 50;
/** SKUs asked for at once: fewer than a page, and an address of bearable length. */
const SKUS_AT_ONCE = 20;

/**
 * Reads what buyers can buy of each listing: `/product/item/get` for one item, `/products/get` by `sku_seller_list`
 * for several, and again `/product/item/get` for what that list does not show. [L5 doc][L12 obs]
 * @throws ChannelError
 */
export async function readStock(call: CallContext, listings: readonly ListingRef[]): Promise<readonly StockReading[]> {
  const known = new Map<string, number>();
  if (new Set(listings.map(itemIdOf)).size > 1) {
    const sellerSkus = [...new Set(listings.map(({ channelIds }) => channelIds['sellerSku'] ?? ''))].filter(Boolean);
    for (let at = 0; at < sellerSkus.length; at += SKUS_AT_ONCE) {
      await addProducts(call, sellerSkus.slice(at, at + SKUS_AT_ONCE), known);
    }
  }
  const missing = listings.filter((listing) => !known.has(skuIdOf(listing)));
  for (const itemId of new Set(missing.map(itemIdOf))) await addItem(call, itemId, known);
  return listings.map((ref) => ({ listing: ref.listing, sellable: known.get(skuIdOf(ref)) }));
}

const itemIdOf = ({ channelIds }: ListingRef): string => channelIds['itemId'] ?? '';
const skuIdOf = ({ channelIds }: ListingRef): string => channelIds['skuId'] ?? '';

/** 4137 and 4136, or their names in the text. [L5 doc][L12 obs] */
const UNKNOWN_ITEM = /\b413[67]\b|ITEM_NOT_FOUND|SELLER_SKU_NOT_FOUND/;

async function addItem(call: CallContext, itemId: string, known: Map<string, number>): Promise<void> {
  if (itemId === '') return;
  const request: WireRequest = {
    method: 'GET',
    path: '/product/item/get',
    params: { item_id: itemId },
    effect: 'read',
  };
  const envelope = await exchange(call, request);
  if (envelope.code === '0') addSkus(PRODUCT.safeParse(envelope.data), call.shop, known);
  else if (!UNKNOWN_ITEM.test(`${plainCode(envelope.code)} ${envelope.message}`)) throw errorOf(envelope, request);
}

async function addProducts(
  call: CallContext,
  sellerSkus: readonly string[],
  known: Map<string, number>,
): Promise<void> {
  const params = { filter: 'all', limit: String(PAGE), offset: '0', sku_seller_list: JSON.stringify(sellerSkus) };
  const data = await ask(call, { method: 'GET', path: '/products/get', params, effect: 'read' });
  const { products } = PRODUCTS.catch({ products: [] }).parse(data);
  for (const product of products) addSkus(PRODUCT.safeParse(product), call.shop, known);
}

const WAREHOUSE = z.object({
  sellableQuantity: quantity,
  totalQuantity: quantity,
  occupyQuantity: quantity,
  withholdQuantity: quantity,
});

/** FBL stock stands apart in `fblWarehouseInventories[]` and cannot be written: it is not read. [L5 doc] */
const SKU = z.object({
  /** Spelled as in the write; the order calls' spelling is read too. */
  SkuId: optionalId,
  sku_id: optionalId,
  quantity,
  Available: quantity,
  multiWarehouseInventories: z.array(WAREHOUSE).optional().catch(undefined),
});
type Sku = z.infer<typeof SKU>;

const PRODUCT = z.object({ skus: z.array(z.unknown()) });
const PRODUCTS = z.object({ products: z.array(z.unknown()) });

type Parsed = { readonly success: boolean; readonly data?: z.infer<typeof PRODUCT> | undefined };

function addSkus(product: Parsed, shop: ShopAccess, known: Map<string, number>): void {
  if (product.data === undefined) throw new ChannelError({ kind: 'malformed' }, 'a product without its skus');
  for (const entry of product.data.skus) {
    const sku = SKU.safeParse(entry);
    const skuId = sku.data?.SkuId ?? sku.data?.sku_id;
    if (sku.data === undefined || skuId === undefined) continue;
    const sellable = sellableOf(sku.data, choiceOf(shop.settings, 'quantityMeans'));
    if (sellable === undefined) {
      throw new ChannelError({ kind: 'malformed' }, `SKU ${skuId} has no sellable quantity`);
    }
    known.set(skuId, Math.max(0, sellable));
  }
}

/**
 * What buyers can buy: Σ `sellableQuantity` of the seller's own warehouses, the campaign's lock included. [L12 obs]
 * Where a warehouse does not say it, it is total − occupy − withhold [L2 doc]; where none is listed, the top-level
 * `quantity`, of which the sources disagree whether it is sellable (measured) or total (QUIRKS 3).
 */
function sellableOf(sku: Sku, quantityMeans: 'sellable' | 'total'): number | undefined {
  const warehouses = (sku.multiWarehouseInventories ?? []).map(warehouseSellable);
  if (warehouses.length > 0 && !warehouses.includes(undefined)) {
    return warehouses.reduce<number>((sum, units) => sum + (units ?? 0), 0);
  }
  return quantityMeans === 'sellable' ? (sku.quantity ?? sku.Available) : sku.Available;
}

function warehouseSellable(warehouse: z.infer<typeof WAREHOUSE>): number | undefined {
  const { sellableQuantity, totalQuantity, occupyQuantity, withholdQuantity } = warehouse;
  if (sellableQuantity !== undefined) return sellableQuantity;
  if (totalQuantity === undefined || occupyQuantity === undefined || withholdQuantity === undefined) return undefined;
  return totalQuantity - occupyQuantity - withholdQuantity;
}
