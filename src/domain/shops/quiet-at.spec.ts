import type { PushRhythm } from './learn-rhythm';
import { quietAt } from './quiet-at';

const HOUR = 3_600_000;
const rhythm = (byHour: Readonly<Record<number, number>>): PushRhythm => ({
  hourly: Array.from({ length: 24 }, (_, hour) => byHour[hour] ?? null),
  hour: 0,
  pushes: 0,
  isPartial: false,
});
const always = (perHour: number) =>
  rhythm(Object.fromEntries(Array.from({ length: 24 }, (_, hour) => [hour, perHour])));

describe('a shop is quiet against its own rhythm', () => {
  it.each([
    [300, 60_000],
    [60, 5 * 60_000],
    [5, HOUR],
    [1, 5 * HOUR],
  ])('with %d pushes an hour after %d ms', (perHour, ms) => {
    expect(quietAt(always(perHour), 10 * HOUR, HOUR)).toBe(10 * HOUR + ms);
  });

  it('later where the night expects less', () => {
    const day = rhythm({ 20: 10, 21: 0, 22: 0, 23: 0, 0: 0, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0, 8: 20 });
    expect(quietAt(day, 20.8 * HOUR, HOUR)).toBe((24 + 8 + 3 / 20) * HOUR);
  });

  it('never while nothing is known, or too little is expected in two days', () => {
    expect(quietAt(rhythm({}), 10 * HOUR, HOUR)).toBeUndefined();
    expect(quietAt(always(0.1), 10 * HOUR, HOUR)).toBeUndefined();
  });

  it('sooner when a drill has shorter hours', () => {
    expect(quietAt(always(5), 10_000, 1000)).toBe(11_000);
  });
});
