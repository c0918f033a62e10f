import { Flows, type Bench } from '../support/stack/flows';
import { Look } from '../support/stack/look';
import { registerApp } from '../support/stack/seller';
import { until } from '../support/until';

interface Made {
  readonly app: string;
  /** The hub's id, and the channel's own. */
  readonly id: string;
  readonly channelShopId: string;
}

/** Deliveries that wait for a token are looked at every five minutes by themselves. */
const AT_ONCE_MS = 8000;

describe.each(['lazada', 'shopee'] as const)('a shop at %s', (channel) => {
  let flows: Flows;
  let bench: Bench;
  let look: Look;
  let shop: Made;
  const sku = `A-${channel}`;

  beforeAll(async () => {
    flows = await Flows.join();
    bench = await flows.newSeller();
    look = new Look(bench.hub);
  });
  afterAll(() => flows.leave());

  /** The seller's browser: the page of the channel, which says yes at once, and the page that it leads back to. */
  const consent = async (app: string): Promise<{ status: number; text: string }> => {
    const { authorizeUrl } = await bench.hub.must('POST', `/v1/apps/${app}/authorize`);
    const asked = await fetch(String(authorizeUrl), { redirect: 'manual' });
    const page = await fetch(asked.headers.get('location') ?? 'nowhere:', { redirect: 'manual' });
    return { status: page.status, text: await page.text() };
  };
  const at = () => `/${channel}/shops/${shop.channelShopId}`;
  const order = async (units: number): Promise<string> =>
    String((await flows.sandbox.must('POST', `${at()}/orders`, { lines: [{ sku, units }] })).orderId);
  const shows = async (): Promise<number> =>
    (await flows.sandbox.must('GET', `${at()}/listings?sku=${sku}`)).items[0].quantity;
  const health = async () => (await bench.hub.must('GET', `/v1/shops/${shop.id}`)).health;
  const ofShop = (kind: string) => (problem: { kind: string; shop?: string }) =>
    problem.kind === kind && problem.shop === shop.id;
  const writesAfter = async (id: number): Promise<number[]> => {
    const { items } = await flows.sandbox.must('GET', `/calls?channel=${channel}&after=${id}`);
    return items
      .filter((call: { shop: string | null }) => call.shop === shop.channelShopId)
      .flatMap((call: { writes?: { sku: string; number: number }[] }) => call.writes ?? [])
      .map(({ number }: { number: number }) => number);
  };

  it('is made by the consent of its seller, and its orders come in', async () => {
    const plan = { id: bench.seller.id, listings: { [channel]: [{ sku, quantity: 50 }] } };
    const place = { root: flows.root, sandbox: flows.sandbox };
    const registered = await registerApp(place, plan, { channel, key: bench.seller.key });
    expect(await consent(registered.app)).toEqual({ status: 200, text: expect.stringContaining('is authorised') });
    const { items } = await bench.hub.must('GET', '/v1/shops?limit=200');
    const made = items.find((one: { app: string }) => one.app === registered.app);
    expect(made).toMatchObject({
      ...{
        channel,
        channelShopId: registered.known['id'],
        region: expect.stringMatching(/^sg$/i),
        currency: 'SGD',
        timeZone: 'Asia/Singapore',
      },
      health: { state: 'well', tokens: 'good', authorizeBy: expect.any(String) },
    });
    shop = { app: registered.app, id: made.id, channelShopId: made.channelShopId };
    const price = { amount: '10.00', currency: 'SGD' };
    await bench.hub.must('PUT', `/v1/skus/${sku}`, { name: sku, basePrice: price });
    await bench.hub.must('PUT', `/v1/shops/${shop.id}/listings/${sku}`, {
      ...{ channelIds: registered.listings[0]?.channelIds, sku },
    });
    await bench.hub.must('PUT', `/v1/stock/${sku}`, { onHand: 40, reason: 'count' });
    await until('the shop shows the stock', async () => (await shows()) === 40);
    await look.untilOrder(await order(1));
  });

  it('whose access token ends early is called with the next one, and nobody has to know', async () => {
    await flows.sandbox.must('PUT', `/${channel}/faults`, { expireTokens: true });
    await look.untilOrder(await order(1));
    await flows.sandbox.must('DELETE', `/${channel}/faults`);
    expect((await look.problems()).filter(ofShop('unauthorized'))).toEqual([]);
    expect(await health()).toMatchObject({ state: 'well', tokens: 'good' });
  });

  it('whose right was taken back holds its orders and numbers, and the other shops go on', async () => {
    await flows.sandbox.must('POST', `${at()}/tokens`, { revoke: true });
    const held = await order(1);
    expect(await look.untilProblem(ofShop('unauthorized'))).toMatchObject({ shop: shop.id });
    // One that was renewed seconds ago is held first; only then the channel is asked whether it gives another.
    await until('its token is not used', async () => ['held', 'dead'].includes((await health()).tokens));
    expect(await health()).toMatchObject({ state: 'unauthorized', isAuthorized: false });
    const { items } = await flows.sandbox.must('GET', `/calls?channel=${channel}&limit=1`);
    for (const onHand of [30, 25, 20]) {
      await bench.hub.must('PUT', `/v1/stock/${sku}`, { onHand, reason: 'count' });
    }
    const other = bench.seller.shops[channel].id;
    expect((await bench.hub.must('GET', `/v1/shops/${other}`)).health).toMatchObject({ state: 'well' });
    expect(await look.order(held)).toBeUndefined();
    expect(await writesAfter(items.at(-1).id)).toEqual([]);
  });

  it('catches up at once when it is authorised again, with one present number', async () => {
    const held = (await flows.sandbox.must('GET', `${at()}/orders`)).items.at(-1).orderId;
    const { items } = await flows.sandbox.must('GET', `/calls?channel=${channel}&limit=1`);
    const began = Date.now();
    expect(await consent(shop.app)).toMatchObject({ status: 200 });
    await look.untilOrder(held);
    const { free } = await look.stock(sku);
    await until('the shop shows what is free', async () => (await shows()) === free, AT_ONCE_MS);
    expect(Date.now() - began).toBeLessThan(AT_ONCE_MS);
    const numbers = await writesAfter(items.at(-1).id);
    expect(numbers.length).toBeLessThanOrEqual(2);
    expect(numbers.at(-1)).toBe(free);
    await look.untilNoProblem(ofShop('unauthorized'));
    expect(await health()).toMatchObject({ state: 'well', tokens: 'good' });
  });

  it('whose marketplace says that its authorisation ends is a problem with a day, until it is given anew', async () => {
    if (channel === 'lazada') {
      await flows.sandbox.must('POST', `${at()}/notices`, { kind: 'authorisation-expiring' });
    } else {
      await flows.sandbox.must('PUT', `${at()}/face`, { authorisedDays: 5 });
      await flows.sandbox.must('POST', `${at()}/expiring`);
    }
    expect(await look.untilProblem(ofShop('expiring'))).toMatchObject({
      action: expect.stringMatching(/^Authorise again by 20\d\d-\d\d-\d\d\.$/),
    });
    expect(await health()).toMatchObject({ state: 'well', authorizeBy: expect.any(String) });
    await flows.sandbox.must('PUT', `${at()}/face`, { authorisedDays: 365 }).catch(() => undefined);
    expect(await consent(shop.app)).toMatchObject({ status: 200 });
    await look.untilNoProblem(ofShop('expiring'));
  });

  it('takes the code of a consent once', async () => {
    const { authorizeUrl } = await bench.hub.must('POST', `/v1/apps/${shop.app}/authorize`);
    const asked = await fetch(String(authorizeUrl), { redirect: 'manual' });
    const back = asked.headers.get('location') ?? '';
    expect((await fetch(back)).status).toBe(200);
    expect((await fetch(back)).status).toBe(400);
  });
});

