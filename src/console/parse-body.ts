import { Refusal, faulty, type Fault } from './refusal';

/** Deepest nesting of a body. */
export const MOST_DEPTH = 32;

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads a JSON body: text that is no JSON is 400; too deep, or with keys that mean something to the language, is 422.
 * The depth is counted before anything is built, so that a deep body costs nothing.
 */
export function parseBody(text: string): unknown {
  if (text.trim() === '') return undefined;
  if (depthOf(text) > MOST_DEPTH) {
    throw faulty([{ path: '', message: `must not be nested deeper than ${MOST_DEPTH}` }]);
  }
  const body = parsed(text);
  const faults = forbiddenKeys(body, '');
  if (faults.length > 0) throw faulty(faults.slice(0, 100));
  return body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'bad-json', { detail: 'The body is not JSON.' });
  }
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let at = 0; at < text.length && deepest <= MOST_DEPTH; at += 1) {
    const sign = text[at];
    if (inText) {
      if (sign === '\\') at += 1;
      else if (sign === '"') inText = false;
    } else if (sign === '"') inText = true;
    else if (sign === '{' || sign === '[') deepest = Math.max(deepest, (depth += 1));
    else if (sign === '}' || sign === ']') depth -= 1;
  }
  return deepest;
}

function forbiddenKeys(value: unknown, path: string): Fault[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = path === '' ? key : `${path}.${key}`;
    return FORBIDDEN.has(key) ? [{ path: at, message: `${at} is not allowed as a name` }] : forbiddenKeys(inner, at);
  });
}
