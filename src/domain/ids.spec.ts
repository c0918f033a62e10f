import * as fc from 'fast-check';
import { keyOf, orderIdOf, partsOf, type SellerId, type ShopId } from './ids';

const parts = fc.array(
  fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom('|', '%', '7', 'C', '%7C', '%25', 'a'), { maxLength: 6 }).map((signs) => signs.join('')),
  ),
  { minLength: 1, maxLength: 4 },
);

describe('a key', () => {
  it('gives back the parts it was made of', () => {
    fc.assert(
      fc.property(parts, (list) => expect(partsOf(keyOf(...list))).toEqual(list)),
      { numRuns: 500 },
    );
  });

  it('is different for different parts', () => {
    fc.assert(
      fc.property(parts, parts, (left, right) => {
        expect(keyOf(...left) === keyOf(...right)).toBe(JSON.stringify(left) === JSON.stringify(right));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps two orders apart that read the same when joined', () => {
    const id = (shop: string, order: string) => orderIdOf('s' as SellerId, shop as ShopId, order);
    expect(id('a|b', 'c')).not.toBe(id('a', 'b|c'));
    expect(id('a', 'b')).toBe('s|a|b');
  });
});
