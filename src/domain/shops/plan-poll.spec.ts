import { planPoll, type PollEnd, type PollPace } from './plan-poll';

const plan = (end: PollEnd, pace: Partial<PollPace> = {}) =>
  planPoll(end, { now: 1_000_000, pollMs: 120_000, isQuiet: false, random: 0, ...pace }) - 1_000_000;

describe('when a list is read next', () => {
  it.each([0, 0.3, 0.999])('after a whole pass within the time between polls, chance %d', (random) => {
    const delayMs = plan({ kind: 'read', isBehind: false }, { random });
    expect(delayMs).toBeLessThanOrEqual(120_000);
    expect(delayMs).toBeGreaterThanOrEqual(96_000);
  });

  it('four times as often while the shop is quiet', () => {
    expect(plan({ kind: 'read', isBehind: false }, { isQuiet: true })).toBe(30_000);
  });

  it('at once while it is behind, or the pass goes on', () => {
    expect(plan({ kind: 'read', isBehind: true })).toBe(0);
    expect(plan({ kind: 'more' })).toBe(0);
  });

  it('after failures ever later, never later than the time between polls', () => {
    expect([1, 2, 3, 20].map((failures) => plan({ kind: 'failed', failures }))).toEqual([2000, 4000, 8000, 120_000]);
  });

  it('when the channel says so', () => {
    expect(plan({ kind: 'failed', failures: 1, afterMs: 900_000 }, { random: 0.9 })).toBe(900_000);
    expect(plan({ kind: 'failed', failures: 1, afterMs: 5 })).toBe(1000);
  });

  it('as usual where a person has to authorise first', () => {
    expect(plan({ kind: 'held' })).toBe(120_000);
  });
});
