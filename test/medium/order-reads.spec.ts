import type { AppId, DeliveryId } from '../../src/domain';
import { ReadDeliveriesService } from '../../src/normalize/read-deliveries.service';
import type { Outcome } from '../../src/platform/worker';
import { DeadLettersStore } from '../../src/store/dead-letters.store';
import { DeliveriesStore } from '../../src/store/deliveries.store';
import { POLL, PollingBench, SETTLED } from '../support/rooms/polling-bench';

const bench = new PollingBench();
const { channel, clock } = bench;
const names = (count: number) => Array.from({ length: count }, (_, at) => `o${at}`).sort();

/** The channel tells of these orders, and what it tells is read. */
async function hear(orders: readonly string[]): Promise<readonly Outcome[]> {
  const pushes = orders.map((name) => ({
    ...{ id: `${bench.shop} ${name}` as DeliveryId, bytes: Buffer.from(`${bench.shop} ${name}`), headers: {} },
    ...{ app: 'app' as AppId, channel: 'listing', receivedAt: clock.now(), due: clock.now() },
  }));
  await bench.rooms.get(DeliveriesStore).insertBatch(pushes, clock.now());
  return bench.rooms.get(ReadDeliveriesService).read(pushes.map(({ id }) => id));
}

beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(async () => {
  channel.unreadable.clear();
  channel.failing.clear();
  channel.pageSize = 50;
  channel.tellsInstants = false;
  await bench.newShop();
});

describe('the reading of orders that a list names', () => {
  it.each([
    [false, 6],
    [true, 1],
  ])('reads an order once where the list gives its instant (%s: %i reads)', async (tellsInstants, reads) => {
    channel.tellsInstants = tellsInstants;
    await bench.poll();
    bench.sell('lost', 0);
    for (let polls = 0; polls < 7; polls += 1) {
      clock.advance(POLL);
      await bench.poll();
    }
    expect(channel.reads).toEqual(Array.from({ length: reads }, () => 'lost'));
    bench.sell('lost', 0, { status: 'cancelled' });
    clock.advance(POLL);
    await bench.poll();
    expect(await bench.order('lost')).toMatchObject({ v: 2, status: 'cancelled' });
  });

  it('reads one again that a push told of within its second, once, and finds another change of that second', async () => {
    channel.tellsInstants = true;
    await bench.poll();
    for (const name of ['calm', 'twice']) bench.sell(name, 0);
    const { updatedAt } = channel.ordersOf(bench.shop)[0]!;
    await hear(['calm', 'twice']);
    bench.sell('twice', 0, { status: 'cancelled', updatedAt });
    for (let polls = 0; polls < 7; polls += 1) {
      clock.advance(POLL);
      await bench.poll();
    }
    expect(channel.reads).toEqual(['calm', 'twice', 'calm', 'twice']);
    expect(await bench.order('calm')).toMatchObject({ v: 1, status: 'paid' });
    expect(await bench.order('twice')).toMatchObject({ v: 2, updatedAt, status: 'cancelled' });
  });

  it('takes all others in when the reading of one fails in passing, and that one with the next look', async () => {
    await bench.poll();
    for (const name of names(20)) bench.sell(name, 0);
    channel.failing.set('o7', 7);
    clock.advance(POLL);
    await bench.poll();
    expect(await bench.cursor()).toMatchObject({ readTo: clock.now() - SETTLED, unread: [{ externalId: 'o7' }] });
    expect(await bench.ordersHere()).toHaveLength(19);
    clock.advance(POLL);
    await bench.poll();
    expect(await bench.ordersHere()).toEqual(names(20));
    expect(await bench.cursor()).toMatchObject({ unread: [] });
  });

  it('takes all other pushes in as well, and leaves that one to be read again', async () => {
    for (const name of names(20)) bench.sell(name, 0);
    channel.failing.set('o7', 1000);
    const outcomes = await hear(names(20));
    expect(outcomes.flatMap((outcome, at) => (outcome.kind === 'done' ? [] : [[names(20)[at], outcome.kind]]))).toEqual(
      [['o7', 'failed']],
    );
    expect(await bench.ordersHere()).toEqual(names(20).filter((name) => name !== 'o7'));
  });

  it('does not ask for one after the other where the channel answers nothing at all', async () => {
    await bench.poll();
    for (const name of names(40)) bench.sell(name, 0);
    for (const name of names(40)) channel.failing.set(name, 1000);
    channel.reads.length = 0;
    clock.advance(POLL);
    await bench.poll();
    expect(await bench.cursor()).toMatchObject({ failures: 1, unread: [] });
    expect(channel.reads.length).toBeLessThan(200);
    channel.failing.clear();
    clock.advance(POLL);
    await bench.poll();
    expect(await bench.ordersHere()).toHaveLength(40);
  });

  it('keeps an order that is listed and cannot be read, until it can', async () => {
    await bench.poll();
    bench.sell('late', 0);
    channel.unreadable.add('late');
    clock.advance(POLL);
    await bench.poll();
    expect(await bench.cursor()).toMatchObject({ readTo: clock.now() - SETTLED, unread: [{ externalId: 'late' }] });
    channel.unreadable.clear();
    clock.advance(POLL);
    await bench.poll();
    expect(await bench.cursor()).toMatchObject({ unread: [] });
    expect(await bench.ordersHere()).toEqual(['late']);
  });

  it('keeps a dead letter of one that cannot be read for minutes, and reads on', async () => {
    await bench.poll();
    bench.sell('broken', 0);
    channel.unreadable.add('broken');
    for (let at = 0; at < 12; at += 1) {
      clock.advance(POLL);
      await bench.poll();
    }
    expect(await bench.cursor()).toMatchObject({ readTo: clock.now() - SETTLED, unread: [] });
    const letters = await bench.rooms.get(DeadLettersStore).list(bench.seller, { state: 'open', limit: 10 });
    expect(letters.map(({ cause, shop }) => [cause, shop])).toEqual([['unreadable-order', bench.shop]]);
  });
});
