import { z } from 'zod';
import { idField, readJson } from '../kit';

/** What a push says, as far as it is needed. Every field may be missing. */
export interface PushEnvelope {
  readonly code: number;
  readonly shopId?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const record = z.record(z.string(), z.unknown());
const codeField = z.union([z.int(), z.string().regex(/^\d{1,6}$/)]).transform(Number);

/** [S2] numbers sometimes arrive as strings; partner-level samples write `shopid`. */
const envelopeSchema = z.object({
  code: codeField,
  shop_id: idField.optional().catch(undefined),
  shopid: idField.optional().catch(undefined),
  data: z.unknown().optional(),
});

/** [S2][S6] `data` is an object, but a JSON string in some codes and in lost pushes; undefined when it is neither. */
export function dataOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const parsed = record.safeParse(typeof value === 'string' ? readJson(value) : value);
  return parsed.success ? parsed.data : undefined;
}

/** Reads a push's JSON; undefined when it is no envelope with a code. Never throws. */
export function readEnvelope(bytes: Buffer): PushEnvelope | undefined {
  const parsed = envelopeSchema.safeParse(readJson(bytes.toString('utf8')));
  if (!parsed.success) return undefined;
  const { code, shop_id: shopId = parsed.data.shopid, data } = parsed.data;
  return { code, data: dataOf(data) ?? {}, ...(shopId === undefined ? {} : { shopId }) };
}

const orderNumber = z.string().regex(/^[\w-]{1,64}$/);

/** [S2][S6] pushes say `ordersn`, code 15 and 29 and the API say `order_sn`. */
export function orderNumberOf(data: Readonly<Record<string, unknown>>): string | undefined {
  return [data.ordersn, data.order_sn].find((name): name is string => orderNumber.safeParse(name).success);
}
