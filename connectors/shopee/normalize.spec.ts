import * as fc from 'fast-check';
import type { OrderState } from '../../src/domain';
import { shopee } from '.';
import detail from './fixtures/order-detail.json';
import { normalize } from './normalize';

const [FIXTURE] = detail.response.order_list;
if (FIXTURE === undefined) throw new Error('the fixture has an order');
const [JACKET, UMBRELLA] = FIXTURE.item_list;
const ID = FIXTURE.order_sn;

const read = (payload: unknown) => normalize({ externalId: ID, payload });
const changed = (changes: object) => read({ ...FIXTURE, ...changes });
function orderOf(changes: object): OrderState {
  const result = changed(changes);
  if (result.kind === 'order') return result.order;
  throw new Error(result.reason);
}
const parcel = (logistics_status: string, item_list: readonly object[] = []) => ({ logistics_status, item_list });
const adds = ({ totals: t }: OrderState) => t.items - t.discountSeller - t.discountChannel + t.shipping + t.tax;

describe('normalize', () => {
  it('brings a documented order to the model', () => {
    expect(read(FIXTURE)).toEqual({
      kind: 'order',
      order: {
        externalId: '231114SLUICE01',
        placedAt: 1_700_000_000_000,
        updatedAt: 1_700_000_100_000,
        currency: 'SGD',
        status: 'paid',
        lines: [
          {
            id: '800100:900200|820',
            listingKey: '800100:900200',
            sellerSku: 'JACKET-BLUE-M',
            title: 'Rain jacket, Blue,M',
            units: 2,
            cancelled: 0,
            shipped: 0,
            returned: 0,
            unitPrice: 820,
            status: 'paid',
          },
          {
            id: '800101:0|1840',
            listingKey: '800101:0',
            sellerSku: 'UMBRELLA',
            title: 'Umbrella',
            units: 1,
            cancelled: 0,
            shipped: 0,
            returned: 0,
            unitPrice: 1840,
            status: 'paid',
          },
        ],
        totals: { items: 3480, discountSeller: 0, discountChannel: 0, shipping: 149, tax: 0, paid: 3629 },
        fulfilledBy: 'seller',
        buyer: { name: 'M****n', phone: '******12', address: '1 Sluice ****' },
        shipBy: 1_700_259_200_000,
      },
    });
  });

  it('gives lines the key that listings have, without a model too', () => {
    expect(shopee.listingKey({ itemId: '800100', modelId: '900200' })).toBe('800100:900200');
    expect(shopee.listingKey({ itemId: '800101' })).toBe('800101:0');
    expect(shopee.listingKey({ itemId: '800101', modelId: '' })).toBe('800101:0');
    expect(orderOf({ item_list: [{ ...UMBRELLA, model_id: undefined }] }).lines[0]?.listingKey).toBe('800101:0');
  });

  it.each([
    ['UNPAID', 'unpaid', 0, 0],
    ['PENDING', 'paid', 0, 0],
    ['INVOICE_PENDING', 'paid', 0, 0],
    ['READY_TO_SHIP', 'paid', 0, 0],
    ['PROCESSED', 'paid', 0, 0],
    ['RETRY_SHIP', 'paid', 0, 0],
    ['IN_CANCEL', 'paid', 0, 0],
    ['SHIPPED', 'shipped', 0, 2],
    ['TO_CONFIRM_RECEIVE', 'delivered', 0, 2],
    ['TO_RETURN', 'delivered', 0, 2],
    ['COMPLETED', 'delivered', 0, 2],
    ['CANCELLED', 'cancelled', 2, 0],
  ])('reads %s as %s', (...[order_status, status, cancelled, shipped]) => {
    const order = orderOf({ order_status });
    expect(order.status).toBe(status);
    expect(order.lines[0]).toMatchObject({ units: 2, status, cancelled, shipped, returned: 0 });
  });

  it('refuses a status that no fact names', () => {
    expect(changed({ order_status: 'TELEPORTED' })).toEqual({
      kind: 'refused',
      cause: 'unknown-status',
      reason: 'order_status TELEPORTED',
    });
    expect(changed({ order_status: 'constructor' })).toMatchObject({ cause: 'unknown-status' });
  });

  it('adds up the same model on two lines, apart where the price differs', () => {
    const bundled = { ...JACKET, model_discounted_price: 0, model_quantity_purchased: 1 };
    const order = orderOf({ item_list: [JACKET, JACKET, bundled] });
    expect(order.lines).toMatchObject([
      { id: '800100:900200|820', units: 4 },
      { id: '800100:900200|0', units: 1, unitPrice: 0 },
    ]);
  });

  it('counts units cancelled and returned so far, and never more than were bought', () => {
    const item = { ...JACKET, model_quantity_purchased: 5, cancelled_qty: 1, returned_qty: 2 };
    const order = orderOf({ order_status: 'COMPLETED', item_list: [item] });
    expect(order.lines[0]).toMatchObject({ units: 5, cancelled: 1, shipped: 4, returned: 2, status: 'delivered' });
    expect(order.status).toBe('mixed');
    const absurd = orderOf({ item_list: [{ ...JACKET, cancelled_qty: 9, returned_qty: 9 }] });
    expect(absurd.lines[0]).toMatchObject({ units: 2, cancelled: 2, shipped: 0, returned: 0, status: 'cancelled' });
  });

  it('counts what is no longer active as cancelled only where the shop says so', () => {
    const item = { ...JACKET, model_quantity_purchased: 5, active_qty: 2, returned_qty: 1 };
    const cancelledBy = (settings: Record<string, string>, changes: object = {}) => {
      const result = normalize(
        { externalId: ID, payload: { ...FIXTURE, item_list: [{ ...item, ...changes }] } },
        { settings },
      );
      return result.kind === 'order' ? result.order.lines[0]?.cancelled : result.reason;
    };
    expect(cancelledBy({})).toBe(0);
    expect(cancelledBy({ activeQty: 'ignored' })).toBe(0);
    expect(cancelledBy({ activeQty: 'rest' })).toBe(2);
    expect(cancelledBy({ activeQty: 'rest' }, { cancelled_qty: 1 })).toBe(1);
    expect(cancelledBy({ activeQty: 'rest' }, { active_qty: 9 })).toBe(0);
  });

  it('holds stock while a cancellation is only asked for', () => {
    const item = { ...JACKET, cancel_requested_qty: 2, cancelled_qty: 0 };
    expect(orderOf({ order_status: 'IN_CANCEL', item_list: [item] }).lines[0]).toMatchObject({ cancelled: 0 });
  });

  it('calls everything returned when all of it came back', () => {
    const order = orderOf({ order_status: 'TO_RETURN', item_list: [{ ...JACKET, returned_qty: 2 }] });
    expect(order).toMatchObject({ status: 'returned', lines: [{ shipped: 2, returned: 2, status: 'returned' }] });
  });
});

