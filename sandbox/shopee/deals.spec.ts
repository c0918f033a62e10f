import { Client, eventually, type Answer, type ShopeeCaller } from '../testing/client';

const AS: ShopeeCaller = { partner: '2000', key: 'shpk-1', shop: '31', token: 'tok-1' };

describe('discounts and flash sales of the pretend Shopee', () => {
  let client: Client;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
    await client.steer('PUT', '/clock', { factor: 3600 });
    const listings = [
      { sku: 'A', quantity: 10, price: '12.50', itemId: 5 },
      { sku: 'B-S', quantity: 20, price: '10.00', itemId: 6, modelId: 61 },
    ];
    await client.steer('POST', '/setup', {
      channel: 'shopee',
      app: { key: '2000', secret: 'shpk-1' },
      shops: [{ id: '31', accessToken: 'tok-1', listings }],
    });
  });

  const nowS = (): number => Math.floor(Date.now() / 1000);
  const post = (path: string, fields: Record<string, unknown>): Promise<Answer> =>
    client.shopee(`POST ${path}`, fields, AS);
  const listing = async (sku: string): Promise<Record<string, unknown>> =>
    (await client.steer('GET', `/shopee/shops/31/listings?sku=${sku}`)).body.items[0] as Record<string, unknown>;
  const promotionOf = async (item: string): Promise<Record<string, unknown> | undefined> =>
    (await client.shopee('GET /product/get_item_promotion', { item_id_list: item }, AS)).body.response.success_list[0]
      .promotion[0] as Record<string, unknown> | undefined;

  const discount = async (startS: number, endS: number): Promise<Answer> =>
    post('/discount/add_discount', { discount_name: 'May', start_time: startS, end_time: endS });

  it('begin at least an hour ahead and last at most 180 days', async () => {
    await client.steer('PUT', '/clock', { factor: 1 });
    expect((await discount(nowS() + 60, nowS() + 9000)).body.error).toBe('discount.error_start_time');
    expect((await discount(nowS() + 4000, nowS() + 200 * 86_400)).body.error).toBe('discount.error_end_time');
    expect((await discount(nowS() + 4000, nowS() + 9000)).body.error).toBe('');
  });

  it('set units apart before they begin, sell them at their price, and give the rest back at their end', async () => {
    const id = (await discount(nowS() + 3, nowS() + 5)).body.response.discount_id as number;
    const item_list = [
      { item_id: 5, purchase_limit: 0, item_promotion_price: 9.9, item_promotion_stock: 4 },
      {
        item_id: 6,
        purchase_limit: 0,
        model_list: [{ model_id: 61, model_promotion_price: 11, model_promotion_stock: 1 }],
      },
      { item_id: 7, purchase_limit: 0, item_promotion_price: 1, item_promotion_stock: 1 },
    ];
    const added = await post('/discount/add_discount_item', { discount_id: id, item_list });
    expect(added.body.response).toMatchObject({
      count: 1,
      error_list: [
        { item_id: 6, model_id: 61, fail_error: 'discount.error_promotion_price' },
        { item_id: 7, fail_error: 'discount.error_item_not_found' },
      ],
    });
    expect(await promotionOf('5')).toMatchObject({ promotion_staging: 'upcoming', promotion_type: 'discount' });
    expect(await listing('A')).toMatchObject({ quantity: 6, locked: 4, price: '12.50' });
    await eventually(async () => (await listing('A'))['quantity'] === 10, 8000);
    expect(await promotionOf('5')).toMatchObject({ promotion_staging: 'ongoing' });
    const order = await client.steer('POST', '/shopee/shops/31/orders', { lines: [{ sku: 'A', units: 3 }] });
    expect(order.body.lines[0].unitPrice).toBe('9.90');
    expect(await listing('A')).toMatchObject({ quantity: 7, locked: 1, salePrice: '9.90' });
    await eventually(async () => (await listing('A'))['locked'] === 0, 8000);
    const after = await listing('A');
    expect(after).toMatchObject({ quantity: 7 });
    expect(after).not.toHaveProperty('salePrice');
  }, 20_000);

  it('change what is set apart only by deleting and adding again', async () => {
    const id = (await discount(nowS() + 2, nowS() + 600)).body.response.discount_id as number;
    const add = (units: number): Promise<Answer> =>
      post('/discount/add_discount_item', {
        discount_id: id,
        item_list: [{ item_id: 5, item_promotion_price: 9, item_promotion_stock: units }],
      });
    await add(4);
    expect((await add(6)).body.response.error_list).toMatchObject([
      { fail_error: 'discount.error_item_in_other_promotion' },
    ]);
    await post('/discount/delete_discount_item', { discount_id: id, item_id: 5, model_id: 0 });
    expect((await add(6)).body.response.error_list).toEqual([]);
    expect(await listing('A')).toMatchObject({ quantity: 4, locked: 6 });
    await post('/discount/end_discount', { discount_id: id });
    expect(await listing('A')).toMatchObject({ quantity: 10, locked: 0 });
  });

  it('run in slots, take what meets the criteria, and set units apart when enabled', async () => {
    const slots = await client.shopee(
      'GET /shop_flash_sale/get_time_slot_id',
      { start_time: String(nowS()), end_time: String(nowS() + 60) },
      AS,
    );
    const slot = slots.body.response[3].timeslot_id as number;
    const made = await post('/shop_flash_sale/create_shop_flash_sale', { timeslot_id: slot });
    const id = made.body.response.flash_sale_id as number;
    const items = [
      { item_id: 5, purchase_limit: 1, item_input_promo_price: 10, item_stock: 4 },
      { item_id: 6, purchase_limit: 1, models: [{ model_id: 61, input_promo_price: 9.9, stock: 21 }] },
    ];
    const added = await post('/shop_flash_sale/add_shop_flash_sale_items', { flash_sale_id: id, items });
    expect(added.body.response.failed_items).toMatchObject([
      { item_id: 6, model_id: 61, unqualified_conditions: ['stock', 'discount'] },
    ]);
    expect(await listing('A')).toMatchObject({ locked: 0 });
    await post('/shop_flash_sale/update_shop_flash_sale', { flash_sale_id: id, status: 1 });
    expect(await listing('A')).toMatchObject({ quantity: 6, locked: 4 });
    await post('/shop_flash_sale/update_shop_flash_sale', { flash_sale_id: id, status: 2 });
    expect(await listing('A')).toMatchObject({ quantity: 10, locked: 0 });
    const gone = await post('/shop_flash_sale/create_shop_flash_sale', { timeslot_id: 5 });
    expect(gone.body.error).toBe('shop_flash_sale.error_timeslot');
  });
});
