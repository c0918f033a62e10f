import * as fc from 'fast-check';
import { readAmount, readInstant } from './amounts';

describe('readAmount', () => {
  it('reads strings exactly and numbers to the currency digits', () => {
    expect(readAmount('12.50', 'SGD')).toBe(1250);
    expect(readAmount(' 12.5 ', 'SGD')).toBe(1250);
    expect(readAmount(0.6, 'SGD')).toBe(60);
    expect(readAmount('0.60', 'SGD')).toBe(60);
    expect(readAmount(1.005, 'SGD')).toBe(101);
    expect(readAmount('125000.00', 'VND')).toBe(125000);
    expect(readAmount(125000, 'VND')).toBe(125000);
  });

  it('refuses fractions of a cent in text, negatives, separators and unknown currencies', () => {
    for (const text of ['1.005', '-1.00', '1,000.00', '', 'abc', '1e3', '٣'])
      expect(readAmount(text, 'SGD')).toBeUndefined();
    for (const number of [-0.5, NaN, Infinity, 1e300]) expect(readAmount(number, 'SGD')).toBeUndefined();
    expect(readAmount('1.00', 'XXX')).toBeUndefined();
  });

  it('reads the same minor units from text and number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e11 }), (cents) => {
        const text = (cents / 100).toFixed(2);
        expect(readAmount(text, 'SGD')).toBe(cents);
        expect(readAmount(Number(text), 'SGD')).toBe(cents);
      }),
    );
  });
});

describe('readInstant', () => {
  const AT = Date.UTC(2018, 4, 17, 1, 23, 36);

  it('reads the order API format and ISO forms, whatever the offset', () => {
    expect(readInstant('2018-05-17 09:23:36 +0800', undefined)).toBe(AT);
    expect(readInstant('2018-05-17T09:23:36+08:00', undefined)).toBe(AT);
    expect(readInstant('2018-05-17 08:23:36 +0700', undefined)).toBe(AT);
    expect(readInstant('2018-05-16T20:53:36-04:30', undefined)).toBe(AT);
    expect(readInstant('2018-05-17T01:23:36Z', undefined)).toBe(AT);
    expect(readInstant('2018-05-17T01:23:36.789Z', undefined)).toBe(AT + 789);
  });

  it('reads a text without an offset only by the setting', () => {
    expect(readInstant('2018-05-17 09:23:36', undefined)).toBeUndefined();
    expect(readInstant('2018-05-17 09:23:36', '+08:00')).toBe(AT);
    expect(readInstant('2018-05-17 09:23:36 +0800', '+07:00')).toBe(AT);
  });

  it('refuses days, hours and offsets that do not exist', () => {
    const texts = ['2018-02-30 00:00:00 +0800', '2018-13-01 00:00:00 +0800', '2018-01-01 24:00:00 +0800'];
    const others = ['2018-01-01 00:60:00 +0800', '2018-01-01 00:00:00 +1500', '2018-01-01', 'now', '', '1526520216'];
    for (const text of [...texts, ...others]) expect(readInstant(text, undefined)).toBeUndefined();
  });

  it('reads back every instant that ISO writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (instant) => {
        expect(readInstant(new Date(instant).toISOString(), undefined)).toBe(instant);
      }),
    );
  });
});
