import type { ChannelFailure, ShopAccess } from '../kit';
import { choiceOf } from './settings';

/** What of an error envelope tells its meaning. */
export interface Refusal {
  readonly code: string;
  readonly type: string;
  readonly message: string;
}

/** When, and for whom: a quota by the day begins anew at a midnight. */
export interface Moment {
  readonly now: number;
  readonly settings: ShopAccess['settings'];
}

/** Gateway bans and 901 "too frequent", 1002 sentinel throttle. [L9 doc][L5 doc][L12 obs] */
const THROTTLED = new Set([
  'ApiCallLimit',
  'SellerCallLimit',
  'AppCallLimit',
  '901',
  '1002',
  'HOT_KEY_BLOCK_EXCEPTION',
]);
/** 6 and 1000 internal, 506 intermittent, 513 large calls timing out, 998 switched off in a mega campaign. [L5 doc][L12 obs] */
const UNAVAILABLE = new Set(['6', '506', '513', '998', '1000', 'ServiceTimeout']);
/** The service itself failed: unlike a time-out in front of it, nothing goes on behind such a word. */
const FAILED_INSIDE = new Set(['6', '506', '1000']);
/** Token, signature or app key not accepted; tokens that cannot be refreshed. [L6 doc][L10][L1 doc][L9 doc] */
const UNAUTHORIZED =
  /^(?:(?:Illegal|Invalid)(?:Access|Refresh)Token|(?:Incomplete|Invalid)Signature|InvalidCode|(?:Invalid|Illegal)App_?Key|AUTH_TYPE_UNSUPPORTED)$/i;

/** What an error envelope means. `unanswered` only for writes: what was asked may have been done. */
export function classify(refusal: Refusal, effect: 'read' | 'write', moment?: Moment): ChannelFailure {
  const code = plainCode(refusal.code);
  if (THROTTLED.has(code) || /access frequency exceeds/i.test(refusal.message)) return throttled(code, refusal, moment);
  if (UNAUTHORIZED.test(code)) return { kind: 'unauthorized' };
  // A call without its token is answered as a missing parameter. [L10]
  if (code === 'MissingParameter' && /access_?token|app_?key|\bsign\b/i.test(refusal.message)) {
    return { kind: 'unauthorized' };
  }
  if (UNAVAILABLE.has(code) || refusal.type.toUpperCase() === 'SYSTEM') {
    const unanswered = effect === 'write' && code !== '998';
    return { kind: 'unavailable', unanswered, ...(unanswered && FAILED_INSIDE.has(code) && { isOver: true }) };
  }
  return { kind: 'refused', reason: code };
}

/** `E019` and `E0501` are written for 19 and 501. [L12 obs] */
export const plainCode = (code: string): string => /^E0*(\d+)$/.exec(code)?.[1] ?? code;

const DAY_MS = 86_400_000;
/** An app has 10,000 calls a day while it is tested, 10 million afterwards. [L1 doc] */
const DAILY = /\bdaily\b|\b(?:per|a|each|of the|in one) day\b|\btoday\b/i;

function throttled(code: string, { message }: Refusal, moment: Moment | undefined): ChannelFailure {
  const daily = DAILY.test(message);
  const afterMs = banMs(message) ?? (daily && moment !== undefined ? untilMidnightMs(moment) : undefined);
  return {
    kind: 'throttled',
    ...(afterMs === undefined ? {} : { afterMs }),
    ...(code === 'AppCallLimit' || daily ? { scope: 'app' as const } : {}),
  };
}

/** The text says that the ban lasts N seconds; there is no Retry-After. [L9 doc][L12 obs] */
function banMs(message: string): number | undefined {
  const seconds = /\blasts?\D{0,20}(\d{1,5})\s*(?:more\s+)?s(?:ec|\b)/i.exec(message)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** Which midnight a daily quota waits for is NOT CONFIRMED (QUIRKS 22). */
function untilMidnightMs({ now, settings }: Moment): number {
  const offsetMs = choiceOf(settings, 'quotaDay') === 'utc' ? 0 : 8 * 3_600_000;
  return DAY_MS - ((now + offsetMs) % DAY_MS);
}
