import type { Reply } from '../http/call';
import { isComing, itemsOf, priceNow, type Listing, type Shop } from '../shop';
import type { Ground } from '../world';
import { flat, refuse, success, wholeNumber, type Fields, type ShopCall } from './door';
import { faceOfApp, faceOfShop } from './faces';
import { hasModels, stockInfo } from './stock';

/** Pages of at most 100 items, 50 ids a read. [S6 doc] */
const MOST_ITEMS = 100;
const MOST_IDS = 50;

const STATUSES = ['NORMAL', 'BANNED', 'UNLIST', 'REVIEWING', 'SELLER_DELETE', 'SHOPEE_DELETE'];

/** `GET product/get_item_list`: ids only. A stock write does not move `update_time`. [S9 obs] */
export function listItems(): (call: ShopCall) => Reply {
  return ({ call, shop }) => {
    const { query } = call;
    const offset = wholeNumber(query.get('offset'), 'offset', { least: 0, most: 1_000_000 });
    const size = wholeNumber(query.get('page_size'), 'page_size', { least: 1, most: MOST_ITEMS });
    const asked = query.getAll('item_status').flatMap((text) => text.split(','));
    if (asked.length === 0) throw refuse('error_param', 'Wrong parameters, detail: item_status is required.');
    if (asked.some((status) => !STATUSES.includes(status))) {
      throw refuse('error_param', 'Wrong parameters, detail: item_status.');
    }
    const since = wholeNumber(query.get('update_time_from'), 'update_time_from', { least: 0, most: FAR, fallback: 0 });
    const to = wholeNumber(query.get('update_time_to'), 'update_time_to', { least: 0, most: FAR, fallback: FAR });
    const items = chosen(shop, asked).filter((item) => since === 0 || (updated(item) >= since && updated(item) <= to));
    const page = items.slice(offset, offset + size);
    const more = offset + page.length < items.length;
    return success({
      item: page.map((item) => ({
        item_id: item[0]?.itemId,
        item_status: statusOf(item),
        update_time: updated(item),
        tag: { kit: false },
      })),
      total_count: items.length,
      has_next_page: more,
      ...(more ? { next_offset: offset + page.length } : {}),
      next: more ? String(offset + page.length) : '',
    });
  };
}

const FAR = 4_294_967_295;

/** `filter` copies, so what nobody narrows stays the shop's own list. */
function chosen(shop: Shop, asked: readonly string[]): readonly Listing[][] {
  const live = asked.includes('NORMAL');
  const unlisted = asked.includes('UNLIST');
  if (live && unlisted) return itemsOf(shop, 'all');
  if (live) return itemsOf(shop, 'live');
  return unlisted ? itemsOf(shop, 'inactive') : [];
}

function statusOf(item: readonly Listing[]): string {
  return item.some((listing) => listing.active) ? 'NORMAL' : 'UNLIST';
}

function updated(item: readonly Listing[]): number {
  return Math.floor(Math.max(...item.map((listing) => listing.updatedMs)) / 1000);
}

/** `GET product/get_item_base_info?item_id_list=1,2`. Price and stock are here only for items without models. [S6 doc] */
export function readItems(ground: Ground): (call: ShopCall) => Reply {
  return ({ call, shop }) => {
    const ids = (call.query.get('item_id_list') ?? '').split(',').filter((id) => id !== '');
    if (ids.length < 1 || ids.length > MOST_IDS || ids.some((id) => !/^\d+$/.test(id))) {
      throw refuse('error_param', `Wrong parameters, detail: item_id_list must have 1 to ${MOST_IDS} ids.`);
    }
    const found = ids.map(Number).filter((id) => shop.byItem.has(id));
    if (found.length === 0) throw refuse('product.error_item_not_found', 'Product not found');
    return success({ item_list: found.map((id) => describeItem(ground, shop, id)) });
  };
}

