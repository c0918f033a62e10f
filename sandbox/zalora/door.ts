import { Refusal, json, parseJson, type Call, type Handler, type Reply } from '../http/call';
import type { Shop } from '../shop';
import type { Ground } from '../world';

export interface SellerCall {
  call: Call;
  shop: Shop;
}

/** Errors are problem+json with their real status. [Z1 doc] */
export function failure(status: number, title: string, detail: string): Reply {
  const body = { type: 'https://tools.ietf.org/html/rfc2616#section-10', title, status, detail };
  return json(status, body, { 'content-type': 'application/problem+json' });
}

export function refuse(status: number, detail: string): Refusal {
  const titles: Record<number, string> = {
    400: 'Bad Request',
    401: 'Unauthorized',
    404: 'Not Found',
    422: 'Unprocessable Entity',
  };
  return new Refusal(failure(status, titles[status] ?? 'An error occurred', detail));
}

export function bearerOf(call: Call): string | undefined {
  return /^Bearer (\S+)$/.exec(call.headers.authorization ?? '')?.[1];
}

/** A call with a living bearer token; the token names the seller. [Z1 doc] */
export function forSeller(ground: Ground, handler: (call: SellerCall) => Reply): Handler {
  return (call) => {
    const shop = ground.market.sessions.holder(bearerOf(call) ?? '', Date.now());
    if (shop === undefined || shop.channel !== 'zalora')
      throw refuse(401, 'The access token is missing, invalid or expired.');
    call.note.shop = shop.id;
    return handler({ call, shop });
  };
}

export function bodyOf(call: Call): unknown {
  try {
    return parseJson(call.raw);
  } catch {
    throw refuse(400, 'The body is not JSON.');
  }
}

/** A list parameter: `orderIds[]=1&orderIds[]=2`, with or without an index. */
export function listParameter(call: Call, name: string): string[] | undefined {
  const values: string[] = [];
  for (const [given, value] of call.query) {
    if (given === name || (given.startsWith(`${name}[`) && given.endsWith(']'))) values.push(value);
  }
  return values.length === 0 ? undefined : values;
}

/** `limit` and `offset` are mandatory. [Z1 doc] The largest limit is not documented; here 1,000. */
export function pageOf(call: Call): { limit: number; offset: number } {
  const read = (name: string, least: number): number => {
    const text = call.query.get(name) ?? '';
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || (name === 'limit' && value > 1000)) {
      throw refuse(422, `The parameter ${name} is missing or invalid.`);
    }
    return value;
  };
  return { limit: read('limit', 1), offset: read('offset', 0) };
}
