import { z } from 'zod';
import { ChannelError, readJson, type CallContext } from '../kit';
import { ask } from './wire';

/** A list by `limit` and `offset`, whose rows may move while it is read. */
export interface MovingList<Row> {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly limit: number;
  readonly row: z.ZodType<Row>;
  /** The row and its place in the sorting: another text once it has moved. */
  readonly placeOf: (row: Row) => string;
}

export interface ListPage<Row> {
  readonly rows: readonly Row[];
  readonly next?: string;
  readonly total?: number;
}

/** Rows of the page before that are read once more, to see that none slipped through between two pages. */
const OVERLAP = 10;
/** Pages that are gone back until one of them is found. */
const MOST_BACK = 50;

const cursorSchema = z.object({ offset: z.int().min(0), seen: z.array(z.string()).max(OVERLAP) });
type Cursor = z.infer<typeof cursorSchema>;

const optionalCount = z.int().min(0).optional().catch(undefined);
const pageSchema = z.object({
  items: z.array(z.unknown()),
  pagination: z
    .object({ hasNext: z.boolean().optional().catch(undefined), totalCount: optionalCount })
    .optional()
    .catch(undefined),
});

function startOf(cursor: string | undefined): Cursor {
  if (cursor === undefined) return { offset: 0, seen: [] };
  const parsed = cursorSchema.safeParse(readJson(cursor));
  if (!parsed.success) throw new ChannelError({ kind: 'refused', reason: 'cursor' }, 'the cursor is of no list page');
  return parsed.data;
}

function askPage<Row>(call: CallContext, list: MovingList<Row>, offset: number) {
  const query = new URLSearchParams({ limit: String(list.limit), offset: String(offset), ...list.query });
  const shape = pageSchema.extend({ items: z.array(list.row).max(10_000) });
  return ask(call, { method: 'GET', path: `${list.path}?${query.toString()}`, effect: 'read' }, shape);
}

/** [Z1] orders answer with `hasNext` and no total, product sets with `totalCount` and no `hasNext`. */
function isMore(pagination: z.infer<typeof pageSchema>['pagination'], end: number, isFull: boolean): boolean {
  if (pagination?.hasNext !== undefined) return pagination.hasNext;
  return pagination?.totalCount === undefined ? isFull : end < pagination.totalCount;
}

/**
 * One page of a list that is sorted so that what changes moves to its end. A row that leaves its place draws those
 * behind it forward, past a plain offset: so each page begins with the last rows of the one before, and where none of
 * them is found in its old place any more, the list is read from further ahead (QUIRKS 14). Rows may come twice.
 * @throws ChannelError
 */
export async function readListPage<Row>(
  call: CallContext,
  list: MovingList<Row>,
  cursor?: string,
): Promise<ListPage<Row>> {
  const { seen, offset: from } = startOf(cursor);
  for (let back = 0, offset = from; back <= MOST_BACK; back += 1, offset = Math.max(0, offset - list.limit)) {
    const { items, pagination } = await askPage(call, list, offset);
    const places = items.map(list.placeOf);
    if (offset > 0 && seen.length > 0 && !places.some((place) => seen.includes(place))) continue;
    const total = pagination?.totalCount === undefined ? {} : { total: pagination.totalCount };
    const end = offset + items.length;
    if (items.length === 0 || !isMore(pagination, end, items.length >= list.limit)) return { rows: items, ...total };
    const overlap = Math.min(OVERLAP, items.length - 1);
    const next: Cursor = { offset: end - overlap, seen: overlap === 0 ? [] : places.slice(-overlap) };
    return { rows: items, next: JSON.stringify(next), ...total };
  }
  throw new ChannelError({ kind: 'unavailable', unanswered: false }, 'the list changes faster than it can be read');
}
