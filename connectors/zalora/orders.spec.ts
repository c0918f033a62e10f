import * as fc from 'fast-check';
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

  it('reads several by one list, with the limit and offset that must be there and who funded the vouchers', async () => {
    const { call, asked } = scriptedCall(aShop(), () => jsonAnswer(page([numbered(2), numbered(1), numbered(9)])));
    const orders = await readOrders(call, ['1', '2']);
    const { pathname, searchParams: query } = new URL(asked[0]?.url ?? '');
    expect(orders.map(({ externalId }) => externalId)).toEqual(['2', '1']);
    expect(asked).toHaveLength(1);
    expect(pathname).toBe('/v2/orders');
    expect(Object.fromEntries(query)).toMatchObject({ limit: '100', offset: '0', includeVoucherDetails: 'true' });
    expect(query.getAll('orderIds[]')).toEqual(['1', '2']);
  });

  it('looks for what is not there in the archive, of one and of several', async () => {
    const { call, asked } = scriptedCall(aShop(), ({ url }) => {
      const { pathname } = new URL(url);
      if (pathname === '/v2/archive/orders') return jsonAnswer(page([numbered(3)]));
      return pathname === '/v2/orders' ? jsonAnswer(page([numbered(1)])) : jsonAnswer({}, 404);
    });
    expect((await readOrders(call, ['1', '3'])).map(({ externalId }) => externalId)).toEqual(['1', '3']);
    expect(new URL(asked[1]?.url ?? '').searchParams.getAll('orderIds[]')).toEqual(['3']);
    expect(await readOrders(call, ['3'])).toMatchObject([{ externalId: '3' }]);
  });

  it.each([400, 403, 404, 422])('takes a %i of the archive for an order that is not there', async (status) => {
    const { call } = scriptedCall(aShop(), ({ url }) =>
      url.includes('/archive/') ? jsonAnswer({}, status) : jsonAnswer(page([numbered(1)])),
    );
    expect(await readOrders(call, ['1', '3'])).toMatchObject([{ externalId: '1' }]);
  });

  it('does not take a dead token at the archive for an order that is not there', async () => {
    const { call } = scriptedCall(aShop(), ({ url }) => jsonAnswer({}, url.includes('/archive/') ? 401 : 404));
    await expect(readOrders(call, ['3'])).rejects.toMatchObject({ failure: { kind: 'unauthorized' } });
  });

  it('follows hasNext by what came, and stops at an empty page', async () => {
    const { call, asked } = scriptedCall(aShop(), (_request, nth) =>
      jsonAnswer(page(nth === 0 ? [numbered(1)] : [], true)),
    );
    expect(await readOrders(call, ['1', '2'])).toHaveLength(1);
    expect(asked.slice(0, 2).map(({ url }) => new URL(url).searchParams.get('offset'))).toEqual(['0', '1']);
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

  it('gives orders that were asked for, or throws a ChannelError, whatever the answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.boolean(), async (answer, isInPage) => {
        const { call } = scriptedCall(aShop(), () => jsonAnswer(isInPage ? { items: [answer] } : answer));
        const read = await readOrders(call, ['1', '2']).catch((error: unknown) => error);
        if (read instanceof Error) expect(read.name).toBe('ChannelError');
        else expect(read).toEqual([]);
      }),
    );
  });
});
