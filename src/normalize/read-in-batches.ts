import { ChannelError, type RawOrder } from '../../connectors/kit';
import { inBatches } from '../domain';
import type { CallableShop } from '../store/shop-calls.store';

/** What the channel told of an order, or why it told nothing. */
export type Read = RawOrder | { readonly externalId: string; readonly error: ChannelError };

/** Failures since the last batch that was read. */
interface Row {
  count: number;
  since: number;
}

/** From a whole batch down to one order, and a little more: then it is the channel that fails. */
const MOST_IN_A_ROW = 10;
/** The same where it hangs: two calls that nobody answered. */
const LONGEST_ROW_MS = 30_000;

/**
 * Reads orders as the channel has them now. One of them spoils no other: a batch that fails through its content is read
 * one by one, one that fails in passing in halves, and what fails alone is told with its error. What the channel does
 * not know is left out.
 * @throws ChannelError when it is the channel that fails, and not single calls.
 */
export async function readInBatches(shop: CallableShop, ids: readonly string[]): Promise<readonly Read[]> {
  const row = { count: 0, since: performance.now() };
  const batches = inBatches(ids, shop.connector.manifest.orderBatch);
  return (await Promise.all(batches.map((batch) => readBatch(shop, batch, row)))).flat();
}

async function readBatch(shop: CallableShop, ids: readonly string[], row: Row): Promise<readonly Read[]> {
  try {
    const read = await shop.connector.readOrders(shop.call, ids);
    Object.assign(row, { count: 0, since: performance.now() });
    return read;
  } catch (error) {
    const most = error instanceof ChannelError ? nextBatch(error, ids.length, row) : 0;
    if (most === 0) throw error;
    if (ids.length === 1) return ids.map((externalId) => ({ externalId, error: error as ChannelError }));
    return (await Promise.all(inBatches(ids, most).map((part) => readBatch(shop, part, row)))).flat();
  }
}

/** How many of a batch that failed are asked for together next; 0 where the others are not asked for either. */
function nextBatch({ failure }: ChannelError, size: number, row: Row): number {
  if (failure.kind === 'malformed' || failure.kind === 'refused') return 1;
  if (failure.kind !== 'unavailable' || failure.afterMs !== undefined) return 0;
  row.count += 1;
  const isOver = row.count > MOST_IN_A_ROW || performance.now() - row.since > LONGEST_ROW_MS;
  return isOver ? 0 : Math.ceil(size / 2);
}
