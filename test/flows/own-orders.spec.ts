import { Flows, type Bench } from '../support/stack/flows';
import { Look } from '../support/stack/look';

const all = (units: number) => ({ lazada: units, shopee: units, zalora: units });
const BEGAN = Date.now() + 60_000;
const at = (second: number) => new Date(BEGAN + second * 1000).toISOString();
const unitPrice = { amount: '10.00', currency: 'SGD' };

describe("the seller's own orders and holds", () => {
  let flows: Flows;
  let large: Bench;
  let look: Look;
  let skus: readonly [string, string];
  let id: string;

  beforeAll(async () => {
    flows = await Flows.join();
    large = flows.large;
    look = new Look(large.hub);
  });
  afterAll(() => flows.leave());
  beforeEach(async () => {
    skus = (await flows.takeSkus(2)) as [string, string];
    id = await flows.newName('WEB');
  });

  const tell = (second: number, status: string, more: object = {}) =>
    large.hub.send('POST', '/v1/orders', {
      ...{ id, updatedAt: at(second), status, currency: 'SGD' },
      lines: [{ sku: skus[0], units: 3, unitPrice, ...more }],
    });

  it('an order of the own site lowers all three marketplaces, moves on, and gives back what is cancelled', async () => {
    const [sku] = skus;
    expect((await tell(1, 'paid')).status).toBe(201);
    await large.market.untilShown(sku, all(97));
    expect((await tell(1, 'paid')).status).toBe(200);
    expect((await tell(1, 'paid', { units: 4 })).status).toBe(409);
    expect((await tell(0, 'unpaid', { units: 5 })).status).toBe(200);
    await look.untilStock(sku, { onHand: 100, committed: 3 });
    expect((await tell(2, 'mixed', { cancelled: 1 })).status).toBe(200);
    await large.market.untilShown(sku, all(98));
    expect((await tell(3, 'mixed', { cancelled: 1, shipped: 2 })).status).toBe(200);
    await look.untilStock(sku, { onHand: 98, committed: 0 });
    expect(await look.untilOrder(id)).toMatchObject({ lines: [{ units: 3, cancelled: 1, shipped: 2 }] });
  });

  it('a hold lowers all three, and what it lets go of comes back', async () => {
    const [first, second] = skus;
    const lines = [
      { sku: first, units: 5 },
      { sku: second, units: 2 },
    ];
    expect((await large.hub.send('POST', '/v1/holds', { id, lines, expiresInS: 600 })).status).toBe(201);
    expect((await large.hub.send('POST', '/v1/holds', { id, lines, expiresInS: 600 })).status).toBe(200);
    await large.market.untilShown(first, all(95));
    await large.market.untilShown(second, all(98));
    await large.hub.must('DELETE', `/v1/holds/${id}`);
    await large.market.untilShown(first, all(100));
    await large.market.untilShown(second, all(100));
    await look.untilStock(first, { onHand: 100, committed: 0 });
  });

  it('a hold that is confirmed is an order, which then moves on', async () => {
    const [sku] = skus;
    const lines = [{ sku, units: 3 }];
    await large.hub.must('POST', '/v1/holds', { id, lines, expiresInS: 600 });
    const { order } = await large.hub.must('POST', `/v1/holds/${id}/confirm`);
    expect(order).toContain(id);
    await large.market.untilShown(sku, all(97));
    expect((await tell(5, 'shipped')).status).toBe(200);
    await look.untilStock(sku, { onHand: 97, committed: 0 });
    expect((await large.hub.send('DELETE', `/v1/holds/${id}`)).status).toBe(409);
  });

  it('a hold that is over gives back by itself and cannot be confirmed', async () => {
    const [sku] = skus;
    await large.hub.must('POST', '/v1/holds', { id, lines: [{ sku, units: 7 }], expiresInS: 2 });
    await large.market.untilShown(sku, all(93));
    await large.market.untilShown(sku, all(100));
    await look.untilStock(sku, { onHand: 100, committed: 0 });
    expect((await large.hub.send('POST', `/v1/holds/${id}/confirm`)).status).toBe(409);
  });

  it('pain-01 a hold that one line is too short for takes nothing and names the line', async () => {
    const [first, second] = skus;
    const lines = [
      { sku: first, units: 5 },
      { sku: second, units: 101 },
    ];
    const refused = await large.hub.send('POST', '/v1/holds', { id, lines, expiresInS: 600 });
    expect(refused).toMatchObject({ status: 409, body: { code: 'short' } });
    expect(JSON.stringify(refused.body)).toContain(second);
    expect(JSON.stringify(refused.body)).not.toContain(first);
    await look.untilStock(first, { committed: 0 });
    await look.untilStock(second, { committed: 0 });
  });
});
