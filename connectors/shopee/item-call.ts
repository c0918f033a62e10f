import { z } from 'zod';
import { idField, type CallContext, type ListingRef, type StockResult } from '../kit';
import { failureOf } from './failures';
import { isNumbered, itemIdOf, modelIdOf } from './listing-key';
import type { Reading, Refusal } from './refusals';
import { errorOf, exchange, masked, type ShopeeAnswer, type ShopeeRequest } from './wire';

/** [S4][S6] `update_stock` and `update_price` take one item and 1 to 50 of its models. */
export const MOST_MODELS = 50;

/** One line of such a call. */
export interface Line<Write extends ListingRef> {
  readonly write: Write;
  readonly modelId: string;
}

export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly reading: Reading;
}

export const refuse = (write: ListingRef, { code, message, reading }: Refused): StockResult => ({
  listing: write.listing,
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

/** What one call carries, and the answers of what it does not. */
export interface Sorted<Write extends ListingRef> {
  readonly itemId: string;
  readonly sent: readonly Line<Write>[];
  readonly answered: readonly StockResult[];
}

/** Sorts out what one call can carry: one item, each model once, at most 50. The others are answered here. */
export function sortOut<Write extends ListingRef>(writes: readonly Write[]): Sorted<Write> {
  const sent: Line<Write>[] = [];
  const answered: StockResult[] = [];
  const models = new Set<string>();
  let itemId = '';
  for (const write of writes) {
    const line = { write, modelId: modelIdOf(write.channelIds) };
    const item = itemIdOf(write.channelIds);
    if (!isNumbered(write.channelIds)) answered.push(refuse(write, BAD_ID));
    else if ((itemId !== '' && item !== itemId) || models.has(line.modelId) || sent.length >= MOST_MODELS) {
      answered.push(refuse(write, NOT_SENT));
    } else {
      itemId = item;
      models.add(line.modelId);
      sent.push(line);
    }
  }
  return { itemId, sent, answered };
}

const reasonField = z
  .string()
  .transform((told) => told.slice(0, 500))
  .catch('');
const entry = z.object({ model_id: idField.nullish(), failed_reason: reasonField });
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
function listsOf(response: unknown, sent: readonly Line<ListingRef>[]): Lists {
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

/** How a write's refusals are read: stock and prices have their own. */
export interface Readings {
  /** Of the whole call; undefined where it is no refusal of the content (token, quota, busy). */
  readonly ofCall: (error: string, message: string) => Refusal | undefined;
  /** Of one line. */
  readonly ofLine: (reason: string) => Reading;
}

/** A top-level error without lists: shared by all lines where it is about the item, else by nobody in particular. */
function wholeRefusal(
  error: () => Error,
  { answer, isFinal, named }: { answer: ShopeeAnswer; isFinal: boolean; named: Refusal | undefined },
  sent: readonly Line<ListingRef>[],
): readonly StockResult[] {
  if (named === undefined && !isFinal) throw error();
  const shared = sent.length === 1 || named?.ofItem === true;
  const reading = shared ? (named?.reading ?? 'listing') : 'retry';
  return sent.map(({ write }) => refuse(write, { code: answer.error, message: answer.message, reading }));
}

/**
 * Makes one write of an item's models. [S9][S12] the answer is read line by line: a failure may stand under an empty
 * `error`, and an `error` may come with lists. A line in neither list is not done.
 * @throws ChannelError when the call failed as a whole
 */
export async function writeModels(
  call: CallContext,
  { path, body, readings }: { readonly path: string; readonly body: unknown; readonly readings: Readings },
  sent: readonly Line<ListingRef>[],
): Promise<readonly StockResult[]> {
  const request: ShopeeRequest = { method: 'POST', path, body, effect: 'write' };
  const told = await exchange(call, request);
  const answer = { ...told, message: masked(call, request, told.message) };
  const { done, failed } = listsOf(answer.response, sent);
  if (answer.error !== '' && done.size === 0 && failed.size === 0) {
    const isFinal = failureOf(answer, 'write', call.now()).kind === 'refused';
    const named = readings.ofCall(answer.error, answer.message);
    return wholeRefusal(() => errorOf(call, request, answer), { answer, isFinal, named }, sent);
  }
  return sent.map(({ write, modelId }) => {
    const said = failed.get(modelId);
    const reason = said === undefined ? undefined : masked(call, request, said);
    const code = answer.error === '' ? 'failure_list' : answer.error;
    if (reason !== undefined) return refuse(write, { code, message: reason, reading: readings.ofLine(reason) });
    if (done.has(modelId)) return { listing: write.listing, kind: 'done' };
    return refuse(write, { code: 'not-answered', message: 'in neither list of the answer', reading: 'retry' });
  });
}
