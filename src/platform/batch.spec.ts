import { Batcher } from './batch';
import { Loader } from './loader';

const tick = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));
const OPTIONS = { flushMs: 2, most: 3, inFlight: 2, waiting: 5 };

describe('a batcher', () => {
  it('writes what comes together in one go and answers each caller', async () => {
    const write = jest.fn(async (items: readonly number[]) => items.map((item) => item * 10));
    const batcher = new Batcher({ ...OPTIONS, write });
    expect(await Promise.all([batcher.add(1), batcher.add(2)])).toEqual([10, 20]);
    expect(write).toHaveBeenCalledTimes(1);
  });

  it('writes at once when a batch is full', async () => {
    const write = jest.fn(async (items: readonly number[]) => [...items]);
    const batcher = new Batcher({ ...OPTIONS, flushMs: 60_000, write });
    expect(await Promise.all([1, 2, 3].map((item) => batcher.add(item)))).toEqual([1, 2, 3]);
  });

  it('has no more writes in flight than allowed, and refuses what would wait beyond the bound', async () => {
    let [running, highest] = [0, 0];
    const ends: (() => void)[] = [];
    const write = async (items: readonly number[]) => {
      highest = Math.max(highest, (running += 1));
      await new Promise<void>((resolve) => ends.push(resolve));
      running -= 1;
      return [...items];
    };
    const batcher = new Batcher({ ...OPTIONS, write });
    const added = Array.from({ length: 11 }, (_, item) => batcher.add(item));
    await expect(batcher.add(99)).rejects.toMatchObject({ code: 'busy', retry: 'later' });
    const all = Promise.all(added);
    while (ends.length > 0 || batcher.waiting > 0 || running > 0) {
      ends.shift()?.();
      await tick();
    }
    expect(await all).toEqual(Array.from({ length: 11 }, (_, item) => item));
    expect(highest).toBe(2);
  });

  it('fails one item alone, or all of a write that throws', async () => {
    const write = async (items: readonly number[]) => {
      if (items.includes(0)) throw new Error('down');
      return items.map((item) => (item === 1 ? new Error('one') : item));
    };
    const batcher = new Batcher({ ...OPTIONS, write });
    const [one, two] = await Promise.allSettled([batcher.add(1), batcher.add(2)]);
    expect([one.status, two.status]).toEqual(['rejected', 'fulfilled']);
    await expect(batcher.add(0)).rejects.toThrow('down');
  });

  it('fails callers of a write that takes too long', async () => {
    const batcher = new Batcher({ ...OPTIONS, timeoutMs: 5, write: () => tick(50).then(() => [1]) });
    await expect(batcher.add(1)).rejects.toMatchObject({ code: 'store' });
    await batcher.drain();
  });

  it('drains: what waits is written, and nothing runs afterwards', async () => {
    const written: number[] = [];
    const write = async (items: readonly number[]) => {
      await tick(5);
      written.push(...items);
      return [...items];
    };
    const batcher = new Batcher({ ...OPTIONS, flushMs: 60_000, write });
    void batcher.add(1);
    await batcher.drain();
    expect(written).toEqual([1]);
  });
});

describe('a loader', () => {
  it('reads ids asked for together in one read, each once', async () => {
    const read = jest.fn(async (ids: readonly string[]) => ids.filter((id) => id !== 'none').map((id) => ({ id })));
    const loader = new Loader({ read, idOf: ({ id }) => id });
    expect(await loader.loadMany(['a', 'b', 'a', 'none'])).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'a' }, undefined]);
    expect(read.mock.calls).toEqual([[['a', 'b', 'none']]]);
  });

  it('reads again what is asked for later', async () => {
    const read = jest.fn(async (ids: readonly string[]) => ids.map((id) => ({ id })));
    const loader = new Loader({ read, idOf: ({ id }) => id, most: 1 });
    await loader.load('a');
    await loader.loadMany(['a', 'b']);
    expect(read).toHaveBeenCalledTimes(3);
  });

  it('fails every caller of a read that failed', async () => {
    const read = () => Promise.reject(new Error('down'));
    const loader = new Loader<string, { id: string }>({ read, idOf: ({ id }) => id });
    await expect(loader.loadMany(['a', 'b'])).rejects.toThrow('down');
  });
});
