import { z } from 'zod';
import { idField, type CallContext, type StockResult, type StockWrite } from '../kit';
import { isNumbered, itemIdOf, modelIdOf } from './listing-key';
import { manifest } from './manifest';
import { reservedByModel } from './read-stock';
import { readReason, readRefusal, type Reading } from './refusals';
import { failureOf } from './failures';
import { errorOf, exchange, type ShopeeAnswer, type ShopeeRequest } from './wire';

const PATH = '/api/v2/product/update_stock';

interface Line {
  readonly write: StockWrite;
  readonly modelId: string;
}

interface Refused {
  readonly code: string;
  readonly message: string;
  readonly reading: Reading;
}

const refuse = (line: Line, { code, message, reading }: Refused): StockResult => ({
  listing: line.write.listing,
  kind: 'refused',
  code,
  message: message.slice(0, 300),
  reading,
});

const BAD_ID: Refused = { code: 'bad-id', message: 'itemId and modelId are numbers', reading: 'listing' };
const NOT_SENT: Refused = {
  code: 'not-sent',
  message: 'one call takes the first item, each model once, at most 50',
  reading: 'retry',
};

/** Sorts out what one call can carry: [S4][S6] one item, each model once, at most 50. The others are answered here. */
function sortOut(writes: readonly StockWrite[]): { itemId: string; sent: Line[]; answered: StockResult[] } {
  const sent: Line[] = [];
  const answered: StockResult[] = [];
  const models = new Set<string>();
  let itemId = '';
  for (const write of writes) {
    const line = { write, modelId: modelIdOf(write.channelIds) };
    const item = itemIdOf(write.channelIds);
    if (!isNumbered(write.channelIds)) answered.push(refuse(line, BAD_ID));
    else if (
      (itemId !== '' && item !== itemId) ||
      models.has(line.modelId) ||
      sent.length >= manifest.stockBatch.most
    ) {
      answered.push(refuse(line, NOT_SENT));
    } else {
      itemId = item;
      models.add(line.modelId);
      sent.push(line);
    }
  }
  return { itemId, sent, answered };
}

const entry = z.object({ model_id: idField.nullish(), failed_reason: z.string().catch('') });
const list = z.array(entry).nullish().catch(undefined);
const listsSchema = z.object({ success_list: list, failure_list: list });

interface Lists {
  readonly done: ReadonlySet<string>;
  readonly failed: ReadonlyMap<string, string>;
}

/**
 * Reads the two lists. [S9] an entry for an item without variations has no `model_id`: it is model 0, or the only line
 * of the call. Failures count more than successes.
 */
function listsOf(response: unknown, sent: readonly Line[]): Lists {
  const parsed = listsSchema.safeParse(response);
  const { success_list: successes, failure_list: failures } = parsed.success ? parsed.data : {};
  const [first, ...others] = sent;
  const only = others.length === 0 ? first?.modelId : undefined;
  const modelOf = (id: string | null | undefined): string => id ?? only ?? '0';
  return {
    done: new Set((successes ?? []).map(({ model_id: id }) => modelOf(id))),
    failed: new Map((failures ?? []).map(({ model_id: id, failed_reason: reason }) => [modelOf(id), reason])),
  };
}

/** A top-level error without lists: shared by all lines where it is about the item, else by nobody in particular. */
function wholeRefusal(call: CallContext, answer: ShopeeAnswer, sent: readonly Line[]): readonly StockResult[] {
  const named = readRefusal(answer.error, answer.message, call.shop.settings);
  if (named === undefined && failureOf(answer, 'write', call.now()).kind !== 'refused') {
    throw errorOf(call, { method: 'POST', path: PATH, effect: 'write' }, answer);
  }
  const shared = sent.length === 1 || named?.ofItem === true;
  const reading = shared ? (named?.reading ?? 'listing') : 'retry';
  return sent.map((line) => refuse(line, { code: answer.error, message: answer.message, reading }));
}

/**
 * [S9][S12] the answer is read line by line: a failure may stand under an empty `error`, and an `error` may come with
 * lists. A line in neither list is not done.
 */
function resultsOf(call: CallContext, answer: ShopeeAnswer, sent: readonly Line[]): readonly StockResult[] {
  const { done, failed } = listsOf(answer.response, sent);
  if (answer.error !== '' && done.size === 0 && failed.size === 0) return wholeRefusal(call, answer, sent);
  return sent.map((line) => {
    const reason = failed.get(line.modelId);
    const code = answer.error === '' ? 'failure_list' : answer.error;
    if (reason !== undefined) {
      return refuse(line, { code, message: reason, reading: readReason(reason, call.shop.settings) });
    }
    if (done.has(line.modelId)) return { listing: line.write.listing, kind: 'done' };
    return refuse(line, { code: 'not-answered', message: 'in neither list of the answer', reading: 'retry' });
  });
}

/**
 * Sets the seller stock of one item's models, in one call. [S4][S6] `stock` is absolute; 0 is allowed; models left out
 * keep theirs. Lines of another item, beyond 50 or of a model named twice are answered `retry` without being sent.
 * Under the setting `reservedStock: beside` the promotion's reserve is read first and taken off (QUIRKS 9).
 * @throws ChannelError when the call failed as a whole
 */
export async function pushStock(call: CallContext, writes: readonly StockWrite[]): Promise<readonly StockResult[]> {
  const { itemId, sent, answered } = sortOut(writes);
  if (sent.length === 0) return answered;
  const reserved = await reservedByModel(
    call,
    itemId,
    sent.map(({ modelId }) => modelId),
  );
  const request: ShopeeRequest = {
    method: 'POST',
    path: PATH,
    body: {
      item_id: Number(itemId),
      stock_list: sent.map(({ write, modelId }) => ({
        model_id: Number(modelId),
        seller_stock: [{ stock: Math.max(0, write.sellable - (reserved.get(modelId) ?? 0)) }],
      })),
    },
    effect: 'write',
  };
  return [...answered, ...resultsOf(call, await exchange(call, request), sent)];
}
