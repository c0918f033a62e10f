import { readJson } from '../kit';
import { fieldsOf, readId } from './fields';
import { skuIdOfShopSku } from './products';

/** What a push says about its subject: ids as text, words as they are, undefined where absent or odd. [L2 doc] */
export interface PushData {
  readonly tradeOrderId: string | undefined;
  readonly tradeOrderLineId: string | undefined;
  readonly reverseOrderId: string | undefined;
  readonly reverseOrderLineId: string | undefined;
  readonly packageId: string | undefined;
  /** `order_status` (type 0), `reverse_status` (10), `status` (1, 13, 14), `state` (7), `orderStatus` (35, 46). */
  readonly status: string | undefined;
  /** Epoch seconds. */
  readonly statusUpdateTime: string | undefined;
  /** SkuIds of products that changed (3, 4, 5) or run low (6); at most 500. */
  readonly skuIds: readonly string[];
  /** When the authorisation ends (8), ms. */
  readonly expiresAt: number | undefined;
}

/** A push. Ids come as strings in type 0 and as numbers in types 6 and 10: both are read. [L2 doc] */
export interface LazadaPush {
  readonly messageType: number;
  /** In type 8 the top-level id is the text "null" and `data` has it. [L2 doc] */
  readonly sellerId: string | undefined;
  /** `lazada_vn`; `LAZADA_SG` and `lazada-sg` were seen too. [L2 doc] */
  readonly site: string | undefined;
  readonly data: PushData;
}

/**
 * Reads a push; undefined when it is no JSON object with a message type. Never throws.
 * A hand mapper, because this runs before a push is answered.
 */
export function readPush(bytes: Buffer): LazadaPush | undefined {
  const push = fieldsOf(readJson(bytes.toString('utf8')));
  const messageType = readType(push);
  if (messageType === undefined) return undefined;
  const data = fieldsOf(push['data']);
  const sellers = [push['seller_id'], data['seller_id'], data['sellerId'], push['sellerId']].map(readId);
  return {
    messageType,
    sellerId: sellers.find((id) => id !== undefined),
    site: readWord(push['site']),
    data: {
      tradeOrderId: readId(data['trade_order_id']),
      tradeOrderLineId: readId(data['trade_order_line_id']),
      reverseOrderId: readId(data['reverse_order_id']),
      reverseOrderLineId: readId(data['reverse_order_line_id']),
      packageId: readWord(data['fulfillment_package_id']),
      status: STATUS_FIELDS.map((field) => readWord(data[field])).find((word) => word !== undefined),
      statusUpdateTime: readId(data['status_update_time']),
      skuIds: readSkuList(data),
      expiresAt: readInstantMs(data['auth_expiry_time']),
    },
  };
}

const STATUS_FIELDS = ['order_status', 'reverse_status', 'status', 'state', 'orderStatus'] as const;

/** The samples of type 11 are bare: a promotion's id and type, without an envelope. [L2 doc] */
function readType(push: Readonly<Record<string, unknown>>): number | undefined {
  const messageType = Number(readId(push['message_type']) ?? Number.NaN);
  if (Number.isSafeInteger(messageType)) return messageType;
  return readId(push['promotionId']) !== undefined && readWord(push['promotionType']) !== undefined ? 11 : undefined;
}

/** `sku_list[]{sku_id, shop_sku}` (3, 4, 5), `sku_id` (6). [L2 doc] */
function readSkuList(data: Readonly<Record<string, unknown>>): readonly string[] {
  const list: readonly unknown[] = Array.isArray(data['sku_list']) ? data['sku_list'].slice(0, 500) : [];
  const ids = [data, ...list].map((entry) => {
    const { sku_id: id, shop_sku: shopSku } = fieldsOf(entry);
    return readId(id) ?? (typeof shopSku === 'string' ? skuIdOfShopSku(shopSku) : undefined);
  });
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/** The pages say seconds and their samples have both: from 10^11 on it is milliseconds. [L2 doc] */
function readInstantMs(value: unknown): number | undefined {
  const written = Number(readId(value) ?? Number.NaN);
  if (!(written > 0) || written > 253_402_214_400_000) return undefined;
  return written < 100_000_000_000 ? written * 1000 : written;
}

/** A status is a short word; anything else is no part of a key. */
const readWord = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\w .:/-]{1,64}$/.test(value) ? value : undefined;
