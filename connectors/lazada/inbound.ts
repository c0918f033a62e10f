import { z } from 'zod';
import { readJson } from '../kit';
import { channelId, optionalId } from './channel-id';

/** A status is a word; anything else is no part of a key. */
const word = z
  .string()
  .regex(/^[\w .:/-]{1,64}$/)
  .optional()
  .catch(undefined);

const DATA = z.object({
  order_status: word,
  reverse_status: word,
  status: word,
  trade_order_id: optionalId,
  trade_order_line_id: optionalId,
  reverse_order_id: optionalId,
  reverse_order_line_id: optionalId,
  fulfillment_package_id: word,
  status_update_time: optionalId,
  seller_id: optionalId,
});

/** Ids come as strings in type 0 and as numbers in types 6 and 10: both are read. [L2 doc] */
const PUSH = z.object({
  seller_id: optionalId,
  message_type: z.union([
    z.number().refine((type) => Number.isSafeInteger(type)),
    z
      .string()
      .regex(/^\d{1,6}$/)
      .transform(Number),
  ]),
  data: DATA.catch(() => DATA.parse({})),
  site: word,
});

/** A push, its ids as text. */
export interface LazadaPush {
  readonly messageType: number;
  /** In type 8 the top-level id is the text "null" and `data` has it. [L2 doc] */
  readonly sellerId: string | undefined;
  readonly site: string | undefined;
  readonly data: z.infer<typeof DATA>;
}

/** Reads a push; undefined when it is no JSON object with a message type. Never throws. */
export function readPush(bytes: Buffer): LazadaPush | undefined {
  const push = PUSH.safeParse(readJson(bytes.toString('utf8')));
  if (!push.success) return undefined;
  const { seller_id, message_type, data, site } = push.data;
  return { messageType: message_type, sellerId: seller_id ?? data.seller_id, site, data };
}

/** Whether a text is an id that Lazada could have given. */
export const isChannelId = (text: string): boolean => channelId.safeParse(text).success;
