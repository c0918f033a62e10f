import { z } from 'zod';

/** An id that comes as an integer or as text of digits, as text without leading zeros: `7`, `"7"`. */
export const idField = z
  .union([z.int().min(0), z.string().regex(/^\d{1,20}$/)])
  .transform((id) => BigInt(id).toString());

const digitsAsNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;

/** A count of things: an integer from 0 to a million, also as text. */
export const countField = z.preprocess(digitsAsNumber, z.int().min(0).max(1_000_000));

/** An instant in whole seconds since 1970, also as text, as milliseconds. */
export const secondsField = z
  .preprocess(digitsAsNumber, z.int().min(0).max(100_000_000_000))
  .transform((seconds) => seconds * 1000);

const decimalAsNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^-?\d{1,13}(?:\.\d{1,6})?$/.test(value) ? Number(value) : value;

/** An amount of money as a JSON float or as decimal text, not negative; the caller knows its currency. */
export const amountField = z.preprocess(decimalAsNumber, z.number().min(0).max(1e13));

const MOST_TEXT = 500;

/** Text that may be missing, null or empty: undefined then. Cut at 500 characters. */
export const optionalText = z
  .string()
  .nullish()
  .transform((text) => text?.slice(0, MOST_TEXT) || undefined);

/** The first fault of a payload, with where it is and never with what stood there. */
export function firstFault(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'unreadable' : `${issue.path.join('.') || 'payload'}: ${issue.code}`;
}
