import { z } from 'zod';
import { amountField, idField, optionalText } from '../kit';

const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?$/;

/** [Z1] UTC with microseconds, `2021-09-22T23:21:42.123456Z`; kept to the ms. A text without a zone is UTC too. */
export function readInstant(text: string): number {
  const [, whole, fraction = '', zone = 'Z'] = INSTANT.exec(text) ?? [];
  return whole === undefined ? Number.NaN : Date.parse(`${whole}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`);
}

const instantField = z.string().transform(readInstant).pipe(z.int().min(0));

/** Money that only explains other money: an odd value is none. */
const explaining = amountField.nullish().catch(undefined);
const voucherSchema = z.object({
  amount: explaining,
  amountFundedBySeller: explaining,
  /** [Z1] percent. */
  voucherSellerShare: z.number().min(0).max(100).nullish().catch(undefined),
});

/** [Z1] one item is ONE unit. */
const itemSchema = z.object({
  id: idField,
  orderId: idField.nullish(),
  status: z.string(),
  product: z.object({
    sellerSku: z.string().min(1).max(200),
    name: optionalText,
    variation: optionalText.catch(undefined),
  }),
  unitPrice: amountField,
  paidPrice: amountField.nullish(),
  priceAfterDiscount: amountField.nullish(),
  shippingFee: amountField.nullish(),
  shippingVoucherAmount: amountField.nullish(),
  walletCredits: explaining,
  storeCredits: explaining,
  vouchers: z.array(voucherSchema).nullish().catch(undefined),
  shipment: z
    .object({ type: optionalText.catch(undefined) })
    .nullish()
    .catch(undefined),
  targetToShipAt: instantField.nullish().catch(undefined),
  updatedAt: instantField.nullish(),
  lastStatusChangedAt: instantField.nullish(),
});

const lines = z
  .union([z.string(), z.array(z.string().nullable())])
  .nullish()
  .catch(undefined);

const addressSchema = z.object({
  firstName: optionalText.catch(undefined),
  lastName: optionalText.catch(undefined),
  phone: lines,
  address: lines,
  city: optionalText.catch(undefined),
  ward: optionalText.catch(undefined),
  region: optionalText.catch(undefined),
  postCode: optionalText.catch(undefined),
  country: optionalText.catch(undefined),
});

/** [Z1] an order of `GET /v2/orders`, the fields the hub believes in. */
export const orderSchema = z.object({
  id: idField,
  number: z.union([z.string(), z.int()]).nullish(),
  currency: z.string().nullish(),
  createdAt: instantField,
  updatedAt: instantField,
  targetToShip: instantField.nullish().catch(undefined),
  grandTotal: explaining,
  shippingFeeSstSum: explaining,
  address: z
    .object({ shipping: addressSchema.nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
  items: z.array(itemSchema).min(1).max(5000),
});

export type ZaloraOrder = z.infer<typeof orderSchema>;
export type ZaloraItem = ZaloraOrder['items'][number];
