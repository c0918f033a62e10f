import { createHmac, timingSafeEqual } from 'node:crypto';

/** PROTOCOL 2: of a call, `TIMESTAMP.METHOD TARGET.BODY`; of a message, `TIMESTAMP.BODY`. Lower-case hex. */
export function sign(secret: string, text: string, body: Buffer | string): string {
  return createHmac('sha256', secret).update(text).update(body).digest('hex');
}

export function same(expected: string, given: string): boolean {
  const left = Buffer.from(expected);
  const right = Buffer.from(given);
  return left.length === right.length && timingSafeEqual(left, right);
}
