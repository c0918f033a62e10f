import { z } from 'zod';
import { ChannelError, idField, readJson, type CallContext, type StockResult, type StockWrite } from '../kit';
import { manifest } from './manifest';
import { errorOf, exchange, isDone, problemOf, type ZaloraRequest } from './wire';

const PRODUCT_ID = /^[1-9]\d{0,14}$/;

interface Refused {
  readonly code: string;
  readonly message: string;
  readonly reading: 'retry' | 'listing';
}

const refuse = (write: StockWrite, refused: Refused): StockResult => ({
  listing: write.listing,
  kind: 'refused',
  ...refused,
});

const BAD_ID: Refused = { code: 'bad-id', message: 'productId is a number', reading: 'listing' };
const NOT_SENT: Refused = { code: 'not-sent', message: 'one call takes each product once', reading: 'retry' };
/** [Z1] no reason is given; products that the venture fulfils cannot be updated, nor ones that are not there. */
const IGNORED: Refused = {
  code: 'ignored',
  message: 'Zalora ignored this product, without a reason',
  reading: 'listing',
};
const UNCLEAR: Refused = { code: 'unclear', message: 'Zalora ignored a product it does not name', reading: 'retry' };

/**
 * Zalora's number for what buyers shall be able to buy. [Z1] `available = quantity - reservedStock`, so the open units
 * are added; NOT CONFIRMED live, so under the setting `stockQuantity: available` they are not (QUIRKS 1).
 */
const quantityOf = (call: CallContext, write: StockWrite): number =>
  Math.max(0, write.sellable) + (call.shop.settings.stockQuantity === 'available' ? 0 : write.openUnits);

/** [Z1] the body of a 200 lists what was IGNORED, as rows or as bare ids; undefined where it is no list at all. */
function ignoredIn(body: string): readonly (string | undefined)[] | undefined {
  const rows = z.array(z.unknown()).safeParse(readJson(body));
  if (!rows.success) return undefined;
  return rows.data.map((row) => {
    const named = z.object({ productId: idField }).safeParse(row);
    return named.success ? named.data.productId : idField.safeParse(row).data;
  });
}

function sortOut(writes: readonly StockWrite[]): { sent: Map<string, StockWrite>; answered: StockResult[] } {
  const sent = new Map<string, StockWrite>();
  const answered: StockResult[] = [];
  for (const write of writes) {
    const productId = write.channelIds.productId ?? '';
    if (!PRODUCT_ID.test(productId)) answered.push(refuse(write, BAD_ID));
    else if (sent.has(productId) || sent.size >= manifest.stockBatch.most) answered.push(refuse(write, NOT_SENT));
    else sent.set(productId, write);
  }
  return { sent, answered };
}

/** An ignored product that is none of ours leaves open which line it was: then only a read-back knows. */
function resultsOf(body: string, sent: ReadonlyMap<string, StockWrite>): readonly StockResult[] {
  const ignored = ignoredIn(body);
  if (ignored === undefined) throw new ChannelError({ kind: 'malformed' }, 'the answer to a stock write is no list');
  const unclear = ignored.some((id) => id === undefined || !sent.has(id));
  const named = new Set(ignored);
  return [...sent].map(([productId, write]) => {
    if (named.has(productId)) return refuse(write, IGNORED);
    return unclear ? refuse(write, UNCLEAR) : { listing: write.listing, kind: 'done' };
  });
}

/**
 * Sets the quantities of at most 100 products in one call. [Z1] a bare array; a 200 lists the products that were
 * ignored; 422 refuses the whole call and says why in problem+json, for no product in particular.
 * @throws ChannelError when the call failed as a whole
 */
export async function pushStock(call: CallContext, writes: readonly StockWrite[]): Promise<readonly StockResult[]> {
  const { sent, answered } = sortOut(writes);
  if (sent.size === 0) return answered;
  const body = [...sent].map(([productId, write]) => ({
    productId: Number(productId),
    quantity: quantityOf(call, write),
  }));
  const request: ZaloraRequest = { method: 'PUT', path: '/v2/stock/product', body, effect: 'write' };
  const answer = await exchange(call, request);
  if (answer.status === 422) {
    const reading = sent.size === 1 ? 'listing' : 'retry';
    const refusal: Refused = { code: '422', message: problemOf(call, request, answer), reading };
    return [...answered, ...[...sent.values()].map((write) => refuse(write, refusal))];
  }
  if (!isDone(answer)) throw errorOf(call, request, answer);
  return [...answered, ...resultsOf(answer.body, sent)];
}
