import * as fc from 'fast-check';
import { hint } from './hint';

const of = (body: unknown) => hint(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const base = { id: 'evt-1', shop: 'main' };
const shop = { channelShopId: 'main' };

describe('hint', () => {
  it('asks for the order of a message', () => {
    expect(of({ ...base, type: 'order', order: '1001' })).toEqual({ kind: 'order', ...shop, externalId: '1001' });
  });

  it('asks for the listings of a stock message, with its reason', () => {
    expect(of({ ...base, type: 'stock', skus: ['A', 'B'], reason: 'counted' })).toEqual({
      kind: 'listings',
      ...shop,
      listingKeys: ['A', 'B'],
      reason: 'counted',
    });
    expect(of({ ...base, type: 'stock', skus: ['A'] })).toMatchObject({
      reason: 'the shop says that its stock changed',
    });
  });

  it('ignores other types with a reason', () => {
    expect(of({ ...base, type: 'review' })).toEqual({
      kind: 'ignored',
      ...shop,
      reason: 'messages of type review ask for nothing',
    });
  });

  it.each([
    ['no JSON', 'order=1001'],
    ['a list', '[]'],
    ['no shop', { id: 'evt-1', type: 'order', order: '1001' }],
    ['no order', { ...base, type: 'order' }],
    ['an id that is a path', { ...base, type: 'order', order: '../stock' }],
    ['a number for an id', { ...base, type: 'order', order: 1001 }],
    ['no skus', { ...base, type: 'stock', skus: [] }],
  ])('cannot read %s', (_name, body) => {
    expect(of(body).kind).toBe('unreadable');
  });

  it('never throws for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void hint(Buffer.from(bytes))));
    fc.assert(
      fc.property(fc.constantFrom('order', 'stock', 'x'), fc.jsonValue(), (type, value) => {
        expect(['order', 'listings', 'ignored', 'unreadable']).toContain(
          of({ ...base, type, order: value, skus: value }).kind,
        );
      }),
    );
  });
});
