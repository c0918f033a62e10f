const MOST_ENDS = 16;
const LONGEST_WORD = 64;
const LONGEST_BEGINNING = 10;
const MOST_TERMS = 8;

/** What a search asks of a record's words. */
export interface Search {
  /** All of these are among the words. The one that tells most comes first: an index serves one of them. */
  readonly beginnings: readonly string[];
  /** Texts longer than any kept beginning: some word begins with each. */
  readonly long: readonly string[];
}

/** Lower case and without marks of composition, so that what looks equal is equal. */
const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

/**
 * What texts are found by: each word, each end of one that begins after a sign (`red-shirt`, `shirt`), and the
 * beginnings of these. A search is then one place in an index, however many records there are.
 */
export function searchWords(...texts: readonly string[]): string[] {
  const ends = texts.flatMap((text) => folded(text).split(/\s+/)).flatMap(endsOf);
  const kept = [...new Set(ends)].slice(0, MOST_ENDS);
  return [...new Set(kept.flatMap((end) => [...beginningsOf(end), end]))];
}

/** The beginnings of words that a text asks for, taken literally. */
export function searchOf(q: string): Search {
  const words = folded(q)
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MOST_TERMS);
  const beginnings = words.flatMap(endsOf).map((end) => end.slice(0, LONGEST_BEGINNING));
  const long = words.filter((word) => word.length > LONGEST_BEGINNING).map((word) => word.slice(0, LONGEST_WORD));
  return { beginnings: [...new Set(beginnings)].sort((a, b) => tells(b) - tells(a)), long };
}

/** Numbers tell records apart best, then words with digits, then long words. */
const tells = (text: string): number => (/^\d/.test(text) ? 200 : /\d/.test(text) ? 100 : 0) + text.length;

const beginningsOf = (end: string): string[] =>
  Array.from({ length: Math.min(end.length, LONGEST_BEGINNING) }, (_, at) => end.slice(0, at + 1));

function endsOf(word: string): string[] {
  const starts = [0, ...[...word.matchAll(/(?<=[^\p{L}\p{N}])[\p{L}\p{N}]/gu)].map((match) => match.index)];
  return [...new Set(starts)].map((start) => word.slice(start, start + LONGEST_WORD)).filter((end) => end !== '');
}
