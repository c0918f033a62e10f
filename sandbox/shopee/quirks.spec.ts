import { Client, eventually, openHook, type Answer, type Hook, type ShopeeCaller } from '../testing/client';
import { signPush } from './sign';

const AS: ShopeeCaller = { partner: '2000', key: 'shpk-1', shop: '31', token: 'tok-1' };
const PUBLIC: ShopeeCaller = { partner: '2000', key: 'shpk-1' };

describe('the misbehaviour of the pretend Shopee', () => {
  let client: Client;
  let hook: Hook;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
    await client.steer('PUT', '/clock', { factor: 1 });
    hook = await openHook(204);
    await client.steer('POST', '/setup', {
      channel: 'shopee',
      app: { key: '2000', secret: 'shpk-1' },
      hookUrl: hook.url,
      shops: [
        { id: '31', accessToken: 'tok-1', refreshToken: 'ref-1', listings: [{ sku: 'A', quantity: 500 }] },
        { id: '32', accessToken: 'tok-2', listings: [] },
      ],
    });
  });
  afterEach(() => hook.close());

  const info = (as: ShopeeCaller = AS): Promise<Answer> => client.shopee('GET /shop/get_shop_info', {}, as);
  const quirks = (fields: object): Promise<Answer> => client.steer('PUT', '/shopee/quirks', fields);
  const faults = (fields: object): Promise<Answer> => client.steer('PUT', '/shopee/faults', fields);
  const order = async (): Promise<string> =>
    (await client.steer('POST', '/shopee/shops/31/orders', { lines: [{ sku: 'A', units: 1 }] })).body.orderId as string;
  const heard = (code: number): Record<string, unknown>[] =>
    hook.heard
      .map((one) => JSON.parse(one.body) as Record<string, unknown>)
      .filter((body) => Number(body['code']) === code);

  it.each([
    'error_rate_limit',
    'error_busy',
    'error_system_busy',
    'error_inner',
    'product.exceed_shop_api',
    'order.exceed_partner_api',
  ])('answers %s with HTTP 200 and does nothing', async (errorCode) => {
    await quirks({ errorCodeRate: 1, errorCode });
    expect(await info()).toMatchObject({ status: 200, body: { error: errorCode } });
    await client.steer('DELETE', '/shopee/quirks');
    expect((await info()).body.error).toBe('');
  });

  it('answers a chosen code on chosen paths only', async () => {
    const errorCode = 'product.error_wms_shop_block_upate_stock';
    await quirks({ errorCodeRate: 1, errorCode, errorCodePath: '/product/update_stock' });
    const rows = { item_id: 23_400_000_001, stock_list: [{ model_id: 0, seller_stock: [{ stock: 3 }] }] };
    expect((await client.shopee('POST /product/update_stock', rows, AS)).body.error).toBe(errorCode);
    expect((await info()).body.error).toBe('');
  });

  it('answers error_limit to every call above the day’s quota', async () => {
    await faults({ dailyCalls: 2 });
    const errors = [await info(), await info(), await info()].map((answer) => answer.body.error as string);
    expect(errors).toEqual(['', '', 'error_limit']);
    await faults({});
    expect((await info()).body.error).toBe('');
  });

  it('puts one module before a code', async () => {
    await quirks({ prefixRate: 1 });
    const unknown = await client.shopee('GET /order/get_order_detail', { order_sn_list: 'X' }, AS);
    expect(unknown.body.error).toBe('order.error_not_found');
    expect((await info({ ...AS, key: 'other' })).body.error).toBe('shop.error_sign');
    expect((await info()).body.error).toBe('');
  });

  it.each(['invalid_acceess_token', 'invalid_access_token', 'error_auth'])(
    'spells a bad token %s',
    async (tokenError) => {
      await quirks({ tokenError });
      expect((await info({ ...AS, token: 'tok-2' })).body.error).toBe(tokenError);
    },
  );

  it('sends ids as texts and data as a JSON text', async () => {
    await quirks({ textIds: true });
    const sn = await order();
    await eventually(() => heard(3).length === 1);
    const [push] = heard(3);
    expect(push?.['shop_id']).toBe('31');
    expect(JSON.parse(push?.['data'] as string)).toMatchObject({ ordersn: sn, status: 'READY_TO_SHIP' });
    const asked = { order_sn_list: sn, response_optional_fields: 'item_list' };
    const detail = await client.shopee('GET /order/get_order_detail', asked, AS);
    const [item] = detail.body.response.order_list[0].item_list as { item_id: unknown; model_id: unknown }[];
    expect(item).toMatchObject({ item_id: '23400000001', model_id: '0' });
  });

  it('says money in numbers, never in texts', async () => {
    const sn = await order();
    const answer = await client.shopee('GET /payment/get_escrow_detail', { order_sn: sn }, AS);
    expect(answer.body.response.order_income).toMatchObject({ buyer_total_amount: 10, original_price: 10 });
  });

  it('tells with push 2 that a shop was taken back, and then neither serves it nor tells its news', async () => {
    await client.steer('POST', '/shopee/shops/31/deauthorise');
    await eventually(() => heard(2).length === 1);
    const [push] = heard(2);
    expect(push).toMatchObject({ partner_id: 2000, data: { shop_id: 31, success: 1 } });
    expect(push).not.toHaveProperty('shop_id');
    expect((await info()).body.error).toBe('shop_no_linked');
    const fields = { partner_id: 2000, refresh_token: 'ref-1', shop_id: 31 };
    expect((await client.shopee('POST /auth/access_token/get', fields, PUBLIC)).body.error).toBe('error_auth');
    expect((await info({ ...AS, shop: '32', token: 'tok-2' })).body.error).toBe('');
    await order();
    const { items } = (await client.steer('GET', '/pushes')).body as { items: object[] };
    expect(items).toMatchObject([
      { kind: '2', state: 'delivered' },
      { kind: '3', state: 'unauthorised' },
    ]);
  });

  it('tells with push 12 whose authorisation ends within a week', async () => {
    await client.steer('PUT', '/shopee/shops/32/face', { authorisedDays: 6 });
    expect((await client.steer('POST', '/shopee/shops/31/expiring')).body).toEqual({ shops: [32] });
    await eventually(() => heard(12).length === 1);
    expect(heard(12)[0]).toMatchObject({ data: { shop_expire_soon: [32], page_no: 1, total_page: 1 } });
  });

  it('tells on demand what is no order’s status, each code in its shape', async () => {
    const sn = await order();
    const { kinds } = (await client.steer('GET', '/shopee/shops/31/notices')).body as { kinds: string[] };
    for (const kind of kinds) {
      expect((await client.steer('POST', '/shopee/shops/31/notices', { kind, sku: 'A' })).status).toBe(201);
    }
    await eventually(() => hook.heard.length === kinds.length + 1);
    expect(heard(4)).toMatchObject([{ shop_id: 31, data: { ordersn: sn, tracking_no: 'SG0000001' } }]);
    expect(heard(15)).toMatchObject([{ data: { order_sn: sn, status: 'READY' } }]);
    expect(heard(22)).toMatchObject([
      { data: { item_id: 23_400_000_001, model_id: 0, update_field: 'original_price' } },
    ]);
    expect((await client.steer('POST', '/shopee/shops/31/notices', { kind: 'price-update' })).status).toBe(422);
    expect((await client.steer('POST', '/shopee/shops/32/notices', { kind: 'package-status' })).status).toBe(409);
  });

  it('tests an address with a message of code 0, unsigned or signed', async () => {
    const tested = await client.steer('POST', '/shopee/apps/2000/verify');
    expect(tested.body).toMatchObject({ status: 204, accepted: true });
    expect(heard(0)).toMatchObject([{ data: { verify_info: expect.stringMatching(/^This is a Verification/) } }]);
    expect(hook.heard[0]?.headers.authorization).toBeUndefined();
    await client.steer('POST', '/shopee/apps/2000/verify', { signed: true });
    const second = hook.heard[1];
    expect(second?.headers.authorization).toBe(signPush('shpk-1', hook.url, second?.body ?? ''));
  });

  it('tries a new address before it takes it, and stops codes and shops that are switched off', async () => {
    const set = (fields: Record<string, unknown>): Promise<Answer> =>
      client.shopee('POST /push/set_app_push_config', fields, PUBLIC);
    hook.answer = { status: 500 };
    expect((await set({ callback_url: hook.url })).body.error).toBe('error_param');
    hook.answer = { status: 204 };
    expect((await set({ callback_url: hook.url, set_push_config_off: [3] })).body.error).toBe('');
    const before = hook.heard.length;
    await order();
    const read = await client.shopee('GET /push/get_app_push_config', {}, PUBLIC);
    expect(read.body.response).toMatchObject({
      callback_url: hook.url,
      live_push_status: 'Normal',
      push_config_off_list: [3],
    });
    expect((await client.steer('GET', '/pushes?limit=0')).body.total).toBe(0);
    await set({ set_push_config_on: [3], blocked_shop_id_list: [31] });
    await order();
    expect((await client.steer('GET', '/pushes?limit=0')).body.total).toBe(0);
    await set({ blocked_shop_id_list: [] });
    await order();
    await eventually(() => hook.heard.length === before + 1);
  });

  it('suspends an address that hears too little, and loses what comes meanwhile for good', async () => {
    await client.steer('PUT', '/readings', { autoDisable: true });
    hook.answer = { status: 500 };
    await client.steer('PUT', '/clock', { factor: 1000 });
    await client.steer('POST', '/race', { sku: 'A', buyers: 480, channels: ['shopee'] });
    const status = async (): Promise<unknown> =>
      (await client.shopee('GET /push/get_app_push_config', {}, PUBLIC)).body.response.live_push_status as unknown;
    await eventually(async () => (await status()) === 'Suspended', 10_000);
    hook.answer = { status: 204 };
    await order();
    const { counts } = (await client.steer('GET', '/pushes?limit=0&state=unsubscribed')).body as {
      counts: Record<string, number>;
    };
    expect(counts['unsubscribed']).toBeGreaterThan(0);
    await client.steer('PUT', '/shopee/apps/2000', { pushing: true });
    expect(await status()).toBe('Normal');
  }, 30_000);

  it('keeps given-up pushes for three days, gives the oldest hundred, and goes on only when they are confirmed', async () => {
    await client.steer('PUT', '/clock', { factor: 1_000_000 });
    hook.answer = { status: 500 };
    await client.steer('POST', '/race', { sku: 'A', buyers: 101, channels: ['shopee'] });
    await eventually(async () => {
      const { counts } = (await client.steer('GET', '/pushes?limit=0')).body as { counts: Record<string, number> };
      return counts['given-up'] === 101;
    });
    await client.steer('PUT', '/clock', { factor: 1 });
    const lost = (): Promise<Answer> => client.shopee('GET /push/get_lost_push_message', {}, PUBLIC);
    const first = await lost();
    expect(first.body).toMatchObject({ error: '-', response: { has_next_page: true } });
    expect(first.body.response.push_message_list).toHaveLength(100);
    expect((await lost()).body.response).toEqual(first.body.response);
    const last = first.body.response.last_message_id as number;
    await client.shopee('POST /push/confirm_consumed_lost_push_message', { last_message_id: last }, PUBLIC);
    const second = await lost();
    expect(second.body.response.push_message_list).toHaveLength(1);
    await client.steer('PUT', '/clock', { factor: 1_000_000 });
    await eventually(async () => (await lost()).body.response.push_message_list.length === 0);
  });
});
