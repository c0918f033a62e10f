import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallContext } from '../kit';
import { aShop } from './a-shop';
import { normalize } from './normalize';
import { readOrders } from './orders';

const ID = '92604229001983631';
const SHOP = aShop();
const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8');

/** Answers by path and parameters, and keeps what was asked. */
function channel(answer: (path: string, params: URLSearchParams) => string): { call: CallContext; asked: string[] } {
  const asked: string[] = [];
  const http: CallContext['http'] = ({ url }) => {
    const { pathname, searchParams } = new URL(url);
    const about = searchParams.get('order_ids') ?? searchParams.get('order_id') ?? '';
    asked.push(`${pathname} ${about}`);
    return Promise.resolve({ status: 200, headers: {}, body: answer(pathname, searchParams) });
  };
  return { call: { http, shop: SHOP, now: () => 1700000000000 }, asked };
}

const order = (id: string): string => `{"code":"0","data":{"order_id":${id}}}`;
const groups = (ids: readonly string[]): string =>
  JSON.stringify({ code: '0', data: ids.map((id) => ({ order_id: id, order_items: [{ order_item_id: `${id}1` }] })) });
const idsOf = (params: URLSearchParams): string[] => (params.get('order_ids') ?? '').slice(1, -1).split(',');

describe('readOrders', () => {
  it('reads an order and its rows into what normalize reads', async () => {
    const { call, asked } = channel((path) =>
      fixture(path.endsWith('/order/get') ? 'order-get.json' : 'orders-items-get.json'),
    );
    const [raw, ...others] = await readOrders(call, [ID]);
    expect(others).toEqual([]);
    expect(asked).toEqual([`/rest/order/get ${ID}`, `/rest/orders/items/get [${ID}]`]);
    expect(raw?.externalId).toBe(ID);
    expect(normalize(raw!, SHOP)).toMatchObject({ kind: 'order', order: { externalId: ID } });
  });

  it('asks for the rows of many orders at once, as a bare array of numbers', async () => {
    const { call, asked } = channel((path, params) =>
      path.endsWith('/order/get') ? order(params.get('order_id')!) : groups(idsOf(params)),
    );
    const ids = ['1', '2', '3', '4', '5', '6'];
    const raws = await readOrders(call, [...ids, '3']);
    expect(raws.map((raw) => raw.externalId)).toEqual(ids);
    expect(raws[5]?.payload).toEqual({ order: { order_id: 6 }, items: [{ order_item_id: '61' }] });
    expect(asked.filter((line) => line.includes('items'))).toEqual(['/rest/orders/items/get [1,2,3,4,5,6]']);
  });

  it('leaves out what Lazada does not know and what is no id of Lazada', async () => {
    const { call, asked } = channel((path, params) => {
      if (!path.endsWith('/order/get')) return groups(idsOf(params));
      const id = params.get('order_id')!;
      return id === '2' ? '{"code":"16","type":"ISV","message":"E016: Invalid Order ID"}' : order(id);
    });
    const raws = await readOrders(call, ['1', '2', 'x', '1,2', '']);
    expect(raws.map((raw) => raw.externalId)).toEqual(['1']);
    expect(asked).toHaveLength(3);
    const none = channel(() => '{"code":"E039","message":"none"}');
    await expect(readOrders(none.call, ['1'])).resolves.toEqual([]);
    await expect(readOrders(none.call, [])).resolves.toEqual([]);
  });

  it('asks one by one when some ids spoil the answer for all rows', async () => {
    const { call } = channel((path, params) => {
      if (path.endsWith('/order/get')) return order(params.get('order_id')!);
      const ids = idsOf(params);
      if (ids.length > 1) return '{"code":"37","message":"E037: One or more order id in the list are incorrect"}';
      return ids[0] === '2' ? '{"code":"16"}' : groups(ids);
    });
    const raws = await readOrders(call, ['1', '2', '3']);
    expect(raws.map((raw) => (raw.payload as { items: unknown[] }).items.length)).toEqual([1, 0, 1]);
    expect(normalize(raws[1]!, SHOP)).toMatchObject({ kind: 'refused', cause: 'malformed' });
  });

  it('keeps the rows of an order beside one that cannot be read', async () => {
    const { call } = channel((path, params) =>
      path.endsWith('/order/get')
        ? order(params.get('order_id')!)
        : '{"code":"0","data":[7,{"order_id":"1"},{"order_id":"2","order_items":[{"order_item_id":"21"}]}]}',
    );
    const raws = await readOrders(call, ['1', '2']);
    expect(raws.map((raw) => (raw.payload as { items: unknown[] }).items)).toEqual([[], [{ order_item_id: '21' }]]);
  });

  it('reads what is wrong with a list of ids', async () => {
    const of = async (code: string) => {
      const { call, asked } = channel((path, params) =>
        path.endsWith('/order/get') ? order(params.get('order_id')!) : JSON.stringify({ code, message: 'no' }),
      );
      const raws = await readOrders(call, ['1', '2']).catch((error: unknown) => error);
      return { raws, calls: asked.filter((line) => line.includes('items')).length };
    };
    // 37 some are wrong, 38 too many, 39 none found: asked for one by one, and left without rows.
    for (const code of ['E037', '38', '39']) {
      const { raws, calls } = await of(code);
      expect(calls).toBe(3);
      expect(raws).toMatchObject([{ payload: { items: [] } }, { payload: { items: [] } }]);
    }
    for (const code of ['36', 'E056']) {
      const { raws, calls } = await of(code);
      expect(calls).toBe(1);
      expect(raws).toMatchObject({ failure: { kind: 'refused', reason: code.replace('E0', '') } });
    }
  });

  it('throws what is about the call', async () => {
    const refused = channel(() => '{"code":"ApiCallLimit","message":"ban lasts 1 seconds"}');
    await expect(readOrders(refused.call, ['1'])).rejects.toMatchObject({
      failure: { kind: 'throttled', afterMs: 1000 },
    });
    const rows = channel((path) => (path.endsWith('/order/get') ? order('1') : '{"code":"IllegalAccessToken"}'));
    await expect(readOrders(rows.call, ['1'])).rejects.toMatchObject({ failure: { kind: 'unauthorized' } });
  });

  it('hands on an odd answer for normalize to refuse', async () => {
    for (const body of ['{"code":"0"}', '{"code":"0","data":[1]}', '{"code":"0","data":"x"}']) {
      const { call } = channel(() => body);
      const [raw] = await readOrders(call, ['1']);
      expect(normalize(raw!, SHOP)).toMatchObject({ kind: 'refused', cause: 'malformed' });
    }
  });
});
