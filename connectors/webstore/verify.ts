import { keyOf } from '../../src/domain';
import { digestHex, sameText, type AppAccess, type InboundPush, type Verdict } from '../kit';
import { readMessage } from './message';
import { signPush } from './sign';

/** PROTOCOL 2: clocks may differ by so much. */
const CLOCK_WINDOW_MS = 300_000;

const forged = (reason: string): Verdict => ({ kind: 'forged', reason });

/**
 * Judges one message: signed over timestamp and exact bytes with any of the app's secrets, and at most 300 s old or
 * early. The key is the shop's own event id; a signed text that is no message is kept under its digest, to become a
 * dead letter. Pure, constant-time per secret; never throws.
 * @param now ms
 */
export function verify({ bytes, headers }: InboundPush, app: AppAccess, now: number): Verdict {
  if (app.secrets.length === 0) return forged('no secret is stored');
  const timestamp = headers['webstore-timestamp'] ?? '';
  const received = headers['webstore-signature'];
  if (received === undefined) return forged('no Webstore-Signature header');
  if (!/^\d{1,12}$/.test(timestamp)) return forged('no Webstore-Timestamp header in seconds');
  const matches = app.secrets.map((secret) => sameText(signPush(secret, timestamp, bytes), received));
  if (!matches.includes(true)) return forged('the signature does not match');
  if (Math.abs(Number(timestamp) * 1000 - now) > CLOCK_WINDOW_MS) return forged('the timestamp is over 300 s off');
  const message = readMessage(bytes);
  if (message === undefined) return { kind: 'accepted', key: keyOf('digest', digestHex(bytes)) };
  if (message.type === 'ping') return { kind: 'ping' };
  return { kind: 'accepted', key: keyOf(message.shop, message.id), channelShopId: message.shop };
}
