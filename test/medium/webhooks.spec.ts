import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { keyOf, partsOf, type WebhookId } from '../../src/domain';
import { ProblemsStore } from '../../src/store/problems.store';
import { TellWebhooks } from '../../src/store/tell-webhooks.store';
import { WebhookEventsStore } from '../../src/store/webhook-events.store';
import { WebhooksStore } from '../../src/store/webhooks.store';
import { SendEventsWorker } from '../../src/webhooks/send-events.worker';
import { countWish } from '../builders/stock';
import type { Reaction } from '../support/receiver';
import { isGenuine, typesOf, WebhookBench } from '../support/rooms/webhook-bench';
import { until } from '../support/until';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const bench = new WebhookBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(() => bench.newSeller());

const subscribe = () => bench.subscribe(['stock.changed']);
const received = () => bench.receiver.received;
const versions = () => received().map(({ data }) => data.version);

describe('a stock event', () => {
  it('is delivered once, signed, with the numbers of the sku', async () => {
    await subscribe();
    await bench.count(10);
    await bench.sell('o', 3);
    await bench.send();
    await bench.handle();
    await bench.send();
    expect(received()).toHaveLength(1);
    const [call] = received();
    expect(call).toMatchObject({
      type: 'stock.changed',
      data: { sku: 'SKU', version: 2, counted: true, onHand: 10, committed: 3, free: 7, shared: 7 },
    });
    expect(call && isGenuine(call)).toBe(true);
    expect(call?.headers['content-type']).toBe('application/json');
    expect(Number(call?.headers['webhook-timestamp'])).toBe(Math.floor(bench.clock.now() / 1000));
  });

  it('of ten changes is one, the latest', async () => {
    await subscribe();
    for (let at = 1; at <= 10; at += 1) await bench.count(at);
    await bench.send();
    expect(versions()).toEqual([10]);
  });

  it('that is written again changes nothing, nor does an older one that comes late', async () => {
    const id = await subscribe();
    await bench.count(10);
    await bench.send();
    const [event] = await bench.events(id);
    if (event === undefined) throw new Error('nothing was written');
    await bench.rooms.get(WebhookEventsStore).record([event, { ...event, v: event.v - 1 }, event]);
    await bench.rooms.get(WebhooksStore).wake([id], bench.clock.now());
    await bench.send();
    expect(received()).toHaveLength(1);
    expect(await bench.events(id)).toEqual([event]);
  });

  it('never overtakes an older one of its sku', async () => {
    await subscribe();
    await bench.count(10);
    let answer: (status: number) => void = () => undefined;
    bench.receiver.react = () => new Promise<number>((resolve) => (answer = resolve));
    const first = bench.send();
    await until('the first is under way', () => received().length === 1);
    await bench.count(11);
    await bench.rooms.get(SendEventsWorker).begin();
    expect(received()).toHaveLength(1);
    bench.receiver.react = () => 200;
    answer(200);
    await first;
    expect(versions()).toEqual([1, 2]);
  });

  it('is written for nobody where nobody asked', async () => {
    const id = await bench.subscribe(['order.created']);
    await bench.count(10);
    expect(await bench.events(id)).toEqual([]);
  });
});

describe('two processes', () => {
  it('send each event once, and miss none that is written while the other comes to rest', async () => {
    await subscribe();
    const workers = [bench.rooms, bench.elsewhere].map((rooms) => rooms.get(SendEventsWorker));
    const skus = Array.from({ length: 60 }, (_, at) => `S${at}`);
    await Promise.all(
      skus.map(async (sku) => {
        await bench.stock(countWish(1), sku);
        await bench.handle(sku);
        await Promise.all(workers.map((worker) => worker.begin()));
      }),
    );
    await Promise.all(workers.map((worker) => worker.rest()));
    await bench.send();
    expect(
      received()
        .map(({ data }) => data.sku)
        .sort(),
    ).toEqual([...skus].sort());
  });
});

describe('a process that dies', () => {
  const hook = path.join(__dirname, '../support/races/typescript-hook.cjs');
  const sender = path.join(__dirname, '../support/rooms/sending-process-main.ts');

  it('after a call and before it keeps the answer is followed by another, with the same id', async () => {
    const id = await subscribe();
    await bench.count(10);
    const child = fork(sender, { execArgv: ['-r', hook] });
    child.send({ place: bench.place, crashAt: 'event.sent:1' });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    expect(received()).toHaveLength(1);
    expect(await bench.events(id)).toMatchObject([{ state: 'waiting', tries: 0 }]);
    bench.clock.advance(MINUTE);
    await bench.send();
    expect(received().map((call) => call.id)).toEqual([received()[0]?.id, received()[0]?.id]);
    expect(await bench.events(id)).toMatchObject([{ state: 'delivered' }]);
  });
});

