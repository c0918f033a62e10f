import { type CallContext, ChannelError, type ListingRef, type ShopAccess, type StockResult } from '../kit';
import { classify, plainCode } from './classify';
import { floorIn } from './lock';
import { type Detail, isAboutSeller, isAboutSkus, readDetail, readingOf, type RefusalReading } from './refusals';
import { choiceOf } from './settings';
import { type Envelope, errorOf, exchange, masked, type WireRequest } from './wire';

/** One call that writes some SKUs, and how its answer is read. */
export interface LinesWrite {
  readonly path: string;
  readonly payload: string;
  /**
   * A change by so much: a line whose fate is not told must not be sent again as it is, so the whole call counts as
   * unanswered then.
   */
  readonly isRelative?: boolean;
}

/**
 * Sends the call and answers every line.
 * @throws ChannelError when the call failed as a whole.
 */
export async function writeLines(
  call: CallContext,
  lines: readonly ListingRef[],
  { path, payload, isRelative = false }: LinesWrite,
): Promise<readonly StockResult[]> {
  const { settings } = call.shop;
  const request: WireRequest = { method: 'POST', path, params: { payload }, effect: 'write' };
  const envelope = await exchange(call, request);
  const detail = readDetail(envelope.detail).map((entry) => ({ ...entry, message: masked(call, entry.message) }));
  if (envelope.code === '0' && detail.length === 0) return lines.map(done);
  if (isAboutSeller(envelope)) {
    return lines.map((line) => refused(line, { code: envelope.code, message: envelope.message }, 'authorize'));
  }
  if (isAboutTheCall(envelope, detail)) throw errorOf(envelope, request, call);
  const unlistedFail = detail.length === 0 || unlistedFails(plainCode(envelope.code), settings);
  const results = readLines(lines, envelope, { detail, unlistedFail });
  if (isRelative && results.includes(undefined)) {
    throw new ChannelError(
      { kind: 'unavailable', unanswered: true },
      `${path}: a failure that names no line of the call`,
    );
  }
  return results
    .map((result, at) => result ?? untold(lines[at], envelope, detail))
    .filter((result) => result !== undefined);
}

/** An error code of its own without a word on any SKU, or a throttle, token or outage whatever stands beside it. */
const isAboutTheCall = (envelope: Envelope, detail: readonly Detail[]): boolean =>
  envelope.code !== '0' &&
  !isAboutSkus(envelope.code) &&
  (detail.length === 0 || classify(envelope, 'write').kind !== 'refused');

/** Whether the SKUs that `detail[]` does not name failed too: NOT CONFIRMED (QUIRKS 1 and 2). */
function unlistedFails(code: string, settings: ShopAccess['settings']): boolean {
  if (code === '0') return choiceOf(settings, 'unlistedOn0') === 'failed';
  return code !== '501' || choiceOf(settings, 'unlistedOn501') === 'failed';
}

const done = ({ listing }: ListingRef): StockResult => ({ listing, kind: 'done' });

/**
 * `code "0"` with `detail[]`: those SKUs were not updated, the others were [L13][L12 obs]. `code "501"`: the update
 * failed, the causes are in `detail` [L13 obs][L5 doc]. An entry that names no line of this call makes the fate of every
 * line without an entry of its own untold (undefined): a failure is never called done, and a line sent alone owns what
 * it is told.
 */
function readLines(
  lines: readonly ListingRef[],
  envelope: Envelope,
  { detail, unlistedFail }: { readonly detail: readonly Detail[]; readonly unlistedFail: boolean },
): readonly (StockResult | undefined)[] {
  const own = new Map<ListingRef, Detail>();
  let isUnattributed = false;
  for (const entry of detail) {
    const line = lineOf(entry, lines);
    if (line === undefined) isUnattributed = true;
    else own.set(line, own.get(line) ?? entry);
  }
  return lines.map((line) => {
    const entry = own.get(line);
    if (entry !== undefined) return refused(line, withCode(entry, envelope), readingOf(entry));
    if (isUnattributed) return undefined;
    if (!unlistedFail) return done(line);
    // The overview's cause is this line's only when it was alone.
    const overview: Detail = { code: envelope.code, message: envelope.message };
    return lines.length === 1 ? refused(line, overview, readingOf(overview)) : undefined;
  });
}

/** A line whose fate the answer does not tell is sent again: the same absolute number does no harm. */
function untold(line: ListingRef | undefined, envelope: Envelope, detail: readonly Detail[]): StockResult | undefined {
  if (line === undefined) return undefined;
  const entry = detail.length === 1 ? detail[0] : undefined;
  const overview = { code: envelope.code, message: envelope.message };
  return refused(line, entry === undefined ? overview : withCode(entry, envelope), 'retry');
}

const withCode = (entry: Detail, envelope: Envelope): Detail => ({ ...entry, code: entry.code || envelope.code });

function refused({ listing }: ListingRef, entry: Detail, reading: RefusalReading): StockResult {
  const { code, message } = entry;
  const floor = reading === 'floor' ? floorIn(message) : undefined;
  const said = { code, message: message.slice(0, 300), reading };
  return { listing, kind: 'refused', ...said, ...(floor !== undefined && { floor }) };
}

/** The one line that an entry is about; undefined when it names none, or more than one. */
function lineOf(entry: Detail, lines: readonly ListingRef[]): ListingRef | undefined {
  if (lines.length === 1) return lines[0];
  const { skuId, sellerSku, itemId, field } = entry;
  const candidates: readonly (readonly [id: string, named: string | undefined])[] = [
    ['skuId', skuId],
    ['sellerSku', sellerSku],
    ['itemId', itemId],
    // `field` is mostly the name of a payload field, but a client saw the SKU itself there. [L13]
    ['sellerSku', field !== undefined && PAYLOAD_FIELDS.has(field) ? undefined : field],
  ];
  for (const [id, named] of candidates) {
    if (named === undefined) continue;
    const matching = lines.filter(({ channelIds }) => channelIds[id] === named);
    if (matching.length === 1) return matching[0];
  }
  return undefined;
}

const PAYLOAD_FIELDS = new Set([
  'ItemId',
  'SkuId',
  'SellerSku',
  'SellableQuantity',
  'Quantity',
  'WarehouseCode',
  'Price',
  'SalePrice',
  'SaleStartDate',
  'SaleEndDate',
  'Sku',
  'Skus',
  'Product',
]);
