import { parseBody } from './parse-body';
import { Refusal } from './refusal';

const refusalOf = (text: string): Refusal => {
  try {
    parseBody(text);
  } catch (error) {
    if (error instanceof Refusal) return error;
  }
  throw new Error('the body was taken');
};

describe('parseBody', () => {
  it('reads JSON', () => {
    expect(parseBody('{"a":[1,{"b":"]{"}]}')).toEqual({ a: [1, { b: ']{' }] });
  });

  it('takes an empty body for none', () => {
    expect(parseBody(' ')).toBeUndefined();
  });

  it('answers 400 to broken JSON', () => {
    expect(refusalOf('{"a":').status).toBe(400);
  });

  it('refuses nesting deeper than 32, however deep', () => {
    expect(parseBody('['.repeat(32) + ']'.repeat(32))).toBeDefined();
    expect(refusalOf('['.repeat(33) + ']'.repeat(33)).status).toBe(422);
    expect(refusalOf('['.repeat(100_000)).status).toBe(422);
  });

  it('names every key that means something to the language', () => {
    const refusal = refusalOf('{"__proto__":{"x":1},"a":[{"constructor":1}]}');
    expect(refusal.status).toBe(422);
    expect(refusal.more.errors?.map(({ path }) => path)).toEqual(['__proto__', 'a.0.constructor']);
  });
});