describe('a seller who takes the right back at Shopee', () => {
  it('is believed by the push, once no other token is given for the shop', async () => {
    const flows = await Flows.join();
    try {
      const bench = await flows.newSeller();
      const { id, channelShopId } = bench.seller.shops.shopee;
      await flows.sandbox.must('POST', `/shopee/shops/${channelShopId}/deauthorise`);
      const problem = await new Look(bench.hub).untilProblem(({ kind }) => kind === 'unauthorized');
      expect(problem.shop).toBe(id);
      const { health } = await bench.hub.must('GET', `/v1/shops/${id}`);
      expect(health).toMatchObject({ state: 'unauthorized', tokens: 'dead' });
    } finally {
      await flows.leave();
    }
  });
});

describe('the address of a Zalora app', () => {
  it('that is changed is registered at Zalora, the old one is taken away there, and orders go on coming in', async () => {
    const flows = await Flows.join();
    try {
      const bench = await flows.newSeller();
      const { app, channelShopId } = bench.seller.shops.zalora;
      await bench.shelf.stock([{ sku: 'hook', onHand: 20 }]);
      const { hookUrl } = await bench.hub.must('PATCH', `/v1/apps/${app}`, { rotateHook: true });
      const called = async (method: string): Promise<boolean> => {
        const { items } = await flows.sandbox.must('GET', '/calls?channel=zalora&path=/v2/webhook');
        return items.some(
          (call: { shop: string; method: string; status: number }) =>
            call.shop === channelShopId && call.method === method && call.status < 300,
        );
      };
      await until('the old address is taken away', () => called('DELETE'), 20_000);
      const placed = await bench.market.order('zalora', [{ sku: 'hook', units: 1 }]);
      const [push] = await until('the push is delivered', async () => {
        const pushes = await bench.market.pushes(`channel=zalora&orderId=${placed.orderId}&state=delivered`);
        return pushes.length > 0 && pushes;
      });
      expect(push).toMatchObject({ url: hookUrl });
      await new Look(bench.hub).untilStock('hook', { committed: 1 });
    } finally {
      await flows.leave();
    }
  });
});
