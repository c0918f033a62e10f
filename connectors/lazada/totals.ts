import type { OrderTotals } from '../../src/domain';
import { readAmount, type WrittenAmount } from './amounts';
import type { ItemRow, OrderPayload } from './order-payload';

/** How an order's money is read. */
export interface MoneyReading {
  readonly currency: string;
  /** Whether the order's `price` is believed, or the sum of its rows (QUIRKS 32). */
  readonly paidFrom: 'price' | 'items';
}

/**
 * Money by component, minor units. Buyer paid = price − voucher + shipping fee [L4 doc]; the price contains its tax,
 * so nothing is added for it (QUIRKS 8). The order's own amounts come first, the rows' sums where they are missing.
 * What `price` is less than the rows is a discount that has no field, the channel's; what it is more is tax.
 * @returns undefined when one of the amounts cannot be read, or a sum is beyond exact integers.
 */
export function totalsOf(payload: OrderPayload, items: number, reading: MoneyReading): OrderTotals | undefined {
  const amounts = amountsOf(payload, items, reading);
  if (amounts === undefined || !Object.values(amounts).every((amount) => Number.isSafeInteger(amount)))
    return undefined;
  const { price, shipping } = amounts;
  // Nobody is paid for buying: what a voucher has beyond what was due was not spared (QUIRKS 8).
  const voucher = Math.min(amounts.voucher, price + shipping);
  // The whole voucher is what the buyer was spared; what its parts do not explain is the channel's (QUIRKS 8).
  const discountSeller = Math.min(amounts.seller, voucher);
  return {
    items,
    discountSeller,
    discountChannel: voucher - discountSeller + Math.max(0, items - price),
    shipping,
    tax: Math.max(0, price - items),
    paid: price - voucher + shipping,
  };
}

interface Amounts {
  readonly items: number;
  readonly price: number;
  readonly shipping: number;
  readonly seller: number;
  readonly voucher: number;
}

/** Undefined where one of them is none of the currency. */
function amountsOf({ order, items: rows }: OrderPayload, items: number, reading: MoneyReading): Amounts | undefined {
  const { currency, paidFrom } = reading;
  const sum = (field: RowAmount): number => sumOfRows(rows, field, currency) ?? Number.NaN;
  const own = (written: WrittenAmount): number => readAmount(written, currency) ?? Number.NaN;
  const read = (written: WrittenAmount | undefined, field: RowAmount): number =>
    written === undefined ? sum(field) : own(written);
  const seller = read(order.voucher_seller, 'voucher_seller');
  const parts = Math.max(sum('voucher_amount'), seller + read(order.voucher_platform, 'voucher_platform'));
  const amounts = {
    items,
    price: order.price === undefined || paidFrom === 'items' ? items : own(order.price),
    shipping: read(order.shipping_fee, 'shipping_amount'),
    seller,
    voucher: order.voucher === undefined ? parts : own(order.voucher),
  };
  return Number.isNaN(parts) ? undefined : amounts;
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
