import { moneyFromNumber, type OrderTotals } from '../../src/domain';
import type { ShopAccess } from '../kit';
import type { ZaloraItem, ZaloraOrder } from './order-schema';

type Amount = number | null | undefined;
type Voucher = NonNullable<ZaloraItem['vouchers']>[number];

/** Minor units; a missing amount is 0. `undefined`: the currency is not known, or the amount is beyond all sums. */
export const minorOf = (amount: Amount, currency: string): number | undefined =>
  moneyFromNumber(amount ?? 0, currency)?.minor;

/** [Z1] the seller's part of a voucher: calculated by Zalora, else by his share in percent. */
const fundedBySeller = ({ amountFundedBySeller, amount, voucherSellerShare }: Voucher): Amount =>
  amountFundedBySeller ?? ((amount ?? 0) * (voucherSellerShare ?? 0)) / 100;

/**
 * What was paid beyond Σ of the items and their shipping, or less than it (below 0). The tax on shipping counts where
 * `grandTotal` says that it was paid on top; under the setting `orderTotal: grand-total` that total is believed whatever
 * the items add up to (QUIRKS 7).
 */
function beyondItems(order: ZaloraOrder, paid: number, shop: TotalsShop): number {
  const told = order.grandTotal === undefined || order.grandTotal === null;
  const grandTotal = told ? undefined : minorOf(order.grandTotal, shop.currency);
  if (grandTotal === undefined) return 0;
  if (shop.settings.orderTotal === 'grand-total') return grandTotal - paid;
  const shippingTax = minorOf(order.shippingFeeSstSum, shop.currency) ?? 0;
  return grandTotal === paid + shippingTax ? shippingTax : 0;
}

type TotalsShop = Pick<ShopAccess, 'currency' | 'settings'>;

/**
 * [Z1] money is per item, in floats: `paid` is what was paid for the units and their shipping; what is missing to the
 * unit prices is discount, the seller's as far as the vouchers say so; what is more is tax. `undefined` where an amount
 * cannot be read.
 */
export function totalsOf(order: ZaloraOrder, shop: TotalsShop): OrderTotals | undefined {
  const minor = (amount: Amount): number => minorOf(amount, shop.currency) ?? Number.NaN;
  const sum = (amount: (item: ZaloraItem) => Amount): number =>
    order.items.reduce((total, item) => total + minor(amount(item)), 0);
  const items = sum((item) => item.unitPrice);
  const credits = sum((item) => item.walletCredits) + sum((item) => item.storeCredits);
  const paidForItems =
    sum((item) => item.paidPrice ?? item.priceAfterDiscount ?? item.unitPrice) +
    (shop.settings.credits === 'off-paid' ? credits : 0);
  const shipping = Math.max(0, sum((item) => item.shippingFee) - sum((item) => item.shippingVoucherAmount));
  const funded = order.items
    .flatMap((item) => item.vouchers ?? [])
    .reduce((total, voucher) => total + minor(fundedBySeller(voucher)), 0);
  const beyond = beyondItems(order, paidForItems + shipping, shop);
  const paid = paidForItems + shipping + beyond;
  if (![items, paid, funded].every(Number.isSafeInteger)) return undefined;
  const discount = Math.max(0, items - paidForItems);
  const discountSeller = Math.min(discount, funded);
  return {
    items,
    discountSeller,
    discountChannel: discount - discountSeller + Math.max(0, -beyond),
    shipping,
    tax: Math.max(0, paidForItems - items) + Math.max(0, beyond),
    paid,
  };
}
