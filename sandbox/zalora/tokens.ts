import { createHash, timingSafeEqual } from 'node:crypto';
import { json, type Handler } from '../http/call';
import type { Ground } from '../world';
import { refuse } from './door';

/**
 * `POST /oauth/client-credentials`: Basic authorisation with client id and secret, form `grant_type`. The client is
 * bound to one seller. [Z1 doc][Z5] Whether a new token ends the old one is not documented: here it does not.
 */
export function clientCredentials(ground: Ground): Handler {
  return (call) => {
    const [id, secret] = basicOf(call.headers.authorization);
    const app = ground.market.app('zalora', id);
    if (app === undefined || !same(app.secret, secret)) throw refuse(401, 'Client authentication failed.');
    const form = new URLSearchParams(call.raw.toString('utf8'));
    if (form.get('grant_type') !== 'client_credentials') throw refuse(400, 'The grant type is not supported.');
    const shop = [...app.shops.values()][0];
    if (shop === undefined) throw refuse(401, 'The client has no seller.');
    call.note.shop = shop.id;
    if (ground.readings.choices.zaloraTokens === 'one') ground.market.sessions.expire('zalora', shop.id);
    const tokens = ground.market.sessions.renew(shop);
    return json(200, {
      token_type: 'Bearer',
      expires_in: Math.floor((tokens.accessEndsMs - Date.now() + 500) / 1000),
      access_token: tokens.access,
    });
  };
}

function basicOf(header: string | undefined): [string, string] {
  const encoded = /^Basic (\S+)$/.exec(header ?? '')?.[1] ?? '';
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? ['', ''] : [text.slice(0, colon), text.slice(colon + 1)];
}

function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
