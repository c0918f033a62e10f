import * as fc from 'fast-check';
import type { OrderState } from '../../src/domain';
import { zalora } from '.';
import { aShop } from './a-shop';
import FIXTURE from './fixtures/order.json';
import { normalize } from './normalize';

const [FIRST] = FIXTURE.items;
const read = (payload: unknown, settings: Record<string, string> = {}) =>
  normalize({ externalId: '1900321', payload }, aShop({ settings }));
function orderOf(changes: object, settings: Record<string, string> = {}): OrderState {
  const result = read({ ...FIXTURE, ...changes }, settings);
  if (result.kind === 'order') return result.order;
  throw new Error(result.reason);
}
const items = (...changes: readonly object[]) => ({
  items: changes.map((change, index) => ({ ...FIRST, vouchers: [], id: index + 1, ...change })),
});
const adds = ({ totals: t }: OrderState) => t.items - t.discountSeller - t.discountChannel + t.shipping + t.tax;

describe('normalize', () => {
  it('brings a documented order to the model: rows of one unit become lines', () => {
    expect(read(FIXTURE)).toEqual({
      kind: 'order',
      order: {
        externalId: '1900321',
        reference: 'MY-111143',
        placedAt: Date.parse('2023-11-14T22:13:20.123Z'),
        updatedAt: Date.parse('2023-11-14T22:16:40.789Z'),
        currency: 'MYR',
        status: 'paid',
        lines: [
          {
            id: 'JACKET-BLUE-M|9990',
            listingKey: 'JACKET-BLUE-M',
            sellerSku: 'JACKET-BLUE-M',
            title: 'Rain jacket, M',
            units: 2,
            cancelled: 0,
            shipped: 0,
            returned: 0,
            unitPrice: 9990,
            status: 'paid',
          },
          {
            id: 'UMBRELLA|4710',
            listingKey: 'UMBRELLA',
            sellerSku: 'UMBRELLA',
            title: 'Umbrella',
            units: 1,
            cancelled: 0,
            shipped: 0,
            returned: 0,
            unitPrice: 4710,
            status: 'paid',
          },
        ],
        totals: { items: 24690, discountSeller: 400, discountChannel: 1150, shipping: 500, tax: 0, paid: 23640 },
        fulfilledBy: 'seller',
        buyer: { name: 'Mi N.', phone: '#####12', address: '1 Sluice Road, Kuala Lumpur, 50000, Malaysia' },
      },
    });
  });

  it('gives lines the key that listings have', () => {
    expect(zalora.listingKey({ productId: '55501', sellerSku: 'UMBRELLA' })).toBe('UMBRELLA');
  });

  it.each([
    ['payment_pending', 'unpaid', 0, 0, 0],
    ['pending', 'paid', 0, 0, 0],
    ['ready_to_ship', 'paid', 0, 0, 0],
    ['shipped', 'shipped', 0, 1, 0],
    ['delivered', 'delivered', 0, 1, 0],
    ['canceled', 'cancelled', 1, 0, 0],
    ['failed', 'returned', 0, 1, 1],
    ['returned', 'returned', 0, 1, 1],
    ['return_shipped_by_customer', 'delivered', 0, 1, 0],
    ['return_waiting_for_approval', 'delivered', 0, 1, 0],
    ['return_rejected', 'delivered', 0, 1, 0],
    ['return_delivered', 'returned', 0, 1, 1],
  ])('reads an item that is %s as %s', (...[itemStatus, status, cancelled, shipped, returned]) => {
    const order = orderOf(items({ status: itemStatus }));
    expect(order).toMatchObject({ status, lines: [{ units: 1, status, cancelled, shipped, returned }] });
  });

  it('reads the two doubtful statuses the other way where the shop says so', () => {
    const failed = orderOf(items({ status: 'failed' }), { failedItems: 'gone' });
    expect(failed.lines[0]).toMatchObject({ status: 'shipped', shipped: 1, returned: 0 });
    const delivered = orderOf(items({ status: 'return_delivered' }), { returnDelivered: 'underway' });
    expect(delivered.lines[0]).toMatchObject({ status: 'delivered', shipped: 1, returned: 0 });
  });

  it('refuses a status that no fact names', () => {
    expect(read({ ...FIXTURE, ...items({}, { status: 'teleported' }) })).toEqual({
      kind: 'refused',
      cause: 'unknown-status',
      reason: 'item status teleported',
    });
  });

  it('refuses a shipment type that no fact names: it would say whose stock moves', () => {
    expect(read({ ...FIXTURE, ...items({}, { shipment: { type: 'drone' } }) })).toEqual({
      kind: 'refused',
      cause: 'unknown-status',
      reason: 'shipment type drone',
    });
  });

  it('moves nothing for a reason of failure, known or not: the status tells it', () => {
    const failureReason = { type: 'canceled_system', name: 'Out of stock' };
    expect(orderOf(items({ status: 'canceled', failureReason })).lines[0]).toMatchObject({ cancelled: 1 });
    expect(orderOf(items({ failureReason: { type: 'moonrise' } })).lines[0]).toMatchObject({ cancelled: 0 });
  });

  it('is to be shipped by the earliest promise to an item that is still open', () => {
    const day = (date: number) => ({ targetToShipAt: `2023-11-${date}T05:36:23.123456Z` });
    const at = (date: number) => Date.parse(`2023-11-${date}T05:36:23.123Z`);
    expect(orderOf(items({ ...day(16), status: 'shipped' }, day(18), day(17))).shipBy).toBe(at(17));
    expect(orderOf({ targetToShip: day(19).targetToShipAt }).shipBy).toBe(at(19));
    expect(orderOf(items({ ...day(16), status: 'delivered' })).shipBy).toBeUndefined();
    expect(orderOf({ targetToShip: 'soon' }).shipBy).toBeUndefined();
  });

  it('counts units of one line that went different ways', () => {
    const order = orderOf(items({ status: 'canceled' }, { status: 'shipped' }, { status: 'pending' }));
    expect(order.lines).toMatchObject([{ units: 3, cancelled: 1, shipped: 1, status: 'paid' }]);
    expect(order.status).toBe('mixed');
  });

  it('takes the newest instant of the order and its items, to the millisecond', () => {
    const newest = '2023-11-15T00:00:00.999999Z';
    const order = orderOf(items({ lastStatusChangedAt: newest }, { updatedAt: '2023-11-14T23:59:59Z' }));
    expect(order.updatedAt).toBe(Date.parse('2023-11-15T00:00:00.999Z'));
    expect(orderOf({ updatedAt: '2023-11-16T08:00:00.5+08:00' }).updatedAt).toBe(
      Date.parse('2023-11-16T00:00:00.500Z'),
    );
    expect(orderOf({ createdAt: '2023-11-14T22:13:20' }).placedAt).toBe(Date.parse('2023-11-14T22:13:20Z'));
  });
});

