import { amountField, countField, firstFault, idField, optionalText, secondsField } from './wire-fields';
import { z } from 'zod';

describe('fields of payloads from outside', () => {
  it('reads an id from a number and from text to the same text', () => {
    expect(idField.parse(7)).toBe('7');
    expect(idField.parse('007')).toBe('7');
    expect(idField.parse('26042290019836312345')).toBe('26042290019836312345');
    for (const bad of [-1, 1.5, '', '7x', null, {}, 2 ** 60]) expect(idField.safeParse(bad).success).toBe(false);
  });

  it('reads counts and seconds from numbers and from text', () => {
    expect(countField.parse('12')).toBe(12);
    expect(secondsField.parse('1470198856')).toBe(1_470_198_856_000);
    for (const bad of [-1, 1.5, 1e9, 'x', null, []]) expect(countField.safeParse(bad).success).toBe(false);
    for (const bad of [-1, 1.5, 1e12, true]) expect(secondsField.safeParse(bad).success).toBe(false);
  });

  it('reads amounts from floats and decimal text, never below 0', () => {
    expect(amountField.parse(12.5)).toBe(12.5);
    expect(amountField.parse('12.50')).toBe(12.5);
    for (const bad of [-1, '1e3', 'NaN', NaN, Infinity, null]) expect(amountField.safeParse(bad).success).toBe(false);
  });

  it('takes null and empty text for missing text', () => {
    expect([optionalText.parse(null), optionalText.parse(''), optionalText.parse(undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(optionalText.parse('x')).toBe('x');
    expect(optionalText.parse('x'.repeat(100_000))).toHaveLength(500);
  });

  it('names the place of a fault and not its content', () => {
    const parsed = z.object({ a: z.array(z.object({ b: countField })) }).safeParse({ a: [{ b: 'secret' }] });
    expect(parsed.error && firstFault(parsed.error)).toBe('a.0.b: invalid_type');
  });
});
