import { z } from 'zod';
import { ChannelError, type CallContext } from '../kit';
import { manifest } from './manifest';
import { failureOf, isDone, shaped } from './wire';

const PATH = '/oauth/client-credentials';
const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().max(31_536_000) });

/**
 * Asks for an access token with the app's key and secret. [Z1] HTTP Basic and a form; it lives an hour and cannot be
 * refreshed. NOT CONFIRMED whether a new one ends the old: one token per shop is asked for and kept (QUIRKS 9).
 * @returns the life in ms
 * @throws ChannelError `unauthorized` also for the 400 and 403 of a client that is not known
 */
export async function issueToken(
  call: CallContext,
): Promise<{ readonly accessToken: string; readonly expiresInMs: number }> {
  const { shop } = call;
  const base = (shop.baseUrl ?? manifest.hosts(shop.region).auth).replace(/\/+$/, '');
  const answer = await call.http({
    method: 'POST',
    url: base + PATH,
    headers: {
      accept: 'application/json',
      authorization: `Basic ${Buffer.from(`${shop.appKey}:${shop.appSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
    effect: 'read',
  });
  if (isDone(answer)) {
    const { access_token: accessToken, expires_in: seconds } = shaped(answer, tokenSchema);
    return { accessToken, expiresInMs: Math.floor(seconds * 1000) };
  }
  const unknownClient = [400, 401, 403].includes(answer.status);
  const failure = unknownClient ? ({ kind: 'unauthorized' } as const) : failureOf(answer, 'read', call.now());
  throw new ChannelError(failure, `POST ${PATH} ${answer.status}`);
}
