import type { ShopAccess, StockResult } from '../kit';
import { codeOf, saysTryLater } from './failures';

export type Reading = Extract<StockResult, { kind: 'refused' }>['reading'];
type Settings = ShopAccess['settings'];

/** A refusal and whether it is about the whole item, so that every line of the call shares it. */
export interface Refusal {
  readonly reading: Reading;
  readonly ofItem: boolean;
}

/** [S6] refusals of `update_stock` whose meaning is in the code; spelt as Shopee spells them. */
const BY_CODE: ReadonlyMap<string, Refusal> = new Map([
  ['error_item_not_found', { reading: 'listing', ofItem: true }],
  ['error_item_not_belong_shop', { reading: 'listing', ofItem: true }],
  ['error_item_uneditable', { reading: 'listing', ofItem: true }],
  ['error_edit_item_stock_for_item_has_model', { reading: 'listing', ofItem: true }],
  ['error_in_item_promotion_nomodel_to_models', { reading: 'listing', ofItem: true }],
  ['error_wms_shop_block_upate_stock', { reading: 'listing', ofItem: true }],
  ['error_not_in_whitelist', { reading: 'listing', ofItem: true }],
  ['error_holiday_mode_change_stock', { reading: 'listing', ofItem: true }],
  ['error_seller_under_penalty', { reading: 'listing', ofItem: true }],
  ['error_perm_non_admin', { reading: 'authorize', ofItem: true }],
  ['error_api_permission', { reading: 'authorize', ofItem: true }],
  ['error_ashop_api_permission', { reading: 'authorize', ofItem: true }],
  ['error_kyc_auth', { reading: 'authorize', ofItem: true }],
  ['error_busi_update_stock_failed', { reading: 'retry', ofItem: true }],
]);

/** [S6] a promotion forbids any edit: whether the whole item or one of its models is in it. */
const PROMOTION_BLOCKS: ReadonlyMap<string, { readonly ofItem: boolean }> = new Map([
  ['error_cannt_edit_stock_in_promotion', { ofItem: true }],
  ['error_promotion_cantnot_update_stock', { ofItem: true }],
  ['error_model_update_stock_model_in_promotion', { ofItem: false }],
]);

/** [S6][S12][S15][S8] every spelling of "below the promotion's reserve". */
const FLOOR = /reserve(?:d|\(d\))? stock|stock should be larger than/i;
/** [S12] `Stock should be larger than 125 (reserve stock number)`: [S6] the reserve itself is taken. */
const RESERVE = /larger than (\d{1,9})(?!\d)/i;
/** [S6] faults of the item's set-up, told by text under `error_auth`, `error_param`, `error_busi`, `error_server`. */
const SET_UP = /location.?id|multi warehouse|stock structure|FBS|B2C shop|cnsc shop/i;
const HOLIDAY = /holiday mode/i;

/** How a promotion's hard block is read: a lock of the channel, unless the shop's setting says otherwise (QUIRKS 10). */
export const promotionReading = (settings: Settings): Reading =>
  settings.promotionBlock === 'listing' ? 'listing' : 'floor';

/** Reads a text of refusal; undefined where no fact names it. */
export function readText(text: string): Refusal | undefined {
  if (FLOOR.test(text)) return { reading: 'floor', ofItem: false };
  if (SET_UP.test(text)) return { reading: 'listing', ofItem: true };
  if (HOLIDAY.test(text)) return { reading: saysTryLater(text) ? 'retry' : 'listing', ofItem: true };
  return undefined;
}

/** Reads the top-level refusal of an `update_stock`; undefined where it is no refusal of stock (token, quota, busy). */
export function readRefusal(error: string, message: string, settings: Settings): Refusal | undefined {
  const code = codeOf(error);
  const block = PROMOTION_BLOCKS.get(code);
  if (block !== undefined) return { reading: promotionReading(settings), ofItem: block.ofItem };
  return BY_CODE.get(code) ?? readText(message);
}

/** Reads one `failed_reason`. A text no fact names is the channel's final no to this model. */
export function readReason(text: string, settings: Settings): Reading {
  const named = readRefusal(text.trim(), text, settings);
  return named?.reading ?? (saysTryLater(text) ? 'retry' : 'listing');
}

/** The reserve that a refusal below it names, as the number that would be written; undefined where it names none. */
export function floorIn(text: string): number | undefined {
  const units = RESERVE.exec(text)?.[1];
  return units === undefined ? undefined : Number(units);
}
