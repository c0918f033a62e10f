import { fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { keyOf, orderIdOf, positionIdOf, type OrderId, type SellerId, type WebhookId } from '../../src/domain';
import { BringOrderService } from '../../src/ledger/bring-order.service';
import { GroupCommitService } from '../../src/ledger/group-commit.service';
import { HoldsService } from '../../src/ledger/holds.service';
import { PlanService } from '../../src/push/plan.service';
import { OrdersStore, type StoredOrder } from '../../src/store/orders.store';
import { ProblemsStore } from '../../src/store/problems.store';
import { TellWebhooks } from '../../src/store/tell-webhooks.store';
import { WebhookEventsStore } from '../../src/store/webhook-events.store';
import { EVENT_TYPES, WebhooksStore, type EventType } from '../../src/store/webhooks.store';
import { SendEventsWorker } from '../../src/webhooks/send-events.worker';
import { TellProblemsWorker } from '../../src/webhooks/tell-problems.worker';
import { orderOf, lineState } from '../builders/orders';
import { countWish, L, orderWish } from '../builders/stock';
import { startReceiver, type Received, type Receiver } from '../support/receiver';
import { HandClock } from '../support/rooms/hand-clock';
import { makePlace, openRooms, type Place, type Rooms } from '../support/rooms/open-rooms';
import { until } from '../support/until';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KEY = Buffer.alloc(32, 1);
const SECRET = `whsec_${KEY.toString('base64')}`;

const clock = new HandClock();
const stops: (() => Promise<void>)[] = [];
let place: Place;
let rooms: Rooms;
let seller: SellerId;
let receiver: Receiver;
let count = 0;

beforeAll(async () => {
  const made = await makePlace();
  place = made;
  stops.unshift(made.remove);
  rooms = await openRooms({ place, clock });
  stops.unshift(rooms.close);
});
afterAll(async () => {
  for (const stop of stops) await stop();
});
beforeEach(async () => {
  count += 1;
  seller = `seller-${count}` as SellerId;
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

async function subscribe(url: string, events: readonly EventType[]): Promise<WebhookId> {
  const id = keyOf(seller, `w${url.length}-${new URL(url).port}`) as WebhookId;
  await rooms.get(WebhooksStore).insert({ id, seller, url, events, createdAt: clock.now() }, SECRET);
  return id;
}
const stock = (wish: Parameters<GroupCommitService['ask']>[2], sku = 'SKU') =>
  rooms.get(GroupCommitService).ask(seller, sku, wish);
const handle = async (sku = 'SKU') => {
  expect(await rooms.get(PlanService).plan([positionIdOf(seller, sku)])).toEqual(new Map());
};
const counted = async (onHand: number, id?: string): Promise<void> => {
  await stock(countWish(onHand, id));
  await handle();
};
/** An order brought to what it holds, by its version. */
const hold = async (id: string, held: number, stockV: number): Promise<void> => {
  await stock(orderWish({ id, stockV }, { held }));
  await handle();
};
const send = async (): Promise<void> => {
  await rooms.get(SendEventsWorker).begin();
  await rooms.get(SendEventsWorker).rest();
};
const tellProblems = () => rooms.get(TellProblemsWorker).sweep();
const eventsOf = (id: WebhookId) => rooms.get(WebhookEventsStore).list(id, { limit: 100 });
const typesOf = (calls: readonly Received[]) => calls.map(({ type }) => type);

function isGenuine({ headers, body }: Received): boolean {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = createHmac('sha256', KEY).update(signed).digest('base64');
  return headers['webhook-signature'] === `v1,${expected}`;
}

describe('a stock event', () => {
  it('is delivered once, signed, with the numbers of the sku', async () => {
    await subscribe(receiver.url, ['stock.changed']);
    await counted(10);
    await hold('o', 3, 1);
    await send();
    await handle();
    await send();
    expect(receiver.received).toHaveLength(1);
    const [call] = receiver.received;
    expect(call).toMatchObject({
      type: 'stock.changed',
      data: { sku: 'SKU', version: 2, counted: true, onHand: 10, committed: 3, free: 7, shared: 7 },
    });
    expect(call && isGenuine(call)).toBe(true);
    expect(call?.headers['content-type']).toBe('application/json');
    expect(Number(call?.headers['webhook-timestamp'])).toBe(Math.floor(clock.now() / 1000));
  });

  it('of ten changes is one, the latest', async () => {
    await subscribe(receiver.url, ['stock.changed']);
    for (let at = 1; at <= 10; at += 1) await counted(at);
    await send();
    expect(receiver.received.map(({ data }) => data.version)).toEqual([10]);
  });

  it('that is written again changes nothing, nor does an older one that comes late', async () => {
    const id = await subscribe(receiver.url, ['stock.changed']);
    await counted(10);
    await send();
    const [event] = await eventsOf(id);
    const { id: _id, state: _state, tries: _tries, ...news } = event!;
    await rooms.get(WebhookEventsStore).record([news, { ...news, v: news.v - 1 }, news]);
    await rooms.get(WebhooksStore).wake([id], clock.now());
    await send();
    expect(receiver.received).toHaveLength(1);
    expect(await eventsOf(id)).toEqual([event]);
  });

  it('never overtakes an older one of its sku', async () => {
    await subscribe(receiver.url, ['stock.changed']);
    await counted(10);
    let answer: (status: number) => void = () => undefined;
    receiver.react = () => new Promise<number>((resolve) => (answer = resolve));
    const first = send();
    await until('the first is under way', () => receiver.received.length === 1);
    await counted(11);
    await rooms.get(SendEventsWorker).begin();
    expect(receiver.received).toHaveLength(1);
    receiver.react = () => 200;
    answer(200);
    await first;
    await send();
    expect(receiver.received.map(({ data }) => data.version)).toEqual([1, 2]);
  });

  it('is written for nobody where nobody asked', async () => {
    const id = await subscribe(receiver.url, ['order.created']);
    await counted(10);
    expect(await eventsOf(id)).toEqual([]);
  });
});

describe('a process that dies', () => {
  it('after a call and before it knows the answer is followed by another, with the same id', async () => {
    const id = await subscribe(receiver.url, ['stock.changed']);
    await counted(10);
    const hook = path.join(__dirname, '../support/races/typescript-hook.cjs');
    const child = fork(path.join(__dirname, '../support/rooms/sending-process-main.ts'), { execArgv: ['-r', hook] });
    child.send({ place: { ...place, db: undefined }, crashAt: 'event.sent:1' });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    expect(receiver.received).toHaveLength(1);
    expect(await eventsOf(id)).toMatchObject([{ state: 'waiting', tries: 0 }]);
    await send();
    expect(receiver.received).toHaveLength(1);
    clock.advance(MINUTE);
    await send();
    expect(receiver.received.map((call) => call.id)).toEqual([receiver.received[0]?.id, receiver.received[0]?.id]);
    expect(await eventsOf(id)).toMatchObject([{ state: 'delivered' }]);
  });
});

describe('a receiver that takes nothing', () => {
  it('is asked again with the same id, later and later, until it does', async () => {
    const id = await subscribe(receiver.url, ['stock.changed']);
    await counted(10);
    const reactions: (number | 'cut' | { location: string })[] = [500, 'cut', { location: '/elsewhere' }, 429];
    receiver.react = () => reactions.shift() ?? 200;
    for (let tries = 1; tries <= 5; tries += 1) {
      await send();
      await send();
      expect(receiver.received).toHaveLength(tries);
      clock.advance(MINUTE);
    }
    expect(new Set(receiver.received.map((call) => call.id)).size).toBe(1);
    expect(receiver.received.every(isGenuine)).toBe(true);
    expect(await eventsOf(id)).toMatchObject([{ state: 'delivered', tries: 5, status: 200 }]);
    expect((await rooms.get(WebhooksStore).find(seller, id.split('|')[1]!))?.tries).toBe(0);
  });

  it('delays no other, not even while it says nothing at all', async () => {
    const dead = await startReceiver();
    stops.unshift(dead.close);
    let hangUp: (status: number) => void = () => undefined;
    dead.react = () => new Promise<number>((resolve) => (hangUp = resolve));
    await subscribe(dead.url, ['stock.changed']);
    await subscribe(receiver.url, ['stock.changed']);
    for (let at = 1; at <= 3; at += 1) {
      await counted(at * 10);
      await rooms.get(SendEventsWorker).begin();
      await until('the living one has it', () => receiver.received.length === at);
    }
    expect(dead.received).toHaveLength(1);
    dead.react = () => 200;
    hangUp(500);
    await rooms.get(SendEventsWorker).rest();
  });

  it('is asked with one event at a time, and gets all that waits once it is back', async () => {
    const id = await subscribe(receiver.url, ['stock.changed']);
    const skus = Array.from({ length: 20 }, (_, at) => `S${at}`);
    for (const sku of skus) await stock(countWish(1), sku);
    await Promise.all(skus.map((sku) => handle(sku)));
    receiver.react = () => 503;
    await send();
    expect(receiver.received).toHaveLength(8);
    clock.advance(MINUTE);
    await send();
    expect(receiver.received).toHaveLength(9);
    receiver.react = () => 200;
    clock.advance(MINUTE);
    await send();
    expect(receiver.received).toHaveLength(9 + 20);
    expect((await eventsOf(id)).every(({ state }) => state === 'delivered')).toBe(true);
  });

  it('is a problem after an hour, is left alone after three days, and is asked again when a person says so', async () => {
    const id = await subscribe(receiver.url, ['stock.changed']);
    const problem = () => rooms.get(ProblemsStore).find(seller, keyOf('webhook', id.split('|')[1]!));
    await counted(10);
    receiver.react = () => 500;
    await send();
    expect(await problem()).toBeUndefined();
    clock.advance(HOUR);
    await send();
    expect(await problem()).toMatchObject({
      kind: 'webhook',
      detail: '127.0.0.1:' + new URL(receiver.url).port + ' takes no events: status 500',
    });
    clock.advance(3 * DAY);
    await send();
    const calls = receiver.received.length;
    clock.advance(DAY);
    await send();
    expect(receiver.received).toHaveLength(calls);
    expect(await rooms.get(WebhooksStore).find(seller, id.split('|')[1]!)).toHaveProperty('pausedAt');
    expect(await eventsOf(id)).toMatchObject([{ state: 'failed', status: 500 }]);

    receiver.react = () => 200;
    await rooms.get(WebhooksStore).resume(id, clock.now());
    await rooms.get(TellWebhooks).test({ id, seller, url: receiver.url, events: [], createdAt: 0, tries: 0 });
    await send();
    expect(typesOf(receiver.received.slice(calls))).toEqual(['test']);
  });

  it('is not asked any more once its webhook is gone', async () => {
    const id = await subscribe(receiver.url, ['stock.changed']);
    await counted(10);
    await rooms.get(WebhooksStore).remove(id);
    await send();
    expect(receiver.received).toEqual([]);
  });
});

describe('low stock', () => {
  const low = async (): Promise<readonly string[]> => {
    await tellProblems();
    await send();
    clock.advance(1000);
    return typesOf(receiver.received.splice(0));
  };
  const isOpen = async (key: string) => {
    const problem = await rooms.get(ProblemsStore).find(seller, key);
    return problem !== undefined && problem.closedAt === undefined;
  };

  it('of a sku is told once per crossing, and a cancellation crosses back', async () => {
    await subscribe(receiver.url, ['stock.low', 'stock.low.closed']);
    await stock({ kind: 'rules', id: 'r', lowStockAt: 5 });
    await counted(10);
    expect(await low()).toEqual([]);
    await hold('a', 5, 1);
    expect(await low()).toEqual(['stock.low']);
    await hold('b', 2, 1);
    await handle();
    expect(await low()).toEqual([]);
    expect(await isOpen('low-stock|SKU')).toBe(true);
    await hold('a', 0, 2);
    expect(await low()).toEqual(['stock.low.closed']);
    expect(await isOpen('low-stock|SKU')).toBe(false);
    await hold('c', 4, 1);
    expect(await low()).toEqual(['stock.low']);
    await stock({ kind: 'rules', id: 'r2', lowStockAt: null });
    await handle();
    expect(await low()).toEqual(['stock.low.closed']);
  });

  it('of a quota is told by its percentage, and is over with the quota', async () => {
    await subscribe(receiver.url, ['stock.low', 'stock.low.closed', 'problem.opened']);
    await counted(100);
    const quota = {
      id: 'q',
      campaign: 'flash',
      shop: L,
      mode: 'allocation' as const,
      quantity: 20,
      lowStockPercent: 25,
    };
    await stock({ kind: 'quota-start', id: 's', quota, cut: true });
    await hold('a', 14, 1);
    expect(await low()).toEqual([]);
    await hold('b', 1, 1);
    expect((await low()).sort()).toEqual(['problem.opened', 'stock.low']);
    expect(await isOpen('low-stock|SKU|q')).toBe(true);
    await stock({ kind: 'quota-end', id: 'e', quota: 'q' });
    await handle();
    expect(await low()).toEqual(['stock.low.closed']);
  });
});

describe('an order', () => {
  const orders = () => rooms.get(OrdersStore);
  const bring = (order: StoredOrder) => rooms.get(BringOrderService).bring(order);
  const orderIn = (externalId: string): StoredOrder => ({
    ...orderOf([{ state: lineState('hat'), parts: [{ sku: 'hat', units: 1 }] }]),
    ...{ id: orderIdOf(seller, L, externalId) as OrderId, seller, externalId, placedAt: clock.now() },
    ...{ buyer: 'sealed', due: clock.now() },
  });

  it('is told as new once, then as changed, with its id, version and status, and nothing of its buyer', async () => {
    await subscribe(receiver.url, EVENT_TYPES);
    const order = orderIn('o-1');
    await orders().swap(order);
    await bring(order);
    await bring(order);
    await send();
    const paid = { ...order, v: 2, status: 'shipped' as const, due: clock.now() };
    await orders().swap(paid);
    await bring(paid);
    await bring(paid);
    await send();
    const told = receiver.received.filter(({ type }) => type.startsWith('order.'));
    expect(told.map(({ type, data }) => [type, data])).toEqual([
      ['order.created', { order: order.id, channel: 'lazada', shop: L, externalId: 'o-1', status: 'paid', version: 1 }],
      [
        'order.updated',
        { order: order.id, channel: 'lazada', shop: L, externalId: 'o-1', status: 'shipped', version: 2 },
      ],
    ]);
    expect(JSON.stringify(receiver.received)).not.toContain('sealed');
  });

  it('that changed before anybody was told is told as new, and as changed', async () => {
    await subscribe(receiver.url, ['order.created', 'order.updated']);
    const order = { ...orderIn('o-2'), v: 2 };
    await bring(order);
    await send();
    expect(receiver.received.map(({ type, data }) => [type, data.version]).sort()).toEqual([
      ['order.created', 2],
      ['order.updated', 2],
    ]);
  });

  it('that was a hold is told when it is confirmed, and not before', async () => {
    await subscribe(receiver.url, ['order.created', 'order.updated']);
    await stock(countWish(10), 'hat');
    const wish = { id: 'H', lines: [{ sku: 'hat', units: 1 }], expiresInMs: HOUR };
    expect((await rooms.get(HoldsService).hold(seller, wish)).kind).toBe('made');
    await send();
    expect(receiver.received).toEqual([]);
    expect((await rooms.get(HoldsService).confirm(seller, 'H')).kind).toBe('done');
    await send();
    expect(typesOf(receiver.received)).toEqual(['order.created']);
  });
});
