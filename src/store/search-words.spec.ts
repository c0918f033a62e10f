import { searchTerms, searchWords } from './search-words';

const finds = (q: string, ...texts: string[]) =>
  searchTerms(q).every((term) => searchWords(...texts).some((word) => word.startsWith(term)));

describe('search words', () => {
  it('finds the beginning of any word, whatever its case', () => {
    expect(finds('shi', 'SKU-001', 'Red Shirt')).toBe(true);
    expect(finds('hirt', 'SKU-001', 'Red Shirt')).toBe(false);
  });

  it('finds what stands after a sign', () => {
    expect(finds('001', 'SKU-001')).toBe(true);
    expect(finds('sku-001', 'SKU-001')).toBe(true);
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
