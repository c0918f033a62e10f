import type { StockResult } from '../kit';
import { classify, plainCode } from './classify';
import { fieldsOf, readText } from './fields';

/** How a line's refusal is to be read. */
export type RefusalReading = Extract<StockResult, { kind: 'refused' }>['reading'];

/** One entry of `detail[]`. Keys vary: `seller_sku` or `field`, `message`, sometimes `code`. [L13][L12 obs] */
export interface Detail {
  readonly code: string;
  readonly message: string;
  /** What it may name a line by. */
  readonly skuId?: string | undefined;
  readonly sellerSku?: string | undefined;
  readonly itemId?: string | undefined;
  readonly field?: string | undefined;
}

/** The entries of a `detail`; a clean success has none. Anything else than a list is one entry. [L12 obs][L13] */
export function readDetail(detail: unknown): readonly Detail[] {
  const isEmpty = typeof detail === 'object' && Object.keys(detail ?? {}).length === 0;
  if (detail === undefined || detail === '' || isEmpty) return [];
  return (Array.isArray(detail) ? detail : [detail]).map(readEntry);
}

function readEntry(entry: unknown): Detail {
  const fields = fieldsOf(entry);
  const named = (...keys: readonly string[]): string | undefined =>
    keys.map((key) => readText(fields[key])).find((text) => text !== undefined);
  return {
    code: named('code') ?? '',
    message: named('message') ?? readText(entry) ?? '',
    skuId: named('sku_id', 'SkuId'),
    sellerSku: named('seller_sku', 'SellerSku'),
    itemId: named('item_id', 'ItemId'),
    field: named('field'),
  };
}

/** Under a campaign's lock: 4170 says that stock may only go up, `THD_IC…` are campaign locks. [L5 doc][L12 obs] */
const FLOOR = /\b4170\b|THD_IC|campaign|locked/i;
/** Codes of that family that the page explains otherwise: attributes, doubled skus and products. [L5 doc] */
const OF_LISTING = /THD_IC_F_IC_(?:DOMAIN_PROPERTY|INFRA_PRODUCT|SCENE_PUBLISH)/i;
/** Busy is the one cause inside a 501 that goes away by itself. [L5 doc][L12] */
const BUSY = /busy|try again|retry later|time-?\s?out|too (?:many|frequent)|frequency/i;
/** The seller as a whole may not write this; 4128 is a locked seller. [L12 obs][L5 doc][L7 doc] */
const NOT_PERMITTED = /SELLER_NOT_PERMITTED|Mp3SellerApiLimit|SellerNotVerified|\b4128\b|THD_IC_F_IC_DOMAIN_ACTOR/i;
/** Semi-hosted products: their stock is written by other calls, their price elsewhere. [L5 doc] */
const SEMI_HOSTED = /\b4225\b/;

/**
 * Reads a refusal of one SKU from its code and text: busy is `retry`, a campaign's lock `floor`, a seller who may not
 * `authorize`, and everything else is permanent for that SKU (SELLER_SKU_NOT_FOUND, ITEM_NOT_FOUND, 4136, 4137, 4225,
 * 200, 207, 208, 212, prices 4104 to 4121). [L5 doc][L12]
 */
export function readingOf({ code, message }: Pick<Detail, 'code' | 'message'>): RefusalReading {
  const failure = classify({ code, message, type: '' }, 'read').kind;
  const text = `${plainCode(code)} ${message}`;
  if (NOT_PERMITTED.test(text)) return 'authorize';
  if (SEMI_HOSTED.test(text) || OF_LISTING.test(text)) return 'listing';
  if (BUSY.test(message) || failure === 'throttled' || failure === 'unavailable') return 'retry';
  return FLOOR.test(text) ? 'floor' : 'listing';
}

/** Codes of a whole answer that are about SKUs, not about the call. [L5 doc][L12 obs] */
export const isAboutSkus = (code: string): boolean =>
  /^(?:200|207|208|212|501|41(?:0[4-9]|1\d|2\d|3[0-7])|4170|4225|THD_IC.*)$/.test(plainCode(code));

/** An answer that refuses the seller, whatever he writes: another call of the same kind will not do better. */
export const isAboutSeller = ({ code, message }: Pick<Detail, 'code' | 'message'>): boolean =>
  NOT_PERMITTED.test(`${plainCode(code)} ${message}`);
