import { moneyFromNumber, parseMoney } from '../../src/domain';

/** Money as Lazada writes it: mostly a decimal string, in some answers a JSON number. [L4 doc][L11] */
export type WrittenAmount = string | number;

/**
 * Minor units of an amount. A string is read exactly; a number is rounded half up to the currency's digits.
 * @returns undefined for a text that is no amount of this currency, a negative one, or an unknown currency.
 */
export function readAmount(written: WrittenAmount, currency: string): number | undefined {
  const money = typeof written === 'number' ? moneyFromNumber(written, currency) : parseMoney(written.trim(), currency);
  return money !== undefined && money.minor >= 0 ? money.minor : undefined;
}

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Milliseconds of `2018-05-17 09:23:36 +0800` [L11][L12] or of an ISO 8601 text.
 * @param offsetWhenMissing for a text without an offset, such as `+08:00`; without it such a text is refused (QUIRKS 4).
 * @returns undefined for anything else, and for days and hours that do not exist.
 */
export function readInstant(text: string, offsetWhenMissing: string | undefined): number | undefined {
  const match = INSTANT.exec(text.trim());
  const offsetMs = readOffset(match?.[8] ?? offsetWhenMissing ?? '');
  if (match === null || offsetMs === undefined) return undefined;
  const part = (at: number): number => Number(match[at] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)] as const;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const midnight = new Date(Date.UTC(year, month - 1, day));
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return undefined;
  const ms = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const instant = midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + ms - offsetMs;
  return year >= 1970 && instant >= 0 ? instant : undefined;
}

function readOffset(offset: string): number | undefined {
  if (/^z$/i.test(offset)) return 0;
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(offset);
  const minutes = Number(match?.[2]) * 60 + Number(match?.[3]);
  if (match === null || minutes > 14 * 60 || Number(match[3]) > 59) return undefined;
  return (match[1] === '-' ? -1 : 1) * minutes * 60_000;
}
