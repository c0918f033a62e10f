import { jsonAnswer, scriptedCall, type Script } from '../kit/scripted-call';
import { aShop } from './a-shop';
import order from './fixtures/order.json';
import { listOrders, readOrders } from './orders';

const calling = (script: Script) => scriptedCall(aShop(), script);
const queryOf = (url: string | undefined) => Object.fromEntries(new URL(url ?? '').searchParams);
const WINDOW = { by: 'updated', from: 1_700_000_000_000, to: 1_700_000_060_000 } as const;

describe('readOrders', () => {
  it('reads many in one call, and leaves out what the shop does not know or was not asked for', async () => {
    const { call, asked } = calling(() => jsonAnswer({ orders: [{ ...order, id: '9' }, order] }));
    expect(await readOrders(call, ['1001', '1002', '1001'])).toEqual([{ externalId: '1001', payload: order }]);
    expect(asked).toHaveLength(1);
    expect(queryOf(asked[0]?.url)).toEqual({ shop: 'main', ids: '["1001","1002"]' });
  });

  it('asks nothing where no id is one', async () => {
    const { call, asked } = calling(() => jsonAnswer({ orders: [] }));
    expect(await readOrders(call, ['', 'a/b', 'x'.repeat(65)])).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('asks for at most 50', async () => {
    const { call, asked } = calling(() => jsonAnswer({ orders: [] }));
    await readOrders(
      call,
      Array.from({ length: 60 }, (_, n) => String(n)),
    );
    expect(JSON.parse(queryOf(asked[0]?.url).ids ?? '')).toHaveLength(50);
  });
});

describe('listOrders', () => {
  it('follows the cursor, inside the window', async () => {
    const { call, asked } = calling((_request, nth) =>
      jsonAnswer(nth === 0 ? { ids: ['1', '2'], next: 'p|2' } : { ids: ['2', '3'] }),
    );
    const first = await listOrders(call, WINDOW);
    expect(first).toEqual({ externalIds: ['1', '2'], next: 'p|2' });
    expect(await listOrders(call, WINDOW, first.next)).toEqual({ externalIds: ['2', '3'] });
    const asking = {
      ...{ shop: 'main', by: 'updated', limit: '100' },
      ...{ from: '2023-11-14T22:13:20.000Z', to: '2023-11-14T22:14:20.000Z' },
    };
    expect(asked.map(({ url }) => queryOf(url))).toEqual([asking, { ...asking, cursor: 'p|2' }]);
  });

  it('takes null for the end, and a page that leads to itself for malformed', async () => {
    expect(await listOrders(calling(() => jsonAnswer({ ids: [], next: null })).call, WINDOW)).toEqual({
      externalIds: [],
    });
    const circle = calling(() => jsonAnswer({ ids: [], next: 'p' }));
    await expect(listOrders(circle.call, WINDOW, 'p')).rejects.toMatchObject({ failure: { kind: 'malformed' } });
  });
});
