export const MOST_DEPTH = 32;

/** `detail` is for the caller; the text itself is never part of it. */
export type SafeJson =
  { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'refused'; readonly detail: string };

/** Reads JSON from outside: not deeper than 32, and without keys that reach into a prototype. */
export function safeJson(text: string): SafeJson {
  if (isTooDeep(text)) return { kind: 'refused', detail: `The body is nested deeper than ${MOST_DEPTH}.` };
  try {
    const value: unknown = JSON.parse(text);
    const key = poisonIn(value);
    return key === undefined ? { kind: 'value', value } : { kind: 'refused', detail: `The body has a key ${key}.` };
  } catch {
    return { kind: 'refused', detail: 'The body is no JSON.' };
  }
}

/** Looks at the text, so that a deep one never reaches the parser. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let isInText = false;
  for (let index = 0; index < text.length; index += 1) {
    const sign = text.charCodeAt(index);
    if (isInText) {
      if (sign === BACKSLASH) index += 1;
      else if (sign === QUOTE) isInText = false;
    } else if (sign === QUOTE) isInText = true;
    else if (sign === OPEN_LIST || sign === OPEN_OBJECT) {
      depth += 1;
      if (depth > MOST_DEPTH) return true;
    } else if (sign === CLOSE_LIST || sign === CLOSE_OBJECT) depth -= 1;
  }
  return false;
}

const codeOf = (sign: string): number => sign.charCodeAt(0);
const [QUOTE, BACKSLASH] = [codeOf('"'), codeOf('\\')];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [codeOf('['), codeOf(']'), codeOf('{'), codeOf('}')];

function poisonIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') return key;
    if (key === 'constructor' && typeof item === 'object' && item !== null && 'prototype' in item) return key;
    const found = poisonIn(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
