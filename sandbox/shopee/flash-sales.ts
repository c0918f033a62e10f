import type { Reply } from '../http/call';
import { shown, type Shop } from '../shop';
import type { Ground } from '../world';
import { endRow, dealsOf, listingOf, openDeal, readRows, startRow, type Deal, type WantedRow } from './deals';
import { refuse, success, wholeNumber, type Fields, type ShopCall } from './door';

const FAR = 4_294_967_295;
const MOST_ITEMS = 50;
/** The sandbox's slots: two simulated hours each, one after the other. */
const SLOT_S = 7200;
const MOST_SLOTS = 100;
const CRITERIA = { min_promo_stock: 1, max_promo_stock: 1000, min_discount: 5, max_discount: 90 };
const NAMES = {
  models: 'models',
  price: 'input_promo_price',
  stock: 'stock',
  itemPrice: 'item_input_promo_price',
  itemStock: 'item_stock',
};

interface Slot {
  timeslot_id: number;
  start_time: number;
  end_time: number;
}

function lengthS(ground: Ground): number {
  return Math.max(1, Math.round(SLOT_S / ground.clock.factor));
}

function slot(ground: Ground, id: number): Slot {
  const length = lengthS(ground);
  return { timeslot_id: id, start_time: id * length, end_time: (id + 1) * length };
}

/** `GET shop_flash_sale/get_time_slot_id?start_time&end_time`: slots that begin in between. [S6][S8 doc] */
export function listSlots(ground: Ground): (call: ShopCall) => Reply {
  return ({ call }) => {
    const from = wholeNumber(call.query.get('start_time'), 'start_time', { least: 0, most: FAR });
    const to = wholeNumber(call.query.get('end_time'), 'end_time', { least: 0, most: FAR });
    const nowS = Math.floor(Date.now() / 1000);
    const first = Math.ceil(Math.max(from, nowS + 1) / lengthS(ground));
    const slots: Slot[] = [];
    for (let id = first; slots.length < MOST_SLOTS; id += 1) {
      const one = slot(ground, id);
      if (one.start_time > to) break;
      slots.push(one);
    }
    return success(slots);
  };
}

/** `POST shop_flash_sale/create_shop_flash_sale {timeslot_id}`: empty and disabled. */
export function createFlashSale(ground: Ground): (call: ShopCall) => Reply {
  return ({ shop, body }) => {
    const id = wholeNumber(body['timeslot_id'], 'timeslot_id', { least: 1, most: Number.MAX_SAFE_INTEGER });
    const wanted = slot(ground, id);
    if (wanted.start_time * 1000 <= Date.now()) throw refuse('shop_flash_sale.error_timeslot', 'The timeslot is over.');
    const times = { startsMs: wanted.start_time * 1000, endsMs: wanted.end_time * 1000 };
    const deal = openDeal(shop, { kind: 'flash_sale', name: `Flash sale ${id}`, ...times });
    if (deal === undefined) throw refuse('shop_flash_sale.error_limit', 'Too many flash sales.');
    return success({ flash_sale_id: deal.id, timeslot_id: id, status: 2 });
  };
}

/** `POST shop_flash_sale/add_shop_flash_sale_items`: at most 50; what fails is in `failed_items`. [S6][S8 doc] */
export function addFlashSaleItems(ground: Ground): (call: ShopCall) => Reply {
  return ({ shop, body }) => {
    const deal = saleOf(shop, body['flash_sale_id']);
    const list = body['items'];
    if (!Array.isArray(list) || list.length < 1 || list.length > MOST_ITEMS) {
      throw refuse('error_param', `Wrong parameters, detail: items must have 1 to ${MOST_ITEMS} entries.`);
    }
    const failed = readRows(list as Fields[], NAMES).flatMap((row) => {
      const reason = addRow(ground, deal, { shop, row });
      return reason === undefined ? [] : [{ item_id: row.itemId, model_id: row.modelId, ...reason }];
    });
    return success({ failed_items: failed });
  };
}

interface Reason {
  err_code: number;
  err_msg: string;
  unqualified_conditions: string[];
}

function addRow(ground: Ground, deal: Deal, { shop, row }: { shop: Shop; row: WantedRow }): Reason | undefined {
  const listing = listingOf(shop, row);
  if (listing === undefined) return reason('item not found', []);
  if (listing.promotion !== undefined || deal.rows.has(listing)) return reason('item in another promotion', []);
  const full = listing.priceHundredths ?? 0;
  const price = row.priceHundredths ?? 0;
  const percent = full === 0 ? 0 : ((full - price) / full) * 100;
  const unqualified = [
    ...(row.stock >= CRITERIA.min_promo_stock && row.stock <= CRITERIA.max_promo_stock ? [] : ['promo_stock']),
    ...(row.stock <= shown(listing) ? [] : ['stock']),
    ...(price > 0 && percent >= CRITERIA.min_discount && percent <= CRITERIA.max_discount ? [] : ['discount']),
  ];
  if (unqualified.length > 0) return reason('item does not meet the criteria', unqualified);
  const made = { priceHundredths: price, stock: row.stock, purchaseLimit: row.purchaseLimit, promotion: undefined };
  deal.rows.set(listing, made);
  if (deal.enabled) startRow(ground, deal, listing);
  return undefined;
}

function reason(message: string, unqualified: string[]): Reason {
  return {
    err_code: unqualified.length > 0 ? 1_400_101 : 1_400_100,
    err_msg: message,
    unqualified_conditions: unqualified,
  };
}

function saleOf(shop: Shop, id: unknown): Deal {
  const deal = dealsOf(shop).get(Number(id));
  if (deal?.kind !== 'flash_sale') throw refuse('shop_flash_sale.error_not_found', 'The flash sale is not found.');
  return deal;
}

/** `POST shop_flash_sale/update_shop_flash_sale {status}`: 1 enables and sets units apart, 2 gives them back. */
export function updateFlashSale(ground: Ground): (call: ShopCall) => Reply {
  return ({ shop, body }) => {
    const deal = saleOf(shop, body['flash_sale_id']);
    const status = wholeNumber(body['status'], 'status', { least: 1, most: 2 });
    deal.enabled = status === 1;
    for (const listing of deal.rows.keys()) {
      if (!deal.enabled) endRow(ground, deal, listing);
      else if (listing.promotion === undefined) startRow(ground, deal, listing);
    }
    return success({ flash_sale_id: deal.id, status });
  };
}

/** `GET shop_flash_sale/get_shop_flash_sale_items?flash_sale_id`: status 0 disabled, 1 enabled. [S6 doc] */
export function listFlashSaleItems(): (call: ShopCall) => Reply {
  return ({ call, shop }) => {
    const deal = saleOf(shop, call.query.get('flash_sale_id'));
    return success({
      total_count: deal.rows.size,
      item_info: [...deal.rows].map(([listing, row]) => ({
        item_id: listing.itemId,
        model_id: listing.modelId,
        status: row.promotion === undefined ? 0 : 1,
        input_promotion_price: row.priceHundredths / 100,
        campaign_stock: row.stock,
        purchase_limit: row.purchaseLimit,
      })),
    });
  };
}

/** `GET shop_flash_sale/get_item_criteria`: bounds of stock and discount. [S6][S8 doc] */
export function readCriteria(): (call: ShopCall) => Reply {
  return () => success({ criteria: [{ criteria_id: 1, ...CRITERIA, min_product_rating: -1 }] });
}