describe('a receiver that takes nothing', () => {
  it('is asked again with the same id, until it does', async () => {
    const id = await subscribe();
    await bench.count(10);
    const reactions: Reaction[] = [500, 'cut', { location: '/elsewhere' }, 429];
    bench.receiver.react = () => reactions.shift() ?? 200;
    for (let tries = 1; tries <= 5; tries += 1) {
      await bench.send();
      expect(received()).toHaveLength(tries);
      bench.clock.advance(MINUTE);
    }
    expect(new Set(received().map((call) => call.id)).size).toBe(1);
    expect(received().every(isGenuine)).toBe(true);
    expect(await bench.events(id)).toMatchObject([{ state: 'delivered', tries: 5, status: 200 }]);
    expect(await bench.webhook(id)).toMatchObject({ tries: 0 });
  });

  it('delays no other, not even while it says nothing at all', async () => {
    const dead = await bench.newReceiver();
    let hangUp: (status: number) => void = () => undefined;
    dead.react = () => new Promise<number>((resolve) => (hangUp = resolve));
    await bench.subscribe(['stock.changed'], dead);
    await subscribe();
    for (let at = 1; at <= 3; at += 1) {
      await bench.count(at * 10);
      await bench.rooms.get(SendEventsWorker).begin();
      await until('the living one has it', () => received().length === at);
    }
    expect(dead.received).toHaveLength(1);
    dead.react = () => 200;
    hangUp(500);
    await bench.rooms.get(SendEventsWorker).rest();
  });

  it('is asked with one event at a time, and gets all that waits once it is back', async () => {
    const id = await subscribe();
    const skus = Array.from({ length: 20 }, (_, at) => `S${at}`);
    await Promise.all(skus.map((sku) => bench.stock(countWish(1), sku)));
    await Promise.all(skus.map((sku) => bench.handle(sku)));
    bench.receiver.react = () => 503;
    await bench.send();
    expect(received()).toHaveLength(8);
    bench.clock.advance(MINUTE);
    await bench.send();
    expect(received()).toHaveLength(9);
    bench.receiver.react = () => 200;
    bench.clock.advance(MINUTE);
    await bench.send();
    expect(received()).toHaveLength(9 + 20);
    expect((await bench.events(id)).every(({ state }) => state === 'delivered')).toBe(true);
  });

  it('is a problem after an hour, is left alone after three days, and is asked again when a person says so', async () => {
    const id = await subscribe();
    const problem = () => bench.rooms.get(ProblemsStore).find(bench.seller, keyOf('webhook', partsOf(id)[1] ?? ''));
    await bench.count(10);
    bench.receiver.react = () => 500;
    await bench.send();
    expect(await problem()).toBeUndefined();
    bench.clock.advance(HOUR);
    await bench.send();
    const { host } = new URL(bench.receiver.url);
    expect(await problem()).toMatchObject({ kind: 'webhook', detail: `${host} takes no events: status 500` });
    await bench.stock(countWish(1), 'OTHER');
    await bench.handle('OTHER');
    bench.clock.advance(3 * DAY);
    await bench.send();
    const calls = received().length;
    bench.clock.advance(DAY);
    await bench.send();
    expect(received()).toHaveLength(calls);
    const paused = await bench.webhook(id);
    expect(paused).toHaveProperty('pausedAt');
    expect((await bench.events(id)).map(({ state }) => state).sort()).toEqual(['failed', 'waiting']);

    bench.receiver.react = () => 200;
    await bench.rooms.get(WebhooksStore).resume(id, bench.clock.now());
    if (paused !== undefined) await bench.rooms.get(TellWebhooks).test(paused);
    await bench.send();
    expect(typesOf(received().slice(calls)).sort()).toEqual(['stock.changed', 'test']);
  });

  it('leaves no problem behind when its webhook is removed while it is asked', async () => {
    const id = await subscribe();
    await bench.count(10);
    bench.receiver.react = () => 500;
    await bench.send();
    bench.clock.advance(HOUR);
    bench.receiver.react = async () => {
      await bench.rooms.get(WebhooksStore).remove(id);
      return 500;
    };
    await bench.send();
    expect(await bench.rooms.get(ProblemsStore).list(bench.seller, { open: true, limit: 10 })).toEqual([]);
  });

  it('that comes back closes its problem by itself', async () => {
    const id = await subscribe();
    const isOpen = async (): Promise<boolean> => {
      const open = await bench.rooms.get(ProblemsStore).list(bench.seller, { open: true, limit: 10 });
      return open.some(({ kind }) => kind === 'webhook');
    };
    await bench.count(10);
    bench.receiver.react = () => 500;
    await bench.send();
    bench.clock.advance(HOUR);
    await bench.send();
    expect(await isOpen()).toBe(true);
    bench.receiver.react = () => 204;
    bench.clock.advance(HOUR);
    await bench.send();
    expect(await isOpen()).toBe(false);
    expect(await bench.webhook(id)).not.toHaveProperty('failingSince');
  });

  it('is not asked any more once its webhook is gone', async () => {
    const id: WebhookId = await subscribe();
    await bench.count(10);
    await bench.rooms.get(WebhooksStore).remove(id);
    await bench.send();
    expect(received()).toEqual([]);
  });
});

describe('a receiver that refuses one event for ever', () => {
  const sell = async (sku: string): Promise<void> => {
    await bench.stock(countWish(1), sku);
    await bench.handle(sku);
  };
  beforeEach(() => {
    bench.receiver.react = ({ data }) => (data.sku === 'REFUSED' ? 500 : 200);
  });

  it('is told of others within a minute', async () => {
    await subscribe();
    await sell('REFUSED');
    for (let tries = 1; tries <= 12; tries += 1) {
      await bench.send();
      expect(received()).toHaveLength(tries);
      bench.clock.advance(15 * MINUTE);
    }
    await bench.send();
    await sell('OTHER');
    bench.clock.advance(MINUTE);
    await bench.send();
    expect(received().map(({ data }) => data.sku)).toContain('OTHER');
  });

  it('is not left alone for it when it was the only one of three days', async () => {
    const id = await subscribe();
    await sell('REFUSED');
    await bench.send();
    bench.clock.advance(3 * DAY);
    await bench.send();
    expect(await bench.events(id)).toMatchObject([{ state: 'failed' }]);
    expect(await bench.webhook(id)).not.toHaveProperty('failingSince');
    await sell('OTHER');
    await bench.send();
    expect(received().map(({ data }) => data.sku)).toContain('OTHER');
  });
});
