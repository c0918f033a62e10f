import { createHmac } from 'node:crypto';

/** What every secret begins with; the rest is its bytes in base64. */
export const SECRET_MARK = 'whsec_';

/** The headers of one call, after the Standard Webhooks scheme: HMAC-SHA256 over id, instant and the exact body. */
export function signEvent(
  secret: string,
  { id, now, body }: { readonly id: string; readonly now: number; readonly body: string },
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  const key = Buffer.from(secret.slice(SECRET_MARK.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