describe('normalize, what left the seller', () => {
  const jacketLeft = parcel('LOGISTICS_PICKUP_DONE', [{ item_id: 800100, model_id: 900200, model_quantity: 1 }]);

  it('knows a parcel of a split order that a carrier has', () => {
    const order = orderOf({ order_status: 'PROCESSED', package_list: [jacketLeft, parcel('LOGISTICS_READY')] });
    expect(order.lines).toMatchObject([
      { units: 2, shipped: 1, status: 'paid' },
      { units: 1, shipped: 0, status: 'paid' },
    ]);
    expect(order.status).toBe('mixed');
  });

  it('shares what left among the rows of one model', () => {
    const order = orderOf({ order_status: 'PROCESSED', item_list: [JACKET, JACKET], package_list: [jacketLeft] });
    expect(order.lines).toMatchObject([{ units: 4, shipped: 1 }]);
  });

  it.each(['LOGISTICS_DELIVERY_FAILED', 'LOGISTICS_LOST', 'LOGISTICS_PICKUP_DONE', 'LOGISTICS_DELIVERY_DONE'])(
    'keeps what left as left when the order is cancelled afterwards: %s',
    (status) => {
      const order = orderOf({ order_status: 'CANCELLED', package_list: [parcel(status)] });
      expect(order.lines[0]).toMatchObject({ cancelled: 2, shipped: 2, status: 'cancelled' });
    },
  );

  it.each(['LOGISTICS_INVALID', 'LOGISTICS_REQUEST_CANCELED', 'LOGISTICS_PICKUP_FAILED', 'LOGISTICS_COD_REJECTED'])(
    'frees what never left: %s',
    (status) => {
      const order = orderOf({ order_status: 'CANCELLED', package_list: [parcel(status)] });
      expect(order.lines[0]).toMatchObject({ cancelled: 2, shipped: 0 });
    },
  );

  it('knows that everything left where all parcels did and one does not say what was in it', () => {
    const gone = (...package_list: object[]) => orderOf({ order_status: 'CANCELLED', package_list }).lines;
    expect(gone(parcel('LOGISTICS_LOST'), parcel('LOGISTICS_LOST'))).toMatchObject([{ shipped: 2 }, { shipped: 1 }]);
    expect(gone(jacketLeft, parcel('LOGISTICS_LOST'))).toMatchObject([{ shipped: 2 }, { shipped: 1 }]);
    expect(gone(jacketLeft, parcel('LOGISTICS_INVALID'))).toMatchObject([{ shipped: 1 }, { shipped: 0 }]);
  });

  it('counts no unit twice that left and came back', () => {
    const item = { ...JACKET, model_quantity_purchased: 3, returned_qty: 1 };
    const order = orderOf({ order_status: 'PROCESSED', item_list: [item], package_list: [jacketLeft] });
    expect(order.lines).toMatchObject([{ units: 3, shipped: 1, returned: 1 }]);
  });

  it('goes by the pick-up instant where packages have no status', () => {
    const untold = { order_status: 'CANCELLED', package_list: [{ package_number: 'P' }] };
    expect(orderOf({ ...untold, pickup_done_time: 1_700_000_500 }).lines[0]).toMatchObject({ shipped: 2 });
    expect(orderOf(untold).lines[0]).toMatchObject({ shipped: 0 });
  });

  it('goes by the pick-up instant where there are no packages', () => {
    const order = orderOf({ order_status: 'CANCELLED', package_list: undefined, pickup_done_time: 1_700_000_500 });
    expect(order.lines[0]).toMatchObject({ cancelled: 2, shipped: 2 });
  });

  it('refuses an unknown package status where it decides, and lets it be elsewhere', () => {
    const package_list = [parcel('LOGISTICS_BEAMED')];
    expect(changed({ order_status: 'CANCELLED', package_list })).toMatchObject({ cause: 'unknown-status' });
    expect(changed({ order_status: 'SHIPPED', package_list }).kind).toBe('order');
  });

  it('names the warehouse of Shopee as the sender only where Shopee says so', () => {
    expect(orderOf({ fulfillment_flag: 'fulfilled_by_shopee' }).fulfilledBy).toBe('channel');
    expect(orderOf({ fulfillment_flag: 'fulfilled_by_cb_seller' }).fulfilledBy).toBe('seller');
    expect(orderOf({ fulfillment_flag: 'fulfilled_by_local_seller' }).fulfilledBy).toBe('seller');
    expect(orderOf({ fulfillment_flag: undefined }).fulfilledBy).toBe('seller');
  });

  it('guesses no sender', () => {
    expect(changed({ fulfillment_flag: 'fulfilled_by_partner' })).toMatchObject({
      cause: 'unknown-status',
      reason: 'fulfillment_flag fulfilled_by_partner',
    });
  });
});

