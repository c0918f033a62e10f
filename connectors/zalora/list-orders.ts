import { z } from 'zod';
import { idField, type CallContext, type OrdersPage, type OrderWindow } from '../kit';
import { readListPage, type MovingList } from './list-page';
import { readInstant } from './order-schema';

/** [Z1] mandatory; NOT CONFIRMED how many are allowed: 100 is what the examples use (QUIRKS 6). */
const PAGE = 100;

/** Only compared: an instant is no longer. */
const text = z.string().max(64).optional().catch(undefined);
const items = z
  .array(z.object({ updatedAt: text, lastStatusChangedAt: text }))
  .max(5000)
  .optional()
  .catch(undefined);
const rowSchema = z.object({ id: idField, createdAt: text, updatedAt: text, items });
type Row = z.infer<typeof rowSchema>;

/** [Z1] a date alone would mean a whole day of a zone that is not told: always an instant with its zone. */
const instant = (ms: number): string => new Date(ms).toISOString();

function listOf({ by, from, to }: OrderWindow): MovingList<Row> {
  const window: Record<string, string> =
    by === 'updated'
      ? { updateDateStart: instant(from), updateDateEnd: instant(to), sort: 'updatedAt' }
      : { dateStart: instant(from), dateEnd: instant(to), sort: 'createdAt' };
  return {
    path: '/v2/orders',
    query: { ...window, sortDir: 'asc' },
    limit: PAGE,
    row: rowSchema,
    placeOf: ({ id, createdAt = '', updatedAt = '' }) => `${id}@${by === 'updated' ? updatedAt : createdAt}`,
  };
}

/** As of an order that is read: the newest of its own and its items'. Nothing where the list leaves the items out. */
function updatedAtOf({ updatedAt = '', items }: Row): number | undefined {
  if (items === undefined) return undefined;
  const texts = items.flatMap((item) => [item.updatedAt, item.lastStatusChangedAt]).filter((at) => at !== undefined);
  const newest = Math.max(...[updatedAt, ...texts].map(readInstant));
  return Number.isNaN(newest) ? undefined : newest;
}

/**
 * One page of the ids of orders created in the window, or with an item updated in it, oldest first.
 * @throws ChannelError
 */
export async function listOrders(call: CallContext, window: OrderWindow, cursor?: string): Promise<OrdersPage> {
  const { rows, next } = await readListPage(call, listOf(window), cursor);
  const instants = rows.flatMap((row): readonly (readonly [string, number])[] => {
    const at = updatedAtOf(row);
    return at === undefined ? [] : [[row.id, at]];
  });
  return {
    externalIds: [...new Set(rows.map(({ id }) => id))],
    updatedAt: new Map(instants),
    ...(next === undefined ? {} : { next }),
  };
}
