import { keyOf } from '../../src/domain';
import { type AppAccess, digestHex, hmacHex, type InboundPush, sameText, type Verdict } from '../kit';
import { type LazadaPush, readPush } from './inbound';

/** Identical bytes inside one bucket are one delivery; Lazada's own repeats are 30 minutes apart. [L2 doc] */
const BUCKET_MS = 300_000;

/**
 * `Authorization` is the lower-case hex HMAC-SHA256, under the app's secret, of app key and exact body. [L2 doc]
 * Any of the app's secrets is accepted, because a reset keeps the old one valid for some hours [L9 doc]; all of them
 * are always tried, so that the time taken tells nothing. Pure; never throws.
 */
export function verify(push: InboundPush, app: AppAccess, now: number): Verdict {
  const secrets = app.secrets.filter((secret) => secret !== '');
  if (secrets.length === 0) return { kind: 'forged', reason: 'no secret is stored' };
  const received = push.headers['authorization'];
  const held = secrets.map((secret) => sameText(hmacHex(secret, app.key, push.bytes), received));
  if (!held.includes(true)) {
    return { kind: 'forged', reason: received === undefined ? 'no Authorization header' : 'signature differs' };
  }
  const content = readPush(push.bytes);
  if (content !== undefined && isConsoleCheck(content)) return { kind: 'ping' };
  const key = (content && naturalKey(content)) ?? digestKey(push.bytes, now);
  return content?.sellerId === undefined
    ? { kind: 'accepted', key }
    : { kind: 'accepted', key, channelShopId: content.sellerId };
}

/** The console's "verify" button sends a genuinely signed message of these values. [L2 doc][L14 obs] */
const isConsoleCheck = (push: LazadaPush): boolean =>
  push.messageType === 0 && push.sellerId === '9999' && push.data.tradeOrderId === '123456';

/**
 * There is no event id: the key is built of what names the change (section 4 `inf`), for the three kinds that carry
 * a line or package, a status and its instant. A later retry carries the latest status and so another key. [L2 doc]
 */
function naturalKey({ messageType, sellerId, site, data }: LazadaPush): string | undefined {
  const { tradeOrderId, tradeOrderLineId, reverseOrderId, reverseOrderLineId, packageId } = data;
  const subject = tradeOrderLineId ?? reverseOrderLineId ?? packageId;
  const named = [sellerId, tradeOrderId, subject, data.status, data.statusUpdateTime];
  if (named.includes(undefined)) return undefined;
  const ids = [tradeOrderId, tradeOrderLineId, reverseOrderId, reverseOrderLineId, packageId];
  const parts = [String(messageType), site, sellerId, ...ids, data.status, data.statusUpdateTime];
  return keyOf(...parts.map((part) => part ?? ''));
}

const digestKey = (bytes: Buffer, now: number): string => keyOf(digestHex(bytes), String(Math.floor(now / BUCKET_MS)));
