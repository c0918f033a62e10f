import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** HMAC-SHA256 of the exact bytes, lower-case hex. */
export function hmacHex(key: string, ...texts: readonly (string | Buffer)[]): string {
  const mac = createHmac('sha256', key);
  for (const text of texts) mac.update(text);
  return mac.digest('hex');
}

/** SHA-256, lower-case hex. */
export const digestHex = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Compares in constant time; the length of the expected text is no secret. */
export function sameText(expected: string, received: string | undefined): boolean {
  const left = createHash('sha256').update(expected).digest();
  const right = createHash('sha256')
    .update(received ?? '')
    .digest();
  return timingSafeEqual(left, right) && received !== undefined;
}
