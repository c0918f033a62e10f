import * as fc from 'fast-check';
import { currencyDigits, formatMoney, moneyFromNumber, parseMoney } from './money';

const currencies = fc.constantFrom('SGD', 'MYR', 'PHP', 'THB', 'IDR', 'USD', 'EUR', 'VND', 'JPY', 'KRW');
const minors = fc.integer({ min: -99_999_999_999, max: 99_999_999_999 });

describe('money', () => {
  it.each([
    ['12.50', 'SGD', 1250],
    ['12.5', 'SGD', 1250],
    ['-0.05', 'SGD', -5],
    ['0', 'SGD', 0],
    ['-0.00', 'SGD', 0],
    ['12', 'VND', 12],
    ['12.00', 'VND', 12],
    ['12.500000', 'SGD', 1250],
  ])('reads %s %s as %i minor units', (text, currency, minor) => {
    expect(parseMoney(text, currency)).toEqual({ minor, currency });
  });

  it.each([
    ['12.505', 'SGD'],
    ['12.1', 'VND'],
    ['1e3', 'SGD'],
    ['1,000', 'SGD'],
    ['.5', 'SGD'],
    ['', 'SGD'],
    ['12', 'XXX'],
    ['12', 'constructor'],
    ['99999999999999', 'SGD'],
    [' 12', 'SGD'],
  ])('does not read %p %s', (text, currency) => {
    expect(parseMoney(text, currency)).toBeUndefined();
  });

  it('comes back the same from its text', () => {
    fc.assert(
      fc.property(minors, currencies, (minor, currency) => {
        expect(parseMoney(formatMoney({ minor, currency }), currency)).toEqual({ minor, currency });
      }),
    );
  });

  it("comes back the same from a channel's float", () => {
    fc.assert(
      fc.property(minors, currencies, (minor, currency) => {
        const float = minor / 10 ** (currencyDigits(currency) ?? 0);
        expect(moneyFromNumber(float, currency)).toEqual({ minor, currency });
      }),
    );
  });

  it('rounds a float half away from zero at the exact half', () => {
    expect(moneyFromNumber(1.005, 'SGD')?.minor).toBe(101);
    expect(moneyFromNumber(-1.005, 'SGD')?.minor).toBe(-101);
    expect(moneyFromNumber(NaN, 'SGD')).toBeUndefined();
    expect(moneyFromNumber(1e300, 'SGD')).toBeUndefined();
    expect(moneyFromNumber(1, 'XXX')).toBeUndefined();
  });

  it('is written with exactly the digits of its currency', () => {
    expect(formatMoney({ minor: 5, currency: 'SGD' })).toBe('0.05');
    expect(formatMoney({ minor: -1250, currency: 'SGD' })).toBe('-12.50');
    expect(formatMoney({ minor: 12, currency: 'VND' })).toBe('12');
  });
});
