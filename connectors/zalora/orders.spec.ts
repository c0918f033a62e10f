import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import order from './fixtures/order.json';
import { readOrders } from './orders';

const numbered = (id: number) => ({ ...order, id });
const page = (items: unknown[], hasNext = false) => ({ items, pagination: { limit: 100, offset: 0, hasNext } });

describe('readOrders', () => {
  it('reads one order by its own address', async () => {
    const { call, asked } = scriptedCall(aShop(), () => jsonAnswer(order));
    const [raw, ...others] = await readOrders(call, ['1900321', '1900321']);
    expect(raw?.externalId).toBe('1900321');
    expect(others).toEqual([]);
    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual(['/v2/orders/1900321']);
  });

  it('leaves out an order that Zalora does not know', async () => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer({}, 404));
    expect(await readOrders(call, ['1'])).toEqual([]);
  });

  it('reads several by one list, with the limit and offset that must be there', async () => {
    const { call, asked } = scriptedCall(aShop(), () => jsonAnswer(page([numbered(2), numbered(1), numbered(9)])));
    const orders = await readOrders(call, ['1', '2', '3']);
    const query = new URL(asked[0]?.url ?? '').searchParams;
    expect(orders.map(({ externalId }) => externalId)).toEqual(['2', '1']);
    expect(asked).toHaveLength(1);
    expect([query.get('limit'), query.get('offset'), query.getAll('orderIds[]')]).toEqual([
      '100',
      '0',
      ['1', '2', '3'],
    ]);
  });

  it('follows hasNext by what came, and stops at an empty page', async () => {
    const { call, asked } = scriptedCall(aShop(), (_request, nth) =>
      jsonAnswer(page(nth === 0 ? [numbered(1)] : [], true)),
    );
    expect(await readOrders(call, ['1', '2'])).toHaveLength(1);
    expect(asked.map(({ url }) => new URL(url).searchParams.get('offset'))).toEqual(['0', '1']);
  });

  it('does not ask for what is no order id', async () => {
    const { call, asked } = scriptedCall(aShop(), () => jsonAnswer(order));
    expect(await readOrders(call, ['', '0', '../webhooks', '1&limit=1', '1'.repeat(19)])).toEqual([]);
    expect(asked).toHaveLength(0);
  });

  it.each([
    [401, {}, 'unauthorized'],
    [403, {}, 'refused'],
    [429, {}, 'throttled'],
    [200, [], 'malformed'],
    [200, { id: 8 }, 'malformed'],
  ])('throws for %i %j', async (status, body, kind) => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer(body, status));
    await expect(readOrders(call, ['7'])).rejects.toMatchObject({ failure: { kind } });
  });
});
