import { Flows, type Bench } from '../support/stack/flows';
import { Look } from '../support/stack/look';

describe('units that marketplaces keep on show for events of their own', () => {
  let flows: Flows;
  let bench: Bench;
  let look: Look;

  beforeAll(async () => {
    flows = await Flows.join();
    bench = await flows.newSeller();
    look = new Look(bench.hub);
  });
  afterAll(() => flows.leave());

  const lock = async (channel: 'lazada' | 'shopee', units: number): Promise<string> => {
    const path = `${bench.market.shop(channel)}/promotions`;
    return `${path}/${(await flows.sandbox.must('POST', path, { sku: 'LOCK', units })).id}`;
  };
  const lockOf = async (channel: 'lazada' | 'shopee' | 'zalora') => {
    const { published } = await bench.hub.must('GET', '/v1/stock/LOCK');
    const shop = bench.seller.shops[channel].id;
    return published.find((row: { shop: string }) => row.shop === shop).lock;
  };

  it('pain-08 are learned from one refusal, given up by the other shops, told, and put right when the event is over', async () => {
    await bench.shelf.stock([{ sku: 'LOCK', onHand: 100 }]);
    await bench.market.untilShown('LOCK', { lazada: 100, shopee: 100, zalora: 100 });
    await lock('lazada', 50);
    const promotion = await lock('shopee', 60);
    const after = await bench.market.lastCall();
    await bench.shelf.count('LOCK', 55);
    await bench.market.untilShown('LOCK', { lazada: 50, shopee: 60, zalora: 50 });
    const problem = await look.untilProblem(({ kind }) => kind === 'lock');
    expect(problem).toMatchObject({ shop: bench.seller.shops.shopee.id, sku: 'LOCK' });
    expect(problem.detail).toMatch(/keeps 60 of .* 55 are planned, and 5 more/);
    expect(await lockOf('shopee')).toMatchObject({ units: 60, source: 'read' });
    expect(await lockOf('zalora')).toBeNull();

    await flows.sandbox.must('POST', `${promotion}/end`);
    await bench.market.untilShown('LOCK', { lazada: 55, shopee: 55, zalora: 55 }, 20_000);
    await look.untilNoProblem(({ kind }) => kind === 'lock');
    expect(await lockOf('shopee')).toBeNull();
    const writes = (await bench.market.calls(after)).flatMap((call) => call.writes ?? []);
    expect(writes.filter(({ refused }) => refused !== undefined).length).toBeLessThanOrEqual(1);
    expect(await look.letters('refused-listing')).toEqual([]);
  });
});
