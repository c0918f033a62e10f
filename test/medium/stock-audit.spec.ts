import type { Db } from 'mongodb';
import {
  keyOf,
  orderIdOf,
  orderMoveId,
  positionIdOf,
  type Order,
  type SellerId,
  type StockRequest,
} from '../../src/domain';
import { AuditNowService, type AuditWish } from '../../src/ledger/audit-now.service';
import { AuditStockWorker } from '../../src/ledger/audit-stock.worker';
import { BringOrderService } from '../../src/ledger/bring-order.service';
import { GroupCommitService } from '../../src/ledger/group-commit.service';
import type { LongJob } from '../../src/store/long-jobs.store';
import { AUDIT_STOCK } from '../../src/store/long-work';
import { OrdersStore } from '../../src/store/orders.store';
import { PositionsStore } from '../../src/store/positions.store';
import { ProblemsStore } from '../../src/store/problems.store';
import { SellersStore } from '../../src/store/sellers.store';
import { lineState, orderOf } from '../builders/orders';
import { sellerRecord } from '../builders/records';
import { countWish, L, orderWish, quotaOf } from '../builders/stock';
import { HandClock } from '../support/rooms/hand-clock';
import { makePlace, openRooms, type Rooms } from '../support/rooms/open-rooms';

const clock = new HandClock();
const stops: (() => Promise<void>)[] = [];
let rooms: Rooms;
let db: Db;
let seller: SellerId;
let sellers = 0;

beforeAll(async () => {
  const place = await makePlace();
  stops.unshift(place.remove);
  rooms = await openRooms({ place, clock, pace: 1000 });
  stops.unshift(rooms.close);
  db = place.db;
});
afterAll(async () => {
  for (const stop of stops) await stop();
});
beforeEach(() => {
  sellers += 1;
  seller = `seller-${sellers}` as SellerId;
});

const ask = (wish: StockRequest) => rooms.get(GroupCommitService).ask(seller, 'hat', wish);
const position = async () => (await rooms.get(PositionsStore).find(positionIdOf(seller, 'hat')))!;
const plant = (collection: string, id: string, update: object) =>
  db.collection<{ _id: string }>(collection).updateOne({ _id: id }, update);
const lose = (move: string) => db.collection<{ _id: string }>('moves').deleteOne({ _id: keyOf(seller, 'hat', move) });

/** Sells so much besides that everything before is in the archive. */
async function sellMore(): Promise<void> {
  await Promise.all(Array.from({ length: 70 }, (_, at) => ask(orderWish({ id: `more-${at}` }, { held: 1 }))));
}

/** An order that is stored and brought, moved on by a second state where that is given. */
async function order(id: string, sku: string, ...states: Parameters<typeof lineState>[1][]): Promise<Order> {
  const made = states.map((state, at) => {
    const one = orderOf([{ state: lineState(sku, state), parts: [{ sku, units: 1 }] }]);
    return { ...one, id: orderIdOf(seller, L, id), seller, externalId: id, v: at + 1, stockV: at + 1 };
  });
  for (const one of made) {
    await rooms.get(OrdersStore).swap(one);
    await rooms.get(BringOrderService).bring(one);
  }
  return made.at(-1)!;
}

const audit = async (wish: AuditWish = {}): Promise<LongJob['report']> =>
  (await rooms.get(AuditNowService).run(seller, wish, 'Ann')).report;

const whats = (report: LongJob['report']) =>
  (report['findings'] as { what: string[]; order?: string; isMended: boolean }[]).map(({ what, isMended }) => [
    what.join('; '),
    isMended,
  ]);
const problem = () => rooms.get(ProblemsStore).find(seller, 'audit|stock');

