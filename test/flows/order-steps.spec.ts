import { CHANNELS, type Channel } from '../support/stack/channels';
import { Flows, type Bench } from '../support/stack/flows';
import { Look } from '../support/stack/look';

const all = (units: number) => ({ lazada: units, shopee: units, zalora: units });

describe.each(CHANNELS)('an order at %s', (channel: Channel) => {
  let flows: Flows;
  let large: Bench;
  let look: Look;

  beforeAll(async () => {
    flows = await Flows.join();
    large = flows.large;
    look = new Look(large.hub);
  });
  afterAll(() => flows.leave());

  const place = async (units: number, terms: object = {}) => {
    const skus = await flows.takeSkus(2);
    const lines = skus.map((sku) => ({ sku, units }));
    const order = await large.market.order(channel, lines, terms);
    for (const sku of skus) await large.market.untilShown(sku, all(100 - units));
    return { order, skus: skus as [string, string] };
  };

  it('pain-06 that is cancelled whole gives back all of it, once', async () => {
    const { order, skus } = await place(3);
    await large.market.move(order, 'cancel');
    for (const sku of skus) {
      await large.market.untilShown(sku, all(100));
      await look.untilStock(sku, { onHand: 100, committed: 0 });
    }
    await look.untilOrder(order, ({ status }) => status === 'cancelled');
    await large.market.push(order, { times: 2 });
    for (const sku of skus) await look.untilStock(sku, { onHand: 100, committed: 0 });
  });

  it('pain-06 of which one line is cancelled gives back that line', async () => {
    const { order, skus } = await place(3);
    const [gone, kept] = skus;
    await large.market.move(order, 'cancel', [{ sku: gone, units: 3 }]);
    await large.market.untilShown(gone, all(100));
    await look.untilStock(gone, { committed: 0 });
    expect(await look.stock(kept)).toMatchObject({ onHand: 100, committed: 3 });
    expect(await large.market.shown(kept)).toEqual(all(97));
  });

  it('pain-06 of which one unit after the other is cancelled gives back each of them', async () => {
    const { order, skus } = await place(3);
    const [sku, other] = skus;
    for (const left of [2, 1, 0]) {
      await large.market.move(order, 'cancel', [{ sku, units: 1 }]);
      await large.market.untilShown(sku, all(100 - left));
      await look.untilStock(sku, { committed: left });
    }
    expect(await look.stock(other)).toMatchObject({ committed: 3 });
  });

  it('is held while unpaid, paid, leaves the shelf when it ships, and cannot come back by a cancellation', async () => {
    const { order, skus } = await place(2, { unpaid: true });
    const [sku] = skus;
    expect(await look.stock(sku)).toMatchObject({ onHand: 100, committed: 2 });
    await look.untilOrder(order, ({ status }) => status === 'unpaid');
    await large.market.move(order, 'pay');
    await look.untilOrder(order, ({ status }) => status === 'paid');
    await large.market.move(order, 'ship', [{ sku, units: 1 }]);
    await look.untilStock(sku, { onHand: 99, committed: 1 });
    await large.market.move(order, 'ship');
    await look.untilOrder(order, ({ status }) => status === 'shipped');
    for (const each of skus) {
      await look.untilStock(each, { onHand: 98, committed: 0, free: 98 });
      expect(await large.market.shown(each)).toEqual(all(98));
    }
  });

  it('that comes back is on hand again once a person says it is fit to sell, as often as that is said', async () => {
    const { order, skus } = await place(2);
    const [sku] = skus;
    await large.market.move(order, 'ship');
    await look.untilStock(sku, { onHand: 98, committed: 0 });
    await large.market.move(order, 'deliver');
    await look.untilOrder(order, ({ status }) => status === 'delivered');
    await large.market.move(order, 'return');
    const returned = await look.untilOrder(order, ({ lines }) => lines.every((line) => line.returned === 2));
    expect(await look.stock(sku)).toMatchObject({ onHand: 98 });
    const path = `/v1/orders/${encodeURIComponent(returned.id)}/restock`;
    const lines = returned.lines.map(({ id }) => ({ id, units: 1 }));
    await large.hub.must('POST', path, { lines });
    await large.hub.must('POST', path, { lines });
    for (const each of skus) {
      await look.untilStock(each, { onHand: 99, committed: 0 });
      await large.market.untilShown(each, all(99));
    }
    const tooMany = await large.hub.send('POST', path, { lines: [{ ...lines[0], units: 3 }] });
    expect([409, 422]).toContain(tooMany.status);
  });
});

describe('a shop that takes what comes back as fit to sell', () => {
  it.each(CHANNELS)('%s puts it on hand at once', async (channel) => {
    const flows = await Flows.join();
    const bench = await flows.newSeller({ restock: 'auto' });
    const look = new Look(bench.hub);
    await bench.shelf.stock([{ sku: 'R-1', onHand: 10 }]);
    await bench.market.untilShown('R-1', all(10));
    const order = await bench.market.order(channel, [{ sku: 'R-1', units: 4 }]);
    await bench.market.move(order, 'ship');
    await look.untilStock('R-1', { onHand: 6, committed: 0 });
    await bench.market.move(order, 'deliver');
    await bench.market.move(order, 'return', [{ sku: 'R-1', units: 3 }]);
    await look.untilStock('R-1', { onHand: 9, committed: 0 });
    await bench.market.untilShown('R-1', all(9));
    await flows.leave();
  });
});
