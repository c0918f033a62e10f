import type { AppId, DeliveryId, OrderId, SellerId } from '../../src/domain';
import { DeliveriesStore, type NewDelivery } from '../../src/store/deliveries.store';
import { startTestHub, type TestHub } from '../support/test-hub';

describe('the inbox', () => {
  let hub: TestHub;
  let store: DeliveriesStore;
  const SELLER = 's1' as SellerId;
  const made = (id: string, more: Partial<NewDelivery> = {}): NewDelivery => ({
    id: id as DeliveryId,
    app: 'a' as AppId,
    channel: 'lazada',
    seller: SELLER,
    bytes: Buffer.from(id),
    headers: {},
    receivedAt: 1000,
    due: 2000,
    ...more,
  });

  beforeAll(async () => {
    hub = await startTestHub();
    store = hub.app.get(DeliveriesStore);
  });
  afterAll(() => hub.stop());
  beforeEach(() => hub.db.collection('deliveries').deleteMany({}));

  it('tells new ones from copies, also inside one batch', async () => {
    expect(await store.insertBatch([made('a'), made('b'), made('a')], 1000)).toEqual(['kept', 'kept', 'again']);
    expect(await store.insertBatch([made('b'), made('c')], 1500)).toEqual(['again', 'kept']);
    const all = await store.readMany(['a', 'b', 'c'] as DeliveryId[]);
    expect(all.map(({ id, v, copies }) => [id, v, copies]).sort()).toEqual([
      ['a', 2, 2],
      ['b', 2, 2],
      ['c', 1, 1],
    ]);
  });

  it('forgets what was settled after a month, but nothing that waits or is dead', async () => {
    const ends = async (id: string): Promise<unknown> =>
      (await hub.db.collection('deliveries').findOne({ _id: id as never }))?.['expiresAt'];
    await store.insertBatch([made('a'), made('b'), made('c')], 1000);
    const ref = { v: 1 };
    await store.settle([{ id: 'a' as DeliveryId, ...ref, verdict: 'accepted' }], 3000);
    await store.settle([{ id: 'b' as DeliveryId, ...ref, verdict: 'dead' }], 3000);
    expect(await Promise.all(['a', 'b', 'c'].map(ends))).toEqual([
      new Date(3000 + 30 * 86_400_000),
      undefined,
      undefined,
    ]);
    await store.insertBatch([made('a')], 4000);
    expect(await ends('a')).toBeUndefined();
  });

  it('settles at the version that was read; a copy that came since stays due', async () => {
    await store.insertBatch([made('a'), made('b')], 1000);
    await store.insertBatch([made('b')], 1500);
    const verdict = { v: 1, verdict: 'ignored' as const, why: 'because', shop: 'x' as never };
    await store.settle(
      [
        { id: 'a' as DeliveryId, ...verdict },
        { id: 'b' as DeliveryId, ...verdict },
      ],
      3000,
    );
    expect((await store.dueBefore(9000, 10)).map(({ id, v }) => [id, v])).toEqual([['b', 2]]);
    expect(await store.find(SELLER, 'a' as DeliveryId)).toMatchObject({
      verdict: 'ignored',
      why: 'because',
      shop: 'x',
    });
    expect(await store.find('s2' as SellerId, 'a' as DeliveryId)).toBeUndefined();
    await store.makeDue(['a' as DeliveryId], 4000);
    const [again] = await store.readMany(['a' as DeliveryId]);
    expect(again).toMatchObject({ v: 2, verdict: 'accepted', due: 4000, copies: 1 });
    expect(again).not.toHaveProperty('why');
  });

  it('postpones at the version that was read, and never what was settled', async () => {
    await store.insertBatch([made('a'), made('b')], 1000);
    await store.settle([{ id: 'b' as DeliveryId, v: 1, verdict: 'accepted' }], 1100);
    const later = (id: string) => ({ id: id as DeliveryId, v: 1, dueAt: 5000, tries: 3 });
    await store.postpone([later('a'), later('b')]);
    expect(await store.dueBefore(4999, 10)).toEqual([]);
    expect(await store.dueBefore(5000, 10)).toEqual([{ id: 'a', v: 1, tries: 3, due: 5000 }]);
  });

  it('lists page by page, by verdict and from an instant on', async () => {
    await store.insertBatch(
      Array.from({ length: 5 }, (_, index) => made(`d${index}`, { receivedAt: 1000 + Math.floor(index / 2) })),
      1000,
    );
    await store.settle([{ id: 'd1' as DeliveryId, v: 1, verdict: 'dead', why: 'x', order: 'o' as OrderId }], 5000);
    const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
    const first = await store.list(SELLER, {}, { limit: 2 });
    expect(ids(first)).toEqual(['d0', 'd2']);
    expect(first[0]).not.toHaveProperty('bytes');
    const last = first[1];
    const rest = await store.list(SELLER, {}, { limit: 9, after: [last?.updatedAt ?? 0, last?.id ?? ''] });
    expect(ids(rest)).toEqual(['d3', 'd4', 'd1']);
    expect(ids(await store.list(SELLER, { verdict: 'dead' }, { limit: 9 }))).toEqual(['d1']);
    expect(ids(await store.list(SELLER, { updatedAfter: 1001 }, { limit: 9 }))).toEqual(['d4', 'd1']);
    expect(ids(await store.list('s2' as SellerId, {}, { limit: 9 }))).toEqual([]);
    expect(ids(await store.ofOrder('o' as OrderId, 9))).toEqual(['d1']);
  });
});
