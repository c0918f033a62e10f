import { Flows, type Bench } from '../support/stack/flows';
import { Look } from '../support/stack/look';

const all = (units: number) => ({ lazada: units, shopee: units, zalora: units });

describe('packs, bundles and paused shops', () => {
  let flows: Flows;
  let large: Bench;
  let look: Look;

  beforeAll(async () => {
    flows = await Flows.join();
    large = flows.large;
    look = new Look(large.hub);
  });
  afterAll(() => flows.leave());

  it('a pack of three takes three units, and shows how many packs there are', async () => {
    const [sku = ''] = await flows.takeSkus(1);
    const pack = `${sku}-by-3`;
    await large.shelf.list('shopee', pack, { parts: [{ sku, units: 3 }], quantity: 0 });
    await large.market.untilShown(pack, { shopee: 33 });
    await large.market.order('shopee', [{ sku: pack, units: 2 }]);
    await large.market.untilShown(sku, all(94));
    await large.market.untilShown(pack, { shopee: 31 });
    await large.market.order('lazada', [{ sku, units: 2 }]);
    await large.market.untilShown(sku, all(92));
    await large.market.untilShown(pack, { shopee: 30 });
    await look.untilStock(sku, { onHand: 100, committed: 8 });
  });

  it('a bundle shows the least of its parts, and takes of each', async () => {
    const [first = '', second = ''] = await flows.takeSkus(2);
    const parts = [
      { sku: first, units: 1 },
      { sku: second, units: 4 },
    ];
    const bundle = `${first}-with-${second}`;
    await large.shelf.list('zalora', bundle, { parts, quantity: 0 });
    await large.market.untilShown(bundle, { zalora: 25 });
    const order = await large.market.order('zalora', [{ sku: bundle, units: 5 }]);
    await large.market.untilShown(first, all(95));
    await large.market.untilShown(second, all(80));
    expect(await large.market.sees('zalora', bundle)).toBe(20);
    await large.market.order('shopee', [{ sku: second, units: 2 }]);
    await large.market.untilShown(bundle, { zalora: 19 });
    await large.market.move(order, 'cancel', [{ sku: bundle, units: 3 }]);
    await large.market.untilShown(first, all(98));
    await large.market.untilShown(second, all(90));
    await large.market.untilShown(bundle, { zalora: 22 });
  });

  it('pain-03 a bundle and its component in one cart are held as one', async () => {
    const [sku = '', other = ''] = await flows.takeSkus(2);
    const bundle = `${sku}-with-${other}`;
    const parts = [
      { sku, units: 2 },
      { sku: other, units: 1 },
    ];
    await large.shelf.list('lazada', bundle, { parts, quantity: 50 });
    await large.market.order('lazada', [
      { sku, units: 3 },
      { sku: bundle, units: 2 },
    ]);
    await look.untilStock(sku, { onHand: 100, committed: 7 });
    await look.untilStock(other, { onHand: 100, committed: 2 });
    await large.market.untilShown(sku, all(93));
    await large.market.untilShown(bundle, { lazada: 46 });
  });

  it('a paused shop is not written while its orders go on to count, and has the present number when it resumes', async () => {
    const bench = await flows.newSeller();
    await bench.shelf.stock([{ sku: 'P-1', onHand: 50 }]);
    await bench.market.untilShown('P-1', all(50));
    const { id } = bench.seller.shops.zalora;
    await bench.hub.must('POST', `/v1/shops/${id}/pause`);
    await untilSeenEverywhere();
    const after = await bench.market.lastCall();
    await bench.market.order('shopee', [{ sku: 'P-1', units: 1 }]);
    await bench.market.untilShown('P-1', { lazada: 49, shopee: 49 });
    await bench.market.order('zalora', [{ sku: 'P-1', units: 2 }]);
    await bench.market.untilShown('P-1', { lazada: 47, shopee: 47 });
    await bench.market.order('lazada', [{ sku: 'P-1', units: 4 }]);
    await bench.market.untilShown('P-1', { lazada: 43, shopee: 43 });
    expect(await bench.market.writes('zalora', 'P-1', after)).toEqual([]);
    expect(await bench.market.sees('zalora', 'P-1')).toBe(48);
    expect((await bench.hub.must('GET', `/v1/shops/${id}`)).health.state).toBe('paused');
    await bench.hub.must('POST', `/v1/shops/${id}/resume`);
    await bench.market.untilShown('P-1', all(43));
    expect(await bench.market.writes('zalora', 'P-1', after)).toHaveLength(1);
  });

  /** A worker takes its word about a shop from a moment ago; another shop's change shows how old that may be. */
  const untilSeenEverywhere = () => new Promise((resolve) => setTimeout(resolve, 2100));
});
