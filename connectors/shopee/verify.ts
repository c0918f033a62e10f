import { keyOf } from '../../src/domain';
import { digestHex, hmacHex, readJson, sameText, type AppAccess, type InboundPush, type Verdict } from '../kit';
import { dataOf, orderNumberOf, readEnvelope, type PushEnvelope } from './push-envelope';

/** A push without a key of its own is one with its twins of the same hour (QUIRKS 3). */
const BUCKET_MS = 3_600_000;
const MOST_PING_BYTES = 1024;
const ENVELOPE_FIELDS = new Set(['code', 'shop_id', 'shopid', 'partner_id', 'timestamp', 'msg_id', 'data']);
const isScalar = (value: unknown): boolean => ['string', 'number'].includes(typeof value);

/** [S11][S10] `data` of the console's check: nothing, or `verify_info` alone. */
function isPingData(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  const data = dataOf(value);
  return data !== undefined && Object.entries(data).every(([name, text]) => name === 'verify_info' && isScalar(text));
}

/**
 * [S11][S10] the console's check of an address: code 0 and nothing but the envelope's own fields and `verify_info`;
 * it may be empty and may come unsigned, so it is answered before any signature is looked at, without an effect.
 */
function isPing(bytes: Buffer): boolean {
  if (bytes.length > MOST_PING_BYTES) return false;
  const text = bytes.toString('utf8');
  if (text.trim() === '') return true;
  const body = readJson(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  const fields = Object.entries(body);
  const own = fields.every(([name, value]) => ENVELOPE_FIELDS.has(name) && (name === 'data' || isScalar(value)));
  const { code, data } = body as { code?: unknown; data?: unknown };
  return own && (code === 0 || code === '0') && isPingData(data);
}

/** [S2] no event id: (shop, code, order, status, update time) where all are there, else digest and hour. */
function keyOfEnvelope(bytes: Buffer, envelope: PushEnvelope | undefined, now: number): string {
  const { status, update_time: at } = envelope?.data ?? {};
  const orderNumber = envelope === undefined ? undefined : orderNumberOf(envelope.data);
  const told = typeof status === 'string' && /^\w{1,40}$/.test(status) && /^\d{1,15}$/.test(String(at));
  if (envelope?.shopId === undefined || orderNumber === undefined || !told) {
    return keyOf('digest', digestHex(bytes), String(Math.floor(now / BUCKET_MS)));
  }
  return keyOf(envelope.shopId, String(envelope.code), orderNumber, status, String(at));
}

/** The key of a push, also of one that comes out of the lost queue without a signature. Pure. */
export const keyOfPush = (bytes: Buffer, now: number): string => keyOfEnvelope(bytes, readEnvelope(bytes), now);

/**
 * Judges one push. [S2] `Authorization` is the bare lower-case hex HMAC-SHA256 of `hookUrl|raw body` under the partner
 * key used verbatim; any of the app's secrets is good. Pure, constant-time per secret; never throws.
 * @param now ms, for the key of pushes without one
 */
export function verify(push: InboundPush, app: AppAccess, now: number): Verdict {
  if (isPing(push.bytes)) return { kind: 'ping' };
  if (app.secrets.length === 0) return { kind: 'forged', reason: 'no partner key is stored' };
  const received = push.headers.authorization;
  if (received === undefined) return { kind: 'forged', reason: 'no authorization header' };
  const matches = app.secrets.map((secret) => sameText(hmacHex(secret, app.hookUrl, '|', push.bytes), received));
  if (!matches.includes(true)) return { kind: 'forged', reason: 'the signature does not match' };
  const envelope = readEnvelope(push.bytes);
  const key = keyOfEnvelope(push.bytes, envelope, now);
  return { kind: 'accepted', key, ...(envelope?.shopId === undefined ? {} : { channelShopId: envelope.shopId }) };
}
