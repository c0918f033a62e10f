import * as fc from 'fast-check';
import created from './fixtures/push-order-created.json';
import product from './fixtures/push-product-updated.json';
import changed from './fixtures/push-status-changed.json';
import { hint } from './hint';

const of = (body: unknown) => hint(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const ORDER = { kind: 'order', externalId: '1900321' };

describe('hint', () => {
  it.each([
    ['a new order', created],
    ['items with a new status', changed],
    ['an id as text', { event: 'onOrderCreated', payload: { OrderId: '1900321' } }],
    ['a return that names its order', { event: 'onReturnStatusChanged', payload: { OrderId: 1900321 } }],
    ['item ids of another kind', { ...changed, payload: { OrderId: 1900321, OrderItemIds: { a: 1 }, NewStatus: 7 } }],
  ])('asks for the order of %s', (_name, body) => {
    expect(of(body)).toEqual(ORDER);
  });

  it.each([
    ['a new feed', { event: 'onFeedCreated', payload: { Feed: 'x' } }, 'onFeedCreated'],
    ['a feed that is done', { event: 'onFeedCompleted', payload: { Feed: 'x' } }, 'onFeedCompleted'],
    ['statistics', { event: 'onStatisticsUpdated' }, 'onStatisticsUpdated'],
    ['a return without an order', { event: 'onReturnStatusChanged', payload: {} }, 'without an order id'],
    ['an event nobody documented', { event: 'onMoonrise', payload: {} }, 'not known'],
  ])('ignores %s with a reason', (_name, body, reason) => {
    expect(of(body)).toEqual({ kind: 'ignored', reason: expect.stringContaining(reason) as string });
  });

  it.each([
    ['a changed product', product, 'onProductUpdated'],
    ['a new product', { ...product, event: 'onProductCreated' }, 'onProductCreated'],
    ['a judged product', { ...product, event: 'onProductQcStatusChanged' }, 'onProductQcStatusChanged'],
  ])('asks for the listings of %s', (_name, body, reason) => {
    expect(of(body)).toEqual({ kind: 'listings', listingKeys: ['JACKET-BLUE-M'], reason });
  });

  it('names each listing of a product push once, a sku of digits as text', () => {
    const body = { event: 'onProductUpdated', payload: { SellerSkus: ['A', 7, 'A', '7'] } };
    expect(of(body)).toMatchObject({ listingKeys: ['A', '7'] });
  });

  it.each([
    ['no JSON', 'event=onOrderCreated'],
    ['no object', '[]'],
    ['no event', { payload: { OrderId: 1 } }],
    ['no order', { event: 'onOrderCreated', payload: {} }],
    ['no payload', { event: 'onOrderCreated' }],
    ['order 0', { event: 'onOrderCreated', payload: { OrderId: 0 } }],
    ['a path for an id', { event: 'onOrderCreated', payload: { OrderId: '../stock' } }],
    ['no sku', { event: 'onProductUpdated', payload: {} }],
    ['skus of another kind', { event: 'onProductCreated', payload: { SellerSkus: [{}] } }],
    ['half an id', { event: 'onOrderCreated', payload: { OrderId: 1.5 } }],
  ])('cannot read %s', (_name, body) => {
    expect(of(body).kind).toBe('unreadable');
  });

  it('never throws for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void hint(Buffer.from(bytes))));
    fc.assert(
      fc.property(
        fc.constantFrom('onOrderCreated', 'onReturnStatusChanged', 'onProductUpdated'),
        fc.jsonValue(),
        (event, payload) => {
          expect(['order', 'listings', 'ignored', 'unreadable']).toContain(of({ event, payload }).kind);
        },
      ),
    );
  });
});
