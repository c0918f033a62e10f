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
  model_original_price: amountField.nullish().catch(undefined),
  /** [S6] 0 inside a bundle deal. */
  model_discounted_price: amountField,
  promotion_type: optionalText.catch(undefined),
  /** [S6] newer counters; missing means not told. */
  active_qty: countField.nullish(),
  cancelled_qty: countField.nullish(),
  returned_qty: countField.nullish(),
});

const packageSchema = z.object({
  logistics_status: optionalText,
  item_list: z
    .array(z.object({ item_id: idField, model_id: idField.nullish(), model_quantity: countField.nullish() }))
    .nullish(),
});

/** [S6] floats, discounts above or below 0 in different places: read as how much they are. */
const sizeField = z
  .preprocess((told) => (typeof told === 'string' ? Number(told) : told), z.number().min(-1e13).max(1e13))
  .transform(Math.abs)
  .nullish()
  .catch(undefined);

/** [S6] `get_escrow_detail`. `buyer_payment_info` is what was paid at the checkout and never changes afterwards. */
const escrowSchema = z.object({
  buyer_payment_info: z
    .object({
      buyer_total_amount: sizeField,
      merchant_subtotal: sizeField,
      shipping_fee: sizeField,
      seller_voucher: sizeField,
      shopee_voucher: sizeField,
      shopee_coins_redeemed: sizeField,
      credit_card_promotion: sizeField,
      discount_pix: sizeField,
    })
    .nullish()
    .catch(undefined),
  order_income: z
    .object({
      buyer_total_amount: sizeField,
      buyer_paid_shipping_fee: sizeField,
      voucher_from_seller: sizeField,
      voucher_from_shopee: sizeField,
      coins: sizeField,
      credit_card_promotion: sizeField,
      pix_discount: sizeField,
    })
    .nullish()
    .catch(undefined),
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
  /** Ours: what `get_escrow_detail` said of the same order, where it was asked. */
  escrow_detail: escrowSchema.nullish().catch(undefined),
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
export type Escrow = z.infer<typeof escrowSchema>;
export type ShopeeItem = ShopeeOrder['item_list'][number];
