import * as fc from 'fast-check';
import expiring from './fixtures/push-authorisation-expiring.json';
import itemPrice from './fixtures/push-item-price.json';
import itemPromotion from './fixtures/push-item-promotion.json';
import orderStatus from './fixtures/push-order-status.json';
import promotionUpdate from './fixtures/push-promotion-update.json';
import reservedStock from './fixtures/push-reserved-stock.json';
import returned from './fixtures/push-return.json';
import authorised from './fixtures/push-shop-authorised.json';
import deauthorised from './fixtures/push-shop-deauthorised.json';
import { hint } from './hint';

const of = (body: unknown) => hint(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const KINDS = ['order', 'listings', 'access', 'ignored', 'unreadable'];
const NAMES = ['ordersn', 'order_sn', '__proto__', 'item_id', 'model_id', 'shop_expire_soon', 'expire_before'];
const ORDER = { kind: 'order', channelShopId: '7890', externalId: '231114SLUICE01' };

describe('hint', () => {
  it.each([
    ['a status', orderStatus],
    ['a return, whose data is text and whose numbers are text', returned],
    ['a reserve that an order ate', reservedStock],
    ['a tracking number', { code: 4, shop_id: 7890, data: { ordersn: '231114SLUICE01', tracking_no: 'T1' } }],
    ['a shipping document', { code: 15, shop_id: 7890, data: { order_sn: '231114SLUICE01', status: 'READY' } }],
    ['a package', { code: 30, shop_id: 7890, data: { ordersn: '231114SLUICE01', package_number: 'P1' } }],
  ])('asks for the order of %s', (_name, body) => {
    expect(of(body)).toEqual(ORDER);
  });

  it.each([
    ['the lock of a promotion', itemPromotion, ['800100:900200'], 'item promotion'],
    ['models under their item', promotionUpdate, ['800100:900200', '800100:900201'], 'promotion update'],
    ['a price of an item without models', itemPrice, ['800101:0'], 'item price'],
    [
      'a reserve that no order changed',
      { code: 8, shop_id: 7890, data: { item_id: 800100, variation_id: 900200, action: 'place_order' } },
      ['800100:900200'],
      'reserved stock',
    ],
    [
      'a list of items in the Shopee warehouse',
      { code: '36', shopid: '7890', data: '{"items":[{"item_id":1,"models":[{"model_id":2}]},{"item_id":3}]}' },
      ['1:2', '3:0'],
      'stock in the Shopee warehouse',
    ],
  ])('asks for listings to be read back: %s', (...[, body, listingKeys, reason]) => {
    expect(of(body)).toEqual({ kind: 'listings', channelShopId: '7890', listingKeys, reason });
  });

  it('names each listing once, and at most 200', () => {
    const row = { item_id: 1, model_id: 2 };
    expect(of({ code: 9, shop_id: 7890, data: { items: [row, row] } })).toMatchObject({ listingKeys: ['1:2'] });
    const many = Array.from({ length: 999 }, (_, index) => ({ item_id: index + 1 }));
    const wide = of({ code: 9, shop_id: 7890, data: { items: many } });
    expect(wide.kind === 'listings' && wide.listingKeys.length).toBe(200);
  });

  it('knows which shops are granted, taken away, or about to end', () => {
    expect(of(authorised)).toEqual({
      kind: 'access',
      channelShopId: '7890',
      channelShopIds: ['7890', '7891'],
      news: 'granted',
    });
    expect(of(deauthorised)).toEqual({ kind: 'access', channelShopId: '7890', news: 'revoked' });
    const ending = { kind: 'access', news: 'expiring', until: 1_700_604_800_000 };
    expect(of(expiring)).toEqual({ ...ending, channelShopId: '7890' });
    const lists = { shop_expire_soon: ['7890', 7891, 7890, 0, 'x'], expire_before: '1700604800' };
    const several = of({ code: 12, data: JSON.stringify(lists) });
    expect(several).toEqual({ ...ending, channelShopId: '7890', channelShopIds: ['7890', '7891'] });
  });

  it.each([
    [0, 'verification'],
    [1, 'names no shop'],
    [2, 'names no shop'],
    [12, 'names no shop'],
    [5, 'Shopee updates'],
    [7, 'names no listing'],
    [8, 'names no listing'],
    [9, 'names no listing'],
    [10, 'webchat'],
    [11, 'video upload'],
    [13, 'brand'],
    [15, 'document without an order'],
    [16, 'item violation'],
    [22, 'names no listing'],
    [23, 'booking'],
    [24, 'booking'],
    [25, 'booking'],
    [27, 'scheduled publish failed'],
    [28, 'penalty'],
    [36, 'names no listing'],
    [37, 'documented'],
    [38, 'documented'],
    [47, 'package info'],
    [99, 'not known'],
  ])('ignores code %i without content with a reason', (code, reason) => {
    const ignored = { kind: 'ignored', reason: expect.stringContaining(reason) as string };
    expect(of({ code, data: {} })).toEqual(ignored);
    if (![1, 2, 12].includes(code)) {
      expect(of({ code, shop_id: 7890, data: {} })).toEqual({ ...ignored, channelShopId: '7890' });
    }
  });

  it('finds the shop inside the data where it stands nowhere else', () => {
    const { shop_id: _shop, ...body } = itemPromotion;
    expect(of(body)).toMatchObject({ kind: 'listings', channelShopId: '7890' });
  });

  it.each([
    ['no JSON', 'ordersn=1'],
    ['no object', '[]'],
    ['no code', { shop_id: 1, data: {} }],
    ['an order code without a shop', { code: 3, data: { ordersn: 'A1' } }],
    ['a listing code without a shop', { code: 7, data: { item_id: 1 } }],
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
      fc.dictionary(fc.constantFrom(...NAMES), fc.oneof(fc.jsonValue(), fc.nat(), fc.array(fc.nat()))),
    );
    fc.assert(
      fc.property(fc.record({ code: fc.nat(50), shop_id: fc.jsonValue(), data }), (body) => {
        expect(KINDS).toContain(of(body).kind);
      }),
    );
  });
});
