import * as fc from 'fast-check';
import { parseJsonExact, readJson } from './json';

describe('parseJsonExact', () => {
  it('keeps an integer beyond 2^53 as its digits', () => {
    expect(parseJsonExact('{"order_id":26042290019836312345,"rows":[9007199254740993,-9007199254740993]}')).toEqual({
      order_id: '26042290019836312345',
      rows: ['9007199254740993', '-9007199254740993'],
    });
  });

  it('leaves safe integers, fractions and exponents as numbers', () => {
    expect(parseJsonExact('[9007199254740991, 0.1234567890123456, 1.5e30, 1370000000000]')).toEqual([
      9007199254740991, 0.1234567890123456, 1.5e30, 1370000000000,
    ]);
  });

  it('touches no digits inside strings, escaped quotes and keys included', () => {
    const text = String.raw`{"a\"12345678901234567890":"\\","b":"\\\"12345678901234567890 ","c":12345678901234567890}`;
    expect(parseJsonExact(text)).toEqual({
      'a"12345678901234567890': '\\',
      b: '\\"12345678901234567890 ',
      c: '12345678901234567890',
    });
  });

  it('says the same as JSON.parse for everything else', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJsonExact(text)).toEqual(keepExact(JSON.parse(text)));
      }),
    );
  });

  it('refuses what JSON.parse refuses', () => {
    for (const text of ['', '01234567890123456789', '"abc 12345678901234567890', '12345678901234567890abc', '{,}']) {
      expect(() => parseJsonExact(text)).toThrow(SyntaxError);
      expect(readJson(text)).toBeUndefined();
    }
  });

  it('reads a long text in one pass', () => {
    const text = JSON.stringify({ long: '\\"'.repeat(1_000_000), id: 1 }).replace(':1}', ':12345678901234567890}');
    expect(parseJsonExact(text)).toMatchObject({ id: '12345678901234567890' });
  });
});

/** Unsafe integers that JSON writes without an exponent are the only values that change. */
function keepExact(value: unknown): unknown {
  if (typeof value === 'number') {
    return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21 ? String(value) : value;
  }
  if (Array.isArray(value)) return value.map(keepExact);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keepExact(inner)]));
}
