import { randomUUID } from 'node:crypto';
import { Refusal, json, parseJson, type Call, type Handler, type Reply } from '../http/call';
import type { App, Shop } from '../shop';
import type { Ground } from '../world';
import { mainHolds } from './accounts';
import { faceOfShop } from './faces';
import { same, signCall } from './sign';
import { asTexts } from './text-ids';

export type Fields = Record<string, unknown>;

/** A call that passed the gateway, with its JSON body (an empty object for GET). */
export interface PublicCall {
  call: Call;
  app: App;
  body: Fields;
}

export interface ShopCall extends PublicCall {
  shop: Shop;
}

const CLOCK_WINDOW_S = 300;

function requestId(): string {
  return randomUUID().replaceAll('-', '');
}

/** `{error, message, warning, request_id, response}`; success is an empty `error`. [S6 doc] */
export function success(response: unknown): Reply {
  return json(200, { error: '', message: '', warning: '', request_id: requestId(), response });
}

/** An answer without `response`: tokens, shop info. [S6 doc] */
export function flat(fields: Fields): Reply {
  return json(200, { error: '', message: '', request_id: requestId(), ...fields });
}

/** Failures come with HTTP 200. [S6][S9 obs] */
export function failure(error: string, message: string, extra: { response?: unknown; status?: number } = {}): Reply {
  const { response, status = 200 } = extra;
  return json(status, {
    error,
    message,
    warning: '',
    request_id: requestId(),
    ...(response === undefined ? {} : { response }),
  });
}

export function refuse(error: string, message: string): Refusal {
  return new Refusal(failure(error, message));
}

/** Common parameters are in the query, for POST too. [S1 doc] */
export function checkSigned(ground: Ground, call: Call, scope: readonly string[]): App {
  const { query } = call;
  const given = (name: string): string => {
    const value = query.get(name);
    if (value === null || value === '') throw refuse('error_param', `There is no ${name} in query.`);
    return value;
  };
  const partner = given('partner_id');
  const timestamp = given('timestamp');
  const sign = given('sign');
  scope.forEach(given);
  const app = ground.market.app('shopee', partner);
  if (app === undefined) throw refuse('invalid_partner_id', 'Invalid partner_id, please have a check.');
  if (!/^\d{1,10}$/.test(timestamp))
    throw refuse('error_param', 'Timestamp is invalid, should be an integer between 0 and 4294967295.');
  if (Math.abs(ground.faults.nowMs('shopee') / 1000 - Number(timestamp)) > CLOCK_WINDOW_S)
    throw refuse('error_param', 'Timestamp is expired.');
  const parts = [partner, call.path, timestamp, ...scope.map((name) => query.get(name) ?? '')];
  if (!same(signCall(app.secret, parts), sign)) throw unauthorized(ground, 'error_sign', 'Wrong sign.');
  return app;
}

function unauthorized(ground: Ground, error: string, message: string): Refusal {
  return new Refusal(failure(error, message, { status: ground.readings.choices.shopeeAuthStatus }));
}

function bodyOf(call: Call): Fields {
  let body: unknown;
  try {
    body = call.method === 'GET' ? {} : parseJson(call.raw);
  } catch {
    throw refuse('error_param', 'Wrong parameters, detail: the body is not JSON.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refuse('error_param', 'Wrong parameters, detail: the body must be a JSON object.');
  }
  return body as Fields;
}

/** A public call: signed without a shop. [S1 doc] */
export function signed(ground: Ground, handler: (call: PublicCall) => Reply | Promise<Reply>): Handler {
  return (call) => noted(ground, call, () => handler({ call, app: pass(ground, call, []), body: bodyOf(call) }));
}

/** A shop call: signed with access token and shop id, and the token is that shop's. [S1 doc] */
export function forShop(ground: Ground, handler: (call: ShopCall) => Reply): Handler {
  return (call) =>
    noted(ground, call, () => {
      const app = pass(ground, call, ['access_token', 'shop_id']);
      const shop = ground.market.shop('shopee', call.query.get('shop_id') ?? '');
      if (shop === undefined || shop.app !== app || faceOfShop(shop).unlinked)
        throw unauthorized(ground, 'shop_no_linked', 'Partner and shop has no linked.');
      call.note.shop = shop.id;
      checkToken(ground, shop, call.query.get('access_token') ?? '');
      return handler({ call, app, shop, body: bodyOf(call) });
    });
}

/** The signature first, then what a busy platform may answer to anybody. */
function pass(ground: Ground, call: Call, scope: readonly string[]): App {
  const app = checkSigned(ground, call, scope);
  const code = ground.quirks.codeInstead(call.path);
  if (code !== undefined) throw refuse(code, 'Our system is taking some time to respond, please try later.');
  return app;
}

function checkToken(ground: Ground, shop: Shop, token: string): void {
  const holder = ground.market.sessions.holder(token, Date.now());
  if (holder !== shop && !mainHolds(shop.app, token)) {
    throw unauthorized(ground, ground.quirks.choices.tokenError, 'Invalid access_token, please have a check.');
  }
  if (faceOfShop(shop).authorisedUntilMs <= Date.now()) {
    throw unauthorized(ground, 'shop_access_expired', 'The authorization of the shop has expired.');
  }
}

async function noted(ground: Ground, call: Call, handle: () => Reply | Promise<Reply>): Promise<Reply> {
  let reply: Reply;
  try {
    reply = await handle();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    reply = error.reply;
  }
  return spelt(ground, call, reply);
}

/** The code as it goes out: bare or behind one module; and ids as texts where so wanted. [S9] */
function spelt(ground: Ground, call: Call, reply: Reply): Reply {
  const body = reply.body as (Fields & { error?: string }) | undefined;
  if (body?.error === undefined) return reply;
  const module = call.path.split('/')[3] ?? 'common';
  const error = ground.quirks.spelt(body.error, module);
  call.note.code = error;
  const named = { ...body, error };
  return { ...reply, body: ground.quirks.choices.textIds ? asTexts(named) : named };
}

/** A whole number out of a query or a body, inside bounds; refused otherwise. */
export function wholeNumber(
  value: unknown,
  name: string,
  bounds: { least: number; most: number; fallback?: number },
): number {
  if ((value === null || value === undefined) && bounds.fallback !== undefined) return bounds.fallback;
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < bounds.least || number > bounds.most) {
    throw refuse(
      'error_param',
      `Wrong parameters, detail: ${name} must be a whole number from ${bounds.least} to ${bounds.most}.`,
    );
  }
  return number;
}
