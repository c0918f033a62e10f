import { PAYLOAD } from './order-payload';
import { totalsOf } from './totals';

const AT = '2018-05-17 09:23:36 +0800';
const items = [{ order_item_id: '1', item_price: '12.90', status: 'pending' }];
const totals = (order: object) => {
  const payload = PAYLOAD.parse({ order: { order_id: '1', created_at: AT, updated_at: AT, ...order }, items });
  return totalsOf(payload, 1290, 'SGD');
};

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
