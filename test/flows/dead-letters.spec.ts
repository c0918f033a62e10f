import { Flows, type Bench } from '../support/stack/flows';
import { Look } from '../support/stack/look';
import { Market } from '../support/stack/market';
import { openShop, registerApp } from '../support/stack/seller';
import { until } from '../support/until';

const all = (units: number) => ({ lazada: units, shopee: units, zalora: units });

describe('what cannot be taken in', () => {
  let flows: Flows;
  let bench: Bench;
  let look: Look;

  beforeAll(async () => {
    flows = await Flows.join();
    bench = await flows.newSeller();
    look = new Look(bench.hub);
    await bench.shelf.stock([{ sku: 'D-1', onHand: 50 }]);
    await bench.market.untilShown('D-1', all(50));
  });
  afterAll(() => flows.leave());

  it('an order of a shop that is not known is a dead letter, and counts once the shop is there and it is retried', async () => {
    const plan = { id: bench.seller.id, listings: { shopee: [{ sku: 'D-1', quantity: 50 }] } };
    const registered = await registerApp(flows, plan, { channel: 'shopee', key: bench.seller.key });
    const second = { ...bench.seller.shops.shopee, channelShopId: registered.known['id'] ?? '' };
    const market = new Market(flows.sandbox, { ...bench.seller, shops: { ...bench.seller.shops, shopee: second } });
    const placed = await market.order('shopee', [{ sku: 'D-1', units: 2 }]);
    const letter = await look.untilLetter('unknown-shop');
    expect(await look.order(placed.orderId)).toBeUndefined();
    expect(await look.untilProblem(({ kind }) => kind === 'dead-letters')).toMatchObject({ kind: 'dead-letters' });
    expect(await look.stock('D-1')).toMatchObject({ committed: 0 });

    const shop = await openShop(bench.hub, plan, registered);
    const { channelIds } = registered.listings[0]!;
    await bench.hub.must('PUT', `/v1/shops/${shop.id}/listings/D-1`, { channelIds, sku: 'D-1' });
    const retried = await until('it is read', async () => {
      const answer = await bench.hub.send('POST', `/v1/dead-letters/${letter.id}/retry`);
      expect(answer.status).toBe(200);
      return answer.body as { state: string };
    });
    expect(retried.state).toBe('retried');
    await look.untilOrder(placed);
    await look.untilStock('D-1', { onHand: 50, committed: 2 });
    await bench.market.untilShown('D-1', all(48));
    await look.untilNoProblem(({ kind }) => kind === 'dead-letters');
  });

  it('an order of a listing that is not known is kept, and counts once the listing is made', async () => {
    const before = (await look.stock('D-1')).free;
    await bench.shelf.listAt('lazada', 'D-2-by-2', { parts: [{ sku: 'D-1', units: 2 }], quantity: 9 });
    await bench.shelf.listAt('lazada', 'D-3-by-3', { parts: [{ sku: 'D-1', units: 3 }], quantity: 9 });
    const placed = await bench.market.order('lazada', [
      { sku: 'D-2-by-2', units: 3 },
      { sku: 'D-3-by-3', units: 1 },
      { sku: 'D-1', units: 1 },
    ]);
    const letter = await look.untilLetter('unmapped-listing');
    expect(letter.message).toContain('no listing of this shop');
    await look.untilOrder(placed, ({ lines }) => lines.length === 3);
    await look.untilStock('D-1', { free: before - 1 });

    await bench.shelf.map('lazada', 'D-2-by-2', [{ sku: 'D-1', units: 2 }]);
    await look.untilStock('D-1', { free: before - 7 });
    await bench.market.untilShown('D-1', all(before - 7));
    expect(await look.letters('unmapped-listing')).toHaveLength(1);
    await bench.shelf.map('lazada', 'D-3-by-3', [{ sku: 'D-1', units: 3 }]);
    await look.untilStock('D-1', { free: before - 10 });
    await until('no letter is open', async () => (await look.letters('unmapped-listing')).length === 0);
    await look.untilNoProblem(({ kind }) => kind === 'dead-letters');
  });

  it('pain-15 a push that cannot be read is a dead letter that stalls nobody, and is given up with a reason', async () => {
    const { free } = await look.stock('D-1');
    const body = {
      shop_id: Number(bench.seller.shops.shopee.channelShopId),
      code: 3,
      data: { ordersn: 7 },
      timestamp: 1,
    };
    const sent = await flows.sandbox.must('POST', `${bench.market.shop('shopee')}/push`, { body });
    expect(sent.status).toBe(204);
    await bench.market.order('shopee', [{ sku: 'D-1', units: 1 }]);
    const letter = await look.untilLetter('unreadable');
    await look.untilStock('D-1', { free: free - 1 });
    await bench.hub.must('POST', `/v1/dead-letters/${letter.id}/discard`, { reason: 'a test of the marketplace' });
    await look.untilNoProblem(({ kind }) => kind === 'dead-letters');
    const again = await bench.hub.send('POST', `/v1/dead-letters/${letter.id}/retry`);
    expect(again.status).toBe(409);
  });
});
