import { Client, type Answer, type ShopeeCaller } from '../testing/client';

const AS: ShopeeCaller = { partner: '2000', key: 'shpk-1', shop: '31', token: 'tok-1' };

describe('items, stock and prices of the pretend Shopee', () => {
  let client: Client;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());

  async function open(region = 'SG'): Promise<void> {
    await client.steer('DELETE', '/state');
    const listings = [
      { sku: 'A', quantity: 10, price: '12.50', itemId: 5 },
      { sku: 'B-S', quantity: 20, price: '10.00', itemId: 6, modelId: 61 },
      { sku: 'B-L', quantity: 30, price: '10.00', itemId: 6, modelId: 62 },
      { sku: 'OFF', quantity: 1, itemId: 7, active: false },
    ];
    await client.steer('POST', '/setup', {
      channel: 'shopee',
      app: { key: '2000', secret: 'shpk-1' },
      shops: [{ id: '31', region, accessToken: 'tok-1', listings }],
    });
  }
  beforeEach(() => open());

  const stock = (itemId: number, stockList: unknown[]): Promise<Answer> =>
    client.shopee('POST /product/update_stock', { item_id: itemId, stock_list: stockList }, AS);
  const price = (itemId: number, rows: [number, number][]): Promise<Answer> =>
    client.shopee(
      'POST /product/update_price',
      { item_id: itemId, price_list: rows.map(([model_id, original_price]) => ({ model_id, original_price })) },
      AS,
    );
  const promote = (sku: string, fields: object): Promise<Answer> =>
    client.steer('POST', '/shopee/shops/31/promotions', { sku, ...fields });
  const sellerStock = async (itemId: string): Promise<unknown> =>
    (await client.shopee('GET /product/get_item_base_info', { item_id_list: itemId }, AS)).body.response.item_list[0]
      .stock_info_v2.seller_stock as unknown;

  it('are listed by status, a page at a time', async () => {
    const live = { offset: '0', page_size: '1', item_status: 'NORMAL' };
    const first = await client.shopee('GET /product/get_item_list', live, AS);
    expect(first.body.response).toMatchObject({ item: [{ item_id: 5 }], total_count: 2, has_next_page: true });
    const second = await client.shopee('GET /product/get_item_list', { ...live, offset: '1' }, AS);
    expect(second.body.response).toMatchObject({ item: [{ item_id: 6 }], has_next_page: false });
    const off = await client.shopee('GET /product/get_item_list', { ...live, item_status: 'UNLIST' }, AS);
    expect(off.body.response.item).toMatchObject([{ item_id: 7, item_status: 'UNLIST' }]);
    const over = await client.shopee('GET /product/get_item_list', { ...live, page_size: '101' }, AS);
    expect(over.body.error).toBe('error_param');
  });

  it('keep stock by warehouse where a shop has some, and refuse a warehouse where it has none', async () => {
    const east = [{ model_id: 0, seller_stock: [{ location_id: 'EAST', stock: 4 }] }];
    expect((await stock(5, east)).body.error).toBe('warehouse.error_not_in_whitelist');
    await client.steer('PUT', '/shopee/shops/31/face', { locations: ['WEST', 'EAST'] });
    const answer = await stock(5, east);
    expect(answer.body.response.success_list).toEqual([{ model_id: 0, location_id: 'EAST', stock: 4 }]);
    await client.steer('POST', '/shopee/shops/31/orders', { lines: [{ sku: 'A', units: 11 }] });
    expect(await sellerStock('5')).toMatchObject([
      { location_id: 'WEST', stock: 0 },
      { location_id: 'EAST', stock: 3 },
    ]);
  });

  it('take no stock in full holiday mode, and do in partial', async () => {
    const rows = [{ model_id: 0, seller_stock: [{ stock: 4 }] }];
    await client.steer('PUT', '/shopee/shops/31/face', { holiday: 'partial' });
    expect((await stock(5, rows)).body.error).toBe('');
    await client.steer('PUT', '/shopee/shops/31/face', { holiday: 'full' });
    expect((await stock(5, rows)).body.error).toBe('product.error_holiday_mode_change_stock');
  });

  it.each([
    ['floor-auth', 'error_auth', 'Total stock must be more than reserved stock.'],
    ['floor-param', 'error_param', 'Can not update item with stock less than reserved stock'],
    ['block', 'product.error_cannt_edit_stock_in_promotion', 'The stock cannot be edited in a promotion.'],
  ])('refuse a stock below the reserve in the spelling %s', async (refusal, error, message) => {
    await promote('A', { units: 6, refusal });
    const below = await stock(5, [{ model_id: 0, seller_stock: [{ stock: 5 }] }]);
    expect(below.body).toMatchObject({ error, message });
    const above = await stock(5, [{ model_id: 0, seller_stock: [{ stock: 8 }] }]);
    expect(above.body.error).toBe(refusal === 'block' ? error : '');
  });

  it('round a third decimal half-up, leave other models alone, and name no model of an item without', async () => {
    const plain = await price(5, [[0, 1.005]]);
    expect(plain.body.response.success_list).toEqual([{ original_price: 1.01 }]);
    expect((await price(6, [[62, 20]])).body.response.success_list).toEqual([{ model_id: 62, original_price: 20 }]);
    const models = await client.shopee('GET /product/get_model_list', { item_id: '6' }, AS);
    expect(models.body.response.model.map((one: { price_info: object[] }) => one.price_info[0])).toMatchObject([
      { original_price: 10 },
      { original_price: 20 },
    ]);
  });

  it('answer "try later" for good to a broken ratio, a lost item and the wrong shape', async () => {
    for (const answer of [await price(6, [[62, 50.01]]), await price(99, [[0, 1]]), await price(6, [[0, 12]])]) {
      expect(answer.body.error).toBe('product.error_update_price_fail');
      expect(answer.body.message).toMatch(/try later/);
    }
    expect((await price(6, [[62, 50]])).body.error).toBe('');
  });

  it('take whole prices only where there are no cents', async () => {
    await open('ID');
    expect((await price(5, [[0, 12.5]])).body).toMatchObject({ error: '', response: { success_list: [] } });
    expect((await price(5, [[0, 12]])).body.response.success_list).toEqual([{ original_price: 12 }]);
  });

  it('lock the price of what is in a promotion, and show the promotion', async () => {
    await promote('B-S', { units: 5 });
    expect((await price(6, [[61, 9]])).body.error).toMatch(/^product\.error_.*price.*(promotion|lock)$/);
    expect((await price(6, [[62, 9]])).body.error).toBe('');
    const shown = await client.shopee('GET /product/get_item_promotion', { item_id_list: '5,6' }, AS);
    expect(shown.body.response.success_list).toMatchObject([
      { item_id: 5, promotion: [] },
      {
        item_id: 6,
        promotion: [
          {
            model_id: 61,
            promotion_staging: 'ongoing',
            promotion_stock_info_v2: { summary_info: { total_reserved_stock: 5 } },
          },
        ],
      },
    ]);
  });
});
