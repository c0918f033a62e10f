import { z } from 'zod';

/** The fields of an object; none for anything else, a list too. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/**
 * An id as text; undefined when it is none. Lazada writes the same id as a string or as a number, also beyond 2^53
 * [L2 doc]; a number that has already lost digits is refused, so JSON is read with `readJson`.
 */
export function readId(value: unknown): string | undefined {
  if (typeof value === 'string') return /^\d{1,20}$/.test(value) ? value : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
}

/** An id without which the answer is of no use. */
export const channelId = z.unknown().transform((value, context): string => {
  const id = readId(value);
  if (id !== undefined) return id;
  context.addIssue({ code: 'custom', message: 'no id' });
  return z.NEVER;
});

/** An id that may be absent, empty or of no use: then undefined. */
export const optionalId = z.unknown().optional().transform(readId);

/** A text, trimmed and cut at 500 characters; undefined when it is empty or of another type. */
export function readText(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' ? text.trim().slice(0, 500) || undefined : undefined;
}

/** A text that only people read: undefined where it is faulty. */
export const optionalText = z.unknown().optional().transform(readText);

/** A whole number, also as text; else undefined. Absurd values (1.37e12 was seen, [L12 obs]) are still numbers. */
export const optionalQuantity = z
  .unknown()
  .optional()
  .transform((value): number | undefined => {
    const whole = typeof value === 'string' && /^-?\d{1,15}(?:\.0+)?$/.test(value) ? Number(value) : value;
    return Number.isSafeInteger(whole) ? (whole as number) : undefined;
  });

/** How many there are; undefined where it is not told, or below nothing. */
export const optionalCount = z
  .unknown()
  .optional()
  .transform((value) => {
    const count = optionalQuantity.parse(value);
    return count !== undefined && count >= 0 ? count : undefined;
  });
