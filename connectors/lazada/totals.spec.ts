import * as fc from 'fast-check';
import { PAYLOAD } from './order-payload';
import { totalsOf } from './totals';

const AT = '2018-05-17 09:23:36 +0800';
const items = [{ order_item_id: '1', item_price: '12.90', status: 'pending' }];
const totals = (order: object, paidFrom: 'price' | 'items' = 'price') => {
  const payload = PAYLOAD.parse({ order: { order_id: '1', created_at: AT, updated_at: AT, ...order }, items });
  return totalsOf(payload, 1290, { currency: 'SGD', paidFrom });
};

describe('the parts of an order’s money', () => {
  const cents = fc.integer({ min: 0, max: 100_000 });
  const text = (minor: number) => (minor / 100).toFixed(2);

  it('add up to what the buyer paid', () => {
    fc.assert(
      fc.property(fc.tuple(cents, cents, cents), cents, ([seller, channel, shipping], price) => {
        const vouchers = { voucher: text(seller + channel), voucher_seller: text(seller) };
        const read = totals({ ...vouchers, price: text(price), shipping_fee: text(shipping) })!;
        expect(read).toMatchObject({ items: 1290, shipping });
        expect(read.paid).toBe(Math.max(0, price + shipping - seller - channel));
        expect(read.discountSeller).toBe(Math.min(seller, price + shipping));
        expect(1290 - read.discountSeller - read.discountChannel + shipping + read.tax).toBe(read.paid);
      }),
    );
  });
});

describe('a voucher beyond what was due', () => {
  it('is cut to items and shipping: nobody is paid for buying', () => {
    expect(totals({ voucher: '99.00', shipping_fee: '1.00' })).toEqual({
      items: 1290,
      discountSeller: 0,
      discountChannel: 1390,
      shipping: 100,
      tax: 0,
      paid: 0,
    });
  });

  it('is the seller’s first', () => {
    const parts = { voucher: '20.00', voucher_seller: '13.00', voucher_platform: '7.00' };
    expect(totals(parts)).toMatchObject({ discountSeller: 1290, discountChannel: 0, paid: 0 });
    expect(totals({ ...parts, shipping_fee: '2' })).toMatchObject({ discountSeller: 1300, discountChannel: 190 });
  });
});

describe('the price of an order', () => {
  it('is what was due, whatever the rows add up to', () => {
    const less = { price: '10.00', voucher: '2.00', voucher_seller: '2.00', shipping_fee: 1 };
    expect(totals(less)).toEqual({
      items: 1290,
      discountSeller: 200,
      discountChannel: 290,
      shipping: 100,
      tax: 0,
      paid: 900,
    });
    expect(totals({ ...less, price: 13.5 })).toMatchObject({ discountChannel: 0, tax: 60, paid: 1250 });
  });

  it('is the sum of the rows where it is not told, or the shop says so', () => {
    expect(totals({})).toMatchObject({ items: 1290, tax: 0, paid: 1290 });
    expect(totals({ price: '10.00' }, 'items')).toMatchObject({ discountChannel: 0, tax: 0, paid: 1290 });
  });

  it('is no order where it cannot be read', () => {
    expect(totals({ price: 'x' })).toBeUndefined();
  });
});
