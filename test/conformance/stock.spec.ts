import type { Connector, ListingRef, StockResult, StockWrite } from '../../connectors/kit';
import type { Listed, Room } from './room';
import { always, conform, type Subject } from './suite';

const write = (ref: ListingRef, sellable: number): StockWrite => ({ ...ref, sellable, openUnits: 0 });

/** As many lines as one call takes: of one item where the channel wants that. */
function batchOf(connector: Connector, listings: readonly Listed[]): readonly Listed[] {
  const { most, perItem } = connector.manifest.stockBatch;
  const item = listings[0]!.channelIds['itemId'];
  return listings.filter(({ channelIds }) => !perItem || channelIds['itemId'] === item).slice(0, most);
}

const unknownOf = ({ data }: Subject, known: Listed): Listed => {
  const channelIds = { ...known.channelIds, ...data.unknown.channelIds };
  return { ...known, sku: 'NO-SUCH', listing: 'NO-SUCH' as Listed['listing'], channelIds };
};

/** A line that is `retry` gets an answer of its own when it is sent alone, as the hub sends it. */
async function settled(room: Room, writes: readonly StockWrite[]): Promise<readonly StockResult[]> {
  const { connector } = room.subject;
  const together = await connector.pushStock(room.call(), writes);
  expect(together.map(({ listing: of }) => of).sort()).toEqual(writes.map(({ listing: of }) => of).sort());
  const results: StockResult[] = [];
  for (const result of together) {
    const again = result.kind === 'refused' && result.reading === 'retry';
    const alone = writes.filter(({ listing }) => listing === result.listing);
    results.push(...(again ? await connector.pushStock(room.call(), alone) : [result]));
  }
  return results;
}

const byListing = (results: readonly StockResult[]) =>
  Object.fromEntries(results.map((result) => [result.listing, result]));
const shownOf = async (room: Room, listings: readonly Listed[]): Promise<readonly number[]> =>
  Promise.all(listings.map(async ({ sku }) => (await room.shown(sku)).quantity));

conform(always('push stock'), (subject, room) => {
  const { connector } = subject;
  beforeEach(() => room().setUp());

  it('writes a batch in one call, 0 included, and answers for every line', async () => {
    const batch = batchOf(connector, room().listings);
    const results = await connector.pushStock(
      room().call(),
      batch.map((ref, index) => write(ref, index * 7)),
    );
    expect(results).toHaveLength(batch.length);
    for (const { listing } of batch) expect(byListing(results)[listing]).toEqual({ listing, kind: 'done' });
    expect(await shownOf(room(), batch)).toEqual(batch.map((_, index) => index * 7));
  });

  it('says of each line what became of it when only some could be done', async () => {
    const batch = batchOf(connector, room().listings);
    if (batch.length < 2) return;
    const unknown = unknownOf(subject, batch[0]!);
    const results = byListing(await settled(room(), [...batch.map((ref) => write(ref, 9)), write(unknown, 9)]));
    expect(Object.keys(results).sort()).toEqual([...batch, unknown].map(({ listing }) => listing).sort());
    for (const { listing } of batch) expect(results[listing]).toEqual({ listing, kind: 'done' });
    expect(results[unknown.listing]).toMatchObject({ kind: 'refused', reading: 'listing' });
    expect(await shownOf(room(), batch)).toEqual(batch.map(() => 9));
  });

  it('does the other lines of a batch of which one is refused', async () => {
    const batch = batchOf(connector, room().listings);
    const [first, ...others] = batch;
    const before = await shownOf(room(), batch);
    await room().steerChannel('PUT', '/faults', { refuseSkus: [first!.sku] });
    const writes = batch.map((ref) => write(ref, 6));
    const results = byListing(await connector.pushStock(room().call(), writes));
    await room().steerChannel('DELETE', '/faults');
    expect(results[first!.listing]).toMatchObject({ kind: 'refused', code: expect.stringMatching(/./) as string });
    for (const { listing } of others) expect(results[listing]).toEqual({ listing, kind: 'done' });
    expect(await shownOf(room(), batch)).toEqual([before[0], ...others.map(() => 6)]);
  });

  it('refuses a line with its code and a reading, and changes nothing then', async () => {
    const batch = batchOf(connector, room().listings);
    const before = await shownOf(room(), batch);
    await room().steerChannel('PUT', '/faults', { partialFailureRate: 1 });
    const results = await connector.pushStock(
      room().call(),
      batch.map((ref) => write(ref, 3)),
    );
    expect(results).toHaveLength(batch.length);
    for (const result of results) {
      expect(result).toMatchObject({ kind: 'refused', code: expect.stringMatching(/./) as string });
    }
    expect(await shownOf(room(), batch)).toEqual(before);
    await room().steerChannel('DELETE', '/faults');
  });

  it('counts what open orders hold as its channel does', async () => {
    const [first] = room().listings;
    await room().place([{ sku: first!.sku, units: 2 }]);
    await connector.pushStock(room().call(), [{ ...first!, sellable: 11, openUnits: 2 }]);
    expect((await room().shown(first!.sku)).quantity).toBe(11);
  });
});

