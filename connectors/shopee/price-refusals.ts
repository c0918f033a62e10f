import type { ShopAccess } from '../kit';
import { codeOf, saysTryLater } from './failures';
import { promotionReading, type Reading, type Refusal } from './refusals';

type Settings = ShopAccess['settings'];

/** [S6] a promotion locks the price. */
const LOCKED: ReadonlyMap<string, { readonly ofItem: boolean }> = new Map([
  ['error_cannt_edit_price_in_promotion', { ofItem: true }],
  ['error_in_item_promotion_item_price_lock', { ofItem: true }],
  ['error_cannot_update_price_in_promotion', { ofItem: false }],
  ['error_related_product_in_promotion', { ofItem: true }],
]);

/** [S6] refusals of the item as it is, or of all its prices together; spelt as Shopee spells them. */
const OF_THE_ITEM = new Set([
  // [S9] "try later", and yet for ever: prices of the variations too far apart, a deleted item, models where none are.
  'error_update_price_fail',
  'error_item_not_found',
  'error_item_not_belong_shop',
  'error_item_uneditable',
  'error_edit_item_price_for_item_has_model',
  'error_seller_under_penalty',
  'error_busi_cannot_edit_vsku',
  'error_busi_price_lower_then_wholesale_price',
  'error_wholesale_price_less_than_ratio_limit',
  'error_price_should_be_same_for_wholesales',
  'error_slash_price_models_diff',
  'error_slash_price_not_lowest',
]);
/** [S6] refusals of one price, of which the call does not say whose it is. */
const OF_A_PRICE = new Set([
  'error_invalid_price',
  'error_invalid_price_for_logistic',
  'error_price_exceed_min_limit',
  'error_price_exceed_min_limitt',
  'error_price_exceed_max_limit',
  'error_price_exceed_max_limitt',
  'error_price_out_of_range',
]);

/** [S6] the same said in words, in a `failed_reason`. */
const LOCK_TEXT = /(?:under|in) promotion|promotion.*price.*lock/i;

/** Reads the refusal of a whole `update_price`; undefined where it is none of a price (token, quota, busy). */
export function readPriceRefusal(error: string, message: string, settings: Settings): Refusal | undefined {
  const code = codeOf(error);
  const lock = LOCKED.get(code);
  if (lock !== undefined) return { reading: promotionReading(settings), ofItem: lock.ofItem };
  if (code === 'error_perm_non_admin') return { reading: 'authorize', ofItem: true };
  if (OF_THE_ITEM.has(code)) return { reading: 'listing', ofItem: true };
  if (OF_A_PRICE.has(code)) return { reading: 'listing', ofItem: false };
  return LOCK_TEXT.test(message) ? { reading: promotionReading(settings), ofItem: false } : undefined;
}

/** Reads one `failed_reason`. "Update price failed, please try later" is final all the same (QUIRKS 26). */
export function readPriceReason(text: string, settings: Settings): Reading {
  const named = readPriceRefusal(text.trim(), text, settings);
  if (named !== undefined) return named.reading;
  return saysTryLater(text) && !/update price fail/i.test(text) ? 'retry' : 'listing';
}
