import { types } from 'node:util';

const MASK = '***';
const MOST_DEPTH = 6;
const MOST_ITEMS = 50;
/** Compared without case, `_` and `-`. */
const HIDDEN_ENDS =
  /(secret|token|password|passphrase|authorization|cookie|apikey|adminkey|secretkey|privatekey|sign)$/;
const HIDDEN_NAMES = new Set(
  `key auth name firstname lastname fullname buyername recipientname buyerusername username buyer recipient
  recipientaddress phone phone2 mobile address address1 address2 address3 addressshipping addressbilling zipcode
  postcode email mail body payload bytes`.split(/\s+/),
);
const SECRET_IN_URL =
  /((?:access_token|refresh_token|sign|signature|secret|code|partner_key|app_secret|ticket)=)[^&\s"]+/gi;
const CREDENTIALS_IN_URL = /(\w+:\/\/)[^/@\s"]+@/g;

/** Takes secrets that an address or a text may carry out of it. */
export const maskText = (text: string): string =>
  text.replace(SECRET_IN_URL, `$1${MASK}`).replace(CREDENTIALS_IN_URL, `$1${MASK}@`);

const isHidden = (name: string): boolean => {
  const plain = name.toLowerCase().replace(/[_-]/g, '');
  return HIDDEN_NAMES.has(plain) || HIDDEN_ENDS.test(plain);
};

/** A copy fit for a log: secrets and personal data masked by the name of their field, errors as plain objects. */
export function masked(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (Buffer.isBuffer(value)) return `${value.length} bytes`;
  if (depth >= MOST_DEPTH) return '…';
  if (value instanceof Error || types.isNativeError(value)) return maskedError(value, depth);
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => masked(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, isHidden(name) ? MASK : masked(item, depth + 1)]),
  );
}

function maskedError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return {
    type: name,
    message: maskText(message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(stack === undefined ? {} : { stack: maskText(stack) }),
    ...(cause === undefined ? {} : { cause: masked(cause, depth + 1) }),
  };
}
