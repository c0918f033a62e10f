import { learnRhythm, type PushRhythm } from './learn-rhythm';

const HOUR = 3_600_000;
const at = (hour: number, minute = 0) => hour * HOUR + minute * 60_000;

function heard(from: number, hours: readonly number[], known?: PushRhythm): PushRhythm {
  let rhythm = known ?? learnRhythm(undefined, { pushes: 0, now: at(from) - 1, hourMs: HOUR });
  hours.forEach((pushes, index) => {
    rhythm = learnRhythm(rhythm, { pushes, now: at(from + index, 30), hourMs: HOUR });
  });
  return learnRhythm(rhythm, { pushes: 0, now: at(from + hours.length), hourMs: HOUR });
}

describe('the rhythm of pushes', () => {
  it('is not known before a whole hour was heard', () => {
    const first = learnRhythm(undefined, { pushes: 9, now: at(10, 20), hourMs: HOUR });
    const next = learnRhythm(first, { pushes: 1, now: at(11, 1), hourMs: HOUR });
    expect(next.hourly.every((each) => each === null)).toBe(true);
    expect(next).toMatchObject({ hour: 11, pushes: 1, isPartial: false });
  });

  it('has each hour of the day by itself', () => {
    const { hourly } = heard(10, [40, 0, 8]);
    expect([hourly[10], hourly[11], hourly[12], hourly[13]]).toEqual([40, 0, 8, null]);
  });

  it('follows the latest day by a quarter', () => {
    const day = heard(10, [40, ...Array.from({ length: 23 }, () => 0)]);
    expect(heard(34, [80], day).hourly[10]).toBe(50);
  });

  it('learns nothing from hours in which nobody listened', () => {
    const before = heard(10, [40]);
    const after = learnRhythm(before, { pushes: 3, now: at(15, 30), hourMs: HOUR });
    const later = learnRhythm(after, { pushes: 0, now: at(16), hourMs: HOUR });
    expect(later.hourly.slice(11, 16)).toEqual([0, null, null, null, null]);
    expect(later).toMatchObject({ hour: 16, isPartial: false });
  });

  it('adds up what is heard within an hour', () => {
    let rhythm = heard(10, [40]);
    for (const minute of [1, 20, 59]) rhythm = learnRhythm(rhythm, { pushes: 2, now: at(11, minute), hourMs: HOUR });
    expect(rhythm.pushes).toBe(6);
  });
});