function describeItem(ground: Ground, shop: Shop, itemId: number): Fields {
  const listings = shop.byItem.get(itemId) ?? [];
  const models = hasModels(shop, itemId);
  const only = listings[0];
  return {
    item_id: itemId,
    category_id: 100001,
    item_name: `Product ${only?.sku ?? ''}`,
    item_sku: models ? `P-${itemId}` : (only?.sku ?? ''),
    create_time: 1_700_000_000,
    update_time: updated(listings),
    item_status: statusOf(listings),
    has_model: models,
    ...(models || only === undefined
      ? {}
      : { price_info: [priceInfo(shop, only)], stock_info_v2: stockInfo(ground, only) }),
  };
}

/** `GET product/get_model_list?item_id`. An item without variations has no models. [S6 doc] */
export function listModels(ground: Ground): (call: ShopCall) => Reply {
  return ({ call, shop }) => {
    const itemId = wholeNumber(call.query.get('item_id'), 'item_id', { least: 1, most: Number.MAX_SAFE_INTEGER });
    const listings = shop.byItem.get(itemId);
    if (listings === undefined) throw refuse('product.error_item_not_found', 'Product not found');
    const models = hasModels(shop, itemId) ? listings : [];
    return success({
      tier_variation:
        models.length === 0 ? [] : [{ name: 'Kind', option_list: models.map((model) => ({ option: model.sku })) }],
      model: models.map((model, index) => ({
        model_id: model.modelId,
        model_sku: model.sku,
        model_name: model.sku,
        model_status: 'MODEL_NORMAL',
        tier_index: [index],
        promotion_id: model.promotion?.id ?? 0,
        has_promotion: model.locked > 0,
        price_info: [priceInfo(shop, model)],
        stock_info_v2: stockInfo(ground, model),
      })),
    });
  };
}

function priceInfo(shop: Shop, listing: Listing): Fields {
  return {
    currency: shop.currency,
    original_price: (listing.priceHundredths ?? 0) / 100,
    current_price: priceNow(listing, Date.now()) / 100,
  };
}

/** `GET shop/get_shop_info`. */
export function readShop(): (call: ShopCall) => Reply {
  return ({ app, shop }) => {
    const face = faceOfShop(shop);
    return flat({
      shop_name: shop.name,
      region: shop.region,
      status: 'NORMAL',
      is_cb: false,
      is_sip: false,
      auth_time: Math.floor(face.authorisedMs / 1000),
      expire_time: Math.floor(face.authorisedUntilMs / 1000),
      merchant_id: faceOfApp(app).merchantId,
    });
  };
}

/** `GET product/get_item_promotion?item_id_list`: what runs on at most 50 items. [S6 doc] */
export function listItemPromotions(): (call: ShopCall) => Reply {
  return ({ call, shop }) => {
    const ids = (call.query.get('item_id_list') ?? '').split(',').filter((id) => id !== '');
    if (ids.length < 1 || ids.length > MOST_IDS || ids.some((id) => !/^\d+$/.test(id))) {
      throw refuse('error_param', `Wrong parameters, detail: item_id_list must have 1 to ${MOST_IDS} ids.`);
    }
    const failed = ids.filter((id) => !shop.byItem.has(Number(id)));
    const found = ids.map(Number).flatMap((id) => (shop.byItem.has(id) ? [id] : []));
    return success({
      success_list: found.map((id) => ({
        item_id: id,
        promotion: (shop.byItem.get(id) ?? []).flatMap((listing) => promotionOf(shop, listing)),
      })),
      failure_list: failed.map((id) => ({ item_id: Number(id), failed_reason: 'Product not found' })),
    });
  };
}

function promotionOf(shop: Shop, listing: Listing): Fields[] {
  const { promotion } = listing;
  if (promotion === undefined) return [];
  return [
    {
      promotion_type: promotion.kind,
      promotion_id: promotion.id,
      model_id: listing.modelId,
      start_time: Math.floor(promotion.startsMs / 1000),
      end_time: promotion.endsMs === undefined ? 0 : Math.floor(promotion.endsMs / 1000),
      promotion_staging: isComing(promotion) ? 'upcoming' : 'ongoing',
      promotion_price_info: [{ ...priceInfo(shop, listing), promotion_price: priceNow(listing, Date.now()) / 100 }],
      promotion_stock_info_v2: { summary_info: { total_reserved_stock: listing.locked } },
    },
  ];
}
