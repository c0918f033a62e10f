import { z } from 'zod';
import { type CallContext, ChannelError, type OrdersPage, type OrderWindow } from '../kit';
import { readInstant } from './amounts';
import { plainCode } from './classify';
import { channelId, optionalCount } from './fields';
import { goneSince, readCursor, writeCursor } from './page-cursor';
import { offsetWhenMissing } from './settings';
import { type Envelope, errorOf, exchange, type WireRequest } from './wire';

/** 100 is the most; what timed out is asked for with fewer. [L4 doc][L15] */
const LIMIT = 100;
const SMALL_LIMIT = 50;
/** An `offset` beyond is refused. [L4 doc] */
const CEILING = 5000;
const SECOND_MS = 1000;
/** The year 9999 ends: what the wire can write. */
const LAST_MS = 253_402_214_400_000;
/** Rows that the pages of an `updated` list share: so many orders may change between two pages unnoticed. */
const OVERLAP = 10;

/** Where a list stands: `offset` rows behind the first that is not before `after` (ms). */
const PLACE = z.object({
  after: z.int().min(0).max(LAST_MS),
  offset: z.int().min(0).max(CEILING),
  limit: z.int().min(1).max(LIMIT),
  /** How long the list was when its page before was read. */
  total: z.int().min(0).optional(),
});
type Place = z.infer<typeof PLACE>;

/**
 * One page of the orders that were created or changed in the window, oldest first, by `/orders/get`. [L4 doc]
 * The list is paged by `offset`, of which Lazada takes no more than 5,000: behind that it begins anew at the instant of
 * the last row. That instant's second is asked for once more, so rows that share it are repeated and never skipped.
 * An order that changes leaves its place, and the rows behind it move up, past the reader. So the pages of an
 * `updated` list overlap, and where more rows left than that, the next page begins so much earlier.
 * @throws ChannelError also when more orders share one instant than `offset` reaches.
 */
export async function listOrders(call: CallContext, window: OrderWindow, cursor?: string): Promise<OrdersPage> {
  const from = { after: Math.max(0, Math.floor(window.from)), offset: 0, limit: LIMIT };
  const asked = cursor === undefined ? from : readCursor(PLACE, cursor);
  const { page, place } = await readPage(call, window, asked);
  const next = nextPlace(window, place, page);
  const rows = page.rows.filter((row) => isInside(row, window));
  return {
    externalIds: rows.map((row) => row.id),
    updatedAt: new Map(rows.flatMap(({ id, updatedAt }) => (updatedAt === undefined ? [] : [[id, updatedAt]]))),
    ...(next === undefined ? {} : { next: writeCursor(next) }),
  };
}

interface Row {
  readonly id: string;
  /** When it was created or changed, as the window counts; undefined where the text is no instant. */
  readonly at: number | undefined;
  /** The order's own; that of its rows, which the list does not show, may be later. */
  readonly updatedAt: number | undefined;
}

interface Page {
  readonly rows: readonly Row[];
  /** Of the whole list, where it is told. */
  readonly total: number | undefined;
}

/** 513 and ServiceTimeout: the page was too much; 19: the limit is not taken. [L5 doc][L4 doc] */
const TOO_MUCH = new Set(['513', 'ServiceTimeout', '19']);

/** A page that was too much is asked for once more with half the rows, and so are those behind it. */
async function readPage(
  call: CallContext,
  window: OrderWindow,
  place: Place,
): Promise<{ readonly page: Page; readonly place: Place }> {
  const request = requestOf(window, place);
  const envelope = await exchange(call, request);
  if (envelope.code === '0') return { page: pageOf(envelope, window, call), place };
  if (place.limit <= SMALL_LIMIT || !TOO_MUCH.has(plainCode(envelope.code))) throw errorOf(envelope, request, call);
  return readPage(call, window, { ...place, limit: SMALL_LIMIT });
}

