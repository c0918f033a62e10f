import { ChannelError } from '../../connectors/kit';
import type { ShopId } from '../../src/domain';
import { FindCursorsWorker } from '../../src/polling/find-cursors.worker';
import { PollWorker } from '../../src/polling/poll.worker';
import { WriteOrdersService } from '../../src/normalize/write-orders.service';
import { DeadLettersStore } from '../../src/store/dead-letters.store';
import { PollCursorsStore } from '../../src/store/poll-cursors.store';
import { ShopCalls } from '../../src/store/shop-calls.store';
import { ShopsStore } from '../../src/store/shops.store';
import { DAY, MINUTE, POLL, PollingBench, SECOND, SETTLED } from '../support/rooms/polling-bench';

const bench = new PollingBench();
const { channel, clock } = bench;
const names = (count: number) => Array.from({ length: count }, (_, at) => `o${at}`).sort();

beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(async () => {
  channel.failures.length = 0;
  channel.pageSize = 3;
  channel.beforePage = async () => undefined;
  await bench.newShop();
});

describe('polling', () => {
  it('reads a new shop three days back, page by page, and then from where it stopped', async () => {
    for (const [at, name] of names(10).entries()) bench.sell(name, at * 6 * 3_600_000 + MINUTE);
    bench.sell('too-old', 4 * DAY);
    await bench.poll();
    expect(await bench.ordersHere()).toEqual(names(10));
    expect(await bench.cursor()).toMatchObject({ readTo: clock.now() - SETTLED, failures: 0, last: { end: 'read' } });
    channel.asked.length = 0;
    clock.advance(POLL);
    await bench.poll();
    expect(channel.asked.map(({ from, to }) => [clock.now() - from, clock.now() - to])).toEqual([
      [POLL + 10 * MINUTE + SETTLED, SETTLED],
    ]);
  });

  it('finds what no push told within the time between polls, and writes nothing a second time', async () => {
    await bench.poll();
    bench.sell('lost', 0);
    clock.advance(POLL);
    await bench.poll();
    const order = await bench.order('lost');
    expect(order).toMatchObject({ v: 1, status: 'paid' });
    clock.advance(POLL);
    await bench.poll();
    expect(channel.reads.filter((id) => id === 'lost')).toHaveLength(2);
    expect(await bench.order('lost')).toEqual(order);
  });

  it('leaves a shop alone until it is due', async () => {
    await bench.poll();
    channel.asked.length = 0;
    clock.advance(POLL / 2);
    await bench.poll();
    expect(channel.asked).toEqual([]);
  });

  it('goes on at the page that failed, and the cursor only when the window is whole', async () => {
    await bench.poll();
    const { readTo } = await bench.cursor();
    for (const name of names(8)) bench.sell(name, 0);
    clock.advance(POLL);
    channel.asked.length = 0;
    channel.failures.push(undefined, new ChannelError({ kind: 'unavailable', unanswered: false }, 'down'));
    await bench.poll();
    expect(await bench.cursor()).toMatchObject({ readTo, failures: 1, pass: { seen: 3 } });
    expect(await bench.ordersHere()).toHaveLength(3);
    clock.advance(POLL);
    await bench.poll();
    const [, failed, resumed] = channel.asked;
    expect(resumed).toEqual(failed);
    expect(await bench.ordersHere()).toEqual(names(8));
    expect((await bench.cursor()).readTo).toBeGreaterThan(readTo);
  });

  it('begins a window anew when its next page is not to be had any more', async () => {
    await bench.poll();
    for (const name of names(5)) bench.sell(name, 0);
    clock.advance(POLL);
    channel.failures.push(undefined, new ChannelError({ kind: 'refused', reason: 'cursor' }, 'unknown cursor'));
    await bench.poll();
    expect(await bench.cursor()).not.toHaveProperty('pass');
    clock.advance(POLL);
    await bench.poll();
    expect(await bench.ordersHere()).toEqual(names(5));
  });

  it('asks a channel that asked for patience no sooner because listings wait to hear of it', async () => {
    await bench.poll();
    clock.advance(POLL);
    channel.failures.push(new ChannelError({ kind: 'throttled', afterMs: 600_000 }, 'too many calls'));
    await bench.poll();
    const [to, now] = [clock.now() - 10 * SECOND, clock.now()];
    await bench.rooms
      .get(PollCursorsStore)
      .askToHear({ seller: bench.seller, shop: bench.shop }, { to, due: now, now });
    channel.asked.length = 0;
    await bench.poll();
    expect(channel.asked).toEqual([]);
    clock.advance(600_000);
    await bench.poll();
    expect((await bench.cursor()).heardTo).toBeGreaterThan(to);
  });

  it('comes back when the channel says so', async () => {
    await bench.poll();
    clock.advance(POLL);
    channel.failures.push(new ChannelError({ kind: 'throttled', afterMs: 600_000 }, 'too many calls'));
    await bench.poll();
    expect((await bench.cursor()).due).toBe(clock.now() + 600_000);
  });

  it('splits a long way into windows that the channel takes, keeping each', async () => {
    for (const name of names(4)) bench.sell(name, DAY);
    await bench.poll();
    expect(channel.asked.length).toBeGreaterThanOrEqual(3);
    for (const { from, to } of channel.asked) expect(to - from).toBeLessThanOrEqual(DAY);
    const ends = channel.asked.filter(({ cursor }) => cursor === undefined).map(({ to }) => to);
    expect(ends).toEqual([...ends].sort((a, b) => a - b));
    expect(await bench.ordersHere()).toEqual(names(4));
  });

  it('reads a shop that is paused for pushing', async () => {
    const shops = bench.rooms.get(ShopsStore);
    const shop = await shops.find(bench.seller, bench.shop);
    if (shop === undefined) throw new Error('no shop');
    await shops.change(shop, { paused: true }, clock.now());
    bench.sell('paused', SETTLED);
    await bench.poll();
    expect(await bench.ordersHere()).toEqual(['paused']);
  });

  it('waits quietly for a token, and catches up from where it stopped', async () => {
    await bench.poll();
    bench.sell('held', 0);
    clock.advance(POLL);
    channel.failures.push(new ChannelError({ kind: 'unauthorized' }, 'token'));
    await bench.poll();
    const held = await bench.cursor();
    expect(held).not.toHaveProperty('movedAt');
    expect(held.due - clock.now()).toBeLessThanOrEqual(POLL);
    expect(await bench.problems('cursor-stuck')).toEqual([]);
    clock.advance(5 * DAY);
    await bench.poll();
    expect(await bench.ordersHere()).toEqual(['held']);
    expect((await bench.cursor()).movedAt).toBe(clock.now());
  });

  it('says that a cursor is stuck, and that it goes on again', async () => {
    await bench.poll();
    for (let at = 0; at < 12; at += 1) {
      clock.advance(POLL);
      channel.failures.push(new ChannelError({ kind: 'malformed' }, 'no list'));
      await bench.poll();
    }
    expect(await bench.problems('cursor-stuck')).toHaveLength(1);
    clock.advance(POLL);
    await bench.poll();
    expect(await bench.problems('cursor-stuck')).toEqual([]);
  });

  it('says so too where the first page can be read, and never the next', async () => {
    await bench.poll();
    for (const name of names(5)) bench.sell(name, 0);
    for (let at = 0; at < 12; at += 1) {
      clock.advance(POLL);
      channel.failures.push(undefined, new ChannelError({ kind: 'refused', reason: 'offset-ceiling' }, 'no page'));
      await bench.poll();
    }
    expect(await bench.problems('cursor-stuck')).toHaveLength(1);
    clock.advance(POLL);
    await bench.poll();
    expect(await bench.problems('cursor-stuck')).toEqual([]);
    expect(await bench.ordersHere()).toEqual(names(5));
  });

  it('keeps a letter of an unmapped line also where whoever wrote the order ended before that', async () => {
    await bench.poll();
    bench.sell('unmapped', 0);
    const ready = await bench.rooms.get(ShopCalls).open(bench.seller, bench.shop);
    if (ready === undefined) throw new Error('no shop');
    await bench.rooms.get(WriteOrdersService).readAndWrite(ready, [{ externalId: 'unmapped', heardAt: clock.now() }]);
    clock.advance(POLL);
    await bench.poll();
    const letters = await bench.rooms.get(DeadLettersStore).list(bench.seller, { state: 'open', limit: 10 });
    expect(letters.map(({ cause }) => cause)).toEqual(['unmapped-listing']);
  });

  it('is woken at once', async () => {
    await bench.poll();
    bench.sell('soon', SETTLED);
    await bench.rooms.get(PollCursorsStore).wake(bench.seller, bench.shop, clock.now());
    await bench.poll();
    expect(await bench.ordersHere()).toEqual(['soon']);
  });

  it('that is woken hears of what happened until then, though its list was read as far as it had settled', async () => {
    await bench.poll();
    bench.sell('last', 0);
    await bench.rooms.get(PollCursorsStore).wake(bench.seller, bench.shop, clock.now());
    await bench.poll();
    expect(await bench.ordersHere()).toEqual([]);
    clock.advance(2 * SECOND);
    await bench.poll();
    expect(await bench.ordersHere()).toEqual(['last']);
  });

  it('has no cursor for a shop that is gone', async () => {
    const cursors = bench.rooms.get(PollCursorsStore);
    const present = await bench.cursor();
    const ghost = { ...present, id: `${bench.seller}|ghost`, shop: 'ghost' as ShopId };
    await cursors.ensure([ghost]);
    await bench.poll();
    expect(await cursors.find(bench.seller, 'ghost' as ShopId)).toBeUndefined();
  });

  it('makes one cursor per shop, however often it looks, and none twice', async () => {
    await bench.poll();
    const before = await bench.cursor();
    expect(await bench.rooms.get(FindCursorsWorker).sweep()).toBe(0);
    expect(await bench.elsewhere.get(FindCursorsWorker).sweep()).toBe(0);
    expect(await bench.cursor()).toEqual(before);
  });
});

