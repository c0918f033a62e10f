import { Refusal, json, parseJson, type Call, type Handler, type Reply } from '../http/call';
import type { Shop } from '../shop';
import type { Ground } from '../world';
import { same, sign } from './sign';

export type Fields = Record<string, unknown>;

/** A call that passed the door, with its JSON body (an empty object where there is none). */
export interface ShopCall {
  call: Call;
  shop: Shop;
  body: Fields;
}

const CLOCK_WINDOW_S = 300;

/** PROTOCOL 5: the status says what kind of failure it is, the code why. */
export function failure(status: number, code: string, message: string): Reply {
  return json(status, { error: { code, message } });
}

/** A failure that names how many seconds to wait. */
export function failureFor(waitS: number, status: number, error: { code: string; message: string }): Reply {
  return json(status, { error }, { 'retry-after': String(waitS) });
}

export function refuse(status: number, code: string, message: string): Refusal {
  return new Refusal(failure(status, code, message));
}

/**
 * PROTOCOL 2. A shop has no tokens: what the steering calls expired or revoked tokens is a secret that the shop's
 * owner has taken back.
 */
export function forShop(ground: Ground, handler: (call: ShopCall) => Reply): Handler {
  return (call) => {
    const shop = ground.market.shop('webstore', call.query.get('shop') ?? '');
    if (shop === undefined || shop.app.key !== call.headers['webstore-key']) {
      throw refuse(401, 'key', 'The key or the shop is not known.');
    }
    checkSignature(call, { secret: shop.app.secret, nowMs: ground.faults.nowMs('webstore') });
    if (ground.market.sessions.holder(shop.tokens.access, Date.now()) !== shop) {
      throw refuse(401, 'revoked', 'The key is not accepted any more.');
    }
    call.note.shop = shop.id;
    return handler({ call, shop, body: bodyOf(call) });
  };
}

function checkSignature(call: Call, { secret, nowMs }: { secret: string; nowMs: number }): void {
  const given = (name: string): string => {
    const value = call.headers[name];
    return typeof value === 'string' ? value : '';
  };
  const timestamp = given('webstore-timestamp');
  const text = `${timestamp}.${call.method} ${call.path}${rawQuery(call)}.`;
  if (!/^\d{1,12}$/.test(timestamp) || !same(sign(secret, text, call.raw), given('webstore-signature'))) {
    throw refuse(401, 'signature', 'The signature does not match.');
  }
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > CLOCK_WINDOW_S) {
    throw refuse(401, 'timestamp', 'The timestamp is more than 300 s off.');
  }
}

/** The query with every value escaped as the protocol wants it, so that it need not be kept as it came. */
function rawQuery(call: Call): string {
  const pairs = [...call.query].map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function bodyOf(call: Call): Fields {
  let body: unknown;
  try {
    body = parseJson(call.raw) ?? {};
  } catch {
    throw refuse(400, 'json', 'The body is not JSON.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refuse(422, 'body', 'The body must be an object.');
  }
  return body as Fields;
}

/** A list of texts, written as JSON in the query. */
export function textsOf(call: Call, name: string, most: number): string[] {
  const list = jsonOf(call.query.get(name) ?? '');
  const good = Array.isArray(list) && list.length <= most && list.every((one) => typeof one === 'string');
  if (!good) throw refuse(422, name, `${name} must be a JSON list of at most ${most} texts.`);
  return list;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Which part of a list is asked for. The cursor is this shop's own: where the page begins. */
export function pageOf(call: Call): { limit: number; after: string | undefined } {
  const limit = Number(call.query.get('limit'));
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw refuse(422, 'limit', 'limit must be 1 to 100.');
  return { limit, after: call.query.get('cursor') ?? undefined };
}

/** The lines of a write, each with a sku. */
export function linesOf(body: Fields): Fields[] {
  const lines = body['lines'];
  const isLine = (line: unknown): line is Fields =>
    typeof line === 'object' && line !== null && typeof (line as Fields)['sku'] === 'string';
  if (!Array.isArray(lines) || lines.length > 100 || !lines.every(isLine)) {
    throw refuse(422, 'lines', 'lines must be a list of at most 100 objects with a sku.');
  }
  return lines;
}
