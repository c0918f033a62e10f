import { z } from 'zod';
import { ChannelError, readJson, type CallContext, type ChannelAnswer, type ChannelFailure } from '../kit';
import { manifest } from './manifest';

/** One call of REST v2. `body` is sent as JSON. */
export interface ZaloraRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `/v2/`, its query included. */
  readonly path: string;
  readonly body?: unknown;
  readonly effect: 'read' | 'write';
}

const trimmed = (base: string): string => base.replace(/\/+$/, '');

/**
 * Makes one call with the bearer token, and gives the answer with whatever status it has.
 * @throws ChannelError what `call.http` throws
 */
export function exchange(call: CallContext, request: ZaloraRequest): Promise<ChannelAnswer> {
  const base = trimmed(call.shop.baseUrl ?? manifest.hosts(call.shop.region).api);
  return call.http({
    method: request.method,
    url: base + request.path,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${call.shop.accessToken}`,
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    effect: request.effect,
  });
}

export const isDone = (answer: ChannelAnswer): boolean => answer.status >= 200 && answer.status < 300;

/** [Z1] `Retry-After`: whole seconds or an HTTP date; undefined when it is neither. `now` in ms. */
function retryAfterMs(answer: ChannelAnswer, now: number): number | undefined {
  const text = answer.headers['retry-after'] ?? '';
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1000;
  const at = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** [Z1] real statuses and no envelope: the status alone decides. [Z2] 429 is not in their pages but is sent. */
export function failureOf(answer: ChannelAnswer, effect: ZaloraRequest['effect'], now: number): ChannelFailure {
  const wait = retryAfterMs(answer, now);
  const after = wait === undefined ? {} : { afterMs: wait };
  if (answer.status === 401) return { kind: 'unauthorized' };
  if (answer.status === 429) return { kind: 'throttled', ...after };
  // [Z1] 503 is maintenance: nothing was done.
  if (answer.status === 503) return { kind: 'unavailable', unanswered: false, ...after };
  if (answer.status >= 500) return { kind: 'unavailable', unanswered: effect === 'write', ...after };
  if (answer.status >= 400) return { kind: 'refused', reason: String(answer.status) };
  return { kind: 'malformed' };
}

const problemSchema = z.object({ title: z.string().catch(''), detail: z.string().catch('') });

/** What no message may repeat: token, secret, and the address of our hook, which nothing but its secrecy protects. */
function secretsOf({ shop }: CallContext, { body }: ZaloraRequest): readonly string[] {
  const { callbackUrl = '' } = hookSchema.safeParse(body).data ?? {};
  return [shop.accessToken, shop.appSecret, callbackUrl].filter((secret) => secret !== '');
}
const hookSchema = z.object({ callbackUrl: z.string() });

/** [Z1] problem+json of 422 and others, as one text without secrets; empty when there is none. */
export function problemOf(call: CallContext, request: ZaloraRequest, answer: ChannelAnswer): string {
  const parsed = problemSchema.safeParse(readJson(answer.body));
  const { title = '', detail = '' } = parsed.success ? parsed.data : {};
  const said = [title, detail].filter((text) => text !== '').join(': ');
  return secretsOf(call, request)
    .reduce((text, secret) => text.replaceAll(secret, '***'), said)
    .slice(0, 300);
}

/** A failed answer as the error to throw, without secrets. */
export function errorOf(call: CallContext, request: ZaloraRequest, answer: ChannelAnswer): ChannelError {
  const [path] = request.path.split('?');
  const said = `${request.method} ${path} ${answer.status} ${problemOf(call, request, answer)}`.trim();
  return new ChannelError(failureOf(answer, request.effect, call.now()), said);
}

/** Reads a successful answer in the shape asked for. @throws ChannelError `malformed` */
export function shaped<Shape extends z.ZodType>(answer: ChannelAnswer, shape: Shape): z.infer<Shape> {
  const parsed = shape.safeParse(readJson(answer.body));
  if (!parsed.success) throw new ChannelError({ kind: 'malformed' }, 'the answer has another shape');
  return parsed.data;
}

/**
 * Makes a call that must succeed, and reads its answer.
 * @throws ChannelError
 */
export async function ask<Shape extends z.ZodType>(
  call: CallContext,
  request: ZaloraRequest,
  shape: Shape,
): Promise<z.infer<Shape>> {
  const answer = await exchange(call, request);
  if (!isDone(answer)) throw errorOf(call, request, answer);
  return shaped(answer, shape);
}
