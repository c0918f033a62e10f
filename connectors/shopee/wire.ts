import { z } from 'zod';
import { ChannelError, hmacHex, readJson, type AppCall, type CallContext, type ChannelAnswer } from '../kit';
import { failureOf } from './failures';
import { manifest } from './manifest';

/** One call. `query` and `body` are the business parameters; neither is signed. */
export interface ShopeeRequest {
  readonly method: 'GET' | 'POST';
  /** With `/api/v2/`. */
  readonly path: string;
  /** [S6] a list is sent as one parameter several times. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
  readonly effect: 'read' | 'write';
}

/** The envelope. `error` exactly "" is success, but its lists may hold failures (QUIRKS 7). */
export interface ShopeeAnswer {
  /** As it came, module prefix included. */
  readonly error: string;
  readonly message: string;
  readonly response: unknown;
  /** Everything that came: [S1][S6] answers about tokens and about the shop are flat, without `response`. */
  readonly flat: unknown;
}

/**
 * [S1] lower-case hex HMAC-SHA256 of the parts joined without separators: partner id, path and time in s, for a Shop
 * API also access token and shop id. The partner key is used verbatim.
 */
export const signature = (partnerKey: string, ...parts: readonly string[]): string => hmacHex(partnerKey, ...parts);

export const secondsOf = (instantMs: number): string => String(Math.floor(instantMs / 1000));

/** [S1] the common parameters always travel in the query, for POST too. The signed path has no base in front of it. */
export function addressOf(base: string, request: Pick<ShopeeRequest, 'path' | 'query'>, signed: object): string {
  const query = new URLSearchParams(Object.entries(signed) as [string, string][]);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    for (const each of typeof value === 'string' ? [value] : value) query.append(name, each);
  }
  return `${base.replace(/\/+$/, '')}${request.path}?${query.toString()}`;
}

function shopAddressOf({ shop, now }: CallContext, request: ShopeeRequest): string {
  const timestamp = secondsOf(now());
  const { appKey, accessToken, channelShopId } = shop;
  return addressOf(shop.baseUrl ?? manifest.hosts(shop.region).api, request, {
    partner_id: appKey,
    timestamp,
    access_token: accessToken,
    shop_id: channelShopId,
    sign: signature(shop.appSecret, appKey, request.path, timestamp, accessToken, channelShopId),
  });
}

/** [S1] the address of a Public API, signed by the app alone. `now` in ms. */
export function publicAddressOf(
  app: AppCall['app'],
  request: Pick<ShopeeRequest, 'path' | 'query'>,
  now: number,
): string {
  const timestamp = secondsOf(now);
  return addressOf(app.baseUrl ?? manifest.hosts(app.region).auth, request, {
    partner_id: app.key,
    timestamp,
    sign: signature(app.secret, app.key, request.path, timestamp),
  });
}

/** Words of theirs that we look into: beyond that nothing new is said. */
const words = (most: number) => z.string().transform((told) => told.trim().slice(0, most));
const fields = { message: words(1000).catch(''), response: z.unknown().optional() };
const envelopeSchema = z.object({ error: words(100), ...fields });
/** [S6] flat answers may leave `error` out when there is none. */
const flatSchema = z.object({ error: words(100).default(''), ...fields });

/**
 * [S9] failures are normally HTTP 200, so the envelope decides, whatever the status. Without one: edge refusals (HTML
 * or nothing, for instance for an address that is not declared) are told by their status.
 */
function withoutEnvelope(answer: ChannelAnswer, effect: ShopeeRequest['effect']): ChannelError {
  const said = `HTTP ${answer.status} without Shopee's envelope`;
  if (answer.status === 429) return new ChannelError({ kind: 'throttled' }, said);
  const unanswered = answer.status >= 500 && effect === 'write';
  return new ChannelError(answer.status >= 400 ? { kind: 'unavailable', unanswered } : { kind: 'malformed' }, said);
}

/** [S9][S6] some endpoints print `"-"` or `" "` where there is no error. */
const errorIn = (told: string): string => (told === '-' ? '' : told);

async function send(
  http: CallContext['http'],
  request: ShopeeRequest,
  { url, schema }: { readonly url: string; readonly schema: typeof envelopeSchema | typeof flatSchema },
): Promise<ShopeeAnswer> {
  const answer = await http({
    method: request.method,
    url,
    ...(request.body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(request.body) }),
    effect: request.effect,
  });
  const flat = readJson(answer.body);
  const parsed = schema.safeParse(flat);
  if (!parsed.success) throw withoutEnvelope(answer, request.effect);
  const { message, response } = parsed.data;
  const error = errorIn(parsed.data.error);
  if (error === '' && answer.status >= 400) throw withoutEnvelope(answer, request.effect);
  return { error, message, response, flat };
}

/**
 * Makes one signed call of a shop and reads its envelope, failed or not.
 * @throws ChannelError when there is no envelope, and whatever `call.http` throws.
 */
export const exchange = (call: CallContext, request: ShopeeRequest): Promise<ShopeeAnswer> =>
  send(call.http, request, { url: shopAddressOf(call, request), schema: envelopeSchema });

/** As `exchange`, for a Public API, whose answer is flat. */
export const exchangePublic = (call: AppCall, request: ShopeeRequest): Promise<ShopeeAnswer> =>
  send(call.http, request, { url: publicAddressOf(call.app, request, call.now()), schema: flatSchema });

/** What must not stand in an error: the app's and the shop's secrets, and every text of a public call's body. */
function secretsOf(call: CallContext | AppCall, request: ShopeeRequest): readonly string[] {
  if ('shop' in call) return [call.shop.accessToken, call.shop.appSecret].filter((secret) => secret !== '');
  const sent = Object.values((request.body ?? {}) as Readonly<Record<string, unknown>>);
  return [call.app.secret, ...sent].filter((secret): secret is string => typeof secret === 'string' && secret !== '');
}

/** A text of the channel's without secrets. */
export const masked = (call: CallContext | AppCall, request: ShopeeRequest, text: string): string =>
  secretsOf(call, request).reduce((said, secret) => said.replaceAll(secret, '***'), text);

/** A failed envelope as the error to throw; secrets never stand in it. */
export function errorOf(call: CallContext | AppCall, request: ShopeeRequest, answer: ShopeeAnswer): ChannelError {
  const said = masked(call, request, `${answer.error}: ${answer.message}`);
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
