import type { Reply } from '../http/call';
import { priceNow, type Listing, type Shop } from '../shop';
import type { Ground } from '../world';
import { flat, refuse, success, wholeNumber, type Fields, type ShopCall } from './door';
import { hasModels, stockInfo } from './stock';

/** Pages of at most 100 items, 50 ids a read. [S6 doc] */
const MOST_ITEMS = 100;
const MOST_IDS = 50;

/** `GET product/get_item_list`: ids only. A stock write does not move `update_time`. [S9 obs] */
export function listItems(): (call: ShopCall) => Reply {
  return ({ call, shop }) => {
    const offset = wholeNumber(call.query.get('offset'), 'offset', { least: 0, most: 1_000_000 });
    const size = wholeNumber(call.query.get('page_size'), 'page_size', { least: 1, most: MOST_ITEMS });
    if (call.query.getAll('item_status').length === 0)
      throw refuse('error_param', 'Wrong parameters, detail: item_status is required.');
    const ids = [...shop.byItem.keys()];
    const page = ids.slice(offset, offset + size);
    const more = offset + page.length < ids.length;
    return success({
      item: page.map((id) => ({ item_id: id, item_status: 'NORMAL', update_time: 1_700_000_000, tag: { kit: false } })),
      total_count: ids.length,
      has_next_page: more,
      next: more ? String(offset + page.length) : '',
    });
  };
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
    update_time: 1_700_000_000,
    item_status: 'NORMAL',
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
        promotion_id: 0,
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
  return ({ shop }) =>
    flat({ shop_name: shop.name, region: shop.region, status: 'NORMAL', is_cb: false, is_sip: false });
}

/** `POST product/update_price {item_id, price_list}`; models left out keep theirs. [S4][S6 doc][S9 obs] */
export function updatePrice(): (call: ShopCall) => Reply {
  return ({ call, shop, body }) => {
    const itemId = wholeNumber(body['item_id'], 'item_id', { least: 1, most: Number.MAX_SAFE_INTEGER });
    const rows = body['price_list'];
    const listings = shop.byItem.get(itemId);
    if (!Array.isArray(rows) || rows.length < 1 || rows.length > MOST_IDS) {
      throw refuse('error_param', 'Wrong parameters, detail: price_list must have 1 to 50 entries.');
    }
    if (listings === undefined)
      throw refuse('product.error_update_price_fail', 'Update price failed, please try later.');
    const done: Fields[] = [];
    const failed: Fields[] = [];
    for (const row of rows as Fields[]) {
      const listing = listings.find((one) => one.modelId === (row['model_id'] ?? 0));
      const price = row['original_price'];
      if (listing === undefined || typeof price !== 'number' || price <= 0) {
        failed.push({ model_id: row['model_id'] ?? 0, failed_reason: 'Update price failed, please try later.' });
        continue;
      }
      // A third decimal is rounded half-up. [S9 obs]
      listing.priceHundredths = Math.round(price * 100);
      (call.note.writes ??= []).push({ sku: listing.sku, number: price, kind: 'price' });
      done.push({
        ...(listing.modelId === 0 ? {} : { model_id: listing.modelId }),
        original_price: listing.priceHundredths / 100,
      });
    }
    return success({ success_list: done, failure_list: failed });
  };
}
