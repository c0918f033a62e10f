import { z } from 'zod';
import { channelId, optionalId, optionalText } from './fields';

const amount = z.union([z.string(), z.number()]);
const optionalAmount = z
  .union([amount, z.null()])
  .optional()
  .transform((written) => (written === '' ? undefined : (written ?? undefined)));
const text = z.string().max(500);
/** `is_fbl` is written as a number, a text or a truth value; undefined where it is not told, or neither of the two. */
const flag = z
  .unknown()
  .optional()
  .transform((value): boolean | undefined => {
    if (value === 1 || value === true || value === '1' || value === 'true') return true;
    return value === 0 || value === false || value === '0' || value === 'false' ? false : undefined;
  });

const ADDRESS = z
  .object({
    first_name: optionalText,
    last_name: optionalText,
    phone: optionalText,
    address1: optionalText,
    address2: optionalText,
    address3: optionalText,
    address4: optionalText,
    address5: optionalText,
    city: optionalText,
    post_code: optionalText,
    country: optionalText,
  })
  .optional()
  .catch(undefined);

/** `/order/get`. What decides stock and money is checked; what only people read is left out when it is faulty. [L4 doc] */
const ORDER = z.object({
  order_id: channelId,
  order_number: optionalId,
  created_at: text,
  updated_at: text,
  price: optionalAmount,
  shipping_fee: optionalAmount,
  voucher: optionalAmount,
  voucher_seller: optionalAmount,
  voucher_platform: optionalAmount,
  customer_first_name: optionalText,
  customer_last_name: optionalText,
  promised_shipping_times: optionalText,
  address_shipping: ADDRESS,
});

/** One row of `/orders/items/get`: one unit. `sku` is the seller's sku, there is no quantity. [L4 doc][L12 obs] */
export const ITEM_ROW = z.object({
  order_item_id: channelId,
  order_id: optionalId,
  sku: optionalText,
  sku_id: optionalId,
  shop_sku: optionalText,
  name: optionalText,
  variation: optionalText,
  item_price: amount,
  shipping_amount: optionalAmount,
  voucher_amount: optionalAmount,
  voucher_seller: optionalAmount,
  voucher_platform: optionalAmount,
  currency: z.union([z.string().regex(/^[A-Za-z]{3}$/), z.literal(''), z.null()]).optional(),
  status: text,
  cancel_return_initiator: optionalText,
  sla_time_stamp: optionalText,
  is_fbl: flag,
  /** `Dropshipping` or `Warehouse`. [L4 doc] */
  shipping_type: optionalText,
  /** 70020: sold out of what was stocked in Lazada's warehouse beforehand (JIT). [L4 doc] */
  biz_group: optionalId,
  updated_at: text.nullish(),
});

/** Units of one order, far beyond what a basket takes; counted before any of them is read. */
const MOST_ROWS = 10_000;

/** What `readOrders` hands to `normalize`. */
export const PAYLOAD = z.object({
  order: ORDER,
  items: z.array(z.unknown()).min(1).max(MOST_ROWS).pipe(z.array(ITEM_ROW)),
});

export type OrderPayload = z.infer<typeof PAYLOAD>;
export type OrderHead = OrderPayload['order'];
export type ItemRow = OrderPayload['items'][number];
