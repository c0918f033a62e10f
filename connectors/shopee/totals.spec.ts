import * as fc from 'fast-check';
import type { OrderState } from '../../src/domain';
import escrow from './fixtures/escrow-detail.json';
import detail from './fixtures/order-detail.json';
import { normalize } from './normalize';

const [FIXTURE] = detail.response.order_list;
if (FIXTURE === undefined) throw new Error('the fixture has an order');
const [JACKET] = FIXTURE.item_list;
const { buyer_payment_info: PAID, order_income: INCOME } = escrow.response;

function orderOf(changes: object): OrderState {
  const result = normalize({ externalId: FIXTURE?.order_sn ?? '', payload: { ...FIXTURE, ...changes } });
  if (result.kind === 'order') return result.order;
  throw new Error(result.reason);
}
const totalsOf = (changes: object) => orderOf(changes).totals;
const withPaid = (changes: object) => ({ escrow_detail: { buyer_payment_info: { ...PAID, ...changes } } });
const adds = (t: OrderState['totals']) => t.items - t.discountSeller - t.discountChannel + t.shipping + t.tax;

describe('money with escrow detail', () => {
  it('goes by what was paid at the checkout, part by part, whatever their signs', () => {
    const totals = totalsOf({ total_amount: 30.38, escrow_detail: escrow.response });
    expect(totals).toEqual({
      items: 3480,
      discountSeller: 250,
      discountChannel: 321,
      shipping: 99,
      tax: 30,
      paid: 3038,
    });
    expect(adds(totals)).toBe(3038);
  });

  it("goes by the seller's income where the checkout is not told, and calls what is left over tax and fees", () => {
    const totals = totalsOf({ total_amount: 30.38, escrow_detail: { order_income: INCOME } });
    expect(totals).toEqual({
      items: 3480,
      discountSeller: 250,
      discountChannel: 321,
      shipping: 99,
      tax: 30,
      paid: 3038,
    });
  });

  it('calls what is left over shipping where no field tells the shipping', () => {
    const { buyer_paid_shipping_fee: _fee, ...income } = INCOME;
    const totals = totalsOf({ escrow_detail: { order_income: income } });
    expect(totals).toMatchObject({ shipping: 129, tax: 0, paid: 3038 });
    expect(adds(totals)).toBe(3038);
  });

  it('calls what is missing a discount of the channel that has no field', () => {
    const totals = totalsOf(withPaid({ buyer_total_amount: 28 }));
    expect(totals).toMatchObject({ discountSeller: 250, discountChannel: 321 + 208, tax: 0, paid: 2800 });
    expect(adds(totals)).toBe(2800);
  });

  it('shows parts of a bundle deal at the price before it, and what it takes off as a discount of the seller', () => {
    const bundled = { ...JACKET, model_discounted_price: 0, promotion_type: 'bundle_deal' };
    const order = orderOf({
      item_list: [bundled],
      total_amount: 20.99,
      ...withPaid({
        merchant_subtotal: 20,
        seller_voucher: 0,
        shopee_voucher: 0,
        shopee_coins_redeemed: 0,
        buyer_total_amount: 20.99,
      }),
    });
    expect(order.lines[0]).toMatchObject({ units: 2, unitPrice: 1230 });
    expect(order.totals).toEqual({
      items: 2460,
      discountSeller: 460,
      discountChannel: 0,
      shipping: 99,
      tax: 0,
      paid: 2099,
    });
  });

  it('keeps to order detail where escrow detail is of no use', () => {
    const plain = totalsOf({});
    for (const escrow_detail of [undefined, null, {}, 7, { buyer_payment_info: 7 }, { order_income: { coins: 1 } }]) {
      expect(totalsOf({ escrow_detail })).toEqual(plain);
    }
  });

  it('reads the float to the cent, and currencies without cents', () => {
    expect(totalsOf(withPaid({ seller_voucher: -2.005 }))).toMatchObject({ discountSeller: 201 });
    const item = { ...JACKET, model_discounted_price: 1000, model_quantity_purchased: 1 };
    const dong = { buyer_total_amount: 900, seller_voucher: '-150', shipping_fee: 50, shopee_voucher: 0 };
    const totals = totalsOf({ currency: 'VND', item_list: [item], escrow_detail: { buyer_payment_info: dong } });
    expect(totals).toEqual({ items: 1000, discountSeller: 150, discountChannel: 0, shipping: 50, tax: 0, paid: 900 });
  });

  it('always adds up, and never goes below zero', () => {
    const amount = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }));
    const part = fc.record({
      buyer_total_amount: amount,
      merchant_subtotal: amount,
      shipping_fee: amount,
      seller_voucher: amount,
      shopee_voucher: amount,
      coins: amount,
      voucher_from_seller: amount,
    });
    fc.assert(
      fc.property(part, part, amount, (...[buyer_payment_info, order_income, total]) => {
        const total_amount = total === null ? null : Math.abs(total);
        const totals = totalsOf({ total_amount, escrow_detail: { buyer_payment_info, order_income } });
        expect(adds(totals)).toBe(totals.paid);
        expect(Math.min(...Object.values(totals))).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('gives an order for any escrow detail', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (escrow_detail) => {
        expect(totalsOf({ escrow_detail }).items).toBe(3480);
      }),
    );
  });
});
