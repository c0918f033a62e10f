import { z } from 'zod';
import { inBatches } from '../../src/domain';
import { amountField, ChannelError, idField, optionalText, type CallContext } from '../kit';
import { codeOf } from './failures';
import { inParallel } from './in-parallel';
import { errorOf, exchange, type ShopeeRequest } from './wire';

/** [S6] `get_item_base_info` takes at most 50 ids. */
const MOST_ITEMS = 50;
/** Reads at once for one call of the hub. */
const AT_ONCE = 4;

/** Beyond anything real, [S6] the most that can be written is 10,000,000; absurd numbers are read and cut to it. */
const ABSURD = 1e14;
const stockNumber = z
  .preprocess((told) => (typeof told === 'string' && told !== '' ? Number(told) : told), z.number())
  .transform((told) => Math.min(ABSURD, Math.max(-ABSURD, Math.trunc(told))));
const stockSchema = z.object({
  summary_info: z
    .object({ total_reserved_stock: stockNumber.nullish(), total_available_stock: stockNumber.nullish() })
    .nullish(),
  seller_stock: z
    .array(z.object({ location_id: optionalText, stock: stockNumber, if_saleable: z.boolean().nullish() }))
    .nullish(),
});
const priceSchema = z.object({ original_price: amountField, currency: optionalText });
const prices = z.array(priceSchema).nullish().catch(undefined);

const itemSchema = z.object({
  item_id: idField,
  item_name: optionalText.catch(undefined),
  item_sku: optionalText.catch(undefined),
  item_status: optionalText.catch(undefined),
  has_model: z.boolean().nullish(),
  stock_info_v2: stockSchema.nullish(),
  price_info: prices,
});
const modelSchema = z.object({
  model_id: idField,
  model_sku: optionalText.catch(undefined),
  model_name: optionalText.catch(undefined),
  model_status: optionalText.catch(undefined),
  tier_index: z.array(z.int().min(0)).nullish().catch(undefined),
  stock_info_v2: stockSchema.nullish(),
  price_info: prices,
});
const itemsSchema = z.object({ item_list: z.array(itemSchema).nullish() });
const tierSchema = z.object({ option_list: z.array(z.object({ option: z.string() })) });
const modelsSchema = z.object({
  tier_variation: z.array(tierSchema).nullish().catch(undefined),
  model: z.array(modelSchema).nullish(),
});

export type StockInfo = z.infer<typeof stockSchema>;
export type Item = z.infer<typeof itemSchema>;
export type Model = z.infer<typeof modelSchema>;
export type Models = z.infer<typeof modelsSchema>;

/** [S6] an item that is not there is no failure of the call. */
const UNKNOWN = new Set(['error_item_not_found', 'error_item_not_belong_shop', 'error_not_found']);

/** One read; undefined where what it is about is not there. @throws ChannelError */
export async function askFor<Shape extends z.ZodType>(
  call: CallContext,
  request: ShopeeRequest,
  shape: Shape,
): Promise<z.infer<Shape> | undefined> {
  const answer = await exchange(call, request);
  if (UNKNOWN.has(codeOf(answer.error))) return undefined;
  if (answer.error !== '') throw errorOf(call, request, answer);
  const parsed = shape.safeParse(answer.response);
  if (!parsed.success) throw new ChannelError({ kind: 'malformed' }, `${request.path} answers another shape`);
  return parsed.data;
}

/**
 * One batch of items. That one unknown item spoils the answer for the others is not ruled out by any source, so a batch
 * that is "not found" is asked for again in halves: only an item that is asked for alone is known to be unknown.
 */
async function readBatch(call: CallContext, itemIds: readonly string[]): Promise<readonly Item[]> {
  const path = '/api/v2/product/get_item_base_info';
  const query = { item_id_list: itemIds.join(',') };
  const found = await askFor(call, { method: 'GET', path, query, effect: 'read' }, itemsSchema);
  if (found !== undefined || itemIds.length < 2) return found?.item_list ?? [];
  const half = Math.ceil(itemIds.length / 2);
  return [...(await readBatch(call, itemIds.slice(0, half))), ...(await readBatch(call, itemIds.slice(half)))];
}

/** [S6] items by their id, 50 a call. One that Shopee does not know is left out. @throws ChannelError */
export async function readItems(call: CallContext, itemIds: readonly string[]): Promise<ReadonlyMap<string, Item>> {
  const read = await inParallel(inBatches(itemIds, MOST_ITEMS), AT_ONCE, (batch) => readBatch(call, batch));
  return new Map(read.flat().map((item) => [item.item_id, item]));
}

/** [S6] the models of several items, one call each, a few at once. An unknown item is left out. @throws ChannelError */
export async function readModels(call: CallContext, itemIds: readonly string[]): Promise<ReadonlyMap<string, Models>> {
  const path = '/api/v2/product/get_model_list';
  const read = await inParallel(itemIds, AT_ONCE, async (itemId) => {
    const query = { item_id: itemId };
    return [itemId, await askFor(call, { method: 'GET', path, query, effect: 'read' }, modelsSchema)] as const;
  });
  return new Map(read.flatMap(([itemId, models]) => (models === undefined ? [] : [[itemId, models] as const])));
}

export const modelsById = (models: Models | undefined): ReadonlyMap<string, Model> =>
  new Map((models?.model ?? []).map((model) => [model.model_id, model]));
