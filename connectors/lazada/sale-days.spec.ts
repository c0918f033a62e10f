import * as fc from 'fast-check';
import { dayOf, readSaleEnd, readSaleStart } from './sale-days';

const HOUR_MS = 3_600_000;
const SG = 8 * HOUR_MS;
const BANGKOK = 7 * HOUR_MS;

describe('days of a sale', () => {
  it("are the country's", () => {
    const instant = Date.UTC(2026, 10, 10, 16, 30);
    expect(dayOf(instant, SG)).toBe('2026-11-11');
    expect(dayOf(instant, BANGKOK)).toBe('2026-11-10');
  });

  it('are read wholly, with or without their hours', () => {
    const midnight = Date.UTC(2026, 10, 10, 16);
    for (const text of ['2026-11-11', '2026-11-11 00:00', '2026-11-1100:00', '2026-11-11T00:00:00']) {
      expect(readSaleStart(text, SG)).toBe(midnight);
      expect(readSaleEnd(text, SG)).toBe(midnight + 24 * HOUR_MS);
    }
    expect(readSaleEnd('2026-11-11 23:59', SG)).toBe(midnight + 24 * HOUR_MS);
  });

  it('keep an hour that is given', () => {
    expect(readSaleStart('2022-07-11 17:43', SG)).toBe(Date.UTC(2022, 6, 11, 9, 43));
    expect(readSaleEnd('2022-07-11 17:43', SG)).toBe(Date.UTC(2022, 6, 11, 9, 43));
  });

  it('are open where they are not given, and nothing where they are no days', () => {
    expect(readSaleStart(undefined, SG)).toBe(0);
    expect(readSaleEnd(undefined, SG)).toBe(Date.UTC(9999, 11, 31));
    for (const text of ['soon', '2026-02-30', '2026-11-11 25:00', '2026-13-01', '']) {
      expect([readSaleStart(text, SG), readSaleEnd(text, SG)]).toEqual([undefined, undefined]);
    }
  });

  it('contain every sale that was written with them', () => {
    const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2090, 0, 1) });
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 90 * 24 * HOUR_MS }), (startsAt, length) => {
        const endsAt = startsAt + length;
        const from = readSaleStart(dayOf(startsAt, SG), SG) ?? Infinity;
        const to = readSaleEnd(dayOf(endsAt - 1, SG), SG) ?? -Infinity;
        expect(from).toBeLessThanOrEqual(startsAt);
        expect(to).toBeGreaterThanOrEqual(endsAt);
        expect(startsAt - from).toBeLessThan(24 * HOUR_MS);
        expect(to - endsAt).toBeLessThan(24 * HOUR_MS);
      }),
    );
  });
});
