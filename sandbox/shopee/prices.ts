import type { Reply } from '../http/call';
import { markChanged, type Listing, type Shop } from '../shop';
import { refuse, success, wholeNumber, type Fields, type ShopCall } from './door';

const MOST_MODELS = 50;

/** Two decimals are for these; elsewhere prices are whole. [S4][S6 doc] */
const WITH_CENTS = ['SG', 'MY', 'BR', 'MX', 'PL', 'ES', 'AR'];

/** How far the dearest variation may be from the cheapest. [S4][S6 doc] */
const MOST_RATIO: Record<string, number> = {
  ...{ SG: 5, VN: 5, TW: 5, TH: 5, PH: 5, MX: 5 },
  ...{ ID: 7, MY: 7, BR: 4, CL: 9, CO: 9 },
};

/** Which of the three spellings a locked price is refused with. [S4][S6 doc] */
const LOCKED = [
  'product.error_cannt_edit_price_in_promotion',
  'product.error_in_item_promotion_item_price_lock',
  'product.error_cannot_update_price_in_promotion',
];

interface Row {
  modelId: number;
  price: unknown;
}

/**
 * `POST product/update_price {item_id, price_list}`; models left out keep theirs, a third decimal is rounded half-up. A
 * broken ratio, an item that is gone and the wrong shape all answer "try later", for good. [S4][S6 doc][S9 obs]
 */
export function updatePrice(): (call: ShopCall) => Reply {
  return ({ call, shop, body }) => {
    const itemId = wholeNumber(body['item_id'], 'item_id', { least: 1, most: Number.MAX_SAFE_INTEGER });
    const rows = readRows(body['price_list']);
    const listings = shop.byItem.get(itemId);
    const hasModels = listings?.some((one) => one.modelId !== 0) ?? false;
    if (listings === undefined || rows.some((row) => (row.modelId !== 0) !== hasModels)) throw tryLater();
    const wanted = new Map<Listing, number>();
    const failed: Fields[] = [];
    for (const row of rows) {
      const listing = listings.find((one) => one.modelId === row.modelId);
      const hundredths = listing === undefined ? undefined : hundredthsOf(shop, row.price);
      if (listing === undefined || hundredths === undefined)
        failed.push({ model_id: row.modelId, failed_reason: REASON });
      else wanted.set(listing, hundredths);
    }
    refuseLocked([...wanted.keys()]);
    if (breaksRatio(shop, listings, wanted)) throw tryLater();
    for (const [listing, hundredths] of wanted) {
      listing.priceHundredths = hundredths;
      markChanged(listing);
      (call.note.writes ??= []).push({ sku: listing.sku, number: hundredths / 100, kind: 'price' });
    }
    return success({ success_list: [...wanted].map(done), failure_list: failed });
  };
}

const REASON = 'Update price failed, please try later.';

function tryLater(): Error {
  return refuse('product.error_update_price_fail', REASON);
}

/** An item without variations has no `model_id` in its entry. [S9 obs] */
function done([listing, hundredths]: [Listing, number]): Fields {
  return { ...(listing.modelId === 0 ? {} : { model_id: listing.modelId }), original_price: hundredths / 100 };
}

function readRows(list: unknown): Row[] {
  if (!Array.isArray(list) || list.length < 1 || list.length > MOST_MODELS) {
    throw refuse('error_param', `Wrong parameters, detail: price_list must have 1 to ${MOST_MODELS} entries.`);
  }
  return (list as (Fields | null)[]).map((entry) => ({
    modelId: wholeNumber(entry?.['model_id'], 'model_id', { least: 0, most: Number.MAX_SAFE_INTEGER, fallback: 0 }),
    price: entry?.['original_price'],
  }));
}

function hundredthsOf(shop: Shop, price: unknown): number | undefined {
  if (typeof price !== 'number' || !(price > 0) || price > 1e9) return undefined;
  if (!WITH_CENTS.includes(shop.region) && !Number.isInteger(price)) return undefined;
  // By the decimal text: 1.005 * 100 is below 100.5.
  return Math.round(Number(`${price}e2`));
}

/** No price of an item in a promotion can be edited. */
function refuseLocked(listings: readonly Listing[]): void {
  const locked = listings.find((listing) => listing.promotion !== undefined);
  if (locked?.promotion === undefined) return;
  const code = LOCKED[locked.promotion.id % LOCKED.length] ?? LOCKED[0] ?? '';
  throw refuse(code, 'The price cannot be edited while the item is in a promotion.');
}

function breaksRatio(shop: Shop, listings: readonly Listing[], wanted: ReadonlyMap<Listing, number>): boolean {
  const most = MOST_RATIO[shop.region];
  const after = listings.map((one) => wanted.get(one) ?? one.priceHundredths ?? 0).filter((price) => price > 0);
  return most !== undefined && after.length > 1 && Math.max(...after) > most * Math.min(...after);
}