/** Both bounds are "or on", and their seconds are whole; a second more on each side holds either way. [L4 doc] */
function requestOf({ by, to }: OrderWindow, { after, offset, limit }: Place): WireRequest {
  const [afterName, beforeName] = by === 'created' ? NAMES.created : NAMES.updated;
  const params = {
    [afterName]: isoOf(after - SECOND_MS),
    [beforeName]: isoOf(Math.ceil(to / SECOND_MS) * SECOND_MS + SECOND_MS),
    sort_by: `${by}_at`,
    sort_direction: 'ASC',
    offset: String(offset),
    limit: String(limit),
  };
  return { method: 'GET', path: '/orders/get', params, effect: 'read' };
}

const NAMES = { created: ['created_after', 'created_before'], updated: ['update_after', 'update_before'] } as const;

const SAMPLE_OFFSET_MS = 8 * 3_600_000;

/** `2018-02-10T09:00:00+08:00`, the offset that the sample has. [L4 doc] */
function isoOf(instant: number): string {
  const bounded = Math.min(Math.max(0, instant), LAST_MS);
  return `${new Date(bounded + SAMPLE_OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}

const ROW = z.object({ order_id: channelId, created_at: z.unknown().optional(), updated_at: z.unknown().optional() });
const PAGE = z.object({ orders: z.array(ROW), countTotal: optionalCount });
/** An empty page may come without its list. */
const NOTHING = z.object({
  orders: z.union([z.null(), z.literal('')]).optional(),
  count: z.union([z.literal(0), z.literal('0')]),
});

function pageOf({ data }: Envelope, { by }: OrderWindow, { shop }: CallContext): Page {
  if (NOTHING.safeParse(data).success) return { rows: [], total: 0 };
  const parsed = PAGE.safeParse(data);
  if (!parsed.success) throw new ChannelError({ kind: 'malformed' }, '/orders/get: no list of orders with their ids');
  const offset = offsetWhenMissing(shop.settings);
  const rows = parsed.data.orders.map((row) => {
    const [created, updated] = [row.created_at, row.updated_at].map((text) =>
      typeof text === 'string' ? readInstant(text, offset) : undefined,
    );
    return { id: row.order_id, at: by === 'created' ? created : updated, updatedAt: updated };
  });
  return { rows, total: parsed.data.countTotal };
}

/** Only what the extra second on each side brought in is left out; a row further off is the channel's word. */
const isInside = ({ at }: Row, { by, from, to }: OrderWindow): boolean =>
  by === 'updated' ||
  at === undefined ||
  (at >= from && at <= to) ||
  at < from - 2 * SECOND_MS ||
  at > to + 2 * SECOND_MS;

function nextPlace(window: OrderWindow, place: Place, { rows, total }: Page): Place | undefined {
  const { offset, limit } = place;
  const gone = Math.min(offset, goneSince(place.total, total));
  const overlap = window.by === 'updated' ? OVERLAP : 0;
  if (gone > overlap) return { ...place, offset: offset - gone, total };
  const behind = offset + rows.length;
  if (total === undefined ? rows.length < limit : behind >= total) return undefined;
  if (rows.length === 0) {
    throw new ChannelError({ kind: 'malformed' }, `/orders/get: nothing at ${offset} of ${total} orders`);
  }
  if (behind <= CEILING) return { ...place, offset: Math.max(offset + 1, behind - overlap), total };
  return { after: restartAt(window, place, rows), offset: 0, limit };
}

/** The last row's instant, from where the list begins anew. */
function restartAt(window: OrderWindow, place: Place, rows: readonly Row[]): number {
  const instants = rows.map((row) => row.at).filter((at) => at !== undefined);
  const ascending = instants.every((at, index) => index === 0 || at >= (instants[index - 1] ?? at));
  const last = instants.at(-1);
  if (instants.length < rows.length || !ascending || last === undefined || last > window.to + 2 * SECOND_MS) {
    throw new ChannelError({ kind: 'malformed' }, '/orders/get: rows that are not in the order of their instants');
  }
  if (last <= place.after) {
    throw new ChannelError(
      { kind: 'refused', reason: 'offset-ceiling' },
      'more orders share an instant than can be listed',
    );
  }
  return last;
}
