const MOST_WORDS = 48;
const LONGEST_WORD = 64;

/** Lower case and without marks of composition, so that what looks equal is equal. */
export const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

/**
 * The words that texts are found by: each word, and each end of one that begins after a sign (`red-shirt`, `shirt`).
 * A search is then the beginning of a word, which an index answers.
 */
export function searchWords(...texts: readonly string[]): string[] {
  const words = texts.flatMap((text) => folded(text).split(/\s+/)).flatMap(endsOf);
  return [...new Set(words)].slice(0, MOST_WORDS);
}

/** The beginnings of words that a search asks for. */
export const searchTerms = (q: string): string[] =>
  folded(q)
    .split(/\s+/)
    .filter((term) => term !== '')
    .map((term) => term.slice(0, LONGEST_WORD))
    .slice(0, 8);

function endsOf(word: string): string[] {
  const starts = [0, ...[...word.matchAll(/(?<=[^\p{L}\p{N}])[\p{L}\p{N}]/gu)].map((match) => match.index)];
  return [...new Set(starts)].map((start) => word.slice(start, start + LONGEST_WORD)).filter((end) => end !== '');
}
