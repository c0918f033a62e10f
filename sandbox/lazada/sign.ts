import { createHmac, timingSafeEqual } from 'node:crypto';

/** Text order by code unit, as ASCII sorts: `_` comes before letters, capitals first. [L11] */
function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The signature of a call: path, then every parameter's name and value sorted by name, without `sign` and empty
 * values, values raw; HMAC-SHA256 in capital hex. `hmac` accounts use MD5. [L1 doc][L10]
 */
export function signCall(
  path: string,
  parameters: ReadonlyMap<string, string>,
  key: { secret: string; method?: string },
): string {
  const names = [...parameters.keys()]
    .filter((name) => name !== 'sign' && parameters.get(name) !== '')
    .sort(byCodeUnit);
  const text = path + names.map((name) => name + (parameters.get(name) ?? '')).join('');
  const algorithm = key.method === 'hmac' ? 'md5' : 'sha256';
  return createHmac(algorithm, key.secret).update(text, 'utf8').digest('hex').toUpperCase();
}

/** The signature of a push: lowercase hex over app key and raw body. [L2 doc] */
export function signPush(appKey: string, secret: string, body: string): string {
  return createHmac('sha256', secret)
    .update(appKey + body, 'utf8')
    .digest('hex');
}

export function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
