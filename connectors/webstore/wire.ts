import { z } from 'zod';
import { ChannelError, readJson, type CallContext, type ChannelAnswer, type ChannelFailure } from '../kit';
import { signCall } from './sign';

/** One call of the protocol. `body` is sent as JSON; `query` values are escaped here. */
export interface WebstoreRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly effect: 'read' | 'write';
}

/**
 * Where the shop is called: the hub's base where one is set, else the shop's own `address`, https only.
 * @throws ChannelError `refused` when the shop has none.
 */
function addressOf({ shop }: CallContext): string {
  const address = shop.baseUrl ?? shop.settings.address ?? '';
  const good = URL.canParse(address) && (shop.baseUrl !== undefined || address.startsWith('https://'));
  if (!good || /[?#]/.test(address)) {
    throw new ChannelError({ kind: 'refused', reason: 'address' }, 'the shop has no https address in its settings');
  }
  return address.replace(/\/+$/, '');
}

/** PROTOCOL 2: what follows the address. The shop comes first: one address may serve several. */
function targetOf(shopId: string, { path, query = {} }: WebstoreRequest): string {
  const pairs = Object.entries({ shop: shopId, ...query });
  return `${path}?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
}

function send(call: CallContext, request: WebstoreRequest): Promise<ChannelAnswer> {
  const { shop } = call;
  const target = targetOf(shop.channelShopId, request);
  const timestamp = String(Math.floor(call.now() / 1000));
  const body = request.body === undefined ? '' : JSON.stringify(request.body);
  const signature = signCall(shop.appSecret, { method: request.method, target, timestamp, body });
  return call.http({
    method: request.method,
    url: addressOf(call) + target,
    headers: {
      accept: 'application/json',
      'webstore-key': shop.appKey,
      'webstore-timestamp': timestamp,
      'webstore-signature': signature,
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === '' ? {} : { body }),
    effect: request.effect,
  });
}

/** `Retry-After` in whole seconds; undefined when it is anything else. */
function retryAfterMs({ headers }: ChannelAnswer): number | undefined {
  const text = headers['retry-after'] ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) * 1000 : undefined;
}

const errorSchema = z.object({
  error: z.object({ code: z.string().regex(/^[\w.-]{1,64}$/), message: z.string().catch('') }),
});

/** PROTOCOL 5: the status decides; the code says why. */
export function failureOf(answer: ChannelAnswer, effect: WebstoreRequest['effect']): ChannelFailure {
  const wait = retryAfterMs(answer);
  const after = wait === undefined ? {} : { afterMs: wait };
  if (answer.status === 401) return { kind: 'unauthorized' };
  if (answer.status === 429) return { kind: 'throttled', ...after };
  // 503 says that nothing was done (QUIRKS 5).
  if (answer.status === 503) return { kind: 'unavailable', unanswered: false, ...after };
  if (answer.status >= 500) return { kind: 'unavailable', unanswered: effect === 'write', ...after };
  if (answer.status < 400) return { kind: 'malformed' };
  const said = errorSchema.safeParse(readJson(answer.body));
  return { kind: 'refused', reason: said.success ? said.data.error.code : String(answer.status) };
}

/**
 * Makes a call, and reads its answer.
 * @throws ChannelError
 */
export async function ask<Shape extends z.ZodType>(
  call: CallContext,
  request: WebstoreRequest,
  shape: Shape,
): Promise<z.infer<Shape>> {
  const answer = await send(call, request);
  if (answer.status !== 200) {
    const said = errorSchema.safeParse(readJson(answer.body));
    const why = said.success ? `${said.data.error.code}: ${said.data.error.message.slice(0, 300)}` : '';
    const text = `${request.method} ${request.path} ${answer.status} ${why}`.trim();
    throw new ChannelError(failureOf(answer, request.effect), text);
  }
  const parsed = shape.safeParse(readJson(answer.body));
  if (!parsed.success) throw new ChannelError({ kind: 'malformed' }, `${request.path} answers in another shape`);
  return parsed.data;
}
