import { moneyFromNumber, type OrderTotals } from '../../src/domain';
import type { Escrow, ShopeeItem, ShopeeOrder } from './order-schema';

/**
 * What one unit shows, minor units. [S6] `model_discounted_price` is 0 for a part of a bundle deal, whose price stands
 * nowhere by unit: the price before the bundle is taken then, and what the bundle takes off is a discount (QUIRKS 8).
 */
export function unitPriceOf(item: ShopeeItem, currency: string): number | undefined {
  const isBundled = item.model_discounted_price === 0 && item.promotion_type === 'bundle_deal';
  const price = isBundled ? (item.model_original_price ?? 0) : item.model_discounted_price;
  return moneyFromNumber(price, currency)?.minor;
}

type Amount = number | null | undefined;

/** Minor units of an amount that may be missing; NaN where it cannot be read. */
const minorOf = (amount: Amount, currency: string): number =>
  amount === null || amount === undefined ? 0 : (moneyFromNumber(amount, currency)?.minor ?? NaN);

/** Nothing is paid yet: [S6] the total is left out until then, or 0. */
const isUnpaid = (order: ShopeeOrder): boolean =>
  order.total_amount === null ||
  order.total_amount === undefined ||
  (order.order_status === 'UNPAID' && order.total_amount === 0);

/** What order detail knows: what is missing to items and estimate is the channel's discount, what is beyond, shipping. */
function ofDetail(order: ShopeeOrder, items: number): OrderTotals {
  const estimate = minorOf(order.estimated_shipping_fee, order.currency);
  const paid = isUnpaid(order) ? items + estimate : minorOf(order.total_amount, order.currency);
  const gap = items + estimate - paid;
  const shipping = estimate + Math.max(0, -gap);
  return { items, discountSeller: 0, discountChannel: Math.max(0, gap), shipping, tax: 0, paid };
}

interface Parts {
  readonly paid: Amount;
  readonly subtotal: Amount;
  readonly shipping: Amount;
  readonly ofSeller: Amount;
  readonly ofChannel: readonly Amount[];
}

/** The snapshot of the checkout where it is told, else what the seller's income tells of it, field by field. */
function partsOf({ buyer_payment_info: paid, order_income: income }: Escrow): Parts {
  return {
    paid: paid?.buyer_total_amount ?? income?.buyer_total_amount,
    subtotal: paid?.merchant_subtotal,
    shipping: paid?.shipping_fee ?? income?.buyer_paid_shipping_fee,
    ofSeller: paid?.seller_voucher ?? income?.voucher_from_seller,
    ofChannel: [
      paid?.shopee_voucher ?? income?.voucher_from_shopee,
      paid?.shopee_coins_redeemed ?? income?.coins,
      paid?.credit_card_promotion ?? income?.credit_card_promotion,
      paid?.discount_pix ?? income?.pix_discount,
    ],
  };
}

/**
 * What escrow detail knows. The seller's discount is his voucher and what a bundle deal takes off; the channel's are its
 * vouchers, coins and card promotions. What is left over is tax and fees on top (shipping, where shipping is not told);
 * what is missing, a discount of the channel that has no field.
 */
function ofEscrow(parts: Parts, currency: string, items: number): OrderTotals | undefined {
  if (parts.paid === null || parts.paid === undefined) return undefined;
  const paid = minorOf(parts.paid, currency);
  const bundled =
    parts.subtotal === null || parts.subtotal === undefined ? 0 : items - minorOf(parts.subtotal, currency);
  const discountSeller = minorOf(parts.ofSeller, currency) + Math.max(0, bundled);
  const known = parts.ofChannel.reduce<number>((sum, part) => sum + minorOf(part, currency), 0);
  const shipping = minorOf(parts.shipping, currency);
  const rest = paid - (items - discountSeller - known + shipping);
  const isTold = parts.shipping !== null && parts.shipping !== undefined;
  return {
    items,
    discountSeller,
    discountChannel: known + Math.max(0, -rest),
    shipping: shipping + (isTold ? 0 : Math.max(0, rest)),
    tax: isTold ? Math.max(0, rest) : 0,
    paid,
  };
}

/** Money by component, adding up to what the buyer paid; undefined where an amount cannot be read exactly. */
export function totalsOf(order: ShopeeOrder, items: number): OrderTotals | undefined {
  const escrow = order.escrow_detail;
  const told = escrow === null || escrow === undefined ? undefined : partsOf(escrow);
  const totals = (told === undefined ? undefined : ofEscrow(told, order.currency, items)) ?? ofDetail(order, items);
  return Object.values(totals).every((amount: number) => Number.isSafeInteger(amount)) ? totals : undefined;
}

/** Whether order detail alone does not tell what was paid for what: paid, and not by items and shipping alone. */
export function leavesGap(order: ShopeeOrder): boolean {
  if (isUnpaid(order)) return false;
  const items = order.item_list.reduce((sum, item) => {
    const price = unitPriceOf(item, order.currency) ?? NaN;
    return sum + price * item.model_quantity_purchased;
  }, 0);
  const due = items + minorOf(order.estimated_shipping_fee, order.currency);
  return due !== minorOf(order.total_amount, order.currency);
}

/** Whether money has been paid, so that there can be an escrow detail. */
export const isPaid = (order: ShopeeOrder): boolean => !isUnpaid(order);
