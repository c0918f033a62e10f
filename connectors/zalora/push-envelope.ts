import { z } from 'zod';
import { idField, readJson } from '../kit';

/** A webhook body: [Z1] `{event, payload}` and nothing else. */
export interface PushEnvelope {
  readonly event: string;
  readonly orderId?: string;
  readonly itemIds: readonly string[];
  readonly newStatus?: string;
  readonly sellerSkus: readonly string[];
}

/** [Z1] ids are ints in the description and strings in the sample. */
const orderId = idField.refine((id) => /^[1-9]\d{0,17}$/.test(id));
/** [Z1] text; a sku of digits is taken as a number too. */
const sellerSku = z.union([z.string().min(1).max(200), z.int().transform(String)]);
const payloadSchema = z.object({
  OrderId: orderId.optional().catch(undefined),
  OrderItemIds: z.array(idField).max(10_000).catch([]),
  NewStatus: z.string().max(100).optional().catch(undefined),
  SellerSkus: z.array(sellerSku).max(10_000).catch([]),
});
const envelopeSchema = z.object({
  event: z.string().min(1).max(100),
  payload: payloadSchema.catch({ OrderItemIds: [], OrderId: undefined, NewStatus: undefined, SellerSkus: [] }),
});

/** Reads a webhook's JSON; undefined when it has no event. Never throws. */
export function readEnvelope(bytes: Buffer): PushEnvelope | undefined {
  const parsed = envelopeSchema.safeParse(readJson(bytes.toString('utf8')));
  if (!parsed.success) return undefined;
  const { OrderId: id, OrderItemIds: itemIds, NewStatus: newStatus, SellerSkus: sellerSkus } = parsed.data.payload;
  return {
    event: parsed.data.event,
    itemIds,
    sellerSkus,
    ...(id === undefined ? {} : { orderId: id }),
    ...(newStatus === undefined ? {} : { newStatus }),
  };
}
