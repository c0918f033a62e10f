import fc from 'fast-check';
import { beginsFormula, harmlessCell, plainCell } from './harmless-cell';

const DANGEROUS = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', "'", ' ', 'a', '1'];
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.array(fc.constantFrom(...DANGEROUS), { maxLength: 8 }).map((signs) => signs.join('')),
);

describe('a harmless cell', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r1', '\nx', '＝1', '＋1', '－1', '＠x', '  =1', "' =1"])(
    'is made of %j',
    (text) => expect(harmlessCell(text)).toBe(`'${text}`),
  );

  it.each(['', 'MUG', '12', "O'Neil", "'quoted'", 'a=b', '1-2', '  x'])('is %j itself', (text) => {
    expect(harmlessCell(text)).toBe(text);
  });

  it('begins no formula and stands for the text it was made of', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(beginsFormula(harmlessCell(text))).toBe(false);
        expect(plainCell(harmlessCell(text))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('is not what a plain formula is taken for', () => {
    expect(['=1', ' +1', '＠x'].map(beginsFormula)).toEqual([true, true, true]);
    expect(["'=1", '12', "'x"].map(beginsFormula)).toEqual([false, false, false]);
  });
});
