import { z } from 'zod';
import { amountField, countField, idField, optionalText, secondsField } from '../kit';

const itemSchema = z.object({
  item_id: idField,
  item_name: optionalText,
  item_sku: optionalText,
  /** [S6] 0 is an item without variations. */
  model_id: idField.nullish(),
  model_name: optionalText,
  model_sku: optionalText,
  model_quantity_purchased: countField,
  model_discounted_price: amountField,
  /** [S6] newer counters; missing means not told. */
  cancelled_qty: countField.nullish(),
  returned_qty: countField.nullish(),
});

const packageSchema = z.object({
  logistics_status: optionalText,
  item_list: z
    .array(z.object({ item_id: idField, model_id: idField.nullish(), model_quantity: countField.nullish() }))
    .nullish(),
});

/** [S6] `get_order_detail`, the fields the hub believes in. */
export const orderSchema = z.object({
  order_sn: z.string(),
  order_status: z.string(),
  currency: z.string(),
  create_time: secondsField,
  update_time: secondsField,
  ship_by_date: secondsField.nullish(),
  pickup_done_time: secondsField.nullish(),
  total_amount: amountField.nullish(),
  estimated_shipping_fee: amountField.nullish(),
  fulfillment_flag: optionalText,
  item_list: z.array(itemSchema).min(1).max(1000),
  package_list: z.array(packageSchema).max(1000).nullish(),
  /** [S6] masked in places; never a reason to refuse an order. */
  recipient_address: z
    .object({
      name: optionalText.catch(undefined),
      phone: optionalText.catch(undefined),
      full_address: optionalText.catch(undefined),
    })
    .nullish()
    .catch(undefined),
});

export type ShopeeOrder = z.infer<typeof orderSchema>;
export type ShopeeItem = ShopeeOrder['item_list'][number];