describe('normalize, money', () => {
  it('calls what is missing to items and shipping the discount of Shopee', () => {
    expect(orderOf({ total_amount: 30.0 }).totals).toMatchObject({ discountChannel: 629, shipping: 149, paid: 3000 });
  });

  it('calls what is beyond items and estimate shipping', () => {
    expect(orderOf({ total_amount: 40 }).totals).toMatchObject({ discountChannel: 0, shipping: 520, paid: 4000 });
  });

  it('expects items and shipping where nothing is paid yet', () => {
    const due = { shipping: 149, discountChannel: 0, paid: 3629 };
    expect(orderOf({ order_status: 'UNPAID', total_amount: undefined }).totals).toMatchObject(due);
    expect(orderOf({ order_status: 'UNPAID', total_amount: 0 }).totals).toMatchObject(due);
    expect(orderOf({ total_amount: 0 }).totals).toMatchObject({ paid: 0, discountChannel: 3629 });
  });

  it('reads floats to the cent, and currencies without cents', () => {
    const item = { ...JACKET, model_discounted_price: 1.005, model_quantity_purchased: 1 };
    expect(orderOf({ item_list: [item] }).lines[0]?.unitPrice).toBe(101);
    const dong = orderOf({
      currency: 'VND',
      total_amount: 1004.0,
      item_list: [{ ...item, model_discounted_price: 1000 }],
    });
    expect(dong.totals).toMatchObject({ items: 1000, paid: 1004 });
  });

  it('always adds up', () => {
    const price = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(price, price, fc.option(price), fc.integer({ min: 1, max: 99 }), (...[unit, fee, total, units]) => {
        const item = { ...JACKET, model_discounted_price: unit, model_quantity_purchased: units };
        const order = orderOf({ item_list: [item], total_amount: total, estimated_shipping_fee: fee });
        expect(adds(order)).toBe(order.totals.paid);
        expect(Math.min(...Object.values(order.totals))).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('normalize, payloads from outside', () => {
  it.each([
    ['another order', { order_sn: 'OTHER' }],
    ['no lines asked for', { item_list: undefined }],
    ['no lines at all', { item_list: [] }],
    ['lines without units', { item_list: [{ ...JACKET, model_quantity_purchased: 0 }] }],
    ['half a unit', { item_list: [{ ...JACKET, model_quantity_purchased: 1.5 }] }],
    ['a negative price', { item_list: [{ ...JACKET, model_discounted_price: -1 }] }],
    ['an unknown currency', { currency: 'XXX' }],
    ['no update time', { update_time: null }],
    ['an absurd total', { total_amount: 1e300 }],
    [
      'sums beyond what is exact',
      { item_list: [{ ...JACKET, model_discounted_price: 1e12, model_quantity_purchased: 1e6 }] },
    ],
  ])('refuses %s', (_name, changes) => {
    expect(changed(changes)).toMatchObject({ kind: 'refused', cause: 'malformed' });
  });

  it('takes a faulty address for no reason to refuse', () => {
    expect(changed({ recipient_address: 7 }).kind).toBe('order');
    expect(orderOf({ recipient_address: { name: 7, phone: '1' } }).buyer).toEqual({ phone: '1' });
  });

  it('never says what stood in a faulty field', () => {
    expect(JSON.stringify(changed({ currency: 7, create_time: 'secret' }))).not.toContain('secret');
  });

  it('gives an order or a refusal for any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (payload) => expect(['order', 'refused']).toContain(read(payload).kind)));
  });

  it('gives an order or a refusal for a valid order with anything in any field', () => {
    const field = fc.constantFrom(...Object.keys(FIXTURE));
    const itemField = fc.constantFrom(...Object.keys(JACKET ?? {}), 'cancelled_qty', 'returned_qty');
    fc.assert(
      fc.property(field, itemField, fc.jsonValue(), (name, itemName, value) => {
        for (const changes of [{ [name]: value }, { item_list: [{ ...JACKET, [itemName]: value }] }]) {
          const result = changed(changes);
          if (result.kind === 'refused') continue;
          expect(adds(result.order)).toBe(result.order.totals.paid);
          for (const line of result.order.lines) {
            expect(Math.max(line.cancelled, line.shipped, line.returned)).toBeLessThanOrEqual(line.units);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
