import { faulty } from './refusal';

/** A page as it is answered. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

type Part = string | number;

/** An opaque mark of where a page ended. */
export const cursorOf = (parts: readonly Part[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

/** Reads a mark; `kinds` are the types that its parts must have. */
export function readCursor(text: string | undefined, kinds: readonly ('string' | 'number')[]): Part[] | undefined {
  if (text === undefined) return undefined;
  try {
    const parts = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
    if (Array.isArray(parts) && parts.length === kinds.length && kinds.every((kind, at) => typeof parts[at] === kind)) {
      return parts as Part[];
    }
  } catch {
    // falls through to the refusal
  }
  throw faulty([{ path: 'after', message: 'after must be the next of an earlier answer' }]);
}

/** The mark of a list that is sorted by one text. */
export function readTextCursor(text: string | undefined): { after: string } | undefined {
  const parts = readCursor(text, ['string']);
  return parts && { after: String(parts[0]) };
}

/** Makes a page of `limit` from the `limit + 1` records that were read. */
export function pageOf<Stored, Item>(
  records: readonly Stored[],
  limit: number,
  show: { readonly item: (record: Stored) => Item; readonly end: (record: Stored) => readonly Part[] },
): Page<Item> {
  const shown = records.slice(0, limit);
  const last = shown.at(-1);
  const next = records.length > limit && last !== undefined ? cursorOf(show.end(last)) : null;
  return { items: shown.map(show.item), next };
}
