import { inParallel } from './in-parallel';

describe('inParallel', () => {
  it('keeps the order of the items and the limit of how many at once', async () => {
    let running = 0;
    let most = 0;
    const work = async (item: number): Promise<number> => {
      most = Math.max(most, (running += 1));
      for (let turn = 0; turn < 5 - item; turn += 1) await Promise.resolve();
      running -= 1;
      return item * 2;
    };
    expect(await inParallel([1, 2, 3, 4, 5], 2, work)).toEqual([2, 4, 6, 8, 10]);
    expect(most).toBe(2);
  });

  it('begins nothing after a failure', async () => {
    const begun: number[] = [];
    const work = (item: number): Promise<void> => {
      begun.push(item);
      return item === 2 ? Promise.reject(new Error('two')) : Promise.resolve();
    };
    await expect(inParallel([1, 2, 3, 4, 5, 6], 1, work)).rejects.toThrow('two');
    expect(begun).toEqual([1, 2]);
  });

  it('does nothing for nothing', async () => {
    expect(await inParallel([], 4, () => Promise.reject(new Error('never')))).toEqual([]);
  });
});
