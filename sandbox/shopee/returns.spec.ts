import { Client, type Answer, type ShopeeCaller } from '../testing/client';

const AS: ShopeeCaller = { partner: '2000', key: 'shpk-1', shop: '31', token: 'tok-1' };

describe('returns and rare statuses of the pretend Shopee', () => {
  let client: Client;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
    await client.steer('POST', '/setup', {
      channel: 'shopee',
      app: { key: '2000', secret: 'shpk-1' },
      shops: [{ id: '31', accessToken: 'tok-1', listings: [{ sku: 'A', quantity: 50, price: '12.50' }] }],
    });
  });

  const order = async (units: number): Promise<string> => {
    const made = await client.steer('POST', '/shopee/shops/31/orders', { lines: [{ sku: 'A', units }] });
    return (made.body as { orderId: string }).orderId;
  };
  const step = (sn: string, name: string, body?: object): Promise<Answer> =>
    client.steer('POST', `/shopee/shops/31/orders/${sn}/${name}`, body);
  const list = (query: Record<string, string>): Promise<Answer> =>
    client.shopee('GET /returns/get_return_list', query, AS);
  const window = (): Record<string, string> => {
    const now = Math.floor(Date.now() / 1000);
    return { time_range_field: 'create_time', time_from: String(now - 60), time_to: String(now + 60), page_size: '10' };
  };

  it('list what came back from a first ENTRY on, with "-" for success', async () => {
    const made: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      const sn = await order(2);
      await step(sn, 'ship');
      await step(sn, 'return', { lines: [{ sku: 'A', units: 1 }] });
      made.push(`${sn}R`);
    }
    const first = await list({ page_no: '0', page_size: '2' });
    expect(first.body).toMatchObject({ error: '-', response: { more: true } });
    const second = await list({ page_no: '2', page_size: '2' });
    expect(second.body.response.more).toBe(false);
    const rows = [...first.body.response.return, ...second.body.response.return] as { return_sn: string }[];
    expect(rows.map((row) => row.return_sn)).toEqual(made);
    expect(rows[0]).toMatchObject({ status: 'ACCEPTED', refund_amount: 12.5, item: [{ amount: 1, item_price: 12.5 }] });
    const one = await client.shopee('GET /returns/get_return_detail', { return_sn: made[1] }, AS);
    expect(one.body).toMatchObject({ error: ' ', response: { return_sn: made[1] } });
  });

  it('are refused over more than 15 days', async () => {
    const now = Math.floor(Date.now() / 1000);
    const wide = { update_time_from: String(now - 16 * 86_400), update_time_to: String(now) };
    expect((await list(wide)).body.error).toBe('error_param');
  });

  it('show PENDING orders to those alone who ask for them', async () => {
    const sn = await order(1);
    await step(sn, 'plant', { status: 'PENDING' });
    const without = await client.shopee('GET /order/get_order_list', window(), AS);
    expect(without.body.response.order_list).toEqual([]);
    const asked = { ...window(), request_order_status_pending: 'true', response_optional_fields: 'order_status' };
    const found = await client.shopee('GET /order/get_order_list', asked, AS);
    expect(found.body.response.order_list).toMatchObject([{ order_sn: sn, order_status: 'PENDING' }]);
  });

  it.each(['PENDING', 'RETRY_SHIP', 'TO_CONFIRM_RECEIVE', 'TO_RETURN'])('cannot be filtered by %s', async (status) => {
    const answer = await client.shopee('GET /order/get_order_list', { ...window(), order_status: status }, AS);
    expect(answer.body.error).toBe('error_param');
  });

  it('know an order as long as one of the asked numbers is known', async () => {
    const sn = await order(1);
    const mixed = await client.shopee('GET /order/get_order_detail', { order_sn_list: `${sn},NONE` }, AS);
    expect(mixed.body).toMatchObject({ error: '', response: { order_list: [{ order_sn: sn }] } });
    const none = await client.shopee('GET /order/get_order_detail', { order_sn_list: 'NONE,NADA' }, AS);
    expect(none.body.error).toBe('error_not_found');
  });
});
