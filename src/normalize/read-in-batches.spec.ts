import { ChannelError, type ChannelFailure } from '../../connectors/kit';
import type { CallableShop } from '../store/shop-calls.store';
import { readInBatches } from './read-in-batches';

const PASSING: ChannelFailure = { kind: 'unavailable', unanswered: false };
const names = (count: number) => Array.from({ length: count }, (_, at) => `o${at}`);

/** A channel that answers 20 orders in a call, and each call as it is told. */
function channel(failureOf: (ids: readonly string[], nth: number) => ChannelFailure | undefined) {
  const calls: (readonly string[])[] = [];
  const readOrders = async (_call: unknown, ids: readonly string[]) => {
    const failure = failureOf(ids, calls.push(ids) - 1);
    if (failure !== undefined) throw new ChannelError(failure, failure.kind);
    return ids.map((externalId) => ({ externalId, payload: {} }));
  };
  const shop = { connector: { manifest: { orderBatch: 20 }, readOrders }, call: {} } as unknown as CallableShop;
  return { shop, calls };
}

async function outcome(shop: CallableShop, ids: readonly string[]) {
  const read = await readInBatches(shop, ids);
  expect(read.map(({ externalId }) => externalId)).toEqual(ids);
  return read.flatMap((each) => ('error' in each ? [each.externalId] : []));
}

/** The same numbers in every run, evenly between 0 and 1. */
function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('orders read in batches', () => {
  it('are read in as few calls as their batches, where none fails', async () => {
    const { shop, calls } = channel(() => undefined);
    expect(await outcome(shop, names(50))).toEqual([]);
    expect(calls.map(({ length }) => length)).toEqual([20, 20, 10]);
  });

  it.each(names(20))('%s alone is left out where its reading fails again and again', async (bad) => {
    const { shop, calls } = channel((ids) => (ids.includes(bad) ? PASSING : undefined));
    expect(await outcome(shop, names(50))).toEqual([bad]);
    expect(calls.length).toBeLessThanOrEqual(3 + 2 * 5);
  });

  it('spoil none of their neighbours, where two calls in a hundred fail', async () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = dice(seed);
      const failed = new Set<string>();
      const { shop } = channel((ids) => {
        if (random() >= 0.02 * ids.length) return undefined;
        if (ids.length === 1) failed.add(ids[0] ?? '');
        return PASSING;
      });
      expect(await outcome(shop, names(50))).toEqual(names(50).filter((name) => failed.has(name)));
      expect(failed.size).toBeLessThan(10);
    }
  });

  it('are one by one where a batch fails through its content', async () => {
    for (const kind of ['malformed', 'refused'] as const) {
      const { shop, calls } = channel((ids) => (ids.includes('o3') ? { kind, reason: 'o3' } : undefined));
      expect(await outcome(shop, names(20))).toEqual(['o3']);
      expect(calls).toHaveLength(21);
    }
  });

  it('are not asked for one after the other where the channel answers nothing', async () => {
    const { shop, calls } = channel(() => PASSING);
    await expect(readInBatches(shop, names(50))).rejects.toMatchObject({ failure: PASSING });
    expect(calls.length).toBeLessThanOrEqual(3 + 2 * 10);
  });

  it('are not asked for any more where it hangs', async () => {
    jest.useFakeTimers();
    const { shop, calls } = channel(() => {
      jest.advanceTimersByTime(20_000);
      return PASSING;
    });
    await expect(readInBatches(shop, names(20))).rejects.toMatchObject({ failure: PASSING });
    jest.useRealTimers();
    expect(calls.map(({ length }) => length)).toEqual([20, 10, 10]);
  });

  it.each<ChannelFailure>([
    { kind: 'throttled', afterMs: 1000 },
    { kind: 'unauthorized' },
    { ...PASSING, afterMs: 10_000 },
  ])('are not asked for again at once after %j', async (failure) => {
    const { shop, calls } = channel(() => failure);
    await expect(readInBatches(shop, names(20))).rejects.toMatchObject({ failure });
    expect(calls).toHaveLength(1);
  });

  it('leave a mistake of the hub to whoever asked', async () => {
    const { shop } = channel(() => {
      throw new TypeError('a mistake');
    });
    await expect(readInBatches(shop, names(2))).rejects.toThrow('a mistake');
  });
});
