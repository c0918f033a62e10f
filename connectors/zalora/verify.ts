import { keyOf } from '../../src/domain';
import { digestHex, type AppAccess, type InboundPush, type Verdict } from '../kit';
import { readEnvelope, type PushEnvelope } from './push-envelope';

/** The same news within an hour is one delivery (QUIRKS 2). */
const BUCKET_MS = 3_600_000;

/** [Z1] no event id: event, order, sorted item ids and new status, of any length, so as a digest. */
const contentOf = ({ event, orderId, itemIds, newStatus }: PushEnvelope): string =>
  keyOf(event, orderId ?? '', newStatus ?? '', ...[...itemIds].sort());

/**
 * Accepts every push: [Z1][Z2] nothing is signed, so the unguessable address and reading the order back are the proof.
 * Pure; never throws.
 * @param now ms, for the time bucket of the key
 */
export function verify(push: InboundPush, _app: AppAccess, now: number): Verdict {
  const envelope = readEnvelope(push.bytes);
  const digest = digestHex(envelope?.orderId === undefined ? push.bytes : contentOf(envelope));
  return { kind: 'accepted', key: keyOf(digest, String(Math.floor(now / BUCKET_MS))) };
}
