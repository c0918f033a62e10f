import type { Reply } from '../http/call';
import { shown, type Shop } from '../shop';
import type { Ground } from '../world';
import { endRow, dealsOf, listingOf, openDeal, readRows, startRow, type Deal, type WantedRow } from './deals';
import { refuse, success, wholeNumber, type Fields, type ShopCall } from './door';

const FAR = 4_294_967_295;
const MOST_ITEMS = 50;
const HOUR_S = 3600;
const MOST_DAYS_S = 180 * 86_400;
const NAMES = {
  models: 'model_list',
  price: 'model_promotion_price',
  stock: 'model_promotion_stock',
  itemPrice: 'item_promotion_price',
  itemStock: 'item_promotion_stock',
};

/** `POST discount/add_discount`: from an hour ahead (simulated), for at most 180 days, 1,000 at once. [S6][S8 doc] */
export function addDiscount(ground: Ground): (call: ShopCall) => Reply {
  return ({ shop, body }) => {
    const startS = wholeNumber(body['start_time'], 'start_time', { least: 0, most: FAR });
    const endS = wholeNumber(body['end_time'], 'end_time', { least: 0, most: FAR });
    const earliestS = Math.floor(Date.now() / 1000 + HOUR_S / ground.clock.factor);
    if (startS < earliestS) throw refuse('discount.error_start_time', 'The start time must be 1 hour later than now.');
    if (endS <= startS || endS - startS > MOST_DAYS_S) {
      throw refuse('discount.error_end_time', 'The end time must be after the start time, within 180 days.');
    }
    const name = body['discount_name'];
    if (typeof name !== 'string' || name === '')
      throw refuse('error_param', 'Wrong parameters, detail: discount_name.');
    const deal = openDeal(shop, { kind: 'discount', name, startsMs: startS * 1000, endsMs: endS * 1000 });
    if (deal === undefined) throw refuse('discount.error_max_discount', 'At most 1000 discounts can run.');
    return success({ discount_id: deal.id });
  };
}

/**
 * `POST discount/add_discount_item`: at most 50 items; `model_promotion_stock` is set apart from ordinary stock. What
 * cannot be added is in `error_list`. [S6][S8 doc]
 */
export function addDiscountItems(ground: Ground): (call: ShopCall) => Reply {
  return ({ shop, body }) => {
    const deal = discountOf(shop, body['discount_id']);
    const list = body['item_list'];
    if (!Array.isArray(list) || list.length < 1 || list.length > MOST_ITEMS) {
      throw refuse('error_param', `Wrong parameters, detail: item_list must have 1 to ${MOST_ITEMS} entries.`);
    }
    const errors = readRows(list as Fields[], NAMES).flatMap((row) => {
      const fault = addRow(ground, deal, { shop, row });
      return fault === undefined ? [] : [{ item_id: row.itemId, model_id: row.modelId, ...fault }];
    });
    return success({ discount_id: deal.id, count: deal.rows.size, error_list: errors });
  };
}

interface RowFault {
  fail_error: string;
  fail_message: string;
}

function addRow(ground: Ground, deal: Deal, { shop, row }: { shop: Shop; row: WantedRow }): RowFault | undefined {
  const listing = listingOf(shop, row);
  if (listing === undefined) return fault('error_item_not_found', 'Product not found');
  if (listing.promotion !== undefined || deal.rows.has(listing)) {
    return fault('error_item_in_other_promotion', 'The item is in another promotion at that time.');
  }
  const price = row.priceHundredths;
  if (price === undefined || price >= (listing.priceHundredths ?? 0)) {
    return fault('error_promotion_price', 'The promotion price must be below the original price.');
  }
  if (!Number.isInteger(row.stock) || row.stock < 0 || row.stock > shown(listing)) {
    return fault('error_promotion_stock', 'The promotion stock must not be above the stock.');
  }
  const made = { priceHundredths: price, stock: row.stock, purchaseLimit: row.purchaseLimit, promotion: undefined };
  deal.rows.set(listing, made);
  startRow(ground, deal, listing);
  return undefined;
}

function fault(code: string, message: string): RowFault {
  return { fail_error: `discount.${code}`, fail_message: message };
}

function discountOf(shop: Shop, id: unknown): Deal {
  const deal = dealsOf(shop).get(Number(id));
  if (deal?.kind !== 'discount') throw refuse('discount.error_not_found', 'The discount is not found.');
  return deal;
}

/** `POST discount/delete_discount_item`: promotion stock cannot be edited, only deleted and added again. [S6][S8 doc] */
export function deleteDiscountItem(ground: Ground): (call: ShopCall) => Reply {
  return ({ shop, body }) => {
    const deal = discountOf(shop, body['discount_id']);
    const wanted = { itemId: Number(body['item_id']), modelId: Number(body['model_id'] ?? 0) };
    const found = [...deal.rows.keys()].filter(
      (one) => one.itemId === wanted.itemId && (wanted.modelId === 0 || one.modelId === wanted.modelId),
    );
    if (found.length === 0) throw refuse('discount.error_item_not_found', 'The item is not in the discount.');
    for (const listing of found) {
      endRow(ground, deal, listing);
      deal.rows.delete(listing);
    }
    return success({ discount_id: deal.id, error_list: [] });
  };
}

/** `POST discount/end_discount`: at once; what did not sell is ordinary stock again. */
export function endDiscount(ground: Ground): (call: ShopCall) => Reply {
  return ({ shop, body }) => {
    const deal = discountOf(shop, body['discount_id']);
    for (const listing of deal.rows.keys()) endRow(ground, deal, listing);
    dealsOf(shop).delete(deal.id);
    return success({ discount_id: deal.id, modify_time: Math.floor(Date.now() / 1000) });
  };
}

/** `GET discount/get_discount?discount_id`: the discount with what is in it. */
export function readDiscount(): (call: ShopCall) => Reply {
  return ({ call, shop }) => {
    const deal = discountOf(shop, call.query.get('discount_id'));
    const now = Date.now();
    const live = deal.startsMs <= now ? 'ongoing' : 'upcoming';
    return success({
      discount_id: deal.id,
      discount_name: deal.name,
      status: deal.endsMs <= now ? 'expired' : live,
      start_time: Math.floor(deal.startsMs / 1000),
      end_time: Math.floor(deal.endsMs / 1000),
      item_list: [...deal.rows].map(([listing, row]) => ({
        item_id: listing.itemId,
        model_id: listing.modelId,
        promotion_price: row.priceHundredths / 100,
        promotion_stock: row.stock,
        purchase_limit: row.purchaseLimit,
      })),
      more: false,
    });
  };
}
