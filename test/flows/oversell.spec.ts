import { Flows, type Bench } from '../support/stack/flows';
import { Look } from '../support/stack/look';
import { until } from '../support/until';

const EXISTED = 100;
const BUYERS = 500;

describe('500 buyers who race for 100 units over three marketplaces', () => {
  let flows: Flows;
  let bench: Bench;
  let look: Look;

  beforeAll(async () => {
    flows = await Flows.join();
    bench = await flows.newSeller();
    look = new Look(bench.hub);
  });
  afterAll(() => flows.leave());

  it('pain-01 what was sold beyond what there is is one problem that names orders, and the ledger adds up to the unit', async () => {
    await bench.shelf.stock([{ sku: 'RACE', onHand: EXISTED }]);
    await bench.market.untilShown('RACE', { lazada: EXISTED, shopee: EXISTED, zalora: EXISTED });
    const race = await flows.sandbox.must('POST', '/race', { sku: 'RACE', buyers: BUYERS, seed: 7 });
    expect(race.succeeded).toBeGreaterThan(EXISTED);
    await until(
      'the hub has heard of every order',
      async () => (await flows.db.collection('orders').countDocuments({ seller: bench.seller.id })) === race.succeeded,
      40_000,
    );
    await look.untilStock('RACE', { onHand: EXISTED, committed: race.succeeded });
    const { skus } = await flows.sandbox.must('GET', '/report?sku=RACE');
    const ours = skus.find(({ sku }: { sku: string }) => sku === 'RACE');
    expect(ours).toMatchObject({ sold: race.succeeded, existed: EXISTED, oversold: race.succeeded - EXISTED });
    expect((await look.stock('RACE')).free).toBe(EXISTED - ours.sold);

    const problem = await look.untilProblem(
      ({ kind, detail }) => kind === 'oversold' && detail.includes(`${ours.oversold} `),
    );
    const known = new Set(race.orders.map(({ orderId }: { orderId: string }) => orderId));
    const named = (problem.orders ?? []).map((id) => id.split('|').at(-1));
    expect(named.length).toBe(Math.min(100, ours.oversold));
    expect(named.every((id) => known.has(id))).toBe(true);
    await bench.market.untilShown('RACE', { lazada: 0, shopee: 0, zalora: 0 });

    await bench.shelf.count('RACE', race.succeeded);
    await look.untilNoProblem(({ kind }) => kind === 'oversold');
  });
});
