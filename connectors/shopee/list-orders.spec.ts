import * as fc from 'fast-check';
import { ChannelError, type OrderWindow } from '../kit';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import orderList from './fixtures/order-list.json';
import { listOrders } from './list-orders';
import { manifest } from './manifest';

const WINDOW: OrderWindow = { by: 'updated', from: 1_700_000_000_500, to: 1_700_003_600_500 };
const LONGEST_MS = manifest.orderWindowMs ?? 0;

describe('listOrders', () => {
  it('asks for whole seconds around the window, a hundred at once, pending ones too, without a status filter', async () => {
    const { call, asked } = scriptedCall(aShop(), () => jsonAnswer(orderList));
    const page = await listOrders(call, WINDOW);
    expect(page).toEqual({ externalIds: ['231114SLUICE01', '231114SLUICE02'], next: '20' });
    const url = new URL(asked[0]?.url ?? '');
    expect(url.pathname).toBe('/api/v2/order/get_order_list');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      time_range_field: 'update_time',
      time_from: '1700000000',
      time_to: '1700003601',
      page_size: '100',
      cursor: '',
      request_order_status_pending: 'true',
    });
    expect(url.searchParams.has('order_status')).toBe(false);
    expect(asked[0]).toMatchObject({ method: 'GET', effect: 'read' });
  });

  it('goes on at the cursor, and ends where there is no more', async () => {
    const last = { ...orderList, response: { more: false, next_cursor: '', order_list: [] } };
    const { call, asked } = scriptedCall(aShop(), () => jsonAnswer(last));
    expect(await listOrders(call, { ...WINDOW, by: 'created' }, '20')).toEqual({ externalIds: [] });
    const { searchParams } = new URL(asked[0]?.url ?? '');
    expect([searchParams.get('cursor'), searchParams.get('time_range_field')]).toEqual(['20', 'create_time']);
  });

  it('never asks for more than 15 days, whatever part of a second the window begins in', async () => {
    const { call, asked } = scriptedCall(aShop(), () => jsonAnswer(orderList));
    await listOrders(call, { by: 'updated', from: 1_700_000_000_999, to: 1_700_000_000_999 + LONGEST_MS });
    const { searchParams } = new URL(asked[0]?.url ?? '');
    const wide = Number(searchParams.get('time_to')) - Number(searchParams.get('time_from'));
    expect(wide).toBeLessThanOrEqual(15 * 86_400);
  });

  it.each([
    ['one that is too wide', { by: 'updated' as const, from: 0, to: LONGEST_MS + 1 }],
    ['one that ends before it begins', { by: 'updated' as const, from: 1, to: 0 }],
    ['none', { by: 'updated' as const, from: NaN, to: 0 }],
  ])('refuses a window: %s', async (_name, window) => {
    const { call, asked } = scriptedCall(aShop(), () => jsonAnswer(orderList));
    await expect(listOrders(call, window)).rejects.toMatchObject({
      failure: { kind: 'refused', reason: 'order.order_list_invalid_time' },
    });
    expect(asked).toHaveLength(0);
  });

  it.each([
    [{ more: true, next_cursor: '', order_list: [] }],
    [{ more: true, next_cursor: 'same', order_list: [] }],
    [{ more: false, order_list: [{ order_sn: 'a,b' }] }],
    [{ more: false, order_list: [{}] }],
    [{ order_list: [] }],
    [null],
  ])('takes no page that would lose orders or never end: %j', async (response) => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer({ error: '', response }));
    await expect(listOrders(call, WINDOW, 'same')).rejects.toMatchObject({ failure: { kind: 'malformed' } });
  });

  it('gives a page or throws a ChannelError, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (response) => {
        const { call } = scriptedCall(aShop(), () => jsonAnswer({ error: '', response }));
        const result = await listOrders(call, WINDOW).catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toBeInstanceOf(ChannelError);
      }),
    );
  });
});
