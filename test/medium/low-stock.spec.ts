import { orderIdOf, positionIdOf } from '../../src/domain';
import { BringOrderService } from '../../src/ledger/bring-order.service';
import { HoldsService } from '../../src/ledger/holds.service';
import { StockProblemsService } from '../../src/push/stock-problems.service';
import { OrdersStore, type StoredOrder } from '../../src/store/orders.store';
import { PositionsStore } from '../../src/store/positions.store';
import { ProblemsStore } from '../../src/store/problems.store';
import { EVENT_TYPES } from '../../src/store/webhooks.store';
import { lineState, orderOf } from '../builders/orders';
import { countWish, L } from '../builders/stock';
import { typesOf, WebhookBench } from '../support/rooms/webhook-bench';

const bench = new WebhookBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(() => bench.newSeller());

const received = () => bench.receiver.received;

describe('low stock', () => {
  /** What was told since this was last asked. */
  const told = async (): Promise<string[]> => {
    await bench.tellProblems();
    await bench.send();
    bench.clock.advance(1000);
    return typesOf(received().splice(0)).sort();
  };
  const isOpen = async (key: string): Promise<boolean> => {
    const problem = await bench.rooms.get(ProblemsStore).find(bench.seller, key);
    return problem !== undefined && problem.closedAt === undefined;
  };

  it('of a sku is told once per crossing, and a cancellation crosses back', async () => {
    await bench.subscribe(['stock.low', 'stock.low.closed']);
    await bench.stock({ kind: 'rules', id: 'r', lowStockAt: 5 });
    await bench.count(10);
    expect(await told()).toEqual([]);
    await bench.sell('a', 5);
    expect(await told()).toEqual(['stock.low']);
    await bench.sell('b', 2);
    await bench.handle();
    expect(await told()).toEqual([]);
    expect(await isOpen('low-stock|SKU')).toBe(true);
    await bench.sell('a', 0, 2);
    expect(await told()).toEqual(['stock.low.closed']);
    expect(await isOpen('low-stock|SKU')).toBe(false);
    await bench.sell('c', 4);
    expect(await told()).toEqual(['stock.low']);
    await bench.stock({ kind: 'rules', id: 'r2', lowStockAt: null });
    await bench.handle();
    expect(await told()).toEqual(['stock.low.closed']);
  });

  it('of a quota is told by its percentage, and is over with the quota', async () => {
    await bench.subscribe(['stock.low', 'stock.low.closed', 'problem.opened']);
    await bench.count(100);
    const quota = {
      id: 'q',
      campaign: 'flash',
      shop: L,
      mode: 'allocation',
      quantity: 20,
      lowStockPercent: 25,
    } as const;
    await bench.stock({ kind: 'quota-start', id: 's', quota, cut: true });
    await bench.sell('a', 14);
    expect(await told()).toEqual([]);
    await bench.sell('b', 1);
    expect(await told()).toEqual(['problem.opened', 'stock.low']);
    expect(await isOpen('low-stock|SKU|q')).toBe(true);
    await bench.stock({ kind: 'quota-end', id: 'e', quota: 'q' });
    await bench.handle();
    expect(await told()).toEqual(['stock.low.closed']);
  });

  it('whose problem was opened by a process that died then is closed by the next one, where it is over by then', async () => {
    await bench.count(10);
    await bench.stock({ kind: 'rules', id: 'r', lowStockAt: 20 });
    const position = await bench.rooms.get(PositionsStore).find(positionIdOf(bench.seller, 'SKU'));
    if (position === undefined) throw new Error('the sku has no position');
    await bench.rooms.get(StockProblemsService).tell(bench.seller, [{ position, moves: position.moves, again: false }]);
    expect(await isOpen('low-stock|SKU')).toBe(true);
    await bench.count(100);
    expect(await isOpen('low-stock|SKU')).toBe(false);
  });
});

describe('an order', () => {
  const bring = (order: StoredOrder) => bench.rooms.get(BringOrderService).bring(order);
  const orderIn = (externalId: string): StoredOrder => ({
    ...orderOf([{ state: lineState('hat'), parts: [{ sku: 'hat', units: 1 }] }]),
    ...{ id: orderIdOf(bench.seller, L, externalId), seller: bench.seller, externalId, placedAt: bench.clock.now() },
    ...{ buyer: 'sealed', due: bench.clock.now() },
  });

  it('is told as new once, then as changed, with its id, version and status, and nothing of its buyer', async () => {
    await bench.subscribe(EVENT_TYPES);
    const order = orderIn('o-1');
    await bench.rooms.get(OrdersStore).swap(order);
    await bring(order);
    await bring(order);
    await bench.send();
    const shipped = { ...order, v: 2, status: 'shipped' as const, due: bench.clock.now() };
    await bench.rooms.get(OrdersStore).swap(shipped);
    await bring(shipped);
    await bring(shipped);
    await bench.send();
    const about = { order: order.id, channel: 'lazada', shop: L, externalId: 'o-1' };
    expect(received().map(({ type, data }) => [type, data])).toEqual([
      ['order.created', { ...about, status: 'paid', version: 1 }],
      ['order.updated', { ...about, status: 'shipped', version: 2 }],
    ]);
    expect(JSON.stringify(received())).not.toContain('sealed');
  });

  it('that changed before anybody was told is told as new, and as changed', async () => {
    await bench.subscribe(['order.created', 'order.updated']);
    await bring({ ...orderIn('o-2'), v: 2 });
    await bench.send();
    expect(
      received()
        .map(({ type, data }) => [type, data.version])
        .sort(),
    ).toEqual([
      ['order.created', 2],
      ['order.updated', 2],
    ]);
  });

  it('that was a hold is told when it is confirmed, and not before', async () => {
    await bench.subscribe(['order.created', 'order.updated']);
    await bench.stock(countWish(10), 'hat');
    const wish = { id: 'H', lines: [{ sku: 'hat', units: 1 }], expiresInMs: 3_600_000 };
    expect((await bench.rooms.get(HoldsService).hold(bench.seller, wish)).kind).toBe('made');
    await bench.send();
    expect(received()).toEqual([]);
    expect((await bench.rooms.get(HoldsService).confirm(bench.seller, 'H')).kind).toBe('done');
    await bench.send();
    expect(typesOf(received())).toEqual(['order.created']);
  });
});
