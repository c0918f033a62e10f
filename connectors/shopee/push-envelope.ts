import { z } from 'zod';
import { idField, readJson, secondsField } from '../kit';
import { keyOfModel } from './listing-key';

type Fields = Readonly<Record<string, unknown>>;

/** What a push says, as far as it is needed. Every field may be missing. */
export interface PushEnvelope {
  readonly code: number;
  readonly shopId?: string;
  readonly data: Fields;
}

const record = z.record(z.string(), z.unknown());
const codeField = z.union([z.int().min(0), z.string().regex(/^\d{1,6}$/)]).transform(Number);
const maybeId = idField.optional().catch(undefined);

/** [S2] numbers sometimes arrive as strings; partner-level samples write `shopid`. */
const envelopeSchema = z.object({ code: codeField, shop_id: maybeId, shopid: maybeId, data: z.unknown().optional() });

/** [S2][S6] `data` is an object, but a JSON string in some codes and in lost pushes; undefined when it is neither. */
export function dataOf(value: unknown): Fields | undefined {
  const parsed = record.safeParse(typeof value === 'string' ? readJson(value) : value);
  return parsed.success ? parsed.data : undefined;
}

const idOf = (value: unknown): string | undefined => maybeId.parse(value);

/** Reads a push's JSON; undefined when it is no envelope with a code. Never throws. */
export function readEnvelope(bytes: Buffer): PushEnvelope | undefined {
  const parsed = envelopeSchema.safeParse(readJson(bytes.toString('utf8')));
  if (!parsed.success) return undefined;
  const data = dataOf(parsed.data.data) ?? {};
  // [S2][S8] some codes have the shop inside `data` only.
  const shopId = parsed.data.shop_id ?? parsed.data.shopid ?? idOf(data.shop_id) ?? idOf(data.shopid);
  return { code: parsed.data.code, data, ...(shopId === undefined ? {} : { shopId }) };
}

const orderNumber = z.string().regex(/^[\w-]{1,64}$/);

/** [S2][S6] pushes say `ordersn`, code 15 and 29 and the API say `order_sn`. */
export function orderNumberOf(data: Fields): string | undefined {
  return [data.ordersn, data.order_sn].find((name): name is string => orderNumber.safeParse(name).success);
}

/** An instant in seconds as ms; undefined where it is none. */
export const instantOf = (value: unknown): number | undefined => {
  const parsed = secondsField.safeParse(value);
  return parsed.success && parsed.data > 0 ? parsed.data : undefined;
};

const MOST_SHOPS = 1000;
const SHOP_LISTS = ['shop_id_list', 'shopid_list', 'shop_expire_soon', 'shop_list'];
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** [S2] the shops that a partner-level push names: one, or a list of ids (or of objects with an id). */
export function shopsOf({ shopId, data }: PushEnvelope): readonly string[] {
  const listed = SHOP_LISTS.flatMap((name) => listOf(data[name]).slice(0, MOST_SHOPS)).map((entry) => {
    const fields = dataOf(entry);
    return fields === undefined ? idOf(entry) : (idOf(fields.shop_id) ?? idOf(fields.shopid));
  });
  return [...new Set([shopId, ...listed])].filter((id) => id !== undefined && id !== '0') as string[];
}

const MOST_LISTINGS = 200;
const DEEPEST = 4;

/** Walks what a push names: models inherit the item they stand in. [S2] `variation_id` here is `model_id` elsewhere. */
function collect(
  value: unknown,
  place: { readonly itemId?: string; readonly depth: number },
  keys: Set<string>,
): boolean {
  if (place.depth > DEEPEST || keys.size >= MOST_LISTINGS) return false;
  if (Array.isArray(value)) {
    const inner = { ...place, depth: place.depth + 1 };
    return value.slice(0, MOST_LISTINGS).filter((entry) => collect(entry, inner, keys)).length > 0;
  }
  const parsed = record.safeParse(value);
  if (!parsed.success) return false;
  const fields = parsed.data;
  const itemId = idOf(fields.item_id) ?? idOf(fields.itemid) ?? place.itemId;
  const modelId = idOf(fields.variation_id) ?? idOf(fields.model_id);
  const inner = { depth: place.depth + 1, ...(itemId === undefined ? {} : { itemId }) };
  const deeper = Object.values(fields).filter((entry) => typeof entry === 'object' && collect(entry, inner, keys));
  if (itemId === undefined || itemId === '0') return deeper.length > 0;
  if (modelId === undefined && (deeper.length > 0 || place.itemId === itemId)) return deeper.length > 0;
  keys.add(keyOfModel(itemId, modelId ?? '0'));
  return true;
}

/** The keys of the listings that a push names, at most 200, each once. */
export function listingKeysOf(data: Fields): readonly string[] {
  const keys = new Set<string>();
  collect(data, { depth: 0 }, keys);
  return [...keys];
}
