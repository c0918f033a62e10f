import type { ChannelFailure } from '../kit';

/** A failed envelope, as far as its reading needs it. */
export interface Failed {
  /** As it came, module prefix included. */
  readonly error: string;
  readonly message: string;
}

/** [S9] one leading module segment is dropped for lookup (`product.error_param`); [S6] `error.param` is `error_param`. */
export function codeOf(error: string): string {
  if (error.startsWith('error.')) return error.replace('.', '_');
  return error.replace(/^[^.]*\./, '');
}

const DAY_MS = 86_400_000;
const UTC_PLUS_8_MS = 8 * 3_600_000;
/** [S6] the daily quota of the app comes back at 00:00 UTC+8; asking before burns it further. */
const untilQuotaReset = (nowMs: number): number => DAY_MS - ((nowMs + UTC_PLUS_8_MS) % DAY_MS);

/** [S6][S10] no Retry-After is ever given; who has to wait is told by the name, or not at all. */
const THROTTLED: ReadonlyMap<string, ChannelFailure> = new Map<string, ChannelFailure>([
  ['error_rate_limit', { kind: 'throttled' }],
  ['error_busy', { kind: 'throttled' }],
  ['exceed_api', { kind: 'throttled' }],
  ['exceed_shop_api', { kind: 'throttled', scope: 'shop' }],
  ['exceed_partner_api', { kind: 'throttled', scope: 'app' }],
]);

/** [S6][S13] both spellings of the first are real; all of them say that the shop or the app must be authorised again. */
const UNAUTHORIZED = new Set([
  'invalid_acceess_token',
  'invalid_access_token',
  'error_auth',
  'error_sign',
  'error_permission',
  'error_partner_key_expired',
  'invalid_partner_id',
  'invalid_shop_id',
  'partner_shop_no_link',
  'refresh_token_expired',
  'error_shop_refresh_token',
  'error_merchant_refresh_token',
  'shop_access_expired',
  'merchant_access_expired',
  'shop_no_linked',
  'merchant_no_linked',
  'shop_banned',
]);

/** [S6] inner errors pass by themselves only where the text says so. */
export const saysTryLater = (text: string): boolean => /try (?:again )?later|system busy/i.test(text);
const INNER = new Set(['error_inner', 'error_server']);
/** [S6] said of an inner error only: elsewhere "check and try again" asks for another call. */
const SAYS_AGAIN = /\b(?:try|retry)\b.{0,20}\b(?:again|later)\b/i;
const isInner = (code: string, text: string): boolean =>
  (INNER.has(code) && SAYS_AGAIN.test(text)) || ((INNER.has(code) || code === 'error_auth') && saysTryLater(text));
/** [S6][S9] nothing was carried out: they were too busy, or do not know the address that we call from. */
const TURNED_AWAY = new Set(['error_system_busy', 'source_ip_undeclared']);

/** Reads a failed envelope. `now` in ms. */
export function failureOf(answer: Failed, effect: 'read' | 'write', now: number): ChannelFailure {
  const code = codeOf(answer.error);
  const throttled = THROTTLED.get(code);
  if (throttled !== undefined) return throttled;
  // [S6] `order.error_limit` is "this order cannot be cancelled", no quota.
  if (code === 'error_limit' && !answer.error.startsWith('order.')) {
    return { kind: 'throttled', afterMs: untilQuotaReset(now), scope: 'app' };
  }
  if (TURNED_AWAY.has(code)) return { kind: 'unavailable', unanswered: false };
  if (code === 'error_network') return { kind: 'unavailable', unanswered: effect === 'write' };
  if (isInner(code, answer.message)) return { kind: 'unavailable', unanswered: effect === 'write' };
  // [S1] 300 s are allowed between their clock and ours; [S6] the text tells which `error_param` it is.
  const badTime = code === 'error_param' && /timestamp/i.test(answer.message);
  if (badTime || UNAUTHORIZED.has(code)) return { kind: 'unauthorized' };
  return { kind: 'refused', reason: answer.error };
}
