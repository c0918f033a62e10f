import { z } from 'zod';
import { ChannelError, idField, type CallContext, type CatalogueItem, type CataloguePage } from '../kit';
import { cursorOf, halve, placeAfter, placeOf, type Place } from './catalogue-place';
import { readItems, readModels, type Item, type Model, type Models } from './products';
import { sellableOf, stockOf } from './stock-number';
import { ask, type ShopeeRequest } from './wire';

const PATH = '/api/v2/product/get_item_list';
/** One page of ids is one `get_item_base_info`; the models of its items are one call each. */
const MOST = 50;
/** [S6] what is asked for; deleted items are not. */
const ASKED = ['NORMAL', 'BANNED', 'UNLIST', 'REVIEWING'];
/** [S6] every status that an item can have, and whether buyers see it. */
const STATUSES: ReadonlyMap<string, boolean> = new Map([
  ['NORMAL', true],
  ['BANNED', false],
  ['UNLIST', false],
  ['REVIEWING', false],
  ['SELLER_DELETE', false],
  ['SHOPEE_DELETE', false],
  ['DELETED', false],
]);
/** [S6] a model that cannot be sold on the buyer's side. */
const MODEL_STATUSES: ReadonlyMap<string, boolean> = new Map([
  ['MODEL_NORMAL', true],
  ['MODEL_UNAVAILABLE', false],
]);

const pageSchema = z.object({
  item: z.array(z.object({ item_id: idField, item_status: z.string() })).nullish(),
  has_next_page: z.boolean(),
  next_offset: z.int().min(0).nullish(),
  total_count: z.int().min(0).max(999_999_999).optional().catch(undefined),
});
type Page = z.infer<typeof pageSchema>;

async function readPage(call: CallContext, { spans, offset }: Place): Promise<Page> {
  const [span] = spans;
  const updated = span === undefined ? {} : { update_time_from: String(span.from), update_time_to: String(span.to) };
  const request: ShopeeRequest = {
    method: 'GET',
    path: PATH,
    query: { offset: String(offset), page_size: String(MOST), item_status: ASKED, ...updated },
    effect: 'read',
  };
  const parsed = pageSchema.safeParse(await ask(call, request));
  if (!parsed.success) throw new ChannelError({ kind: 'malformed' }, `${PATH} answers another shape`);
  return parsed.data;
}

/** [S6] `error_param`, told by its text alone. */
const isOverLimit = (error: unknown): boolean =>
  error instanceof ChannelError && error.failure.kind === 'refused' && /offset over limit/i.test(error.message);

/** What is said of an item as a whole, to all its models. */
interface Shown {
  readonly itemId: string;
  readonly item: Item;
  readonly status: string;
}

function rowOf(
  call: CallContext,
  { itemId, item, status }: Shown,
  model?: { readonly of: Model; readonly name: string },
) {
  const { settings } = call.shop;
  const stock = stockOf((model?.of ?? item).stock_info_v2, settings);
  const modelStatus = model?.of.model_status ?? 'MODEL_NORMAL';
  const unknown = [
    STATUSES.has(status) ? undefined : status,
    MODEL_STATUSES.has(modelStatus) ? undefined : modelStatus,
  ].find((name) => name !== undefined);
  const row: CatalogueItem = {
    channelIds: model === undefined ? { itemId } : { itemId, modelId: model.of.model_id },
    sellerSku: model?.of.model_sku ?? item.item_sku ?? '',
    name: [item.item_name, model?.name]
      .filter((part) => part !== undefined && part !== '')
      .join(', ')
      .slice(0, 500),
    isLive: (STATUSES.get(status) ?? false) && (MODEL_STATUSES.get(modelStatus) ?? false),
    ...(stock === undefined ? {} : { sellable: sellableOf(stock, settings) }),
    ...(unknown === undefined ? {} : { unknownStatus: unknown.slice(0, 40) }),
  };
  return row;
}

/** [S6] `model_name` where it is told, else the options that `tier_index` points at. */
function nameOf(model: Model, { tier_variation: tiers }: Models): string {
  const options = (model.tier_index ?? []).map((at, tier) => tiers?.[tier]?.option_list[at]?.option);
  return model.model_name ?? options.filter((option) => option !== undefined).join(',');
}

/** One row for an item without variations, one for each model of the others. */
function rowsOf(call: CallContext, shown: Shown, models: Models | undefined): readonly CatalogueItem[] {
  if (shown.item.has_model !== true) return [rowOf(call, shown)];
  if (models === undefined) return [];
  return (models.model ?? []).map((model) => rowOf(call, shown, { of: model, name: nameOf(model, models) }));
}

async function readRows(call: CallContext, { item: listed }: Page): Promise<readonly CatalogueItem[]> {
  const ids = (listed ?? []).map(({ item_id: id }) => id);
  const items = await readItems(call, ids);
  const varied = [...items.values()].filter((item) => item.has_model === true);
  const models = await readModels(
    call,
    varied.map((item) => item.item_id),
  );
  return (listed ?? []).flatMap(({ item_id: itemId, item_status: status }) => {
    const item = items.get(itemId);
    return item === undefined ? [] : rowsOf(call, { itemId, item, status }, models.get(itemId));
  });
}

/** Where the next page begins; undefined at the end of the span. */
function offsetAfter(page: Page, { offset }: Place): number | undefined {
  if (!page.has_next_page) return undefined;
  const next = page.next_offset ?? offset + (page.item ?? []).length;
  if (next <= offset) throw new ChannelError({ kind: 'malformed' }, `${PATH} has a next page and no offset`);
  return next;
}

/**
 * One page of the catalogue: [S6] ids and statuses, then what the items are, then the models of those that have some.
 * The seller's code of a model falls back to its item's. An item that is gone between the calls is left out. Their
 * `total_count` counts items, not rows, so it is not handed on; where it fell, the list is read from further ahead. Beyond Shopee's highest offset the catalogue is read
 * again in spans of update time, so that a row may come twice (QUIRKS 27).
 * @throws ChannelError
 */
export async function listCatalogue(call: CallContext, cursor = '0'): Promise<CataloguePage> {
  const place = placeOf(cursor);
  if (place === undefined) throw new ChannelError({ kind: 'refused', reason: 'bad-cursor' }, 'no such cursor');
  let page: Page;
  try {
    page = await readPage(call, place);
  } catch (error) {
    const halves = isOverLimit(error) ? halve(place, call.now()) : undefined;
    if (halves === undefined) throw error;
    return { items: [], next: cursorOf(halves) };
  }
  const after = placeAfter(place, { next: offsetAfter(page, place), total: page.total_count });
  const items = await readRows(call, page);
  return after === undefined ? { items } : { items, next: cursorOf(after) };
}
