import { Flows, type Bench } from '../support/stack/flows';
import { FlashSale } from '../support/stack/flash-sale';
import type { Api } from '../support/stack/http';
import { Look } from '../support/stack/look';

const HOUR_MS = 3_600_000;
const SHORT_MS = 4000;
/** The hub's sweep, and what a busy machine adds. */
const LATE_MS = 3000;

describe('100 pieces on three marketplaces, with a flash sale of 60 on Lazada', () => {
  let flows: Flows;
  let bench: Bench;
  let look: Look;
  let approver: Api;

  beforeAll(async () => {
    flows = await Flows.join();
    bench = await flows.newSeller();
    look = new Look(bench.hub);
    const ann = { name: 'tests', person: 'ann', roles: ['approver'] };
    const { key } = await flows.root.must('POST', `/v1/sellers/${bench.seller.id}/keys`, ann);
    approver = bench.hub.withKey(String(key));
    await bench.shelf.stock(['ALLOCATED', 'RESERVED', 'TIMED'].map((sku) => ({ sku, onHand: 100 })));
  });
  afterAll(() => flows.leave());

  const open = (sku: string, mode: 'allocation' | 'reservation') =>
    FlashSale.open(bench, { sku, mode, channel: 'lazada', quantity: 60, endsAt: new Date(Date.now() + HOUR_MS) });
  const stop = ({ id }: FlashSale) => approver.must('POST', `/v1/campaigns/${id}/stop`, { reason: 'sold enough' });
  const buy = (channel: 'lazada' | 'shopee', sku: string, units: number) =>
    bench.market.order(channel, [{ sku, units }]);
  const see = (sku: string, lazada: number, others: number) =>
    bench.market.untilShown(sku, { lazada, shopee: others, zalora: others });

  it('as an allocation: 60, 40, 40, and each sale, cancellation and the end move them', async () => {
    const sku = 'ALLOCATED';
    const sale = await open(sku, 'allocation');
    await see(sku, 60, 40);
    await buy('shopee', sku, 10);
    await see(sku, 60, 30);
    const placed = await buy('lazada', sku, 10);
    await see(sku, 50, 30);
    await look.untilStock(sku, { committed: 20 });
    expect((await sale.report()).totals).toMatchObject({ held: 60, sold: 10, remaining: 50 });
    await bench.market.move(placed, 'cancel');
    await look.untilStock(sku, { committed: 10, shared: 30 });
    await see(sku, 60, 30);
    await stop(sale);
    await see(sku, 90, 90);
    expect(await sale.untilState('stopped')).toMatchObject({ completed: false, totals: { sold: 0, remaining: 60 } });
  });

  it('as a reservation: 100, 40, 40; what it sold stays so when a sale is cancelled after the end', async () => {
    const sku = 'RESERVED';
    const sale = await open(sku, 'reservation');
    await see(sku, 100, 40);
    await buy('shopee', sku, 20);
    await see(sku, 80, 20);
    const first = await buy('lazada', sku, 20);
    await see(sku, 60, 20);
    await look.untilStock(sku, { committed: 40 });
    await buy('lazada', sku, 50);
    await see(sku, 10, 10);
    await stop(sale);
    await look.untilStock(sku, { committed: 90, free: 10, shared: 10 });
    const { totals } = await sale.untilState('stopped');
    expect(totals).toMatchObject({ held: 60, sold: 60, remaining: 0 });
    await bench.market.move(first, 'cancel');
    await see(sku, 30, 30);
    expect((await sale.report()).totals).toEqual(totals);
  });

  it('starts and ends by itself, at its instants', async () => {
    const startsAt = new Date(Date.now() + 1000);
    const endsAt = new Date(startsAt.getTime() + SHORT_MS);
    const sale = await FlashSale.open(bench, {
      ...{ sku: 'TIMED', mode: 'allocation', channel: 'lazada', quantity: 60, startsAt, endsAt },
    });
    const { startedAt = '', endedAt = '', completed, totals } = await sale.untilState('ended', SHORT_MS + 15_000);
    const late = [Date.parse(startedAt) - startsAt.getTime(), Date.parse(endedAt) - endsAt.getTime()];
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThan(LATE_MS);
    expect([completed, totals.held, totals.sold]).toEqual([true, 60, 0]);
    await see('TIMED', 100, 100);
  });
});
