import type { z } from 'zod';
import { ChannelError } from '../kit';

/** An opaque cursor of a place in a list. */
export const writeCursor = (place: object): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** @throws ChannelError `refused` for a text that `writeCursor` did not make for this list. */
export function readCursor<Schema extends z.ZodType>(schema: Schema, cursor: string): z.infer<Schema> {
  const place = schema.safeParse(parsed(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!place.success) throw new ChannelError({ kind: 'refused', reason: 'cursor' }, 'a cursor of another list');
  return place.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * How many rows left the list since its page before: as many may have moved from behind the reader's place to before
 * it, so the next page begins so much earlier. 0 where the list does not tell how long it is.
 */
export const goneSince = (before: number | undefined, now: number | undefined): number =>
  before === undefined || now === undefined ? 0 : Math.max(0, before - now);