describe('polling in two processes', () => {
  it('reads each page once', async () => {
    await bench.poll();
    for (const name of names(9)) bench.sell(name, 0);
    clock.advance(POLL);
    channel.asked.length = 0;
    await Promise.all([bench.poll(), bench.poll(bench.elsewhere)]);
    expect(channel.asked).toHaveLength(3);
    expect(await bench.ordersHere()).toEqual(names(9));
  });

  it('takes nothing from one that reads, though listings wait to hear of the shop meanwhile', async () => {
    await bench.poll();
    for (const name of names(7)) bench.sell(name, 0);
    clock.advance(POLL);
    let goOn = (): void => undefined;
    const isHeld = new Promise<void>((resolve) => (goOn = resolve));
    channel.beforePage = () => isHeld;
    channel.asked.length = 0;
    const worker = bench.elsewhere.get(PollWorker);
    await worker.begin();
    while (channel.asked.length === 0) await new Promise(setImmediate);
    const ask = { to: clock.now() - 10 * SECOND, due: clock.now(), now: clock.now() };
    const ref = { seller: bench.seller, shop: bench.shop };
    const cursors = bench.rooms.get(PollCursorsStore);
    await cursors.askToHear(ref, ask);
    expect(await bench.rooms.get(PollWorker).begin()).toBe(0);
    goOn();
    await worker.rest();
    expect(await bench.ordersHere()).toEqual(names(7));
    await cursors.askToHear(ref, ask);
    expect((await bench.cursor()).due).toBe(ask.due);
  });

  it('reads at once again for a shop that got its token while one was still failing without it', async () => {
    await bench.poll();
    clock.advance(POLL);
    let goOn = (): void => undefined;
    const isHeld = new Promise<void>((resolve) => (goOn = resolve));
    channel.beforePage = async () => {
      await isHeld;
      throw new ChannelError({ kind: 'unauthorized' }, 'token');
    };
    channel.asked.length = 0;
    const worker = bench.elsewhere.get(PollWorker);
    await worker.begin();
    while (channel.asked.length === 0) await new Promise(setImmediate);
    await bench.rooms.get(PollCursorsStore).wake(bench.seller, bench.shop, clock.now());
    goOn();
    await worker.rest();
    const { due, pollAt } = await bench.cursor();
    expect(due).toBe(clock.now());
    expect(pollAt).toBeLessThanOrEqual(clock.now());
  });

  it('takes over from one that died in the middle of a pass, at its page', async () => {
    await bench.poll();
    for (const name of names(7)) bench.sell(name, 0);
    clock.advance(POLL);
    let die = (): void => undefined;
    const isDead = new Promise<void>((resolve) => (die = resolve));
    let pages = 0;
    channel.beforePage = () => {
      pages += 1;
      return pages === 2 ? isDead : Promise.resolve();
    };
    const worker = bench.elsewhere.get(PollWorker);
    await worker.begin();
    while (pages < 2) await new Promise(setImmediate);
    await bench.poll();
    expect(await bench.ordersHere()).toHaveLength(3);
    clock.advance(21 * SECOND);
    await bench.poll();
    expect(await bench.ordersHere()).toEqual(names(7));
    const { v, readTo } = await bench.cursor();
    die();
    await worker.rest();
    expect(await bench.cursor()).toMatchObject({ v, readTo });
  });
});
