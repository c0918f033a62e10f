import { Client, openHook, type Answer, type Hook } from '../testing/client';

interface Truth {
  orderId: string;
  status: string;
  updatedAt: string;
  oddStatus: string | null;
  counts: Record<string, number>;
  totals: Record<string, string>;
}

describe.each(['lazada', 'shopee', 'zalora'])('differences planted on %s', (channel) => {
  let client: Client;
  let hook: Hook;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
    hook = await openHook(channel === 'shopee' ? 204 : 200);
    await client.steer('POST', '/setup', {
      channel,
      app: { key: '1', secret: 'sec' },
      hookUrl: hook.url,
      shops: [{ id: '5', listings: [{ sku: 'A', quantity: 100, price: '10.00' }] }],
    });
  });
  afterEach(() => hook.close());

  const base = `/${channel}/shops/5/orders`;
  const place = async (fields: object = {}): Promise<string> =>
    (await client.steer('POST', base, { lines: [{ sku: 'A', units: 2 }], shipping: '2.50', ...fields })).body
      .orderId as string;
  const plant = (id: string, fields: object): Promise<Answer> => client.steer('POST', `${base}/${id}/plant`, fields);
  const truth = async (id: string): Promise<Truth> =>
    (await client.steer('GET', `${base}?id=${id}`)).body.items[0] as Truth;
  const pushed = async (): Promise<number> => (await client.steer('GET', '/pushes?limit=0')).body.total as number;

  it('are an order that no push ever told, in the past', async () => {
    const id = await place({ silent: true, at: '2026-01-05T03:00:00.000Z' });
    expect(await pushed()).toBe(0);
    const found = await truth(id);
    expect(found).toMatchObject({ status: 'paid', totals: { items: '20.00', shipping: '2.50', paid: '22.50' } });
    expect(found.updatedAt.slice(0, 19)).toBe('2026-01-05T03:00:00');
  });

  it('are a state that moved with no word and no new instant', async () => {
    const id = await place();
    const before = await truth(id);
    const told = await pushed();
    await plant(id, { state: 'cancelled', lines: [{ sku: 'A', units: 1 }] });
    const after = await truth(id);
    expect(after.counts).toEqual({ units: 2, cancelled: 1, shipped: 0, returned: 0 });
    expect([after.updatedAt, await pushed()]).toEqual([before.updatedAt, told]);
  });

  it('are money that changed', async () => {
    const id = await place();
    const before = await truth(id);
    await plant(id, { discountSeller: '1.00', unitPrices: [{ sku: 'A', unitPrice: '9.99' }] });
    const after = await truth(id);
    expect(after.totals).toMatchObject({ items: '19.98', discountSeller: '1.00', paid: '21.48' });
    expect(after.updatedAt).toBe(before.updatedAt);
  });

  it('are a status that nobody knows, told only when asked', async () => {
    const id = await place();
    const told = await pushed();
    await plant(id, { status: 'SOMETHING_NEW' });
    expect([(await truth(id)).oddStatus, await pushed()]).toEqual(['SOMETHING_NEW', told]);
    await plant(id, { touch: true, push: true });
    expect(await pushed()).toBeGreaterThan(told);
    const { items } = (await client.steer('GET', '/pushes')).body as { items: { body: string }[] };
    expect(items[items.length - 1]?.body).toContain('SOMETHING_NEW');
    await plant(id, { status: null });
    expect((await truth(id)).oddStatus).toBeNull();
  });

  it('are refused when they cannot be', async () => {
    const id = await place();
    expect((await plant(id, { state: 'returned' })).status).toBe(409);
    expect((await plant(id, { state: 'gone', unitPrices: [{ sku: 'B', unitPrice: 'x' }] })).body.errors).toHaveLength(
      3,
    );
    expect((await plant('nothing', {})).status).toBe(404);
  });
});
