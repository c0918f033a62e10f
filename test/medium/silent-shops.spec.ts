import type { AppId, DeliveryId } from '../../src/domain';
import { ReadDeliveriesService } from '../../src/normalize/read-deliveries.service';
import { DeliveriesStore } from '../../src/store/deliveries.store';
import { PollCursorsStore } from '../../src/store/poll-cursors.store';
import { MINUTE, POLL, PollingBench, SECOND } from '../support/rooms/polling-bench';

const bench = new PollingBench();
const { channel, clock } = bench;
const names = (count: number) => Array.from({ length: count }, (_, at) => `o${at}`).sort();

beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(() => bench.newShop());

describe('a shop that is quiet against its own rhythm', () => {
  const hear = async (pushes: number) => {
    bench.rooms.get(PollCursorsStore).hear(bench.seller, bench.shop, { pushes, at: clock.now() });
    await bench.rooms.get(PollCursorsStore).beforeApplicationShutdown();
  };
  /** A day and a bit of sixty pushes an hour. */
  const aDay = async () => {
    for (let at = 0; at < 26 * 2; at += 1) {
      await hear(30);
      clock.advance(30 * MINUTE);
      await bench.poll();
    }
    await hear(1);
    await bench.poll();
  };

  it('is polled at once and faster, tells of it when orders were missed, and is well with the next push', async () => {
    await aDay();
    expect(await bench.problems('silent')).toEqual([]);
    clock.advance(4 * MINUTE);
    await bench.poll();
    channel.asked.length = 0;
    bench.sell('untold', 0);
    for (let at = 0; at < 16; at += 1) {
      clock.advance(15 * SECOND);
      await bench.poll();
    }
    expect(channel.asked.length).toBeGreaterThanOrEqual(6);
    const [problem] = await bench.problems('silent');
    expect(problem).toMatchObject({ shop: bench.shop, orders: [`${bench.seller}|${bench.shop}|untold`] });
    await hear(2);
    clock.advance(POLL / 4);
    await bench.poll();
    expect(await bench.problems('silent')).toEqual([]);
  }, 30_000);

  it('hears a push once, however often it is read', async () => {
    const deliveries = bench.rooms.get(DeliveriesStore);
    const id = `push-of-${bench.shop}` as DeliveryId;
    const bytes = Buffer.from(`${bench.shop} none`);
    const about = { app: 'app' as AppId, channel: 'listing', headers: {} };
    await deliveries.insertBatch([{ id, bytes, ...about, receivedAt: clock.now(), due: clock.now() }], clock.now());
    for (const tries of [0, 1, 2]) {
      await deliveries.postpone([{ id, v: 1, dueAt: clock.now(), tries }]);
      await bench.rooms.get(ReadDeliveriesService).read([id]);
    }
    await hear(0);
    expect((await bench.cursor()).heard).toBe(1);
  });

  it('is no trouble where nobody orders', async () => {
    await aDay();
    for (let at = 0; at < 20; at += 1) {
      clock.advance(MINUTE);
      await bench.poll();
    }
    expect(await bench.problems('silent')).toEqual([]);
  }, 30_000);

  it('is not silent while its pushes come, though some are lost or late', async () => {
    clock.advance(POLL);
    await bench.poll();
    for (const name of names(5)) bench.sell(name, 0);
    clock.advance(POLL - SECOND);
    await hear(1);
    clock.advance(SECOND);
    await bench.poll();
    expect(await bench.ordersHere()).toEqual(names(5));
    expect(await bench.problems('silent')).toEqual([]);
  });

  it('is silent without a rhythm after three orders that no push told', async () => {
    await bench.poll();
    clock.advance(POLL);
    await bench.poll();
    for (const name of names(3)) {
      bench.sell(name, 0);
      clock.advance(POLL);
      await bench.poll();
      clock.advance(POLL);
      await bench.poll();
    }
    expect(await bench.problems('silent')).toHaveLength(1);
  });
});
