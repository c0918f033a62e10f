import { randomUUID } from 'node:crypto';
import { Refusal, json, type Call, type Handler, type Reply } from '../http/call';
import type { App, Shop } from '../shop';
import type { Ground } from '../world';
import { same, signCall } from './sign';

/** A call that passed the gateway: its parameters out of query and form together. */
export interface Signed {
  call: Call;
  app: App;
  parameters: ReadonlyMap<string, string>;
}

export interface SellerCall extends Signed {
  shop: Shop;
}

const CLOCK_WINDOW_MS = 7200 * 1000;

export function requestId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 20);
}

/** `{code:"0", data, request_id}`; the code is a string. [L1 doc] */
export function success(data: unknown): Reply {
  return json(200, { code: '0', data, request_id: requestId() });
}

/** An answer without `data`: tokens, reverse orders. */
export function flat(fields: Record<string, unknown>): Reply {
  return json(200, { ...fields, code: '0', request_id: requestId() });
}

export type FaultType = 'ISV' | 'ISP' | 'SYSTEM';

/** Business errors come with HTTP 200. [L1 doc][L10] */
export function failure(code: string, message: string, extra: { type?: FaultType; detail?: unknown[] } = {}): Reply {
  const { type = 'ISV', detail } = extra;
  return json(200, { code, type, message, ...(detail === undefined ? {} : { detail }), request_id: requestId() });
}

export function refuse(code: string, message: string, type: FaultType = 'ISV'): Refusal {
  return new Refusal(failure(code, message, { type }));
}

/** Query and form fields together: all of them are signed. [L1 doc] */
export function parametersOf(call: Call): Map<string, string> {
  const parameters = new Map(call.query);
  const type = call.headers['content-type'] ?? '';
  if (call.method !== 'GET' && type.startsWith('application/x-www-form-urlencoded')) {
    for (const [name, value] of new URLSearchParams(call.raw.toString('utf8'))) parameters.set(name, value);
  }
  return parameters;
}

/** Lets a call through when its app, instant and signature hold. */
function checkSigned(ground: Ground, call: Call): Signed {
  const parameters = parametersOf(call);
  for (const name of ['app_key', 'timestamp', 'sign_method', 'sign']) {
    if (!parameters.get(name))
      throw refuse(
        'MissingParameter',
        `The input parameter "${name}" that is mandatory for processing this request is not supplied`,
      );
  }
  const app = ground.market.app('lazada', parameters.get('app_key') ?? '');
  if (app === undefined) throw refuse('InvalidAppKey', 'The specified App Key is invalid');
  const method = parameters.get('sign_method') ?? '';
  if (method !== 'sha256' && method !== 'hmac')
    throw refuse('IncompleteSignature', `The sign_method "${method}" is not supported`);
  const skewMs = Math.abs(ground.faults.nowMs('lazada') - instantOf(parameters.get('timestamp') ?? ''));
  if (!(skewMs <= CLOCK_WINDOW_MS)) throw refuse('IllegalTimestamp', 'The specified timestamp is invalid or expired');
  const expected = signCall(call.path.slice('/rest'.length), parameters, { secret: app.secret, method });
  if (!same(expected, parameters.get('sign') ?? '')) {
    throw refuse('IncompleteSignature', 'The request signature does not conform to platform standards');
  }
  return { call, app, parameters };
}

/** Epoch milliseconds as text, or ISO UTC. [L1 doc] */
function instantOf(text: string): number {
  return /^\d{13}$/.test(text) ? Number(text) : Date.parse(text);
}

export function signed(ground: Ground, handler: (call: Signed) => Reply): Handler {
  return (call) => noted(call, () => handler(atGate(ground, () => checkSigned(ground, call))));
}

/** A call for a seller: with a living access token of a shop of this app. */
export function forSeller(ground: Ground, handler: (call: SellerCall) => Reply): Handler {
  return (call) =>
    noted(call, () => {
      const passed = atGate(ground, () => sellerOf(ground, call));
      call.note.shop = passed.shop.id;
      return handler(passed);
    });
}

/** What the gateway refuses has the status that the reading says; what a handler refuses is 200. */
function atGate<T>(ground: Ground, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal({ ...error.reply, status: ground.readings.choices.lazadaAuthStatus });
  }
}

function sellerOf(ground: Ground, call: Call): SellerCall {
  const passed = checkSigned(ground, call);
  const token = passed.parameters.get('access_token');
  if (!token)
    throw refuse(
      'MissingParameter',
      'The input parameter "access_token" that is mandatory for processing this request is not supplied',
    );
  const shop = ground.market.sessions.holder(token, Date.now());
  if (shop === undefined || shop.app !== passed.app) {
    throw refuse('IllegalAccessToken', 'The specified access token is invalid or expired');
  }
  return { ...passed, shop };
}

function noted(call: Call, handle: () => Reply): Reply {
  let reply: Reply;
  try {
    reply = handle();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    reply = error.reply;
  }
  const { code } = (reply.body ?? {}) as { code?: string };
  if (code !== undefined) call.note.code = code;
  return reply;
}
