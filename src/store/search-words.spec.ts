import { searchOf, searchWords } from './search-words';

const finds = (q: string, ...texts: string[]) => {
  const words = searchWords(...texts);
  const { beginnings, long } = searchOf(q);
  const hasLong = long.every((text) => words.some((word) => word.startsWith(text)));
  return hasLong && beginnings.every((beginning) => words.includes(beginning));
};

describe('search words', () => {
  it('finds the beginning of any word, whatever its case', () => {
    expect(finds('shi', 'SKU-001', 'Red Shirt')).toBe(true);
    expect(finds('hirt', 'SKU-001', 'Red Shirt')).toBe(false);
  });

  it('finds what stands after a sign', () => {
    expect(finds('001', 'SKU-001')).toBe(true);
    expect(finds('sku-001', 'SKU-001')).toBe(true);
  });

  it('tells long words apart to their end', () => {
    expect(finds('very-long-prefix-12', 'VERY-LONG-PREFIX-123')).toBe(true);
    expect(finds('very-long-prefix-13', 'VERY-LONG-PREFIX-123')).toBe(false);
    expect(finds('abcdefghijklmx', 'abcdefghijklmn')).toBe(false);
  });

  it('looks first for what tells records apart', () => {
    expect(searchOf('thing 777').beginnings).toEqual(['777', 'thing']);
    expect(searchOf('shelf-000777').beginnings).toEqual(['000777', 'shelf-0007']);
  });

  it('needs every word of the search', () => {
    expect(finds('red shirt', 'Red Shirt')).toBe(true);
    expect(finds('blue shirt', 'Red Shirt')).toBe(false);
  });

  it('takes signs of patterns literally', () => {
    expect(finds('.*', 'anything')).toBe(false);
    expect(finds('a.c', 'abc')).toBe(false);
    expect(finds('.*', '.* odd')).toBe(true);
  });
});
