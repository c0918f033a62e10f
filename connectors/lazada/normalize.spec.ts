import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { LineState, OrderState } from '../../src/domain';
import { type Normalized, parseJsonExact } from '../kit';
import { normalize } from './normalize';

type Json = Record<string, unknown>;

const ID = '92604229001983631';
const SHOP: Parameters<typeof normalize>[1] = { currency: 'SGD', region: 'sg', settings: {} };
const data = (name: string): unknown =>
  (parseJsonExact(readFileSync(join(__dirname, 'fixtures', name), 'utf8')) as { data: unknown }).data;

const ORDER = data('order-get.json') as Json;
const ITEMS = (data('orders-items-get.json') as { order_items: Json[] }[])[0]!.order_items;
const CUP = ITEMS[0]!;

const read = (payload: unknown, shop = SHOP): Normalized => normalize({ externalId: ID, payload }, shop);
const orderOf = (items: readonly Json[], order: Json = ORDER, shop = SHOP): OrderState => {
  const normalized = read({ order, items }, shop);
  if (normalized.kind !== 'order') throw new Error(normalized.reason);
  return normalized.order;
};
/** Rows of one listing and price with these statuses. */
const rows = (...statuses: readonly (string | Json)[]): Json[] =>
  statuses.map((status, at) => ({
    ...CUP,
    order_item_id: String(at + 1),
    ...(typeof status === 'string' ? { status } : status),
  }));
const lineOf = (...statuses: readonly (string | Json)[]): LineState => orderOf(rows(...statuses)).lines[0]!;

describe('normalize', () => {
  it('groups rows of one unit into lines by listing and unit price', () => {
    expect(orderOf(ITEMS)).toEqual({
      externalId: ID,
      placedAt: Date.UTC(2018, 4, 17, 1, 23, 36),
      updatedAt: Date.UTC(2018, 4, 17, 2, 5, 0),
      currency: 'SGD',
      status: 'mixed',
      lines: [
        {
          id: '710000001@1290',
          listingKey: '710000001',
          sellerSku: 'CUP-RED',
          title: 'Cup (Red)',
          units: 2,
          cancelled: 1,
          shipped: 0,
          returned: 0,
          unitPrice: 1290,
          status: 'paid',
        },
        {
          id: '710000002@1495',
          listingKey: '710000002',
          sellerSku: 'PLATE',
          title: 'Plate',
          units: 2,
          cancelled: 0,
          shipped: 0,
          returned: 0,
          unitPrice: 1495,
          status: 'paid',
        },
      ],
      totals: { items: 5570, discountSeller: 300, discountChannel: 200, shipping: 199, tax: 0, paid: 5269 },
      fulfilledBy: 'seller',
      buyer: {
        name: 'A***a',
        phone: '65********12',
        address: '1*** Example Street, Singapore, Central, Singapore, 0*****, Singapore',
      },
      shipBy: Date.UTC(2018, 4, 19, 4, 0, 0),
    });
  });

  it('gives the same order whatever the order of the rows', () => {
    expect(orderOf([...ITEMS].reverse())).toEqual(orderOf(ITEMS));
  });

  it('makes two lines of one listing at two prices', () => {
    const lines = orderOf(rows('pending', { item_price: '9.90' })).lines;
    expect(lines.map(({ id, units }) => [id, units])).toEqual([
      ['710000001@1290', 1],
      ['710000001@990', 1],
    ]);
  });

  it('reads the SkuId out of shop_sku where sku_id is missing', () => {
    expect(lineOf({ sku_id: undefined }).listingKey).toBe('710000001');
    expect(read({ order: ORDER, items: rows({ sku_id: null, shop_sku: 'x' }) })).toMatchObject({
      kind: 'refused',
      cause: 'malformed',
    });
  });
});

