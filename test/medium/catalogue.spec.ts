import type { CatalogueItem } from '../../connectors/kit';
import { keyOf, positionIdOf, type ListingId, type LongJobId, type SellerId, type ShopId } from '../../src/domain';
import { FollowListingsWorker } from '../../src/catalogue/follow-listings.worker';
import { AppsStore } from '../../src/store/apps.store';
import { CatalogueStore } from '../../src/store/catalogue.store';
import { ListingsStore } from '../../src/store/listings.store';
import { LongJobsStore, type LongJob } from '../../src/store/long-jobs.store';
import { LongWork } from '../../src/store/long-work';
import { PositionsStore } from '../../src/store/positions.store';
import { ProblemsStore } from '../../src/store/problems.store';
import { ShopsStore } from '../../src/store/shops.store';
import { SkusStore } from '../../src/store/skus.store';
import { appRecord, listingRecord, newShop, skuRecord } from '../builders/records';
import { makePlace, openRooms, type Rooms } from '../support/rooms/open-rooms';
import { TestChannel } from '../support/rooms/test-channel';

const stops: (() => Promise<void>)[] = [];
const channel = new TestChannel('pretend');
let rooms: Rooms;
let seller: SellerId;
let shop: ShopId;
let sellers = 0;

beforeAll(async () => {
  const place = await makePlace();
  stops.unshift(place.remove);
  rooms = await openRooms({ place, connectors: [channel.connector()] });
  stops.unshift(rooms.close);
  await rooms.get(AppsStore).insert(appRecord('app', 'pretend'), 'secret');
});
afterAll(async () => {
  for (const stop of stops) await stop();
});
beforeEach(async () => {
  sellers += 1;
  seller = `seller-${sellers}` as SellerId;
  shop = `shop-${sellers}` as ShopId;
  channel.itemsPerPage = 50;
  await rooms.get(ShopsStore).insert(newShop({ seller, shop, app: 'app', channel: 'pretend' }));
});

const item = (key: string, sellerSku: string, rest: Partial<CatalogueItem> = {}): CatalogueItem => ({
  ...{ channelIds: { item: key }, sellerSku, name: sellerSku, isLive: true },
  ...rest,
});
const begin = (mode: 'propose' | 'make'): Promise<LongJob> =>
  rooms.get(LongJobsStore).begin({ seller, kind: 'import-listings', about: shop, wish: { mode }, by: 'somebody' });
const read = (job: LongJob): Promise<LongJob | undefined> => rooms.get(LongJobsStore).find(seller, job.id);

/** Does steps as a worker would; with `most`, only so many of them. */
async function run(job: LongJob, most = Infinity): Promise<LongJob> {
  for (let steps = 0; steps < most; steps += 1) {
    const claimed = await rooms.get(LongJobsStore).claim(keyOf(seller, job.id) as LongJobId, 60_000);
    if (claimed === undefined) break;
    const step = await rooms.get(LongWork).of(job.kind)!(claimed);
    await rooms.get(LongJobsStore).enter(claimed, step);
  }
  return (await read(job))!;
}

const keepSkus = async (...skus: string[]): Promise<void> => {
  for (const sku of skus) await rooms.get(SkusStore).put(skuRecord(seller, sku));
};
const stateOf = async (key: string): Promise<string | undefined> =>
  (await rooms.get(CatalogueStore).page({ seller, shop }, { limit: 200 })).find((each) => each.key === key)?.state;
const listingsHere = () => rooms.get(ListingsStore).list({ seller, shop }, { limit: 200 });

