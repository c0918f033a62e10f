import { shownTarget } from '../../../test/builders/targets';
import { lockAt, lockOf } from './lock-of';
import type { Lock } from './target';

const lock: Lock = { units: 30, drift: -2, readAt: 50_000, source: 'read', due: 170_000 };
const locked = (changes: Partial<Lock> = {}, drift = -2) => shownTarget(50, { drift, lock: { ...lock, ...changes } });

describe('a lock', () => {
  it('is what the channel told, until the listing sells', () => {
    expect(lockOf(locked(), 60_000)).toBe(30);
    expect(lockOf(shownTarget(50), 60_000)).toBe(0);
  });

  it("is counted down by the listing's sales since, and up again by their cancellation, never beyond what was told", () => {
    expect(lockOf(locked({}, -7), 60_000)).toBe(25);
    expect(lockOf(locked({}, -4), 60_000)).toBe(28);
    expect(lockOf(locked({}, 9), 60_000)).toBe(30);
    expect(lockOf(locked({}, -80), 60_000)).toBe(0);
  });

  it('is nothing from its end on', () => {
    expect(lockOf(locked({ until: 60_001 }), 60_000)).toBe(30);
    expect(lockOf(locked({ until: 60_000 }), 60_000)).toBe(0);
  });

  it('keeps what was sold of it when another number is acknowledged', () => {
    expect(lockAt(locked({}, -7), 0)).toMatchObject({ lock: { units: 25, drift: 0 } });
    expect(lockAt(locked({}, 3), 0)).toMatchObject({ lock: { units: 30, drift: 0 } });
    expect(lockAt(shownTarget(50), 0)).toEqual({});
  });
});
