import { signPush as signLazada } from './lazada/sign';
import { signPush as signShopee } from './shopee/sign';
import { Client, eventually, openHook, type Hook } from './testing/client';

interface Listed {
  state: string;
  attempts: { status: number | null }[];
  id: number;
  body: string;
}

describe('pushes', () => {
  let client: Client;
  let hook: Hook;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
    await client.steer('PUT', '/clock', { factor: 1 });
    hook = await openHook();
  });
  afterEach(() => hook.close());

  const open = (channel: string): Promise<unknown> =>
    client.steer('POST', '/setup', {
      channel,
      app: { key: '1', secret: 'sec' },
      hookUrl: hook.url,
      shops: [{ id: '5', listings: [{ sku: 'A', quantity: 100 }] }],
    });
  const order = async (channel: string, units = 1): Promise<string> => {
    const made = await client.steer('POST', `/${channel}/shops/5/orders`, { lines: [{ sku: 'A', units }] });
    return (made.body as { orderId: string }).orderId;
  };
  const move = (channel: string, id: string, step: string): Promise<unknown> =>
    client.steer('POST', `/${channel}/shops/5/orders/${id}/${step}`);
  const pushes = async (): Promise<Listed[]> => (await client.steer('GET', '/pushes')).body.items as Listed[];
  const statuses = (): unknown[] =>
    hook.heard.map((one) => {
      const body = JSON.parse(one.body) as { data: { status?: string; order_status?: string } };
      return body.data.status ?? body.data.order_status;
    });

  it('go out on Lazada one per unit, signed over app key and body', async () => {
    await open('lazada');
    const id = await order('lazada', 3);
    await eventually(() => hook.heard.length === 3);
    for (const { body, headers } of hook.heard) {
      expect(headers.authorization).toBe(signLazada('1', 'sec', body));
      const parsed = JSON.parse(body) as { data: { trade_order_id: string; order_status: string } };
      expect(parsed.data).toMatchObject({ trade_order_id: id, order_status: 'pending' });
    }
  });

  it('go out on Shopee signed over address and body, and want an empty answer', async () => {
    await open('shopee');
    hook.answer = { status: 200, body: 'ok' };
    await order('shopee');
    await eventually(async () => (await pushes())[0]?.state === 'retrying');
    const [first] = hook.heard;
    expect(first?.headers.authorization).toBe(signShopee('sec', hook.url, first?.body ?? ''));
    expect(JSON.parse(first?.body ?? '{}')).toMatchObject({ code: 3, shop_id: 5, data: { status: 'READY_TO_SHIP' } });
  });

  it('go out on Zalora unsigned, to registered webhooks of that event only', async () => {
    await open('zalora');
    const [shop] = (await client.steer('GET', '/zalora/shops')).body.items as { accessToken: string }[];
    const wanted = { callbackUrl: hook.url, events: ['onOrderItemsStatusChanged'] };
    await client.zalora('POST /v2/webhook', shop?.accessToken ?? '', wanted);
    const id = await order('zalora', 2);
    await move('zalora', id, 'ship');
    await eventually(() => hook.heard.length === 1);
    const [only] = hook.heard;
    expect(only?.headers.authorization).toBeUndefined();
    expect(JSON.parse(only?.body ?? '{}')).toMatchObject({
      event: 'onOrderItemsStatusChanged',
      payload: { OrderId: Number(id), NewStatus: 'shipped' },
    });
  });

  it('are repeated by the ladder, on Lazada with the latest status', async () => {
    await open('lazada');
    hook.answer = { status: 503 };
    const id = await order('lazada');
    await eventually(async () => (await pushes())[0]?.state === 'retrying');
    await move('lazada', id, 'ship');
    await eventually(() => hook.heard.length === 2);
    hook.answer = { status: 200 };
    await client.steer('PUT', '/clock', { factor: 100_000 });
    await eventually(async () => (await pushes()).every((push) => push.state === 'delivered'));
    expect(statuses()).toEqual(['pending', 'shipped', 'shipped', 'shipped']);
  });

  it('that wait on the ladder go at once when told to', async () => {
    await open('zalora');
    hook.answer = { status: 204 };
    await order('zalora');
    await eventually(async () => (await pushes())[0]?.state === 'retrying');
    hook.answer = { status: 200 };
    expect((await client.steer('POST', '/zalora/pushes/retry')).body).toEqual({ sent: 1 });
    await eventually(async () => (await pushes())[0]?.state === 'delivered');
  });

  it('that Shopee gives up are in the lost queue until confirmed', async () => {
    await open('shopee');
    await client.steer('PUT', '/clock', { factor: 1_000_000 });
    hook.answer = { status: 500 };
    await order('shopee');
    await eventually(async () => (await pushes())[0]?.state === 'given-up');
    expect((await pushes())[0]?.attempts).toHaveLength(4);
    const as = { partner: '1', key: 'sec' };
    const lost = await client.shopee('GET /push/get_lost_push_message', {}, as);
    expect(lost.body.response.push_message_list).toMatchObject([{ shop_id: 5, code: 3 }]);
    expect(typeof lost.body.response.push_message_list[0].data).toBe('string');
    const last = lost.body.response.last_message_id as number;
    await client.shopee('POST /push/confirm_consumed_lost_push_message', { last_message_id: last }, as);
    const rest = await client.shopee('GET /push/get_lost_push_message', {}, as);
    expect(rest.body.response.push_message_list).toEqual([]);
  });

  it('are lost, doubled and late as the faults say', async () => {
    await open('shopee');
    await client.steer('PUT', '/shopee/faults', { loseRate: 1 });
    await order('shopee');
    expect((await pushes()).map((push) => push.state)).toEqual(['lost']);
    await client.steer('PUT', '/shopee/faults', { duplicateRate: 1, newsDelayMs: 150 });
    const startedMs = Date.now();
    await order('shopee');
    await eventually(() => hook.heard.length === 2);
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(150);
    expect(hook.heard[0]?.body).toBe(hook.heard[1]?.body);
  });

  it('overtake each other when reordered', async () => {
    await open('shopee');
    await client.steer('PUT', '/shopee/faults', { reorder: true });
    const id = await order('shopee');
    await move('shopee', id, 'ship');
    await eventually(() => hook.heard.length === 2);
    expect(statuses()).toEqual(['SHIPPED', 'READY_TO_SHIP']);
  });

  it('are sent again by hand: the present state, the same bytes, one byte changed', async () => {
    await open('lazada');
    const id = await order('lazada');
    await eventually(() => hook.heard.length === 1);
    const again = await client.steer('POST', `/lazada/shops/5/orders/${id}/push`, { times: 2 });
    expect(again.body.items[0].attempts.map((attempt: { status: number }) => attempt.status)).toEqual([200, 200]);
    expect(hook.heard).toHaveLength(3);
    const push = (await pushes())[0];
    await client.steer('POST', `/lazada/pushes/${push?.id ?? 0}/resend`, { alter: 'byte' });
    const forged = hook.heard[3];
    expect(forged?.body).not.toBe(push?.body);
    expect(forged?.body.length).toBe(push?.body.length);
    expect(forged?.headers.authorization).toBe(signLazada('1', 'sec', push?.body ?? ''));
  });

  it('stop on Lazada when above half of them fail and the rule is on, until switched on again', async () => {
    await open('lazada');
    await client.steer('PUT', '/readings', { autoDisable: true });
    hook.answer = { status: 500 };
    await order('lazada', 20);
    await eventually(async () => (await pushes()).every((push) => push.state === 'retrying'));
    const id = await order('lazada');
    await eventually(async () => (await pushes()).at(-1)?.state === 'unsubscribed');
    expect((await client.steer('PUT', '/lazada/apps/1', { pushing: true })).body).toMatchObject({ pushing: true });
    hook.answer = { status: 200 };
    await move('lazada', id, 'ship');
    await eventually(async () => (await pushes()).at(-1)?.state === 'delivered');
  });

  it('of any kind are sent as given', async () => {
    await open('shopee');
    const sent = await client.steer('POST', '/shopee/shops/5/push', { body: { code: 0, data: {} }, signed: false });
    expect(sent.body).toMatchObject({ status: 200 });
    expect(hook.heard[0]).toMatchObject({ body: '{"code":0,"data":{}}' });
    expect(hook.heard[0]?.headers.authorization).toBeUndefined();
  });

  it('that come too late count as failed on Lazada', async () => {
    await open('lazada');
    hook.answer = { status: 200, delayMs: 700 };
    await order('lazada');
    await eventually(async () => (await pushes())[0]?.state === 'retrying');
    expect((await pushes())[0]?.attempts[0]?.status).toBeNull();
  });
});
