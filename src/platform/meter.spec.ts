import * as fc from 'fast-check';
import { Meter, URGENCIES, type Urgency } from './meter';

const SECOND = 1000;

interface As {
  readonly urgency?: Urgency;
  readonly limit?: number;
}

/** Asks for a call, and makes it where it may be made. */
function take(meter: Meter, now: number, { urgency = 'lower', limit = 10 }: As = {}): number {
  const { ms } = meter.ask({ now, limit, urgency });
  if (ms === 0) meter.grant({ now, limit, urgency });
  return ms;
}

/** How many of so many at the same instant may call. */
const burst = (meter: Meter, now: number, as: As = {}): number =>
  Array.from({ length: 80 }, () => take(meter, now, as)).filter((ms) => ms === 0).length;

describe('a meter of calls', () => {
  it('gives no more calls in a second than the limit, and says when the next is due', () => {
    const meter = new Meter();
    expect(burst(meter, 0)).toBe(10);
    expect(take(meter, 400)).toBe(600);
    expect(burst(meter, 999)).toBe(0);
    expect(burst(meter, SECOND)).toBe(10);
  });

  it('never passes the limit in any second, whoever asks when', () => {
    const asks = fc.array(fc.record({ after: fc.nat(300), urgency: fc.constantFrom(...URGENCIES) }), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(asks, fc.integer({ min: 1, max: 20 }), (many, limit) => {
        const meter = new Meter();
        const granted: number[] = [];
        let now = 0;
        for (const { after, urgency } of many) {
          now += after;
          if (take(meter, now, { urgency, limit }) === 0) granted.push(now);
        }
        granted.forEach((at, index) => {
          const later = granted[index + limit];
          if (later !== undefined) expect(later - at).toBeGreaterThanOrEqual(SECOND);
        });
      }),
    );
  });

  it('keeps calls for what is more urgent: each class finds fewer', () => {
    expect(URGENCIES.map((urgency) => burst(new Meter(), 0, { urgency }))).toEqual([10, 9, 8, 7, 5]);
    const meter = new Meter();
    for (const urgency of [...URGENCIES].reverse()) burst(meter, 0, { urgency });
    expect(burst(meter, SECOND - 1)).toBe(0);
  });

  it('gives every class a call where the limit is one', () => {
    expect(URGENCIES.map((urgency) => burst(new Meter(), 0, { urgency, limit: 1 }))).toEqual([1, 1, 1, 1, 1]);
  });

  it.each([1, 2, 10])('lets no class starve behind one that takes all it can get, at %d calls a second', (limit) => {
    const meter = new Meter();
    const got: Record<string, number> = {};
    for (let now = 0; now < 20 * SECOND; now += 20) {
      for (const urgency of URGENCIES) {
        if (take(meter, now, { urgency, limit }) === 0) got[urgency] = (got[urgency] ?? 0) + 1;
      }
    }
    for (const urgency of URGENCIES) expect(got[urgency]).toBeGreaterThanOrEqual(3);
    if (limit > 2) expect(got['lower']).toBeGreaterThan(100);
  });

  it('keeps nothing for a class that gave up', () => {
    const meter = new Meter();
    burst(meter, 0);
    take(meter, 1, { urgency: 'bulk' });
    take(meter, 600, { urgency: 'bulk' });
    expect(burst(meter, SECOND)).toBe(9);
    expect(burst(meter, 5 * SECOND)).toBe(10);
  });

  it('keeps the rest for the more urgent when one class asks alone for long', () => {
    const meter = new Meter();
    let most = 0;
    const granted: number[] = [];
    for (let now = 0; now < 10 * SECOND; now += 10) {
      while (take(meter, now, { urgency: 'bulk' }) === 0) granted.push(now);
      most = Math.max(most, granted.filter((at) => at > now - SECOND).length);
    }
    expect(most).toBe(5);
  });

  it('lets nobody call while the channel asks to wait', () => {
    const meter = new Meter();
    meter.throttle(0, 10, 7000);
    meter.throttle(0, 10, 100);
    expect(meter.ask({ now: 1000, limit: 10, urgency: 'lower' })).toEqual({ ms: 6000, isBlocked: true });
    expect(meter.ask({ now: 7000, limit: 10, urgency: 'lower' })).toEqual({ ms: 0, isBlocked: false });
  });

  it('pauses for a second where the channel does not say how long', () => {
    const meter = new Meter();
    meter.throttle(0, 10);
    expect([take(meter, 999), take(meter, 1000)]).toEqual([1, 0]);
  });

  it('halves the rate when it is throttled, once a second, and never below a twentieth of the limit', () => {
    const meter = new Meter();
    for (let n = 0; n < 5; n += 1) meter.throttle(0, 20, 0);
    expect(burst(meter, 0, { limit: 20 })).toBe(10);
    const low = new Meter();
    for (let n = 0; n < 20; n += 1) low.throttle(n * SECOND, 100, 0);
    expect(burst(low, 19 * SECOND, { limit: 100 })).toBe(5);
  });

  it('spaces calls out where the rate fell below one in a second', () => {
    const meter = new Meter();
    for (let n = 0; n < 10; n += 1) meter.throttle(n * SECOND, 5, 0);
    expect(take(meter, 9 * SECOND, { limit: 5 })).toBe(0);
    expect(take(meter, 10 * SECOND, { limit: 5 })).toBeGreaterThan(SECOND);
  });

  it('comes back to the limit by itself, evenly, and not above', () => {
    const meter = new Meter();
    meter.throttle(0, 60, 0);
    const at = (now: number) => burst(meter, now, { limit: 60 });
    expect([at(0), at(10 * SECOND), at(20 * SECOND), at(30 * SECOND), at(300 * SECOND)]).toEqual([30, 40, 50, 60, 60]);
  });

  it('has no limit where there is none, but is blocked like any other', () => {
    const meter = new Meter();
    expect(burst(meter, 0, { urgency: 'bulk', limit: 0 })).toBe(80);
    meter.throttle(0, 0, 500);
    expect(take(meter, 1, { limit: 0 })).toBe(499);
  });
});
