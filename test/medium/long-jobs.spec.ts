import { keyOf, type LongJobId, type SellerId } from '../../src/domain';
import { HubError } from '../../src/platform/hub-error';
import { LeasesStore } from '../../src/store/leases.store';
import { LongJobsStore, type LongJob } from '../../src/store/long-jobs.store';
import { LongWork } from '../../src/store/long-work';
import { HandClock } from '../support/rooms/hand-clock';
import { makePlace, openRooms, type Place, type Rooms } from '../support/rooms/open-rooms';
import { until } from '../support/until';

const seller = 'mine' as SellerId;
const stops: (() => Promise<void>)[] = [];
let place: Place;
let rooms: Rooms;
let elsewhere: Rooms;
const clock = new HandClock();

async function opened(): Promise<Rooms> {
  const made = await openRooms({ place, clock });
  stops.unshift(made.close);
  return made;
}

beforeAll(async () => {
  const made = await makePlace();
  place = made;
  stops.unshift(made.remove);
  rooms = await opened();
  elsewhere = await opened();
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

const begin = (kind: string, about = 'shop'): Promise<LongJob> =>
  rooms.get(LongJobsStore).begin({ seller, kind, about, wish: { days: 3 }, by: 'somebody' });
const idOf = (job: LongJob): LongJobId => keyOf(job.seller, job.id) as LongJobId;
const store = (): LongJobsStore => rooms.get(LongJobsStore);

describe('long work', () => {
  it('is one for a kind and a thing while it is not over, and another one afterwards', async () => {
    const first = await begin('once');
    expect((await begin('once')).id).toBe(first.id);
    expect((await begin('once', 'another shop')).id).not.toBe(first.id);
    const claimed = await store().claim(idOf(first), 1000);
    await store().enter(claimed as LongJob, { done: 1, isFinished: true });
    expect((await begin('once')).id).not.toBe(first.id);
  });

  it('is done by one process at a time, and taken over when a step counts as lost', async () => {
    const job = await begin('shared');
    const claims = await Promise.all(
      [rooms, elsewhere, rooms, elsewhere].map((each) => each.get(LongJobsStore).claim(idOf(job), 1000)),
    );
    const won = claims.filter((claim) => claim !== undefined);
    expect(won).toHaveLength(1);
    clock.advance(1001);
    const later = (await elsewhere.get(LongJobsStore).claim(idOf(job), 1000)) as LongJob;
    expect(await store().enter(won[0] as LongJob, { done: 9, isFinished: false })).toBeUndefined();
    expect(await store().enter(later, { done: 2, total: 5, cursor: { at: 2 }, isFinished: false })).toMatchObject({
      ...{ done: 2, total: 5, cursor: { at: 2 }, state: 'running' },
    });
  });

  it('keeps what it reached when it fails, is due again after its wait, and says why it ended', async () => {
    const job = await begin('failing');
    const claimed = (await store().claim(idOf(job), 1000)) as LongJob;
    await store().fail(claimed, 'the channel is away', { delayMs: 500 });
    expect(await store().claim(idOf(job), 1000)).toBeUndefined();
    clock.advance(501);
    const again = (await store().claim(idOf(job), 1000)) as LongJob;
    expect(again).toMatchObject({ tries: 1, reason: 'the channel is away' });
    await store().fail(again, 'no such shop');
    const ended = await store().find(seller, job.id);
    expect(ended).toMatchObject({ state: 'failed', reason: 'no such shop' });
    expect(ended?.due).toBeUndefined();
  });

  it('is carried to its end by a worker, step by step, over a step that fails', async () => {
    const worker = await openRooms({ place, isWorker: true });
    const seen: unknown[] = [];
    worker.get(LongWork).handle('counting', async ({ cursor, done, wish }) => {
      seen.push(cursor);
      if (seen.length === 2) throw Object.assign(new Error('lost the store'), { name: 'MongoNetworkError' });
      return { done: done + 1, total: 3, cursor: done + 1, report: wish, isFinished: done === 2 };
    });
    const job = await worker.get(LongJobsStore).begin({ seller, kind: 'counting', about: 'all', wish: {}, by: 'x' });
    const ended = await until('the work is there', async () => {
      const found = await worker.get(LongJobsStore).find(seller, job.id);
      return found?.state === 'done' ? found : undefined;
    });
    await worker.close();
    expect(ended).toMatchObject({ done: 3, total: 3, tries: 0 });
    expect(ended).not.toHaveProperty('reason');
    expect(seen).toEqual([undefined, 1, 1, 2]);
  });

  it('is told of where it will not be tried again', async () => {
    const worker = await openRooms({ place, isWorker: true });
    const told: string[] = [];
    worker.get(LongWork).handle(
      'refused',
      () => Promise.reject(new HubError('missing', 'never', { message: 'no such shop' })),
      async (job, reason) => void told.push(`${job.about}: ${reason}`),
    );
    await worker.get(LongJobsStore).begin({ seller, kind: 'refused', about: 'all', wish: {}, by: 'hub' });
    await until('it is told of', () => told.length > 0);
    await worker.close();
    expect(told).toEqual(['all: no such shop']);
  });

  it('says so when no room knows its kind', async () => {
    const worker = await openRooms({ place, isWorker: true });
    const job = await worker.get(LongJobsStore).begin({ seller, kind: 'nobody', about: 'all', wish: {}, by: 'x' });
    const tried = await until('the work is there', async () => {
      const found = await worker.get(LongJobsStore).find(seller, job.id);
      return (found?.tries ?? 0) > 0 ? found : undefined;
    });
    await worker.close();
    expect(tried.reason).toContain('no room does the long work nobody');
  });
});

describe('a lease', () => {
  it('has one holder, whose fence is higher than every earlier one', async () => {
    const takes = await Promise.all(
      [rooms, elsewhere, rooms, elsewhere].map((each) => each.get(LeasesStore).take('a', 1000)),
    );
    const [first, ...others] = takes.filter((lease) => lease !== undefined);
    expect(others).toEqual([]);
    clock.advance(1001);
    const next = await elsewhere.get(LeasesStore).take('a', 1000);
    expect(next?.fence).toBeGreaterThan(first?.fence ?? Infinity);
    expect(await rooms.get(LeasesStore).renew(first!, 1000)).toBe(false);
    expect(await rooms.get(LeasesStore).renew(next!, 1000)).toBe(true);
  });

  it('can be taken at once after it was given back, but not by giving back an old one', async () => {
    const leases = rooms.get(LeasesStore);
    const first = await leases.take('b', 1000);
    await leases.release(first!);
    const second = await leases.take('b', 1000);
    await leases.release(first!);
    expect(second).toBeDefined();
    expect(await leases.take('b', 1000)).toBeUndefined();
  });
});