describe('an import of a shop catalogue', () => {
  it('links what leaves no doubt, and reports the doubles, packs, unmatched and what is off sale', async () => {
    await keepSkus('TEA', 'CUP', 'POT');
    channel.offered = [
      item('1', 'TEA'),
      item('2', 'CUP'),
      item('3', 'CUP'),
      item('4', 'TEA-3PACK'),
      item('5', 'UNKNOWN'),
      item('6', 'POT', { isLive: false }),
    ];
    const job = await run(await begin('make'));
    expect(job).toMatchObject({
      state: 'done',
      done: 6,
      total: 6,
      report: { read: 6, made: 1, match: 1, double: 2, pack: 1, unmatched: 1, off: 1, linked: 0, gone: 0 },
    });
    const [only, ...others] = await listingsHere();
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      listing: '1',
      key: '1',
      channelIds: { item: '1' },
      parts: [{ sku: 'TEA', units: 1 }],
    });
    expect(await Promise.all(['1', '2', '3', '4', '5', '6'].map(stateOf))).toEqual([
      ...['linked', 'double', 'double', 'pack', 'unmatched', 'off'],
    ]);
  });

  it('proposes without making anything, and makes it when it is asked to', async () => {
    await keepSkus('TEA');
    channel.offered = [item('1', 'TEA')];
    expect(await run(await begin('propose'))).toMatchObject({ state: 'done', report: { match: 1, made: 0 } });
    expect(await listingsHere()).toEqual([]);
    expect(await stateOf('1')).toBe('match');
    await run(await begin('make'));
    expect(await listingsHere()).toHaveLength(1);
  });

  it('leaves a listing as a person mapped it', async () => {
    await keepSkus('TEA', 'CUP');
    await rooms.get(ListingsStore).put(listingRecord({ seller, shop, listing: 'mine' }, [{ sku: 'CUP', units: 6 }]));
    channel.offered = [item('mine', 'TEA')];
    const { report } = await run(await begin('make'));
    expect(report).toMatchObject({ linked: 1, made: 0 });
    expect(await listingsHere()).toMatchObject([{ listing: 'mine', parts: [{ sku: 'CUP', units: 6 }] }]);
  });

  it('looks for doubles of what has a code, and not through all that has none', async () => {
    channel.offered = [item('1', ''), item('2', ''), item('3', 'TEA')];
    const { id } = await run(await begin('propose'));
    const carriers = await rooms.get(CatalogueStore).carriers({ seller, shop }, id, ['', 'TEA']);
    expect([...carriers]).toEqual([['TEA', 1]]);
  });

  it('finds doubles that lie pages apart', async () => {
    await keepSkus('TEA');
    channel.itemsPerPage = 1;
    channel.offered = [item('1', 'TEA'), item('2', 'X'), item('3', 'TEA')];
    const { report } = await run(await begin('make'));
    expect(report).toMatchObject({ double: 2, made: 0 });
  });

  it('goes on where it was, and does a step that was not kept again without doubles', async () => {
    const skus = Array.from({ length: 12 }, (_, at) => `SKU-${at}`);
    await keepSkus(...skus);
    channel.itemsPerPage = 5;
    channel.offered = skus.map((sku, at) => item(`k${at}`, sku));
    const job = await begin('make');
    await run(job, 2);
    const claimed = await rooms.get(LongJobsStore).claim(keyOf(seller, job.id) as LongJobId, 60_000);
    await rooms.get(LongWork).of(job.kind)!(claimed!);
    await rooms.get(LongJobsStore).fail(claimed!, 'killed before it was kept', { delayMs: 0 });
    channel.catalogueReads = 0;
    const ended = await run(job);
    expect(ended).toMatchObject({ state: 'done', done: 12, report: { read: 12, made: 12 } });
    expect(channel.catalogueReads).toBe(1);
    expect(new Set((await listingsHere()).map(({ key }) => key)).size).toBe(12);
  });

  it('marks what the channel does not show any more, and shows it again when it is back', async () => {
    channel.offered = [item('1', 'A'), item('2', 'B')];
    await run(await begin('propose'));
    channel.offered = [item('2', 'B')];
    expect((await run(await begin('propose'))).report).toMatchObject({ gone: 1, unmatched: 1 });
    expect(await stateOf('1')).toBe('gone');
    channel.offered = [item('1', 'A'), item('2', 'B')];
    await run(await begin('propose'));
    expect(await stateOf('1')).toBe('unmatched');
  });

  it('opens a problem for a status that nothing documents, keeps the item off sale, and closes it again', async () => {
    await keepSkus('TEA');
    channel.offered = [item('1', 'TEA', { unknownStatus: 'FROZEN' })];
    const { report } = await run(await begin('make'));
    expect(report).toMatchObject({ off: 1, made: 0, unknownStatuses: ['FROZEN'] });
    const problems = () => rooms.get(ProblemsStore).list(seller, { open: true, limit: 10 });
    expect(await problems()).toMatchObject([{ kind: 'unknown-status', detail: expect.stringContaining('FROZEN') }]);
    channel.offered = [item('1', 'TEA')];
    await run(await begin('make'));
    expect(await problems()).toEqual([]);
  });

  it('links nothing whose sku has a price in another currency', async () => {
    await rooms.get(SkusStore).put({ ...skuRecord(seller, 'TEA'), basePrice: { minor: 100, currency: 'MYR' } });
    channel.offered = [item('1', 'TEA')];
    expect((await run(await begin('make'))).report).toMatchObject({ match: 1, needsPrice: 1, made: 0 });
    expect(await listingsHere()).toEqual([]);
  });

  it('leaves what was made due for what follows, which is done once', async () => {
    await keepSkus('TEA');
    channel.offered = [item('1', 'TEA')];
    await run(await begin('make'));
    expect(await listingsHere()).toMatchObject([{ listing: '1', due: expect.any(Number) }]);
    expect(await rooms.get(FollowListingsWorker).follow()).toBeGreaterThan(0);
    expect((await rooms.get(PositionsStore).find(positionIdOf(seller, 'TEA')))?.due).toBeDefined();
    expect((await listingsHere())[0]).not.toHaveProperty('due');
    expect(await rooms.get(FollowListingsWorker).follow()).toBe(0);
  });

  it('makes no listing over an id that a person gave to another thing', async () => {
    await keepSkus('TEA', 'CUP');
    const taken = { ...listingRecord({ seller, shop, listing: '1' }, [{ sku: 'CUP', units: 1 }]), key: 'elsewhere' };
    await rooms.get(ListingsStore).put(taken);
    channel.offered = [item('1', 'TEA')];
    expect((await run(await begin('make'))).report).toMatchObject({ match: 1, made: 0 });
    expect(await rooms.get(ListingsStore).find(seller, shop, '1' as ListingId)).toMatchObject({ key: 'elsewhere' });
  });
});
