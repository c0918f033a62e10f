import { z } from 'zod';
import { type CallContext, ChannelError, hmacHex, readJson, type ShopAccess } from '../kit';
import { classify } from './classify';
import { fieldsOf } from './fields';
import { AUTH_HOST, manifest } from './manifest';

/** What is signed: the path as called without `/rest`, the parameters, and an opaque body where a call has one. */
export interface Signable {
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * The text to sign: path, then name and value of every parameter by name, without `sign` and empty values, raw and
 * joined by nothing, then the opaque body. [L1 doc][L10]
 * Names are compared by code unit: `_` and capitals come before small letters, which `localeCompare` sorts otherwise.
 */
export function textToSign({ path, params, body }: Signable): string {
  const names = Object.keys(params).filter((name) => name !== 'sign' && params[name] !== '');
  names.sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  return path + names.map((name) => name + (params[name] ?? '')).join('') + (body ?? '');
}

/** HMAC-SHA256 of `textToSign` under the app's secret, upper-case hex. [L1 doc] */
export const sign = (appSecret: string, call: Signable): string => hmacHex(appSecret, textToSign(call)).toUpperCase();

/** One call. GET puts everything in the query, POST in a form of which every field is signed. [L1 doc][L10] */
export interface WireRequest {
  readonly method: 'GET' | 'POST';
  /** As signed: `/order/get`. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly effect: 'read' | 'write';
}

/** An answer that keeps the protocol. `code` "0" is success. Ids beyond 2^53 are strings. [L1 doc] */
export interface Envelope {
  readonly code: string;
  readonly type: string;
  readonly message: string;
  readonly data: unknown;
  readonly detail: unknown;
  /** The whole answer: token calls have no `data`, their fields stand beside `code`. [L6 doc] */
  readonly whole: Readonly<Record<string, unknown>>;
}

/** The longest code is that of a campaign's lock, `THD_IC…`. */
const MOST_CODE = 100;

const ENVELOPE = z.object({
  code: z.union([z.string(), z.number().transform(String)]),
  type: z.string().catch(''),
  message: z.string().catch(''),
  data: z.unknown().optional(),
  detail: z.unknown().optional(),
});

/**
 * Sends one signed call and reads the envelope. The HTTP status is not looked at: errors come with 200, and what
 * status the gateway uses is NOT CONFIRMED. [L1 doc][L9 doc]
 * @throws ChannelError of `call.http`, and `malformed` when the answer is no envelope.
 */
export async function exchange(call: CallContext, request: WireRequest): Promise<Envelope> {
  const { url, form } = signedRequest(call, request);
  const answer = await call.http(
    request.method === 'GET'
      ? { method: 'GET', url: `${url}?${form}`, effect: request.effect }
      : { method: 'POST', url, headers: FORM_HEADERS, body: form, effect: request.effect },
  );
  const whole = readJson(answer.body);
  const envelope = ENVELOPE.safeParse(whole);
  if (!envelope.success) {
    throw new ChannelError({ kind: 'malformed' }, `${request.path}: status ${answer.status} without an envelope`);
  }
  const { code, type, message, data, detail } = envelope.data;
  const secrets = secretsOf(call, request);
  return {
    code: withoutSecrets(code, secrets).slice(0, MOST_CODE),
    type,
    message: withoutSecrets(message, secrets),
    data,
    detail,
    whole: fieldsOf(whole),
  };
}

/**
 * `exchange` for calls that succeed or fail as a whole: answers `data`.
 * @throws ChannelError also for every `code` but "0".
 */
export async function ask(call: CallContext, request: WireRequest): Promise<unknown> {
  const envelope = await exchange(call, request);
  if (envelope.code !== '0') throw errorOf(envelope, request, call);
  return envelope.data;
}

/** The error that an envelope with a code other than "0" is. */
export const errorOf = (
  envelope: Envelope,
  request: Pick<WireRequest, 'path' | 'effect'>,
  { shop, now }: CallContext,
): ChannelError =>
  new ChannelError(
    classify(envelope, request.effect, { now: now(), settings: shop.settings }),
    `${request.path}: ${envelope.code} ${envelope.message}`,
  );

const FORM_HEADERS = { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' };

function signedRequest(call: CallContext, request: WireRequest): { readonly url: string; readonly form: string } {
  const { shop } = call;
  const onAuthHost = request.path.startsWith('/auth/');
  const given = Object.entries(request.params).filter(([, value]) => value !== '');
  const params: Record<string, string> = {
    ...Object.fromEntries(given),
    app_key: shop.appKey,
    // Milliseconds; refused beyond 7,200 s from UTC. [L1 doc]
    timestamp: String(call.now()),
    sign_method: 'sha256',
    // Only calls that act for a seller carry the token. [L1 doc]
    ...(onAuthHost ? {} : { access_token: shop.accessToken }),
  };
  params['sign'] = sign(shop.appSecret, { path: request.path, params });
  const form = Object.entries(params).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return { url: `${baseOf(shop, onAuthHost)}/rest${request.path}`, form: form.join('&') };
}

function baseOf(shop: ShopAccess, onAuthHost: boolean): string {
  if (shop.baseUrl !== undefined) return shop.baseUrl.replace(/\/+$/, '');
  return onAuthHost ? AUTH_HOST : manifest.hosts(shop.region).api;
}

/** What no message may repeat: the app's secret, tokens, and a code or refresh token that was sent. */
const secretsOf = ({ shop }: CallContext, { params }: WireRequest): readonly (string | undefined)[] => [
  shop.accessToken,
  shop.appSecret,
  params['code'],
  params['refresh_token'],
];

/** A text of the channel's without the shop's token and the app's secret. */
export const masked = ({ shop }: CallContext, text: string): string =>
  withoutSecrets(text, [shop.accessToken, shop.appSecret]);

function withoutSecrets(message: string, secrets: readonly (string | undefined)[]): string {
  return secrets
    .reduce<string>((text, secret) => (secret ? text.replaceAll(secret, '***') : text), message)
    .slice(0, 300);
}