describe('the ledger audit', () => {
  it('finds nothing in a ledger that nobody touched, whatever happened to it', async () => {
    await ask(countWish(100));
    await ask({ kind: 'rules', id: 'r', safetyBuffer: 4, exposure: { policy: 'strict' } });
    await ask({ kind: 'quota-start', id: 's', quota: quotaOf({ id: 'q', quantity: 20 }), cut: false });
    await order('o', 'hat', { units: 4 }, { units: 4, shipped: 2 }, { units: 4, cancelled: 1, shipped: 2 });
    await ask({ kind: 'manual', id: 'm', units: -3, reason: 'broken', by: 'Ann' });
    await sellMore();
    await ask({ kind: 'quota-end', id: 'e', quota: 'q' });
    expect(await audit()).toEqual({ orders: 1, skus: 1, differences: 0, mended: 0, findings: [] });
    expect(await problem()).toBeUndefined();
  });

  it.each([
    ['what is on hand', { $inc: { onHand: 7 } }, 'onHand is 107, by its moves it is 100'],
    ['what is committed', { $inc: { committed: -1 } }, 'committed is 4, by its moves it is 5'],
    [
      'what is left of a quota',
      { $set: { 'quotas.0.remaining': 1 } },
      'quota q has 1 left (0 lost), by its moves 15 (0 lost)',
    ],
    ['the safety buffer', { $set: { safetyBuffer: 9 } }, 'safetyBuffer is 9, by its moves it is 0'],
  ])('names a wrong number: %s, and puts it right by a move', async (_name, update, what) => {
    await ask(countWish(100));
    await ask({ kind: 'quota-start', id: 's', quota: quotaOf({ id: 'q', quantity: 20 }), cut: false });
    await ask(orderWish({ id: 'o' }, { held: 5 }));
    const right = await position();
    await plant('positions', right.id, update);
    expect(whats(await audit())).toEqual([[what, false]]);
    expect(await problem()).toMatchObject({ kind: 'audit', detail: expect.stringContaining(what) as string });
    expect(whats(await audit({ repair: true }))).toEqual([[what, true]]);
    const { onHand, committed, quotas, safetyBuffer, moves } = await position();
    expect({ onHand, committed, quotas, safetyBuffer }).toEqual({
      ...{ onHand: right.onHand, committed: right.committed, quotas: right.quotas, safetyBuffer: 0 },
    });
    expect(moves.at(-1)).toMatchObject({ kind: 'repair', by: 'Ann', reason: `ledger audit: ${what}` });
    expect((await audit()).differences).toBe(0);
    expect(await problem()).toMatchObject({ closedAt: expect.any(Number) as number });
  });

  it('names a move that is missing; what is on hand stays, and is accounted for from then on', async () => {
    await ask(countWish(100));
    await ask({ kind: 'manual', id: 'found', units: 5, reason: 'found', by: 'Ann' });
    await sellMore();
    await lose('found');
    const what = 'before version 3 no move tells of 5 on hand and 0 committed: one is missing';
    expect(whats(await audit({ sku: 'hat' }))).toEqual([[what, false]]);
    expect(whats(await audit({ sku: 'hat', repair: true }))).toEqual([[what, true]]);
    expect(await position()).toMatchObject({ onHand: 105, committed: 70 });
    expect((await audit()).differences).toBe(0);
  });

  it.each([
    { name: 'a sale', states: [{ units: 3 }], right: { onHand: 100, committed: 73 } },
    { name: 'a shipment', states: [{ units: 3 }, { units: 3, shipped: 3 }], right: { onHand: 97, committed: 70 } },
  ])('names an order whose move is missing, $name, and brings it again without taking twice', async (lost) => {
    const { states, right } = lost;
    const stockV = states.length;
    await ask(countWish(100));
    const { id } = await order('lost', 'hat', ...states);
    await sellMore();
    await lose(orderMoveId(id, stockV));
    const report = await audit({ repair: true });
    expect(report).toMatchObject({ differences: 2, mended: 2 });
    expect(await position()).toMatchObject(right);
    const again = (await position()).moves.find((move) => move.order === id);
    expect(again).toMatchObject({ stockV: stockV + 1, by: 'Ann', reason: 'the ledger audit found its share wrong' });
    expect((await audit()).differences).toBe(0);
  });

  it('names an order that holds another share than it asks for, and brings it', async () => {
    await ask(countWish(100));
    const { id } = await order('o', 'hat', { units: 2 });
    await plant('orders', id, { $set: { 'lines.0.units': 5 } });
    const what = 'the order asks for 5 units, 0 shipped, 0 back; its newest move holds 2 units, 0 shipped, 0 back';
    expect(whats(await audit())).toEqual([[what, false]]);
    expect((await problem())?.orders).toEqual([id]);
    expect(whats(await audit({ repair: true }))).toEqual([[what, true]]);
    expect(await position()).toMatchObject({ onHand: 100, committed: 5 });
    expect((await audit()).differences).toBe(0);
  });

  it('of one sku reads the orders that name it, and brings one of them whose move is missing', async () => {
    await ask(countWish(100));
    await order('other', 'mug', { units: 1 });
    const { id } = await order('lost', 'hat', { units: 3 });
    await sellMore();
    await lose(orderMoveId(id, 1));
    expect(await audit({ sku: 'hat', repair: true })).toMatchObject({ orders: 1, differences: 2, mended: 2 });
    expect(await position()).toMatchObject({ onHand: 100, committed: 73 });
    expect(await audit()).toMatchObject({ orders: 2, differences: 0 });
  });

  it('repairs while others sell, to the unit', async () => {
    await ask(countWish(1000));
    await sellMore();
    await plant('positions', (await position()).id, { $inc: { onHand: -40 } });
    const elsewhere = async () => {
      for (let at = 0; at < 40; at += 1) await ask(orderWish({ id: `during-${at}` }, { held: 1 }));
    };
    await Promise.all([audit({ repair: true }), elsewhere()]);
    await audit({ repair: true });
    expect((await audit()).differences).toBe(0);
    expect((await position()).committed).toBe(110);
  });

  it('begins by itself, once in a night of the seller', async () => {
    await rooms.get(SellersStore).insert({ ...sellerRecord(seller), createdAt: clock.now() });
    const worker = rooms.get(AuditStockWorker);
    const jobs = () => db.collection('long-jobs').countDocuments({ seller, kind: AUDIT_STOCK });
    await worker.sweep();
    expect(await jobs()).toBe(0);
    clock.advance(86_400_000);
    expect([await worker.sweep(), await worker.sweep(), await jobs()]).toEqual([1, 0, 1]);
  });
});
