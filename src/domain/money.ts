/** Money is an integer of the currency's smallest unit; amounts of two currencies never meet. */
export interface Money {
  /** Safe integer in minor units: 12.50 SGD is 1250, 12 VND is 12. */
  readonly minor: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

const DIGITS: Readonly<Record<string, number>> = {
  SGD: 2,
  MYR: 2,
  PHP: 2,
  THB: 2,
  IDR: 2,
  HKD: 2,
  TWD: 2,
  USD: 2,
  EUR: 2,
  CNY: 2,
  AUD: 2,
  BRL: 2,
  MXN: 2,
  VND: 0,
  JPY: 0,
  KRW: 0,
};

/** How many digits a currency has after the point; undefined for a currency the hub does not know. */
export const currencyDigits = (currency: string): number | undefined =>
  Object.hasOwn(DIGITS, currency) ? DIGITS[currency] : undefined;

const DECIMAL = /^-?\d{1,13}(?:\.(\d{1,6}))?$/;

/**
 * Reads a decimal text such as `12.50`. Digits beyond the currency's own must be zeros.
 * @returns undefined when the text is no such number, or the currency is unknown.
 */
export function parseMoney(text: string, currency: string): Money | undefined {
  const digits = currencyDigits(currency);
  const match = DECIMAL.exec(text);
  if (digits === undefined || match === null) return undefined;
  const fraction = match[1] ?? '';
  if (/[1-9]/.test(fraction.slice(digits))) return undefined;
  const whole = text.split('.')[0] ?? '';
  const minor = Number(whole + fraction.padEnd(digits, '0').slice(0, digits));
  return Number.isSafeInteger(minor) ? { minor: minor === 0 ? 0 : minor, currency } : undefined;
}

/** Rounds a JSON number of a channel (floats, see marketplaces.md 2.5) half up to the currency's digits. */
export function moneyFromNumber(amount: number, currency: string): Money | undefined {
  const digits = currencyDigits(currency);
  if (digits === undefined || !Number.isFinite(amount)) return undefined;
  const scaled = Number((Math.abs(amount) * 10 ** digits).toPrecision(15));
  const minor = Math.sign(amount) * Math.round(scaled);
  return Number.isSafeInteger(minor) ? { minor: minor === 0 ? 0 : minor, currency } : undefined;
}

/** Writes exactly the currency's digits: `12.50`, `12` for VND. */
export function formatMoney(money: Money): string {
  const digits = currencyDigits(money.currency) ?? 2;
  const text = String(Math.abs(money.minor)).padStart(digits + 1, '0');
  const sign = money.minor < 0 ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