describe('normalize, who sends', () => {
  const venture = { shipment: { type: 'warehouse' } };

  it("knows an order that the venture sends from its warehouse, and the seller's", () => {
    expect(orderOf(items(venture, venture)).fulfilledBy).toBe('channel');
    expect(orderOf(items({ shipment: { type: 'consignment' } })).fulfilledBy).toBe('channel');
    for (const type of ['crossdocking', 'dropshipping_crossdocking', 'crossdocking_dropshipping']) {
      expect(orderOf(items({ shipment: { type } })).fulfilledBy).toBe('seller');
    }
    expect(orderOf(items({ shipment: null })).fulfilledBy).toBe('seller');
  });

  it("keeps the venture's units of an order of both kinds away from the seller's listings", () => {
    const order = orderOf(items(venture, {}));
    expect(order.fulfilledBy).toBe('seller');
    expect(order.lines.map(({ listingKey, units }) => [listingKey, units])).toEqual([
      ['channel-stock:JACKET-BLUE-M', 1],
      ['JACKET-BLUE-M', 1],
    ]);
  });
});

describe('normalize, money', () => {
  const plain = { unitPrice: 10, paidPrice: 10, shippingFee: 0, shippingVoucherAmount: 0 };

  it("takes a voucher for the seller's as far as he funded it, and never beyond the discount", () => {
    const vouchers = [{ amountFundedBySeller: 2 }, { amountFundedBySeller: null }];
    expect(orderOf(items({ ...plain, paidPrice: 7, vouchers })).totals).toMatchObject({
      discountSeller: 200,
      discountChannel: 100,
      paid: 700,
    });
    expect(orderOf(items({ ...plain, paidPrice: 9, vouchers })).totals).toMatchObject({
      discountSeller: 100,
      discountChannel: 0,
    });
  });

  it("knows the seller's part of a voucher by his share in percent, where the amount is not told", () => {
    const vouchers = [{ amount: 3, voucherSellerShare: 50, amountFundedBySeller: null }];
    expect(orderOf(items({ ...plain, paidPrice: 7, vouchers })).totals).toMatchObject({
      discountSeller: 150,
      discountChannel: 150,
    });
  });

  it('takes credits for a way to pay, inside the paid price or, where the shop says so, beside it', () => {
    const credits = { ...plain, paidPrice: 6, walletCredits: 1, storeCredits: 2 };
    expect(orderOf(items(credits)).totals).toMatchObject({ discountChannel: 400, paid: 600 });
    expect(orderOf(items(credits), { credits: 'off-paid' }).totals).toMatchObject({ discountChannel: 100, paid: 900 });
  });

  it('counts the tax on shipping where the grand total says that it was paid on top', () => {
    const one = { ...items({ ...plain, shippingFee: 5 }), shippingFeeSstSum: 0.4 };
    expect(orderOf({ ...one, grandTotal: 15.4 }).totals).toMatchObject({ tax: 40, paid: 1540 });
    expect(orderOf({ ...one, grandTotal: 15 }).totals).toMatchObject({ tax: 0, paid: 1500 });
    expect(orderOf({ ...one, grandTotal: null }).totals).toMatchObject({ tax: 0, paid: 1500 });
  });

  it.each([
    [12, { tax: 200, discountChannel: 0, paid: 1200 }],
    [7, { tax: 0, discountChannel: 300, paid: 700 }],
    [10, { tax: 0, discountChannel: 0, paid: 1000 }],
  ])('believes a grand total of %d only where the shop says so', (grandTotal, totals) => {
    const one = { ...items(plain), grandTotal };
    expect(orderOf(one, { orderTotal: 'grand-total' }).totals).toMatchObject(totals);
    expect(orderOf(one).totals).toMatchObject({ tax: 0, discountChannel: 0, paid: 1000 });
  });

  it("adds up to the fixture's grand total under every setting", () => {
    for (const orderTotal of ['items', 'grand-total']) {
      expect(orderOf({}, { orderTotal }).totals.paid).toBe(Math.round(FIXTURE.grandTotal * 100));
    }
  });

  it('calls what is paid beyond the unit price tax, and lowers shipping by its voucher', () => {
    const fee = { shippingFee: 5, shippingVoucherAmount: 3 };
    expect(orderOf(items({ ...plain, ...fee, paidPrice: 11 })).totals).toEqual({
      items: 1000,
      discountSeller: 0,
      discountChannel: 0,
      shipping: 200,
      tax: 100,
      paid: 1300,
    });
  });

  it('goes by the price after discount, then the unit price, where no paid price is told', () => {
    const told = { ...plain, paidPrice: null };
    expect(orderOf(items({ ...told, priceAfterDiscount: 8 })).totals.paid).toBe(800);
    expect(orderOf(items({ ...told, priceAfterDiscount: null })).totals.paid).toBe(1000);
  });

  it("goes by the shop's currency where the order names none", () => {
    expect(orderOf({ currency: null }).currency).toBe('MYR');
  });

  it('always adds up, under every setting', () => {
    const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
    const item = fc.record({
      unitPrice: amount,
      paidPrice: amount,
      shippingFee: amount,
      shippingVoucherAmount: amount,
      walletCredits: amount,
    });
    const settings = fc.record({
      credits: fc.constantFrom('in-paid', 'off-paid'),
      orderTotal: fc.constantFrom('items', 'grand-total'),
    });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 5 }), amount, settings, (rows, told, chosen) => {
        const vouchers = [{ amountFundedBySeller: told }];
        const rest = { ...items(...rows.map((row) => ({ ...row, vouchers }))), grandTotal: told };
        const order = orderOf(rest, chosen);
        expect(adds(order)).toBe(order.totals.paid);
        expect(Math.min(...Object.values(order.totals))).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('normalize, payloads from outside', () => {
  it.each([
    ['another order', { id: 5 }],
    ['no items', { items: [] }],
    ['an item without a seller sku', items({ product: { name: 'x' } })],
    ['an item of another order', items({ orderId: 5 })],
    ['one item twice', items({ id: 1 }, { id: 1 })],
    ['a negative price', items({ unitPrice: -1 })],
    ['an unknown currency', { currency: 'XXX' }],
    ['a date without a time', { updatedAt: '2023-11-14' }],
    ['a date that is none', { updatedAt: '2023-13-41T25:61:61Z' }],
    ['an instant before all', { createdAt: '0000-01-01T00:00:00Z' }],
    ['an absurd amount', items({ paidPrice: 1e300 })],
  ])('refuses %s', (_name, changes) => {
    expect(read({ ...FIXTURE, ...changes })).toMatchObject({ kind: 'refused', cause: 'malformed' });
  });

  it('takes a faulty address or shipment for no reason to refuse', () => {
    expect(orderOf({ address: { shipping: { phone: 7, firstName: 'Mi' } } }).buyer).toEqual({ name: 'Mi' });
    expect(orderOf({ address: 'x', ...items({ shipment: 'x', vouchers: 'x' }) }).fulfilledBy).toBe('seller');
  });

  it('gives an order or a refusal for any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (payload) => expect(['order', 'refused']).toContain(read(payload).kind)));
  });

  it('gives an order or a refusal for a valid order with anything in any field', () => {
    const field = fc.constantFrom(...Object.keys(FIXTURE));
    const itemField = fc.constantFrom(...Object.keys(FIRST ?? {}));
    fc.assert(
      fc.property(field, itemField, fc.jsonValue(), (name, itemName, value) => {
        for (const changes of [{ [name]: value }, items({ [itemName]: value }, {})]) {
          const result = read({ ...FIXTURE, ...changes });
          if (result.kind === 'refused') continue;
          expect(adds(result.order)).toBe(result.order.totals.paid);
          expect(Number.isSafeInteger(result.order.updatedAt)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
