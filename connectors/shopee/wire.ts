import { z } from 'zod';
import { ChannelError, hmacHex, readJson, type CallContext, type ChannelAnswer, type ChannelFailure } from '../kit';
import { manifest } from './manifest';

/** One call of a Shop API. `query` and `body` are the business parameters; neither is signed. */
export interface ShopeeRequest {
  readonly method: 'GET' | 'POST';
  /** With `/api/v2/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly effect: 'read' | 'write';
}

/** The envelope. `error` exactly "" is success, but its lists may hold failures (QUIRKS 7). */
export interface ShopeeAnswer {
  /** As it came, module prefix included. */
  readonly error: string;
  readonly message: string;
  readonly response: unknown;
}

/**
 * [S1] lower-case hex HMAC-SHA256 of the parts joined without separators: partner id, path and time in s, for a Shop
 * API also access token and shop id. The partner key is used verbatim.
 */
export const signature = (partnerKey: string, ...parts: readonly string[]): string => hmacHex(partnerKey, ...parts);

/** [S1] the common parameters always travel in the query, for POST too. The signed path has no base in front of it. */
function urlOf({ shop, now }: CallContext, request: ShopeeRequest): string {
  const timestamp = String(Math.floor(now() / 1000));
  const { appKey, accessToken, channelShopId } = shop;
  const query = new URLSearchParams({
    partner_id: appKey,
    timestamp,
    access_token: accessToken,
    shop_id: channelShopId,
    sign: signature(shop.appSecret, appKey, request.path, timestamp, accessToken, channelShopId),
    ...request.query,
  });
  const base = shop.baseUrl ?? manifest.hosts(shop.region).api;
  return `${base.replace(/\/+$/, '')}${request.path}?${query.toString()}`;
}

const envelopeSchema = z.object({
  error: z.string(),
  message: z.string().catch(''),
  response: z.unknown().optional(),
});

/**
 * [S9] failures are normally HTTP 200, so the envelope decides, whatever the status. Without one: edge refusals (HTML
 * or nothing, for instance for an address that is not declared) are told by their status.
 */
function withoutEnvelope(answer: ChannelAnswer, effect: ShopeeRequest['effect']): ChannelError {
  const text = `HTTP ${answer.status} without Shopee's envelope`;
  if (answer.status === 429) return new ChannelError({ kind: 'throttled' }, text);
  const unanswered = answer.status >= 500 && effect === 'write';
  return new ChannelError(answer.status >= 400 ? { kind: 'unavailable', unanswered } : { kind: 'malformed' }, text);
}

/**
 * Makes one signed call and reads its envelope, failed or not.
 * @throws ChannelError when there is no envelope, and whatever `call.http` throws.
 */
export async function exchange(call: CallContext, request: ShopeeRequest): Promise<ShopeeAnswer> {
  const answer = await call.http({
    method: request.method,
    url: urlOf(call, request),
    ...(request.body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(request.body) }),
    effect: request.effect,
  });
  const parsed = envelopeSchema.safeParse(readJson(answer.body));
  if (!parsed.success) throw withoutEnvelope(answer, request.effect);
  const { error, message, response } = parsed.data;
  const refusedWithoutCode = error === '' && answer.status >= 400;
  if (refusedWithoutCode) throw withoutEnvelope(answer, request.effect);
  return { error, message, response };
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

/** [S6][S10] per second and per shop, partner or API. */
const THROTTLED = /^(?:error_rate_limit|error_busy|exceed_(?:shop_api|partner_api|api))$/;
/** [S6][S13] both spellings are real; the rest says that this shop or app must be authorised again. */
const UNAUTHORIZED = new Set([
  'invalid_acceess_token',
  'invalid_access_token',
  'error_auth',
  'error_sign',
  'shop_access_expired',
  'shop_no_linked',
  'partner_shop_no_link',
  'error_partner_key_expired',
]);
/** [S6] inner errors pass by themselves only where the text says so. */
export const saysTryLater = (text: string): boolean => /try (?:again )?later|system busy/i.test(text);
const INNER = new Set(['error_inner', 'error_server', 'error_auth']);

/** Reads a failed envelope. `now` in ms. */
export function failureOf(answer: ShopeeAnswer, effect: ShopeeRequest['effect'], now: number): ChannelFailure {
  const code = codeOf(answer.error);
  if (THROTTLED.test(code)) return { kind: 'throttled' };
  // [S6] `order.error_limit` is "this order cannot be cancelled", no quota.
  if (code === 'error_limit' && answer.error !== 'order.error_limit') {
    return { kind: 'throttled', afterMs: untilQuotaReset(now) };
  }
  if (code === 'error_system_busy') return { kind: 'unavailable', unanswered: false };
  if (code === 'error_network') return { kind: 'unavailable', unanswered: effect === 'write' };
  if (INNER.has(code) && saysTryLater(answer.message)) return { kind: 'unavailable', unanswered: effect === 'write' };
  // [S1] 300 s are allowed between their clock and ours; [S6] the text tells which `error_param` it is.
  const badTime = code === 'error_param' && /timestamp/i.test(answer.message);
  if (badTime || UNAUTHORIZED.has(code)) return { kind: 'unauthorized' };
  return { kind: 'refused', reason: answer.error };
}

/** A failed envelope as the error to throw; the shop's secrets never stand in it. */
export function errorOf(call: CallContext, request: ShopeeRequest, answer: ShopeeAnswer): ChannelError {
  const secrets = [call.shop.accessToken, call.shop.appSecret].filter((secret) => secret !== '');
  const said = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), `${answer.error}: ${answer.message}`);
  return new ChannelError(failureOf(answer, request.effect, call.now()), `${request.path} ${said.slice(0, 300)}`);
}

/**
 * Makes one signed call that must succeed as a whole, and gives its `response`.
 * @throws ChannelError
 */
export async function ask(call: CallContext, request: ShopeeRequest): Promise<unknown> {
  const answer = await exchange(call, request);
  if (answer.error !== '') throw errorOf(call, request, answer);
  return answer.response;
}
