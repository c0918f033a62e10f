import { type CallContext, ChannelError, type ShopAccess, type StockResult, type StockWrite } from '../kit';
import { classify, plainCode } from './classify';
import { manifest } from './manifest';
import { type Detail, isAboutSkus, readDetail, readingOf, type RefusalReading } from './refusals';
import { choiceOf } from './settings';
import { stockPayload } from './stock-payload';
import { type Envelope, errorOf, exchange, type WireRequest } from './wire';

/**
 * Writes absolute sellable quantities in one call, `/product/stock/sellable/update` [L5 doc], and answers every line.
 * Lazada's lock of a campaign is inside the sellable quantity, open orders are not, so `sellable` goes out as it is.
 * @throws ChannelError when the call failed as a whole.
 */
export async function pushStock(call: CallContext, writes: readonly StockWrite[]): Promise<readonly StockResult[]> {
  if (writes.length === 0) return [];
  if (writes.length > manifest.stockBatch.most) {
    throw new ChannelError({ kind: 'refused', reason: 'too-many-lines' }, `${writes.length} lines in one stock write`);
  }
  const { settings } = call.shop;
  const payload = stockPayload(writes, choiceOf(settings, 'stockPayload'));
  const path = '/product/stock/sellable/update';
  const request: WireRequest = { method: 'POST', path, params: { payload }, effect: 'write' };
  const envelope = await exchange(call, request);
  const detail = readDetail(envelope.detail);
  if (envelope.code === '0' && detail.length === 0) return writes.map(done);
  if (isAboutTheCall(envelope, detail)) throw errorOf(envelope, request, call);
  const unlistedFail = detail.length === 0 || unlistedFails(plainCode(envelope.code), settings);
  return readLines(writes, envelope, { detail, unlistedFail });
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

const done = ({ listing }: StockWrite): StockResult => ({ listing, kind: 'done' });

/**
 * `code "0"` with `detail[]`: those SKUs were not updated, the others were [L13][L12 obs]. `code "501"`: the update
 * failed, the causes are in `detail` [L13 obs][L5 doc]. An entry that names no line of this call makes every line
 * without an entry of its own a `retry`: a failure is never called done, and a line sent alone owns what it is told.
 */
function readLines(
  writes: readonly StockWrite[],
  envelope: Envelope,
  { detail, unlistedFail }: { readonly detail: readonly Detail[]; readonly unlistedFail: boolean },
): readonly StockResult[] {
  const own = new Map<StockWrite, Detail>();
  let unattributed: Detail | undefined;
  for (const entry of detail) {
    const line = lineOf(entry, writes);
    if (line === undefined) unattributed = entry;
    else own.set(line, own.get(line) ?? entry);
  }
  const overview: Detail = { code: envelope.code, message: envelope.message };
  return writes.map((write) => {
    const entry = own.get(write);
    if (entry !== undefined) return refused(write, withCode(entry, envelope), readingOf(entry));
    if (unattributed !== undefined) return refused(write, withCode(unattributed, envelope), 'retry');
    if (!unlistedFail) return done(write);
    // The overview's cause is this line's only when it was alone.
    return refused(write, overview, writes.length === 1 ? readingOf(overview) : 'retry');
  });
}

const withCode = (entry: Detail, envelope: Envelope): Detail => ({ ...entry, code: entry.code || envelope.code });

function refused({ listing }: StockWrite, entry: Detail, reading: RefusalReading): StockResult {
  return { listing, kind: 'refused', code: entry.code, message: entry.message.slice(0, 300), reading };
}

/** The one line that an entry is about; undefined when it names none, or more than one. */
function lineOf(entry: Detail, writes: readonly StockWrite[]): StockWrite | undefined {
  if (writes.length === 1) return writes[0];
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
    const lines = writes.filter(({ channelIds }) => channelIds[id] === named);
    if (lines.length === 1) return lines[0];
  }
  return undefined;
}

const PAYLOAD_FIELDS = new Set([
  'ItemId',
  'SkuId',
  'SellerSku',
  'SellableQuantity',
  'Quantity',
  'Sku',
  'Skus',
  'Product',
]);