describe('statuses', () => {
  it.each([
    ['unpaid', 'unpaid', 0, 0, 0],
    ['pending', 'paid', 0, 0, 0],
    ['topack', 'paid', 0, 0, 0],
    ['packed', 'paid', 0, 0, 0],
    ['repacked', 'paid', 0, 0, 0],
    ['toship', 'paid', 0, 0, 0],
    ['ready_to_ship', 'paid', 0, 0, 0],
    ['shipping', 'shipped', 0, 1, 0],
    ['shipped', 'shipped', 0, 1, 0],
    ['delivered', 'delivered', 0, 1, 0],
    ['failed', 'shipped', 0, 1, 0],
    ['failed_delivery', 'shipped', 0, 1, 0],
    ['lost', 'shipped', 0, 1, 0],
    ['lost_by_3pl', 'shipped', 0, 1, 0],
    ['damaged_by_3pl', 'shipped', 0, 1, 0],
    ['package_scrapped', 'shipped', 0, 1, 0],
    ['shipped_back', 'shipped', 0, 1, 0],
    ['shipped_back_failed', 'shipped', 0, 1, 0],
    ['shipped_back_success', 'returned', 0, 1, 1],
    ['returned', 'returned', 0, 1, 1],
    ['canceled', 'cancelled', 1, 0, 0],
  ] as const)('%s is %s', (...[written, status, cancelled, ...[shipped, returned]]) => {
    expect(lineOf(written)).toMatchObject({ units: 1, status, cancelled, shipped, returned });
    expect(orderOf(rows(written)).status).toBe(status);
  });

  it('keeps as shipped what was cancelled because its delivery failed', () => {
    const failed = { status: 'canceled', cancel_return_initiator: 'cancellation-failed Delivery' };
    expect(lineOf(failed)).toMatchObject({ units: 1, cancelled: 0, shipped: 1, returned: 0, status: 'cancelled' });
    expect(lineOf(failed, 'pending')).toMatchObject({ units: 2, cancelled: 0, shipped: 1, status: 'paid' });
    const byBuyer = { status: 'canceled', cancel_return_initiator: 'cancellation-customer' };
    expect(lineOf(byBuyer)).toMatchObject({ cancelled: 1, shipped: 0 });
  });

  it('shows a line by its least advanced unit that is not cancelled, and the order as mixed', () => {
    expect(lineOf('delivered', 'shipped', 'canceled')).toMatchObject({
      units: 3,
      cancelled: 1,
      shipped: 2,
      status: 'shipped',
    });
    expect(lineOf('canceled', 'canceled').status).toBe('cancelled');
    expect(lineOf('pending', 'unpaid').status).toBe('unpaid');
    expect(orderOf(rows('delivered', 'canceled')).status).toBe('mixed');
    expect(orderOf(rows('pending', 'ready_to_ship')).status).toBe('paid');
  });

  it('refuses a status that no fact names', () => {
    for (const status of ['teleported', 'cancelled', 'all', '', '__proto__', 'constructor']) {
      expect(read({ order: ORDER, items: rows('pending', status) })).toEqual({
        kind: 'refused',
        cause: 'unknown-status',
        reason: `item 2: status ${status}`,
      });
    }
  });
});

describe('money', () => {
  const totalsOf = (order: Json, items = ITEMS) => orderOf(items, { ...ORDER, ...order }).totals;

  it('takes the sums of the rows where the order names no amounts', () => {
    const without = { voucher: undefined, voucher_seller: null, voucher_platform: '', shipping_fee: undefined };
    expect(totalsOf(without)).toEqual({
      items: 5570,
      discountSeller: 300,
      discountChannel: 200,
      shipping: 199,
      tax: 0,
      paid: 5269,
    });
  });

  it('gives to the channel what the parts of a voucher do not explain', () => {
    const totals = totalsOf({ voucher: '7.00', voucher_seller: '3.00', voucher_platform: '2.00' });
    expect(totals).toMatchObject({ discountSeller: 300, discountChannel: 400, paid: 5570 - 700 + 199 });
    expect(totalsOf({ voucher: '1.00' })).toMatchObject({ discountSeller: 100, discountChannel: 0 });
  });

  it('reads the currency of the rows, whole numbers in VND', () => {
    const dong = rows({ currency: 'VND', item_price: '125000.00', voucher_seller: 0 });
    const order = { ...ORDER, price: '125000', voucher: '5000.00', voucher_seller: '5000', shipping_fee: 15000 };
    expect(orderOf(dong, order)).toMatchObject({ currency: 'VND', totals: { items: 125000, paid: 135000 } });
    expect(orderOf(rows({ currency: '' })).currency).toBe('SGD');
  });

  it('refuses amounts that are none, and rows of two currencies', () => {
    const faulty: Json[] = [{ item_price: '1.005' }, { item_price: null }, { item_price: -1 }, { voucher_amount: 'x' }];
    for (const row of [...faulty, { currency: 'XXX' }]) {
      expect(read({ order: ORDER, items: rows(row) })).toMatchObject({ kind: 'refused', cause: 'malformed' });
    }
    expect(read({ order: ORDER, items: rows('pending', { currency: 'MYR' }) })).toMatchObject({ kind: 'refused' });
    expect(read({ order: { ...ORDER, shipping_fee: '9e9' }, items: ITEMS })).toMatchObject({ kind: 'refused' });
  });
});

