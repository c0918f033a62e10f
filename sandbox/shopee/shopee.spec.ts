import { Client, type Answer, type ShopeeCaller } from '../testing/client';

const AS: ShopeeCaller = { partner: '2000', key: 'shpk-1', shop: '31', token: 'tok-1' };
const SETUP = {
  channel: 'shopee',
  app: { key: '2000', secret: 'shpk-1' },
  shops: [
    {
      id: '31',
      accessToken: 'tok-1',
      refreshToken: 'ref-1',
      listings: [
        { sku: 'A', quantity: 10, price: '12.50', itemId: 5 },
        { sku: 'B-S', quantity: 20, itemId: 6, modelId: 61 },
        { sku: 'B-L', quantity: 30, itemId: 6, modelId: 62 },
      ],
    },
    { id: '32', accessToken: 'tok-2', listings: [] },
  ],
};

describe('the pretend Shopee', () => {
  let client: Client;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
    await client.steer('POST', '/setup', SETUP);
  });

  const write = (itemId: number, rows: [number, number][]): Promise<Answer> =>
    client.shopee(
      'POST /product/update_stock',
      { item_id: itemId, stock_list: rows.map(([model_id, stock]) => ({ model_id, seller_stock: [{ stock }] })) },
      AS,
    );
  const seen = async (): Promise<unknown> =>
    ((await client.steer('GET', '/shopee/shops/31/listings')).body as { items: { quantity: number }[] }).items.map(
      (one) => one.quantity,
    );
  const order = async (fields: object): Promise<string> =>
    ((await client.steer('POST', '/shopee/shops/31/orders', fields)).body as { orderId: string }).orderId;
  const detail = (sn: string, fields: string): Promise<Answer> =>
    client.shopee('GET /order/get_order_detail', { order_sn_list: sn, response_optional_fields: fields }, AS);

  it.each<[string, Partial<ShopeeCaller>]>([
    ['error_sign', { key: 'shpk-2' }],
    ['error_param', { atS: Math.floor(Date.now() / 1000) - 320 }],
    ['invalid_acceess_token', { token: 'tok-2' }],
    ['shop_no_linked', { shop: '99' }],
    ['invalid_partner_id', { partner: '2001' }],
  ])('answers %s with HTTP 200 to %o', async (error, change) => {
    const answer = await client.shopee('GET /order/get_order_detail', { order_sn_list: 'X' }, { ...AS, ...change });
    expect(answer).toMatchObject({ status: 200, body: { error } });
  });

  it('writes items with and without models, and leaves other models alone', async () => {
    expect((await write(5, [[0, 0]])).body).toMatchObject({ error: '', response: { failure_list: [] } });
    expect((await write(6, [[62, 7]])).body).toMatchObject({
      error: '',
      response: { success_list: [{ model_id: 62, stock: 7 }] },
    });
    expect(await seen()).toEqual([0, 20, 7]);
    const models = await client.shopee('GET /product/get_model_list', { item_id: '6' }, AS);
    expect(models.body.response.model[1].stock_info_v2.seller_stock).toEqual([
      { location_id: '', stock: 7, if_saleable: true },
    ]);
    const items = await client.shopee('GET /product/get_item_base_info', { item_id_list: '5,6' }, AS);
    expect(items.body.response.item_list).toMatchObject([
      { item_id: 5, has_model: false, stock_info_v2: { summary_info: { total_available_stock: 0 } } },
      { item_id: 6, has_model: true },
    ]);
    expect(items.body.response.item_list[1]).not.toHaveProperty('stock_info_v2');
  });

  it('fails an unknown model inside failure_list with an empty error', async () => {
    const answer = await write(6, [
      [61, 1],
      [69, 1],
    ]);
    expect(answer.body).toMatchObject({
      error: '',
      response: { failure_list: [{ model_id: 69, failed_reason: 'model ID not exist in sku' }] },
    });
    expect(await seen()).toEqual([10, 1, 30]);
  });

  it('fails below the promotion reserve with error and lists together', async () => {
    await client.steer('PUT', '/shopee/faults', { lockUnits: 15 });
    const answer = await write(6, [
      [61, 3],
      [62, 16],
    ]);
    expect(answer.body.error).toBe('product.error_busi_update_stock_failed');
    expect(answer.body.response.failure_list[0].failed_reason).toBe(
      'Stock should be larger than 15 (reserve stock number)',
    );
    expect(await seen()).toEqual([10, 20, 16]);
  });

  it('refuses a whole write that names no item, or the item of one with models', async () => {
    expect((await write(9, [[0, 1]])).body).toMatchObject({ error: 'product.error_item_not_found' });
    expect((await write(6, [[0, 1]])).body).toMatchObject({
      error: 'product.error_edit_item_stock_for_item_has_model',
    });
  });

  it('shows of an order only what is asked for', async () => {
    const sn = await order({ lines: [{ sku: 'B-S', units: 3 }], unpaid: true });
    const thin = (await detail(sn, '')).body.response.order_list[0] as Record<string, unknown>;
    expect(thin).toMatchObject({ order_sn: sn, order_status: 'UNPAID' });
    expect(thin).not.toHaveProperty('item_list');
    const full = (await detail(sn, 'item_list,total_amount,fulfillment_flag')).body.response.order_list[0];
    expect(full.item_list[0]).toMatchObject({
      item_id: 6,
      model_id: 61,
      model_sku: 'B-S',
      model_quantity_purchased: 3,
    });
  });

  it('goes through the documented statuses', async () => {
    const sn = await order({ lines: [{ sku: 'A', units: 2 }], unpaid: true });
    const status = async (): Promise<unknown> =>
      (await detail(sn, '')).body.response.order_list[0].order_status as unknown;
    const seenStatuses = [await status()];
    for (const step of ['pay', 'ready', 'ship', 'deliver', 'return']) {
      await client.steer('POST', `/shopee/shops/31/orders/${sn}/${step}`);
      seenStatuses.push(await status());
    }
    expect(seenStatuses).toEqual(['UNPAID', 'READY_TO_SHIP', 'PROCESSED', 'SHIPPED', 'COMPLETED', 'TO_RETURN']);
  });

  it('counts a partial cancellation on the line and keeps what was bought', async () => {
    const sn = await order({ lines: [{ sku: 'A', units: 3 }] });
    await client.steer('POST', `/shopee/shops/31/orders/${sn}/cancel`, { lines: [{ sku: 'A', units: 1 }] });
    const row = (await detail(sn, 'item_list')).body.response.order_list[0];
    expect(row.order_status).toBe('READY_TO_SHIP');
    expect(row.item_list[0]).toMatchObject({ model_quantity_purchased: 3, cancelled_qty: 1, active_qty: 2 });
    expect(await seen()).toEqual([8, 20, 30]);
  });

  it('is in cancel while the buyer’s wish waits for an answer', async () => {
    const sn = await order({ lines: [{ sku: 'A', units: 1 }] });
    await client.steer('POST', `/shopee/shops/31/orders/${sn}/cancel`, { requested: true });
    expect((await detail(sn, '')).body.response.order_list[0].order_status).toBe('IN_CANCEL');
    await client.shopee('POST /order/handle_buyer_cancellation', { order_sn: sn, operation: 'ACCEPT' }, AS);
    expect((await detail(sn, '')).body.response.order_list[0].order_status).toBe('CANCELLED');
    expect(await seen()).toEqual([10, 20, 30]);
  });

  it('lists orders by cursor and refuses a window above 15 days', async () => {
    const made: string[] = [];
    for (let i = 0; i < 3; i += 1) made.push(await order({ lines: [{ sku: 'A', units: 1 }] }));
    const now = Math.floor(Date.now() / 1000);
    const window = {
      time_range_field: 'update_time',
      time_from: String(now - 100),
      time_to: String(now + 100),
      page_size: '2',
    };
    const first = await client.shopee('GET /order/get_order_list', { ...window, cursor: '' }, AS);
    expect(first.body.response.more).toBe(true);
    const second = await client.shopee(
      'GET /order/get_order_list',
      { ...window, cursor: first.body.response.next_cursor as string },
      AS,
    );
    const rows = [...first.body.response.order_list, ...second.body.response.order_list] as { order_sn: string }[];
    expect(rows.map((row) => row.order_sn)).toEqual(made);
    const wide = await client.shopee(
      'GET /order/get_order_list',
      { ...window, time_from: String(now - 16 * 86_400) },
      AS,
    );
    expect(wide.body).toMatchObject({ error: 'order.order_list_invalid_time' });
  });

  it('spends a refresh token once', async () => {
    const as = { partner: AS.partner, key: AS.key };
    const fields = { refresh_token: 'ref-1', partner_id: 2000, shop_id: 31 };
    const first = await client.shopee('POST /auth/access_token/get', fields, as);
    expect(first.body).toMatchObject({
      error: '',
      expire_in: 14400 - (14400 - (first.body.expire_in as number)),
      shop_id: 31,
    });
    expect((await client.shopee('POST /auth/access_token/get', fields, as)).body).toMatchObject({
      error: 'error_auth',
    });
  });
});
