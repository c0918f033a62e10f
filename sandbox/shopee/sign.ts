import { createHmac, timingSafeEqual } from 'node:crypto';

/** Lowercase hex over a fixed text without separators; the body is never signed. [S1 doc] */
export function signCall(key: string, parts: readonly (string | number)[]): string {
  return createHmac('sha256', key).update(parts.join(''), 'utf8').digest('hex');
}

/** A push is signed over the registered address, `|` and the raw body. [S2 doc] */
export function signPush(key: string, callbackUrl: string, body: string): string {
  return createHmac('sha256', key).update(`${callbackUrl}|${body}`, 'utf8').digest('hex');
}

export function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
