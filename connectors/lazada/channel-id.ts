import { z } from 'zod';

/**
 * An id as text. Lazada writes the same id as a string or as a number, also beyond 2^53 [L2 doc]; a number that has
 * already lost digits is refused, so JSON is read with `readJson`.
 */
export const channelId = z.union([
  z.string().regex(/^\d{1,20}$/),
  z
    .number()
    .refine((id) => Number.isSafeInteger(id) && id >= 0)
    .transform(String),
]);

/** An id that may be absent, empty or of no use: then undefined. */
export const optionalId = channelId.optional().catch(undefined);

/** A text that may be absent or of another type: then undefined. Cut at 500 characters. */
export const optionalText = z
  .union([z.string(), z.number().transform(String)])
  .transform((text) => text.trim().slice(0, 500))
  .transform((text) => (text === '' ? undefined : text))
  .optional()
  .catch(undefined);

/** A whole number that may be written as text; absurd values (1.37e12 was seen, [L12 obs]) are still numbers. */
export const wholeNumber = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d{1,15}(?:\.0+)?$/)
      .transform(Number),
  ])
  .refine((value) => Number.isSafeInteger(value));
