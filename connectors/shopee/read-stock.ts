import { z } from 'zod';
import { ChannelError, idField, type CallContext, type ListingRef, type StockReading } from '../kit';
import { modelIdOf } from './listing-key';
import { codeOf, errorOf, exchange, type ShopeeRequest } from './wire';

/** [S6] `get_item_base_info` takes at most 50 ids. */
const MOST_ITEMS = 50;
const ID = /^\d{1,15}$/;

const stockNumber = z.int();
const stockSchema = z.object({
  summary_info: z
    .object({ total_reserved_stock: stockNumber.nullish(), total_available_stock: stockNumber.nullish() })
    .nullish(),
  seller_stock: z.array(z.object({ stock: stockNumber, if_saleable: z.boolean().nullish() })).nullish(),
});
const itemsSchema = z.object({
  item_list: z.array(
    z.object({ item_id: idField, has_model: z.boolean().nullish(), stock_info_v2: stockSchema.nullish() }),
  ),
});
const modelsSchema = z.object({
  model: z.array(z.object({ model_id: idField, stock_info_v2: stockSchema.nullish() })),
});

type StockInfo = z.infer<typeof stockSchema>;
interface Stock {
  /** The seller's own number: what `update_stock` sets. */
  readonly own: number;
  readonly reserved: number;
}

/**
 * [S6] `seller_stock` is the seller's, over all locations that may sell; `shopee_stock` is Shopee's and not ours.
 * `total_available_stock` ("can be sold currently") stands in only where `seller_stock` is not there (QUIRKS 9).
 */
function stockOf(info: StockInfo | null | undefined): Stock | undefined {
  if (info === null || info === undefined) return undefined;
  const locations = info.seller_stock?.filter((location) => location.if_saleable !== false);
  const own = locations?.reduce((sum, { stock }) => sum + stock, 0) ?? info.summary_info?.total_available_stock;
  if (own === null || own === undefined) return undefined;
  return { own: Math.max(0, own), reserved: Math.max(0, info.summary_info?.total_reserved_stock ?? 0) };
}

/** [S6] an item that is not there is no failure of the call. */
const UNKNOWN = new Set(['error_item_not_found', 'error_item_not_belong_shop', 'error_not_found']);

async function askFor<Shape extends z.ZodType>(
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

/** [S6] stock of items without variations, by item id, at most 50 a call. */
async function readItems(call: CallContext, itemIds: readonly string[]): Promise<ReadonlyMap<string, Stock>> {
  const read = new Map<string, Stock>();
  for (let from = 0; from < itemIds.length; from += MOST_ITEMS) {
    const query = { item_id_list: itemIds.slice(from, from + MOST_ITEMS).join(',') };
    const path = '/api/v2/product/get_item_base_info';
    const found = await askFor(call, { method: 'GET', path, query, effect: 'read' }, itemsSchema);
    for (const item of found?.item_list ?? []) {
      const stock = item.has_model === true ? undefined : stockOf(item.stock_info_v2);
      if (stock !== undefined) read.set(item.item_id, stock);
    }
  }
  return read;
}

/** [S6] stock of one item's models, by model id. */
async function readModels(call: CallContext, itemId: string): Promise<ReadonlyMap<string, Stock>> {
  const path = '/api/v2/product/get_model_list';
  const found = await askFor(call, { method: 'GET', path, query: { item_id: itemId }, effect: 'read' }, modelsSchema);
  return new Map(
    (found?.model ?? []).flatMap((model) => {
      const stock = stockOf(model.stock_info_v2);
      return stock === undefined ? [] : [[model.model_id, stock] as const];
    }),
  );
}

const isBeside = (call: CallContext): boolean => call.shop.settings.reservedStock === 'beside';

/** Units that promotions hold beside the seller's number, by model id; empty unless the shop's setting says `beside`. */
export async function reservedByModel(
  call: CallContext,
  itemId: string,
  modelIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (!isBeside(call)) return new Map();
  const models = modelIds.some((id) => id !== '0') ? await readModels(call, itemId) : new Map<string, Stock>();
  const items = modelIds.includes('0') ? await readItems(call, [itemId]) : new Map<string, Stock>();
  const stock = new Map([...models, ...[...items.values()].map((item) => ['0', item] as const)]);
  return new Map([...stock].map(([id, { reserved }]) => [id, reserved]));
}

/**
 * Reads what buyers can buy of each listing: the seller's number, with the promotion's reserve inside it (setting
 * `reservedStock: inside`, the default) or beside it. A listing that Shopee does not know reads `undefined`.
 * @throws ChannelError
 */
export async function readStock(call: CallContext, listings: readonly ListingRef[]): Promise<readonly StockReading[]> {
  const known = listings.filter(({ channelIds }) => ID.test(channelIds.itemId ?? '') && ID.test(modelIdOf(channelIds)));
  const itemOf = ({ channelIds }: ListingRef): string => channelIds.itemId ?? '';
  const plain = known.filter(({ channelIds }) => modelIdOf(channelIds) === '0').map(itemOf);
  const varied = known.filter(({ channelIds }) => modelIdOf(channelIds) !== '0').map(itemOf);
  const items = await readItems(call, [...new Set(plain)]);
  const models = new Map<string, ReadonlyMap<string, Stock>>();
  for (const itemId of new Set(varied)) models.set(itemId, await readModels(call, itemId));
  return listings.map((listing) => {
    const modelId = modelIdOf(listing.channelIds);
    const stock = modelId === '0' ? items.get(itemOf(listing)) : models.get(itemOf(listing))?.get(modelId);
    const sellable = stock === undefined ? undefined : stock.own + (isBeside(call) ? stock.reserved : 0);
    return { listing: listing.listing, sellable };
  });
}
