import { nextWindow } from './next-window';

const MINUTE = 60_000;
const DAY = 86_400_000;
const now = 100 * DAY;
const overlapMs = 10 * MINUTE;

describe('the next window of a list', () => {
  it('begins ten minutes before what is known, and ends now', () => {
    expect(nextWindow({ readTo: now - 2 * MINUTE, now, overlapMs })).toEqual({ from: now - 12 * MINUTE, to: now });
  });

  it('is a day at most', () => {
    const { from, to } = nextWindow({ readTo: now - 5 * DAY, now, overlapMs });
    expect(to - from).toBe(DAY);
  });

  it("is no longer than the channel's longest, and always goes on", () => {
    const { from, to } = nextWindow({ readTo: now - 5 * DAY, now, overlapMs, longestMs: 6 * 3_600_000 });
    expect(to - from).toBe(6 * 3_600_000);
    expect(nextWindow({ readTo: now - 5 * DAY, now, overlapMs, longestMs: 1 }).to).toBeGreaterThan(now - 5 * DAY);
  });

  it('does not begin after now, whatever the clock did', () => {
    expect(nextWindow({ readTo: now + DAY, now, overlapMs })).toEqual({ from: now - overlapMs, to: now });
  });
});
