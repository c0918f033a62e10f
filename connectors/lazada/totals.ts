import type { OrderTotals } from '../../src/domain';
import { readAmount, type WrittenAmount } from './amounts';
import type { ItemRow, OrderPayload } from './order-payload';

/**
 * Money by component, minor units. Buyer paid = price − voucher + shipping fee [L4 doc]; the price contains its tax,
 * so nothing is added for it (QUIRKS 8). The order's own amounts come first, the rows' sums where they are missing.
 * @returns undefined when one of the amounts cannot be read, or a sum is beyond exact integers.
 */
export function totalsOf(payload: OrderPayload, items: number, currency: string): OrderTotals | undefined {
  const { order } = payload;
  const sum = (field: RowAmount): number | undefined => sumOfRows(payload.items, field, currency);
  const read = (own: WrittenAmount | undefined, field: RowAmount): number | undefined =>
    own === undefined ? sum(field) : readAmount(own, currency);
  const shipping = read(order.shipping_fee, 'shipping_amount');
  const seller = read(order.voucher_seller, 'voucher_seller');
  const channel = read(order.voucher_platform, 'voucher_platform');
  const rows = sum('voucher_amount');
  if (shipping === undefined || seller === undefined || channel === undefined || rows === undefined) return undefined;
  const told = order.voucher === undefined ? Math.max(rows, seller + channel) : readAmount(order.voucher, currency);
  if (told === undefined) return undefined;
  // Nobody is paid for buying: what a voucher has beyond items and shipping was not spared (QUIRKS 8).
  const voucher = Math.min(told, items + shipping);
  // The whole voucher is what the buyer was spared; what its parts do not explain is the channel's (QUIRKS 8).
  const discountSeller = Math.min(seller, voucher);
  const discountChannel = voucher - discountSeller;
  const paid = items - voucher + shipping;
  const exact = [items, shipping, voucher, paid].every((amount) => Number.isSafeInteger(amount));
  return exact ? { items, discountSeller, discountChannel, shipping, tax: 0, paid } : undefined;
}

type RowAmount = 'shipping_amount' | 'voucher_amount' | 'voucher_seller' | 'voucher_platform';

function sumOfRows(rows: readonly ItemRow[], field: RowAmount, currency: string): number | undefined {
  let sum = 0;
  for (const row of rows) {
    const amount = readAmount(row[field] ?? 0, currency);
    if (amount === undefined) return undefined;
    sum += amount;
  }
  return sum;
}