conform(always('read back'), (subject, room) => {
  const { connector } = subject;

  it('reads what was written, and undefined of a listing that the channel does not know', async () => {
    const { listings } = room();
    for (const [index, ref] of listings.entries()) await connector.pushStock(room().call(), [write(ref, 20 + index)]);
    const unknown = unknownOf(subject, listings[0]!);
    const readings = await connector.readStock(room().call(), [...listings, unknown]);
    expect(Object.fromEntries(readings.map(({ listing, sellable }) => [listing, sellable]))).toEqual({
      ...Object.fromEntries(listings.map(({ listing }, index) => [listing, 20 + index])),
      [unknown.listing]: undefined,
    });
  });

  it('reads what buyers took', async () => {
    const [first] = room().listings;
    await connector.pushStock(room().call(), [write(first!, 20)]);
    await room().place([{ sku: first!.sku, units: 3 }]);
    expect(await connector.readStock(room().call(), [first!])).toEqual([{ listing: first!.listing, sellable: 17 }]);
  });
});

conform(
  {
    name: 'adjust stock',
    of: ({ connector }) => connector.adjustStock,
    without: 'the channel writes whole numbers only',
  },
  (subject, room) => {
    const { connector } = subject;
    const adjust = connector.adjustStock!;

    it('changes by so much, upwards and downwards, beside a sale that was not heard of', async () => {
      const [first, second] = room().listings;
      await room().place([{ sku: first!.sku, units: 4 }]);
      const before = await shownOf(room(), [first!, second!]);
      const changes = [
        { ...first!, units: -5 },
        { ...second!, units: 6 },
      ];
      const results = await adjust(room().call(), changes);
      expect(byListing(results)).toEqual({
        [first!.listing]: { listing: first!.listing, kind: 'done' },
        [second!.listing]: { listing: second!.listing, kind: 'done' },
      });
      expect(await shownOf(room(), [first!, second!])).toEqual([before[0]! - 5, before[1]! + 6]);
    });

    it('refuses an unknown listing, and a change to below 0', async () => {
      const [first] = room().listings;
      const before = await shownOf(room(), [first!]);
      const unknown = unknownOf(subject, first!);
      expect(await adjust(room().call(), [{ ...unknown, units: 1 }])).toMatchObject([
        { listing: unknown.listing, kind: 'refused', reading: 'listing' },
      ]);
      expect(await adjust(room().call(), [{ ...first!, units: -100_000 }])).toMatchObject([{ kind: 'refused' }]);
      expect(await shownOf(room(), [first!])).toEqual(before);
    });
  },
);

conform(
  {
    name: 'locks',
    of: ({ connector }) => connector.manifest.lockIsInside,
    without: 'the channel keeps no units of a listing for events of its own',
  },
  ({ connector }, room) => {
    const readOf = async (ref: Listed) => (await connector.readStock(room().call(), [ref]))[0];
    const lock = async (ref: Listed, terms: object) =>
      `/promotions/${String((await room().steerShop('POST', '/promotions', { sku: ref.sku, ...terms })).id)}`;
    beforeEach(() => room().setUp());

    it('are read with what is shown, counted down by sales, and gone when their event is over', async () => {
      const [first, second] = room().listings;
      await connector.pushStock(room().call(), [write(first!, 20)]);
      const event = await lock(first!, { units: 8 });
      expect(await readOf(first!)).toEqual({ listing: first!.listing, sellable: 20, lock: { units: 8 } });
      expect(await readOf(second!)).not.toHaveProperty('lock');
      await room().place([{ sku: first!.sku, units: 3 }]);
      expect(await readOf(first!)).toMatchObject({ sellable: 17, lock: { units: 5 } });
      await room().steerShop('POST', `${event}/end`);
      expect(await readOf(first!)).toEqual({ listing: first!.listing, sellable: 17 });
    });

    it('refuse a lower number as a floor that they name, change nothing then, and take one that fits', async () => {
      const [first] = room().listings;
      await lock(first!, { units: 8 });
      const before = await shownOf(room(), [first!]);
      expect(await connector.pushStock(room().call(), [write(first!, 7)])).toMatchObject([
        { listing: first!.listing, kind: 'refused', reading: 'floor', floor: 8 },
      ]);
      expect(await shownOf(room(), [first!])).toEqual(before);
      expect(await connector.pushStock(room().call(), [write(first!, 8)])).toEqual([
        { listing: first!.listing, kind: 'done' },
      ]);
      expect(await shownOf(room(), [first!])).toEqual([8]);
    });
  },
);