describe('instants', () => {
  it('takes the newest instant of the order and its rows', () => {
    expect(orderOf(ITEMS, { ...ORDER, updated_at: '2018-05-18 00:00:00 +0800' }).updatedAt).toBe(
      Date.UTC(2018, 4, 17, 16),
    );
    expect(orderOf(rows({ updated_at: null })).updatedAt).toBe(Date.UTC(2018, 4, 17, 2));
  });

  it('reads an instant without an offset only by the setting', () => {
    const order = { ...ORDER, updated_at: '2018-05-18 00:00:00' };
    expect(read({ order, items: ITEMS })).toMatchObject({ kind: 'refused', cause: 'malformed' });
    const shop = { ...SHOP, settings: { instantWithoutOffset: '+07:00' } };
    expect(orderOf(ITEMS, order, shop).updatedAt).toBe(Date.UTC(2018, 4, 17, 17));
    const faulty = { ...SHOP, settings: { instantWithoutOffset: 'somewhere' } };
    expect(read({ order, items: ITEMS }, faulty).kind).toBe('refused');
  });

  it('leaves out a promise that is no instant, and one of units that need no sending', () => {
    expect(orderOf(rows({ sla_time_stamp: 'soon' })).shipBy).toBeUndefined();
    expect(orderOf(rows('delivered')).shipBy).toBeUndefined();
  });
});

describe("the marketplace's own warehouse", () => {
  it('fulfils an order whose rows are all there', () => {
    for (const flag of [1, '1', true, 'true']) {
      expect(orderOf(rows({ is_fbl: flag }))).toMatchObject({
        fulfilledBy: 'channel',
        lines: [{ listingKey: '710000001' }],
      });
    }
    for (const flag of [0, '0', false, '', null, undefined]) {
      expect(orderOf(rows({ is_fbl: flag })).fulfilledBy).toBe('seller');
    }
  });

  it('keeps its rows of a mixed order under a key that no listing has', () => {
    const order = orderOf(rows('pending', { is_fbl: 1 }, { is_fbl: 1 }));
    expect(order.fulfilledBy).toBe('seller');
    expect(order.lines.map(({ id, listingKey, units }) => [id, listingKey, units])).toEqual([
      ['710000001@1290', '710000001', 1],
      ['channel-stock:710000001@1290', 'channel-stock:710000001', 2],
    ]);
    expect(order.totals.items).toBe(3 * 1290);
  });
});

describe('hostile payloads', () => {
  it('refuses another order, one row twice, and an order without rows', () => {
    const faults = [
      { order: { ...ORDER, order_id: '1' }, items: ITEMS },
      { order: ORDER, items: [...ITEMS, { ...CUP, order_item_id: '9', order_id: '1' }] },
      { order: ORDER, items: [CUP, CUP] },
      { order: ORDER, items: [] },
      { order: null, items: null },
    ];
    for (const payload of faults) expect(read(payload)).toMatchObject({ kind: 'refused', cause: 'malformed' });
  });

  it('refuses an id that has lost digits', () => {
    expect(read({ order: { ...ORDER, order_id: Number(ID) }, items: ITEMS })).toMatchObject({ kind: 'refused' });
  });

  it('keeps an order whose texts for people are faulty', () => {
    const order = { ...ORDER, address_shipping: [7], customer_first_name: {}, promised_shipping_times: [] };
    expect(orderOf(rows({ name: {}, variation: 5, sku: null }), order)).toMatchObject({ status: 'paid' });
  });

  const believable = (normalized: Normalized): void => {
    if (normalized.kind === 'refused') {
      expect(['malformed', 'unknown-status']).toContain(normalized.cause);
      return;
    }
    for (const line of normalized.order.lines) {
      expect(line.cancelled + line.shipped).toBeLessThanOrEqual(line.units);
      expect(line.returned).toBeLessThanOrEqual(line.shipped);
      expect(Number.isSafeInteger(line.unitPrice)).toBe(true);
    }
    expect(Object.values(normalized.order.totals).every(Number.isSafeInteger)).toBe(true);
    expect(Number.isSafeInteger(normalized.order.updatedAt)).toBe(true);
  };

  it('gives an order or a tagged refusal for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (payload) => {
        believable(read(payload));
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.jsonValue()), (order, items) => {
        believable(read({ order, items }));
      }),
    );
  });

  it('gives an order or a tagged refusal for every mutation of a valid one', () => {
    const field = fc.constantFrom(...Object.keys(ORDER).map((key) => ['order', key] as const));
    const column = fc.constantFrom(...Object.keys(CUP).map((key) => ['item', key] as const));
    const odd = fc.oneof(fc.jsonValue(), fc.string(), fc.constantFrom('1e309', '9'.repeat(400), '\u0000', 1e308, -0));
    fc.assert(
      fc.property(fc.oneof(field, column), odd, fc.nat(3), ([where, key], value, row) => {
        const order = where === 'order' ? { ...ORDER, [key]: value } : ORDER;
        const items = ITEMS.map((item, at) => (where === 'item' && at === row ? { ...item, [key]: value } : item));
        believable(read({ order, items }));
      }),
      { numRuns: 1000 },
    );
  });
});
