import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { hint } from './hint';

const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8');
const TRADE = fixture('push-trade-order.json');

describe('hint', () => {
  const of = (body: string) => hint(Buffer.from(body));

  it('asks for the order of trade, reverse and fulfilment pushes', () => {
    expect(of(TRADE)).toEqual({ kind: 'order', channelShopId: '1234567', externalId: '260422900198363' });
    expect(of(TRADE.replace(/"(\d+)"/g, '$1'))).toEqual(of(TRADE));
    expect(of(fixture('push-reverse-order.json'))).toEqual({
      kind: 'order',
      channelShopId: '1234567',
      externalId: '92604229001983631',
    });
    expect(of(fixture('push-fulfilment.json'))).toMatchObject({ kind: 'order', externalId: '260422900198363' });
  });

  it('asks for the listings of products that were made, edited or deleted, and of low stock', () => {
    expect(of(fixture('push-product-edited.json'))).toEqual({
      kind: 'listings',
      channelShopId: '100072361',
      listingKeys: ['8975502010', '8975502011'],
      reason: 'message type 4: product edited',
    });
    expect(of(fixture('push-low-stock.json'))).toEqual({
      kind: 'listings',
      channelShopId: '1000008313',
      listingKeys: ['1173310888'],
      reason: 'message type 6: low stock',
    });
    for (const type of [1, 3, 5]) {
      const body = fixture('push-product-edited.json').replace('"message_type": 4', `"message_type": "${type}"`);
      expect(of(body)).toMatchObject({ kind: 'listings', listingKeys: ['8975502010', '8975502011'] });
    }
  });

  it('ignores product pushes that name no SKU', () => {
    expect(of(fixture('push-product-locked.json'))).toEqual({
      kind: 'ignored',
      channelShopId: '1234567',
      reason: 'message type 1: product quality control Lock',
    });
    for (const type of [1, 3, 4, 5, 6]) {
      const data = { sku_list: [{ sku_id: 'x' }, null, 7], item_id: 5 };
      expect(of(JSON.stringify({ seller_id: 5, message_type: type, data })).kind).toBe('ignored');
    }
  });

  it('tells when the authorisation ends, written in seconds or in milliseconds', () => {
    const body = fixture('push-authorisation-expiring.json');
    const expiring = { kind: 'access', channelShopId: '1234567', news: 'expiring' };
    expect(of(body)).toEqual({ ...expiring, until: 1_603_900_000_000 });
    expect(of(body.replace('1603900000', '1603900000123'))).toEqual({ ...expiring, until: 1_603_900_000_123 });
    expect(of(body.replace('1603900000', '"1603900000"'))).toEqual({ ...expiring, until: 1_603_900_000_000 });
    for (const odd of ['null', '"soon"', '0', '-5', '9e15']) {
      expect(of(body.replace('1603900000', odd))).toEqual(expiring);
    }
  });

  it('ignores every other documented type with a reason that names it', () => {
    for (const type of [2, 7, 11, 12, 13, 19, 21, 35, 46]) {
      const ignored = of(JSON.stringify({ seller_id: 5, message_type: type, data: {} }));
      expect(ignored).toMatchObject({ kind: 'ignored', channelShopId: '5' });
      expect(ignored.kind === 'ignored' && ignored.reason).toMatch(/^message type \d+: (?!not documented)/);
    }
    expect(of('{"seller_id":"5","message_type":13,"data":{"status":"close"}}')).toMatchObject({
      reason: 'message type 13: seller status close',
    });
    expect(of('{"message_type":12,"data":{"status":"finish"}}')).toEqual({
      kind: 'ignored',
      reason: 'message type 12: category tree finish',
    });
  });

  it('knows a promotion without an envelope', () => {
    expect(of(fixture('push-voucher-ends.json'))).toEqual({
      kind: 'ignored',
      channelShopId: '100191757',
      reason: 'message type 11: promotion',
    });
  });

  it('ignores a type that is not documented, and says so', () => {
    expect(of('{"seller_id":"5","message_type":99}')).toEqual({
      kind: 'ignored',
      channelShopId: '5',
      reason: 'message type 99: not documented',
    });
    expect(of('{"seller_id":"null","message_type":"99","data":null}').kind).toBe('ignored');
  });

  it('cannot read what is no JSON or names no seller or order', () => {
    const bodies = ['', 'x', '[]', 'null', '{}', '{"message_type":null}', '{"message_type":{}}', '{"message_type":0}'];
    const faulty = ['{"seller_id":"5","message_type":0,"data":{}}', '{"message_type":0,"data":{"trade_order_id":"1"}}'];
    const odd = [
      '{"seller_id":"5","message_type":0,"data":{"trade_order_id":"1|2"}}',
      '{"__proto__":{"message_type":0}}',
    ];
    for (const body of [...bodies, ...faulty, ...odd]) expect(of(body).kind).toBe('unreadable');
  });

  it('never throws, whatever the bytes are', () => {
    const kinds = ['order', 'listings', 'access', 'ignored', 'unreadable'];
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(kinds).toContain(hint(Buffer.from(bytes)).kind);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.oneof(fc.jsonValue(), fc.nat(50)), fc.jsonValue(), (...parts) => {
        const [seller_id, message_type, data] = parts;
        expect(kinds).toContain(of(JSON.stringify({ seller_id, message_type, data })).kind);
      }),
    );
  });
});
