import * as fc from 'fast-check';
import { ChannelError } from '../kit';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import detail from './fixtures/order-detail.json';
import { readOrders } from './orders';

const ONE = '231114SLUICE01';

describe('readOrders', () => {
  it('asks for several numbers at once, with the fields that do not come by themselves', async () => {
    const { call, asked } = scriptedCall(aShop(), () => jsonAnswer(detail));
    const orders = await readOrders(call, [ONE, '231114SLUICE99', ONE]);
    const url = new URL(asked[0]?.url ?? '');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'GET', effect: 'read' });
    expect(url.pathname).toBe('/api/v2/order/get_order_detail');
    expect(url.searchParams.get('order_sn_list')).toBe(`${ONE},231114SLUICE99`);
    expect(url.searchParams.get('response_optional_fields')?.split(',')).toEqual(
      expect.arrayContaining(['item_list', 'package_list', 'total_amount', 'recipient_address', 'fulfillment_flag']),
    );
    expect(orders).toEqual([{ externalId: ONE, payload: detail.response.order_list[0] }]);
  });

  it('knows none where Shopee says that it knows none of them', async () => {
    const { call } = scriptedCall(aShop(), () =>
      jsonAnswer({ error: 'order.error_not_found', message: 'Wrong parameters, detail: order_sn' }),
    );
    expect(await readOrders(call, [ONE])).toEqual([]);
  });

  it('does not ask for what is no order number', async () => {
    const { call, asked } = scriptedCall(aShop(), () => jsonAnswer(detail));
    expect(await readOrders(call, ['a,b', '', 'x'.repeat(65), 'ä'])).toEqual([]);
    expect(asked).toHaveLength(0);
  });

  it('leaves out an order that was not asked for, and one told twice', async () => {
    const [order] = detail.response.order_list;
    const other = { ...order, order_sn: 'OTHER' };
    const { call } = scriptedCall(aShop(), () =>
      jsonAnswer({ ...detail, response: { order_list: [order, other, order] } }),
    );
    expect(await readOrders(call, [ONE])).toHaveLength(1);
  });

  it.each([
    [{ error: 'error_auth', message: 'Invalid access_token.' }, 'unauthorized'],
    [{ error: 'error_rate_limit', message: '' }, 'throttled'],
    [{ error: '', response: {} }, 'malformed'],
    [{ error: '', response: { order_list: [{}] } }, 'malformed'],
    [{ error: '' }, 'malformed'],
  ])('throws for %j', async (body, kind) => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer(body));
    await expect(readOrders(call, [ONE])).rejects.toMatchObject({ failure: { kind } });
  });

  it('answers or throws a ChannelError, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (response, inner) => {
        const lists = { order_list: [{ ...detail.response.order_list[0], item_list: inner }] };
        for (const answer of [
          { error: '', response },
          { error: '', response: lists },
        ]) {
          const { call } = scriptedCall(aShop(), () => jsonAnswer(answer));
          const result = await readOrders(call, [ONE]).catch((error: unknown) => error);
          if (result instanceof Error) expect(result).toBeInstanceOf(ChannelError);
        }
      }),
    );
  });
});
