import { maskBody } from './mask-body';

const bodyOf = (value: unknown) => maskBody(Buffer.from(JSON.stringify(value))).body;

describe('maskBody', () => {
  it('masks buyers wherever they stand, and leaves what names the order', () => {
    const push = {
      data: { ordersn: 'A1', buyer_username: 'ana', items: [{ sku: 'MUG', price: 12.5 }] },
      recipient_address: { full_address: '1 Example Street', city: 'X', order_id: 7 },
    };
    expect(bodyOf(push)).toEqual({
      data: { ordersn: 'A1', buyer_username: '***', items: [{ sku: 'MUG', price: 12.5 }] },
      recipient_address: { full_address: '***', city: '***', order_id: 7 },
    });
  });

  it('masks secrets', () => {
    expect(bodyOf({ access_token: 'x', shop_id: 1 })).toEqual({ access_token: '***', shop_id: 1 });
  });

  it('shows of other bytes only how many there are', () => {
    expect(maskBody(Buffer.from('name=Ana'))).toEqual({ isJson: false, body: '8 bytes that are no JSON' });
  });
});
