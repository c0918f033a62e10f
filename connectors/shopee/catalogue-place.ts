/** A span of item update times in seconds, both ends inside. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** How far a catalogue has been read: the first of the spans is being read; none is the whole catalogue at once. */
export interface Place {
  readonly spans: readonly Span[];
  readonly offset: number;
  /** How many items the span had when its page before was read. */
  readonly total?: number | undefined;
}

const CURSOR = /^(?:(\d{1,11}-\d{1,11}(?:,\d{1,11}-\d{1,11}){0,99})@)?(\d{1,9})(?:~(\d{1,9}))?$/;

/** Reads a cursor; undefined where it is none of `cursorOf`. */
export function placeOf(cursor: string): Place | undefined {
  const match = CURSOR.exec(cursor);
  if (match === null) return undefined;
  const spans = (match[1] ?? '').split(',').filter((text) => text !== '');
  return {
    spans: spans.map((text) => {
      const [from = 0, to = 0] = text.split('-').map(Number);
      return { from, to };
    }),
    offset: Number(match[2]),
    ...(match[3] === undefined ? {} : { total: Number(match[3]) }),
  };
}

export function cursorOf({ spans, offset, total }: Place): string {
  const told = spans.map(({ from, to }) => `${from}-${to}`).join(',');
  return `${told === '' ? '' : `${told}@`}${offset}${total === undefined ? '' : `~${total}`}`;
}

/** Shopee opened in 2015: nothing was updated before. */
const FIRST_SECOND = 1_420_070_400;
const DAY_SECONDS = 86_400;

/**
 * [S6] where the offset is "over limit" (how much is not documented), the same items in two halves by their update time,
 * from the start. Undefined where there is nothing left to halve. `nowMs` is the end of the catalogue.
 */
export function halve({ spans }: Place, nowMs: number): Place | undefined {
  const whole = { from: FIRST_SECOND, to: Math.floor(nowMs / 1000) + DAY_SECONDS };
  const [span = whole, ...others] = spans;
  const middle = Math.floor((span.from + span.to) / 2);
  if (middle <= span.from) return undefined;
  return { spans: [{ from: span.from, to: middle }, { from: middle, to: span.to }, ...others], offset: 0 };
}

/** What a page tells of where to read on: the next offset, unless it is the last, and how many items there are. */
export interface PageEnd {
  readonly next: number | undefined;
  readonly total: number | undefined;
}

/**
 * The place after a page: `next` offset, else the next span, else the end. Items that were deleted since the page before
 * drew those behind them forward, past the reader: the next page then begins so many rows earlier.
 */
export function placeAfter(place: Place, { next, total }: PageEnd): Place | undefined {
  const gone = Math.min(place.offset, Math.max(0, (place.total ?? 0) - (total ?? Infinity)));
  if (gone > 0) return { ...place, offset: place.offset - gone, total };
  if (next !== undefined) return { ...place, offset: next, total };
  const [, ...spans] = place.spans;
  return spans.length === 0 ? undefined : { spans, offset: 0 };
}
