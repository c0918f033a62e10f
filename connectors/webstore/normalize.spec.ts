import * as fc from 'fast-check';
import { aShop } from './a-shop';
import FIXTURE from './fixtures/order.json';
import { normalize } from './normalize';

const read = (payload: unknown, externalId = '1001') => normalize({ externalId, payload }, aShop());
const withChanges = (changes: object) => read({ ...FIXTURE, ...changes });
const line = { sku: 'A', units: 1, unitPrice: '10.00' };
const one = (changes: object) => ({ lines: [line], totals: { paid: '10.00' }, ...changes });

describe('normalize', () => {
  it('brings the documented order to the model', () => {
    expect(read(FIXTURE)).toEqual({
      kind: 'order',
      order: {
        externalId: '1001',
        reference: 'W-1001',
        placedAt: Date.parse('2023-11-14T22:13:20.000Z'),
        updatedAt: Date.parse('2023-11-14T22:16:40.250Z'),
        currency: 'SGD',
        status: 'mixed',
        lines: [
          {
            id: 'TEA-GREEN|890',
            listingKey: 'TEA-GREEN',
            sellerSku: 'TEA-GREEN',
            title: 'Green tea, 100 g',
            ...{ units: 2, cancelled: 0, shipped: 0, returned: 0 },
            unitPrice: 890,
            status: 'paid',
          },
          {
            id: 'MUG-BLUE|1490',
            listingKey: 'MUG-BLUE',
            sellerSku: 'MUG-BLUE',
            title: 'Mug, blue',
            ...{ units: 1, cancelled: 1, shipped: 0, returned: 0 },
            unitPrice: 1490,
            status: 'cancelled',
          },
        ],
        totals: { items: 3270, discountSeller: 270, discountChannel: 0, shipping: 400, tax: 0, paid: 3400 },
        fulfilledBy: 'seller',
        buyer: { name: 'Mei Tan', phone: '+65 9123 4567', address: '1 Sluice Road, Singapore 048624' },
      },
    });
  });

  it.each([
    ['unpaid', 0, 0, 0],
    ['paid', 0, 0, 0],
    ['shipped', 0, 1, 0],
    ['delivered', 0, 1, 0],
    ['cancelled', 1, 0, 0],
    ['returned', 0, 1, 1],
  ])('reads a line of an order that is %s', (...[status, cancelled, shipped, returned]) => {
    expect(withChanges(one({ status }))).toMatchObject({
      order: { status, lines: [{ units: 1, status, cancelled, shipped, returned }] },
    });
  });

  it('adds two lines of one sku and price that went different ways', () => {
    const lines = [line, { ...line, units: 2, status: 'shipped' }];
    expect(withChanges({ lines, totals: { paid: '30.00' } })).toMatchObject({
      order: { status: 'mixed', lines: [{ units: 3, shipped: 2, status: 'paid' }] },
    });
  });

  it('refuses a status that the protocol does not name', () => {
    const refusal = { kind: 'refused', cause: 'unknown-status', reason: 'status teleported' };
    expect(withChanges({ status: 'teleported' })).toEqual(refusal);
    expect(withChanges(one({ lines: [{ ...line, status: 'teleported' }] }))).toEqual(refusal);
  });

  it('takes what is left out for nothing', () => {
    const { number: _number, buyer: _buyer, ...bare } = { ...FIXTURE, ...one({}) };
    const order = read(bare);
    expect(order).toMatchObject({
      order: { totals: { items: 1000, discountSeller: 0, shipping: 0, tax: 0, paid: 1000 } },
    });
    expect(order).not.toHaveProperty('order.buyer');
    expect(order).not.toHaveProperty('order.reference');
  });

  it('knows who sends it, and by when', () => {
    expect(withChanges({ fulfilledBy: 'channel' })).toMatchObject({ order: { fulfilledBy: 'channel' } });
    expect(withChanges({ shipBy: '2023-11-16T00:00:00Z' })).toMatchObject({
      order: { shipBy: Date.parse('2023-11-16T00:00:00Z') },
    });
  });

  it('reads a currency without cents', () => {
    const dong = { ...one({ currency: 'VND' }), lines: [{ ...line, unitPrice: '12000' }], totals: { paid: '12000' } };
    expect(withChanges(dong)).toMatchObject({ order: { totals: { items: 12_000, paid: 12_000 } } });
    expect(withChanges({ ...dong, lines: [{ ...line, unitPrice: '12000.50' }] }).kind).toBe('refused');
  });

  it.each([
    ['another order', { id: '1002' }],
    ['no lines', { lines: [] }],
    ['money as a number', { totals: { ...FIXTURE.totals, paid: 34 } }],
    ['money below 0', { totals: { ...FIXTURE.totals, paid: '-34.00' } }],
    ['parts that do not add up', { totals: { ...FIXTURE.totals, paid: '34.01' } }],
    ['a currency that the hub does not know', { currency: 'XXX' }],
    ['an instant without a zone', { updatedAt: '2023-11-14T22:16:40.250' }],
    ['an instant that is none', { updatedAt: '2023-13-41T25:61:61Z' }],
    ['half a unit', { lines: [{ ...line, units: 0.5 }] }],
    ['an absurd number of units', { lines: [{ ...line, units: 1e12 }] }],
  ])('refuses %s', (_name, changes) => {
    expect(withChanges(changes)).toMatchObject({ kind: 'refused', cause: 'malformed' });
  });

  it('never throws, and what it takes adds up', () => {
    const amount = fc.integer({ min: 0, max: 1_000_000 }).map((cents) => (cents / 100).toFixed(2));
    fc.assert(
      fc.property(fc.record({ discountSeller: amount, shipping: amount, tax: amount, paid: amount }), (totals) => {
        const result = withChanges(one({ totals }));
        if (result.kind === 'refused') return;
        const { items, discountSeller, discountChannel, shipping, tax, paid } = result.order.totals;
        expect(items - discountSeller - discountChannel + shipping + tax).toBe(paid);
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(FIXTURE)), fc.jsonValue(), (name, value) => {
        expect(['order', 'refused']).toContain(withChanges({ [name]: value }).kind);
      }),
    );
  });
});
