import { readJson } from '../kit';
import { fieldsOf, readId } from './fields';

/** What a push says about an order: ids as text, words as they are, undefined where absent or odd. [L2 doc] */
export interface PushData {
  readonly tradeOrderId: string | undefined;
  readonly tradeOrderLineId: string | undefined;
  readonly reverseOrderId: string | undefined;
  readonly reverseOrderLineId: string | undefined;
  readonly packageId: string | undefined;
  /** `order_status` (type 0), `reverse_status` (10) or `status` (14). */
  readonly status: string | undefined;
  /** Epoch seconds. */
  readonly statusUpdateTime: string | undefined;
}

/** A push. Ids come as strings in type 0 and as numbers in types 6 and 10: both are read. [L2 doc] */
export interface LazadaPush {
  readonly messageType: number;
  /** In type 8 the top-level id is the text "null" and `data` has it. [L2 doc] */
  readonly sellerId: string | undefined;
  /** `lazada_vn`; other spellings were seen. */
  readonly site: string | undefined;
  readonly data: PushData;
}

/**
 * Reads a push; undefined when it is no JSON object with a message type. Never throws.
 * A hand mapper, because this runs before a push is answered.
 */
export function readPush(bytes: Buffer): LazadaPush | undefined {
  const push = fieldsOf(readJson(bytes.toString('utf8')));
  const messageType = Number(readId(push['message_type']) ?? Number.NaN);
  if (!Number.isSafeInteger(messageType)) return undefined;
  const data = fieldsOf(push['data']);
  return {
    messageType,
    sellerId: readId(push['seller_id']) ?? readId(data['seller_id']),
    site: readWord(push['site']),
    data: {
      tradeOrderId: readId(data['trade_order_id']),
      tradeOrderLineId: readId(data['trade_order_line_id']),
      reverseOrderId: readId(data['reverse_order_id']),
      reverseOrderLineId: readId(data['reverse_order_line_id']),
      packageId: readWord(data['fulfillment_package_id']),
      status: readWord(data['order_status']) ?? readWord(data['reverse_status']) ?? readWord(data['status']),
      statusUpdateTime: readId(data['status_update_time']),
    },
  };
}

/** A status is a short word; anything else is no part of a key. */
const readWord = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\w .:/-]{1,64}$/.test(value) ? value : undefined;
