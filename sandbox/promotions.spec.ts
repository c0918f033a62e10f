import { Client, eventually, openHook, type Answer, type Hook } from './testing/client';

const SHOPEE = { partner: '2000', key: 'shpk-1', shop: '31', token: 'tok-s' };
const LAZADA = { key: '77', secret: 'sec', token: 'tok-l' };

interface Message {
  code: number;
  data: Record<string, unknown>;
}

describe('campaigns that set units apart', () => {
  let client: Client;
  let hook: Hook;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
    hook = await openHook(204);
    const listings = [{ sku: 'A', quantity: 20, price: '10.00', itemId: 5 }];
    await client.steer('POST', '/setup', {
      channel: 'shopee',
      app: { key: '2000', secret: 'shpk-1' },
      hookUrl: hook.url,
      shops: [{ id: '31', accessToken: 'tok-s', listings }],
    });
    await client.steer('POST', '/setup', {
      channel: 'lazada',
      app: { key: '77', secret: 'sec' },
      shops: [{ id: '41', accessToken: 'tok-l', listings: [{ sku: 'A', quantity: 20, price: '10.00' }] }],
    });
  });
  afterEach(() => hook.close());

  const base = (channel: string): string => (channel === 'shopee' ? '/shopee/shops/31' : '/lazada/shops/41');
  const start = async (channel: string, fields: object = {}): Promise<number> => {
    const made = await client.steer('POST', `${base(channel)}/promotions`, { sku: 'A', units: 8, ...fields });
    expect(made.status).toBe(201);
    return made.body.id as number;
  };
  const end = (channel: string, id: number, how = 'end'): Promise<Answer> =>
    client.steer('POST', `${base(channel)}/promotions/${id}/${how}`);
  const listing = async (channel: string): Promise<{ quantity: number; locked: number }> =>
    (await client.steer('GET', `${base(channel)}/listings?sku=A`)).body.items[0] as {
      quantity: number;
      locked: number;
    };
  const buy = async (channel: string, units: number): Promise<string> =>
    (await client.steer('POST', `${base(channel)}/orders`, { lines: [{ sku: 'A', units }] })).body.orderId as string;
  const heard = (code: number): Message['data'][] =>
    hook.heard
      .map((one) => JSON.parse(one.body) as Message)
      .filter((one) => one.code === code)
      .map((one) => one.data);
  const writeLazada = (sellable: number): Promise<Answer> =>
    client.lazada(
      'POST /product/stock/sellable/update',
      {
        payload: JSON.stringify({
          Request: { Product: { Skus: { Sku: [{ SellerSku: 'A', SellableQuantity: sellable }] } } },
        }),
      },
      LAZADA,
    );
  const writeShopee = (stock: number): Promise<Answer> =>
    client.shopee(
      'POST /product/update_stock',
      { item_id: 5, stock_list: [{ model_id: 0, seller_stock: [{ stock }] }] },
      SHOPEE,
    );
  const sellerStock = async (): Promise<number> =>
    (await client.shopee('GET /product/get_item_base_info', { item_id_list: '5' }, SHOPEE)).body.response.item_list[0]
      .stock_info_v2.seller_stock[0].stock as number;

  it('lie inside what Lazada shows, refuse a lower number and a price, and give back at the end with no write', async () => {
    const id = await start('lazada');
    expect(await listing('lazada')).toMatchObject({ quantity: 20, locked: 8 });
    expect((await writeLazada(7)).body).toMatchObject({ code: '501', detail: [{ code: '4170' }] });
    expect((await writeLazada(8)).body).toMatchObject({ code: '0' });
    await buy('lazada', 3);
    expect(await listing('lazada')).toMatchObject({ quantity: 5, locked: 5 });
    expect((await end('lazada', id)).body).toMatchObject({ returned: 5 });
    expect(await listing('lazada')).toMatchObject({ quantity: 5, locked: 0 });
    expect((await writeLazada(1)).body).toMatchObject({ code: '0' });
  });

  it('take Shopee’s ordinary stock down and give the unsold part back, where the reserve lies beside it', async () => {
    await client.steer('PUT', '/readings', { shopeeReserve: 'beside' });
    const id = await start('shopee');
    expect(await sellerStock()).toBe(12);
    await buy('shopee', 3);
    expect(await sellerStock()).toBe(12);
    await end('shopee', id);
    expect(await sellerStock()).toBe(17);
  });

  it('are told on Shopee: 7 and 9 at beginning and end, 8 as orders eat the reserve and give back', async () => {
    const id = await start('shopee');
    const sn = await buy('shopee', 3);
    await client.steer('POST', `${base('shopee')}/orders/${sn}/cancel`, { lines: [{ sku: 'A', units: 1 }] });
    await end('shopee', id);
    await eventually(() => heard(7).length === 2 && heard(8).length === 2 && heard(9).length === 2);
    const named = { item_id: 5, variation_id: 0, promotion_id: id };
    expect(heard(7)).toMatchObject([
      { ...named, action: 'promo_lock_stock', reserved_stock: 8 },
      { ...named, action: 'promo_end' },
    ]);
    expect(heard(8)).toMatchObject([
      { ...named, action: 'place_order', ordersn: sn, changed_values: [{ name: 'reserved_stock', old: 8, new: 5 }] },
      { ...named, action: 'cancel_order', ordersn: sn, changed_values: [{ old: 5, new: 6 }] },
    ]);
    expect(heard(9).map((data) => data['action'])).toEqual(['added_in_promo', 'removed_from_promo']);
  });

  it('are eaten whole and filled again by a cancellation while they run, not after', async () => {
    const id = await start('shopee');
    const whole = await buy('shopee', 8);
    const other = await buy('shopee', 2);
    expect(await listing('shopee')).toMatchObject({ quantity: 10, locked: 0 });
    await client.steer('POST', `${base('shopee')}/orders/${whole}/cancel`);
    expect(await listing('shopee')).toMatchObject({ quantity: 18, locked: 8 });
    await client.steer('POST', `${base('shopee')}/orders/${other}/cancel`);
    expect(await listing('shopee')).toMatchObject({ quantity: 20, locked: 8 });
    const late = await buy('shopee', 1);
    expect((await end('shopee', id, 'cancel')).body).toMatchObject({ returned: 7 });
    await start('shopee');
    await client.steer('POST', `${base('shopee')}/orders/${late}/cancel`);
    expect(await listing('shopee')).toMatchObject({ quantity: 20, locked: 8 });
  });

  it('refuse on Shopee a stock below what is left of the reserve, with error and list together', async () => {
    await start('shopee');
    await buy('shopee', 3);
    const refused = await writeShopee(4);
    expect(refused.body.error).toBe('product.error_busi_update_stock_failed');
    expect(refused.body.response.failure_list[0].failed_reason).toBe(
      'Stock should be larger than 5 (reserve stock number)',
    );
    expect((await writeShopee(5)).body.error).toBe('');
  });

  it('end by themselves at their instant', async () => {
    await start('lazada', { endsAt: new Date(Date.now() + 50).toISOString() });
    await eventually(async () => (await listing('lazada')).locked === 0);
    expect((await client.steer('GET', `${base('lazada')}/promotions`)).body.items).toEqual([]);
  });

  it('are one a listing, for units that it shows, on channels that have them', async () => {
    const more = (channel: string, units: number): Promise<Answer> =>
      client.steer('POST', `${base(channel)}/promotions`, { sku: 'A', units });
    expect((await more('lazada', 21)).status).toBe(409);
    await start('lazada');
    expect((await more('lazada', 1)).status).toBe(409);
    await client.steer('POST', '/setup', {
      channel: 'zalora',
      app: { key: 'c', secret: 's' },
      shops: [{ id: 'Z', listings: [{ sku: 'A', quantity: 9 }] }],
    });
    expect((await client.steer('POST', '/zalora/shops/Z/promotions', { sku: 'A', units: 1 })).status).toBe(409);
    expect((await client.steer('POST', `${base('lazada')}/promotions/99/end`)).status).toBe(404);
  });
});
