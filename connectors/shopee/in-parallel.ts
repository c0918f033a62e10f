/** Does `work` for every item, `most` at a time, answers in their order. After a failure no further one is begun. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  const waiting = items.entries();
  let isBroken = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (isBroken) return;
      try {
        results.set(index, await work(item));
      } catch (error) {
        isBroken = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return items.flatMap((_item, index) => (results.has(index) ? [results.get(index) as Result] : []));
}
