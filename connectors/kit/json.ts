/**
 * Parses JSON and keeps every integer exactly: one beyond 2^53 becomes a string of its digits, because marketplaces
 * write ids as bare numbers and `JSON.parse` would round them to another id. All else is as `JSON.parse` has it.
 * @throws SyntaxError as `JSON.parse` does.
 */
export function parseJsonExact(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  return /\d{16}/.test(text) ? JSON.parse(quoteUnsafeIntegers(text)) : parsed;
}

/** `parseJsonExact` for bytes from outside: undefined where it is no JSON (JSON itself has no undefined). */
export function readJson(text: string): unknown {
  try {
    return parseJsonExact(text);
  } catch {
    return undefined;
  }
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** `text` is known to be valid JSON, so a quote outside a string opens one, and a digit outside one begins a number. */
function quoteUnsafeIntegers(text: string): string {
  const out: string[] = [];
  let kept = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = afterString(text, at);
    else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      NUMBER.lastIndex = at;
      const number = NUMBER.exec(text)?.[0] ?? '';
      if (/^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number))) {
        out.push(text.slice(kept, at), '"', number, '"');
        kept = at + number.length;
      }
      at += Math.max(1, number.length);
    } else at += 1;
  }
  out.push(text.slice(kept));
  return out.join('');
}

const QUOTE = 34;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
const BACKSLASH = 92;

/** Where the string that opens at `start` has ended. */
function afterString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at + 1;
}
