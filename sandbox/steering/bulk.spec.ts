import { Client, type Answer } from '../testing/client';

describe('shops filled in bulk', () => {
  let client: Client;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
    await client.steer('POST', '/setup', {
      channel: 'shopee',
      app: { key: '2000', secret: 'shpk-1' },
      shops: [{ id: '31', accessToken: 'tok-1', listings: [] }],
    });
  });

  const listings = (fields: object): Promise<Answer> => client.steer('POST', '/shopee/shops/31/listings/bulk', fields);
  const orders = (fields: object): Promise<Answer> => client.steer('POST', '/shopee/shops/31/orders/bulk', fields);
  const page = (query: string): Promise<Answer> => client.steer('GET', `/shopee/shops/31/orders?${query}`);

  it('have 50,000 listings within seconds, read to the last page', async () => {
    const startedMs = Date.now();
    const made = await listings({ count: 50_000, prefix: 'K-', packEvery: 10 });
    expect(made).toMatchObject({ status: 201, body: { count: 50_000, packs: 5000, total: 50_000 } });
    expect(Date.now() - startedMs).toBeLessThan(10_000);
    const last = await client.shopee(
      'GET /product/get_item_list',
      { offset: '49900', page_size: '100', item_status: 'NORMAL' },
      { partner: '2000', key: 'shpk-1', shop: '31', token: 'tok-1' },
    );
    expect(last.body.response).toMatchObject({ total_count: 50_000, has_next_page: false });
    expect(last.body.response.item).toHaveLength(100);
    expect((await listings({ count: 50_001 })).status).toBe(422);
  });

  it('name packs after what they hold, and share items among variations', async () => {
    await listings({ count: 6, prefix: 'K-', digits: 2, packEvery: 3, packUnits: 4, perItem: 3 });
    const { items } = (await client.steer('GET', '/shopee/shops/31/listings')).body as { items: { sku: string }[] };
    expect(items.map((one) => one.sku)).toEqual(['K-01', 'K-02', 'K-02-4PACK', 'K-04', 'K-05', 'K-05-4PACK']);
    const list = await client.shopee(
      'GET /product/get_item_list',
      { offset: '0', page_size: '100', item_status: 'NORMAL' },
      { partner: '2000', key: 'shpk-1', shop: '31', token: 'tok-1' },
    );
    expect(list.body.response.total_count).toBe(2);
  });

  it('have past orders over days, told to nobody, that leave today’s numbers alone', async () => {
    await listings({ count: 20, quantity: 7 });
    const made = await orders({ count: 10_000, days: 10, seed: 3, endsAt: '2026-05-11T00:00:00.000Z' });
    expect(made).toMatchObject({ status: 201, body: { count: 10_000, total: 10_000 } });
    expect(Object.keys(made.body.states as object).sort()).toEqual([
      'cancelled',
      'delivered',
      'paid',
      'returned',
      'shipped',
    ]);
    const shown = (await client.steer('GET', '/shopee/shops/31/listings')).body as { items: { quantity: number }[] };
    expect(new Set(shown.items.map((one) => one.quantity))).toEqual(new Set([7]));
    expect((await client.steer('GET', '/pushes?limit=0')).body.total).toBe(0);
    expect((await client.steer('GET', '/report')).body.totals).toEqual({ sold: 0, oversold: 0 });
    expect((await orders({ count: 10_001 })).status).toBe(422);
  });

  it('are read in pages that add up', async () => {
    await listings({ count: 5, price: '4.00' });
    await orders({ count: 2500, days: 2, endsAt: '2026-05-11T00:00:00.000Z' });
    const ids = new Set<string>();
    let next: string | null = '';
    let pages = 0;
    while (next !== null) {
      const answer: Answer = await page(`after=${next}`);
      for (const one of answer.body.items as { orderId: string }[]) ids.add(one.orderId);
      next = answer.body.next as string | null;
      pages += 1;
    }
    expect([ids.size, pages]).toEqual([2500, 3]);
    const first = (await page('limit=1')).body.items[0] as { createdAt: string; totals: Record<string, string> };
    expect(first.createdAt.slice(0, 16)).toBe('2026-05-09T00:00');
    const { items = '', discountSeller = '', discountChannel = '', shipping = '', paid = '' } = first.totals;
    const sum = Number(items) - Number(discountSeller) - Number(discountChannel) + Number(shipping);
    expect(Number(paid)).toBeCloseTo(sum, 10);
    expect((await page('after=nothing')).status).toBe(404);
    expect((await page('limit=1001')).status).toBe(422);
  });

  it('are read whole through the channel’s own list, window by window and page by page', async () => {
    await listings({ count: 5 });
    const endS = Math.floor(Date.now() / 1000);
    // Twice the same: each instant has two orders, which no page's edge may tear apart.
    for (let i = 0; i < 2; i += 1) {
      await orders({ count: 3010, days: 30, endsAt: new Date(endS * 1000).toISOString() });
    }
    const as = { partner: '2000', key: 'shpk-1', shop: '31', token: 'tok-1' };
    const found = new Set<string>();
    for (const from of [endS - 31 * 86_400, endS - 16 * 86_400, endS - 86_400]) {
      const window = { time_range_field: 'create_time', time_from: String(from), time_to: String(from + 15 * 86_400) };
      let cursor: string | undefined = '';
      while (cursor !== undefined) {
        const answer: Answer = await client.shopee(
          'GET /order/get_order_list',
          { ...window, page_size: '99', cursor },
          as,
        );
        const response = answer.body.response as {
          more: boolean;
          next_cursor: string;
          order_list: { order_sn: string }[];
        };
        for (const row of response.order_list) found.add(row.order_sn);
        cursor = response.more ? response.next_cursor : undefined;
      }
    }
    expect(found.size).toBe(6020);
  });

  it('need listings before orders', async () => {
    expect((await orders({ count: 1 })).status).toBe(409);
  });
});
