import { z } from 'zod';
import { type CallContext, type CatalogueItem, type CataloguePage, ChannelError } from '../kit';
import { plainCode } from './classify';
import { optionalCount } from './fields';
import { goneSince, readCursor, writeCursor } from './page-cursor';
import { readItems } from './catalogue-items';
import { PRODUCTS_PAGE } from './products';
import { errorOf, exchange, type WireRequest } from './wire';

/** `offset` goes no further; behind it, products are scrolled by when they were made. [L5 doc] */
const CEILING = 10_000;
const SECOND_MS = 1000;
/** No product of a shop was made before. */
const FIRST_MS = Date.UTC(2012, 0, 1);
const DAY_MS = 86_400_000;

/** Products that were made in `[from, to]`, ms; without bounds, all. */
const SPAN = z.object({ from: z.int().min(0), to: z.int().max(253_402_214_400_000) });
type Span = z.infer<typeof SPAN>;

const PLACE = z.object({
  offset: z.int().min(0).max(1_000_000),
  limit: z.int().min(1).max(PRODUCTS_PAGE),
  total: z.int().min(0).optional(),
  span: SPAN.optional(),
  /** Spans that are still to come. */
  later: z.array(SPAN).max(64),
});
type Place = z.infer<typeof PLACE>;

/**
 * One page of the shop's SKUs by `/products/get`, products of every status. [L5 doc]
 * Where `offset` reaches no further and products are left, the catalogue is read anew in spans of time that are halved
 * until each fits: a SKU may so come twice, and none is skipped. `total` is not told: Lazada counts products, not SKUs.
 * @throws ChannelError
 */
export async function listCatalogue(call: CallContext, cursor?: string): Promise<CataloguePage> {
  const start: Place = { offset: 0, limit: PRODUCTS_PAGE, later: [] };
  const { page, place } = await readPage(call, cursor === undefined ? start : readCursor(PLACE, cursor));
  const next = nextPlace(place, page, call.now());
  return { items: page.items, ...(next === undefined ? {} : { next: writeCursor(next) }) };
}

interface Page {
  readonly products: number;
  readonly total: number | undefined;
  readonly items: readonly CatalogueItem[];
  /** `offset` was refused. */
  readonly atCeiling: boolean;
}

/** A `limit` that is refused (E019), or too much at once, is asked for once more with fewer. [L12 obs] */
const TOO_MUCH = new Set(['19', '513', 'ServiceTimeout']);
const SMALL_LIMIT = 20;
const INVALID_OFFSET = '14';

async function readPage(call: CallContext, place: Place): Promise<{ readonly page: Page; readonly place: Place }> {
  const request = requestOf(place);
  const envelope = await exchange(call, request);
  const code = plainCode(envelope.code);
  if (code === '0') return { page: pageOf(envelope.data, call), place };
  if (code === INVALID_OFFSET && place.offset > 0) {
    return { page: { products: 0, total: undefined, items: [], atCeiling: true }, place };
  }
  if (place.limit <= SMALL_LIMIT || !TOO_MUCH.has(code)) throw errorOf(envelope, request, call);
  return readPage(call, { ...place, limit: SMALL_LIMIT });
}

function requestOf({ offset, limit, span }: Place): WireRequest {
  const between = span === undefined ? {} : { create_after: isoOf(span.from), create_before: isoOf(span.to) };
  const params = { filter: 'all', limit: String(limit), offset: String(offset), ...between };
  return { method: 'GET', path: '/products/get', params, effect: 'read' };
}

/** `2010-01-01T00:00:00+0800`: here the sample's offset has no colon. [L5 doc] */
const isoOf = (instant: number): string => `${new Date(instant + 8 * 3_600_000).toISOString().slice(0, 19)}+0800`;

const PAGE = z.object({ products: z.array(z.unknown()).nullish(), total_products: optionalCount });

function pageOf(data: unknown, { shop }: CallContext): Page {
  const parsed = PAGE.safeParse(data);
  const products = parsed.data?.products ?? undefined;
  const total = parsed.data?.total_products;
  if (products === undefined && total !== 0) {
    throw new ChannelError({ kind: 'malformed' }, '/products/get: no list of products');
  }
  const items = (products ?? []).flatMap((product) => readItems(product, shop.settings));
  return { products: products?.length ?? 0, total, items, atCeiling: false };
}

function nextPlace(place: Place, page: Page, now: number): Place | undefined {
  const { offset, limit, span } = place;
  const { products, total } = page;
  const behind = offset + products;
  if (page.atCeiling || (products === 0 && total !== undefined && total > offset && offset >= CEILING)) {
    return halved(place, span ?? { from: FIRST_MS, to: now + DAY_MS });
  }
  if (span !== undefined && offset === 0 && total !== undefined && total > CEILING) return halved(place, span);
  const gone = Math.min(offset, goneSince(place.total, total));
  if (gone > 0) return { ...place, offset: offset - gone, total };
  if (total === undefined ? products < limit : behind >= total) return nextSpan(place);
  if (products === 0)
    throw new ChannelError({ kind: 'malformed' }, `/products/get: nothing at ${offset} of ${total ?? '?'}`);
  return { ...place, offset: behind, total };
}

function nextSpan({ limit, later }: Place): Place | undefined {
  const [span, ...rest] = later;
  return span === undefined ? undefined : { offset: 0, limit, span, later: rest };
}

function halved({ limit, later }: Place, { from, to }: Span): Place {
  const middle = Math.floor((from + to) / 2 / SECOND_MS) * SECOND_MS;
  if (middle <= from || later.length >= 63) {
    throw new ChannelError(
      { kind: 'refused', reason: 'offset-ceiling' },
      'more products of one second than can be listed',
    );
  }
  return { offset: 0, limit, span: { from, to: middle }, later: [{ from: middle, to }, ...later] };
}
