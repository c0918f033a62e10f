import { z } from 'zod';
import { readJson } from '../kit';

/** An order's id: no sign in it needs escaping in a path or a query. */
export const ORDER_ID = /^[\w.~-]{1,64}$/;

const messageSchema = z.object({
  id: z.string().min(1).max(128),
  shop: z.string().min(1).max(128),
  type: z.string().min(1).max(64),
  order: z.unknown().optional(),
  skus: z.unknown().optional(),
  reason: z.unknown().optional(),
});

/** PROTOCOL 4: one message of a shop. What belongs to its type only is looked at by its type. */
export type Message = z.infer<typeof messageSchema>;

/** Undefined when it is no message. Never throws. */
export function readMessage(bytes: Buffer): Message | undefined {
  const parsed = messageSchema.safeParse(readJson(bytes.toString('utf8')));
  return parsed.success ? parsed.data : undefined;
}
