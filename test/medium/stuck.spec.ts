import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { CloseStuckWorker } from '../../src/background/close-stuck.worker';
import { orderIdOf, positionIdOf, type OrderId, type SellerId } from '../../src/domain';
import { GroupCommitService } from '../../src/ledger/group-commit.service';
import { Queues } from '../../src/platform/queues';
import { OrdersStore, type StoredOrder } from '../../src/store/orders.store';
import { PositionsStore } from '../../src/store/positions.store';
import { ProblemsStore } from '../../src/store/problems.store';
import { lineState, orderAfter, orderState } from '../builders/orders';
import { countWish, L } from '../builders/stock';
import { makePlace, openRooms, type Rooms } from '../support/rooms/open-rooms';
import { until } from '../support/until';

const seller = 'mine' as SellerId;
const stops: (() => Promise<void>)[] = [];
let rooms: Rooms;

beforeAll(async () => {
  const place = await makePlace();
  stops.unshift(place.remove);
  rooms = await openRooms({ place, isWorker: true, pace: 1000 });
  stops.unshift(rooms.close);
  await rooms.get(GroupCommitService).ask(seller, 'hat', countWish(10));
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

/** An order as no version of the hub writes it: bringing its stock meets a mistake each time. */
async function storeBroken(id: OrderId): Promise<void> {
  const order = orderAfter([orderState({ updatedAt: 2000, lines: [lineState('hat')] })]);
  await rooms.get(OrdersStore).swap({ ...order, id, seller, shop: L, due: Date.now() });
  const orders = rooms.get<Connection>(getConnectionToken() as never).collection<{ _id: string }>('orders');
  await orders.updateOne({ _id: id }, { $set: { 'lines.0.parts': 'no parts' } });
}
const openProblems = () => rooms.get(ProblemsStore).list(seller, { open: true, limit: 10 });

describe('an order whose stock cannot be brought', () => {
  it('is told to a person with its name, left alone for a while, and closed once it is brought', async () => {
    const id = orderIdOf(seller, L, 'broken');
    const orders = rooms.get(OrdersStore);
    await storeBroken(id);
    await rooms.get(Queues).enqueue('reserve', [{ order: id }], { generation: 1 });
    const [problem] = await until('the problem is open', async () => {
      const open = await openProblems();
      return open.length > 0 ? open : undefined;
    });
    expect(problem).toMatchObject({ kind: 'queue', orders: [id] });
    expect((await orders.find(id))?.due).toBeGreaterThan(Date.now() + 60_000);
    expect(await rooms.get(CloseStuckWorker).look()).toBe(0);
    expect(await openProblems()).toHaveLength(1);

    const stored = (await orders.find(id)) as StoredOrder;
    const mended = stored.lines.map((line) => ({ ...line, parts: [{ sku: 'hat', units: 1 }] }));
    await orders.swap({ ...stored, v: stored.v + 1, lines: mended, due: Date.now() });
    await until('its stock is brought', async () => (await orders.find(id))?.due === undefined);
    expect((await rooms.get(PositionsStore).find(positionIdOf(seller, 'hat')))?.committed).toBe(2);
    expect(await rooms.get(CloseStuckWorker).look()).toBe(1);
    expect(await openProblems()).toEqual([]);
  });
});
