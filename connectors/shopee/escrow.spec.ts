import { ChannelError } from '../kit';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import escrowAnswer from './fixtures/escrow-detail.json';
import detail from './fixtures/order-detail.json';
import { readOrders } from './orders';

const [FIXTURE] = detail.response.order_list;
const ONE = FIXTURE?.order_sn ?? '';

function scene(changes: object, settings: Readonly<Record<string, string>> = {}, escrow: unknown = escrowAnswer) {
  return scriptedCall(aShop({ settings }), ({ url }) =>
    jsonAnswer(
      url.includes('get_escrow_detail')
        ? escrow
        : { ...detail, response: { order_list: [{ ...FIXTURE, ...changes }] } },
    ),
  );
}
const askedFor = (asked: readonly { readonly url: string }[]) =>
  asked.map(({ url }) => new URL(url)).filter(({ pathname }) => pathname.endsWith('get_escrow_detail'));

const WITH_GAP = { total_amount: 30.38 };

describe('readOrders, escrow detail', () => {
  it('is asked for where an order that is paid does not add up by itself, and stands beside the order', async () => {
    const { call, asked } = scene(WITH_GAP);
    const [order] = await readOrders(call, [ONE]);
    expect(askedFor(asked).map(({ searchParams }) => searchParams.get('order_sn'))).toEqual([ONE]);
    expect(order).toEqual({
      externalId: ONE,
      payload: { ...FIXTURE, ...WITH_GAP, escrow_detail: escrowAnswer.response },
    });
  });

  it.each([
    ['gap', {}, 0],
    ['gap', WITH_GAP, 1],
    ['gap', { ...WITH_GAP, order_status: 'UNPAID' }, 0],
    ['gap', { total_amount: undefined }, 0],
    ['gap', { item_list: undefined }, 0],
    ['always', {}, 1],
    ['always', { ...WITH_GAP, order_status: 'UNPAID' }, 0],
    ['always', { total_amount: null }, 0],
    ['never', WITH_GAP, 0],
  ])('under the setting %s for %j is asked %i times', async (...[escrow, changes, times]) => {
    const { call, asked } = scene(changes, { escrow });
    expect(await readOrders(call, [ONE])).toHaveLength(1);
    expect(askedFor(asked)).toHaveLength(times);
  });

  it.each(['order_not_found', 'payment.error_not_found', 'error_param', 'error_api_permission', 'error_auth'])(
    'leaves the order as it is where there is none, or no permission to read it: %s',
    async (error) => {
      const { call } = scene(WITH_GAP, {}, { error, message: 'The information you queried is not found.' });
      expect(await readOrders(call, [ONE])).toEqual([{ externalId: ONE, payload: { ...FIXTURE, ...WITH_GAP } }]);
    },
  );

  it.each([
    ['error_limit', 'throttled'],
    ['error_rate_limit', 'throttled'],
    ['error_system_busy', 'unavailable'],
  ])('makes the whole read fail by %s, so that it is repeated', async (error, kind) => {
    const { call } = scene(WITH_GAP, {}, { error, message: '' });
    const work = readOrders(call, [ONE]);
    await expect(work).rejects.toBeInstanceOf(ChannelError);
    await expect(work).rejects.toMatchObject({ failure: { kind } });
  });
});
