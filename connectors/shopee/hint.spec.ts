import * as fc from 'fast-check';
import expiring from './fixtures/push-authorisation-expiring.json';
import orderStatus from './fixtures/push-order-status.json';
import reservedStock from './fixtures/push-reserved-stock.json';
import returned from './fixtures/push-return.json';
import { hint } from './hint';

const of = (body: unknown) => hint(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const ORDER = { kind: 'order', channelShopId: '7890', externalId: '231114SLUICE01' };

describe('hint', () => {
  it.each([
    ['a status', orderStatus],
    ['a return, whose data is text and whose numbers are text', returned],
    ['a reserve that an order ate', reservedStock],
    ['a tracking number', { code: 4, shop_id: 7890, data: { ordersn: '231114SLUICE01', tracking_no: 'T1' } }],
    ['a package', { code: 30, shop_id: 7890, data: { ordersn: '231114SLUICE01', package_number: 'P1' } }],
  ])('asks for the order of %s', (_name, body) => {
    expect(of(body)).toEqual(ORDER);
  });

  it.each([
    [1, 'shop authorised'],
    [2, 'shop de-authorised'],
    [7, 'item promotion'],
    [9, 'promotion update'],
    [10, 'webchat'],
    [15, 'shipping document'],
    [22, 'item price'],
    [36, 'Shopee warehouse'],
    [47, 'package info'],
    [8, 'reserved stock without an order'],
    [99, 'not known'],
  ])('ignores code %i with a reason', (code, reason) => {
    expect(of({ code, shop_id: 7890, data: {} })).toMatchObject({
      kind: 'ignored',
      channelShopId: '7890',
      reason: expect.stringContaining(reason) as string,
    });
  });

  it('ignores a partner-level push without a shop', () => {
    expect(of(expiring)).toEqual({ kind: 'ignored', reason: 'push code 12: authorisation expiring' });
  });

  it.each([
    ['no JSON', 'ordersn=1'],
    ['no object', '[]'],
    ['no code', { shop_id: 1, data: {} }],
    ['an order code without a shop', { code: 3, data: { ordersn: 'A1' } }],
    ['an order code without a number', { code: 3, shop_id: 1, data: {} }],
    ['a number that is no order number', { code: 3, shop_id: 1, data: { ordersn: 'a,b' } }],
    ['data that is no JSON', { code: 3, shop_id: 1, data: '{' }],
  ])('cannot read %s', (_name, body) => {
    expect(of(body).kind).toBe('unreadable');
  });

  it('never throws for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void hint(Buffer.from(bytes))));
    const data = fc.oneof(
      fc.json(),
      fc.dictionary(fc.constantFrom('ordersn', 'order_sn', '__proto__'), fc.jsonValue()),
    );
    fc.assert(
      fc.property(fc.record({ code: fc.nat(50), shop_id: fc.jsonValue(), data }), (body) => {
        expect(['order', 'ignored', 'unreadable']).toContain(of(body).kind);
      }),
    );
  });
});
