import { daysBack } from './days-back';

const at = (text: string) => Date.parse(text);
const iso = (instant: number) => new Date(instant).toISOString().slice(0, 16);

describe('the last days of a time zone', () => {
  it('are whole days there, the present one last', () => {
    const days = daysBack(at('2026-05-10T20:00:00Z'), 'Asia/Singapore', 2);
    expect(days.map(({ name, from, to }) => [name, iso(from), iso(to)])).toEqual([
      ['2026-05-10', '2026-05-09T16:00', '2026-05-10T16:00'],
      ['2026-05-11', '2026-05-10T16:00', '2026-05-11T16:00'],
    ]);
  });

  it('have 23 and 25 hours where the clocks change', () => {
    const hours = (now: string) => daysBack(at(now), 'Europe/Berlin', 3).map(({ from, to }) => (to - from) / 3_600_000);
    expect(hours('2026-03-30T10:00:00Z')).toEqual([24, 23, 24]);
    expect(hours('2026-10-26T10:00:00Z')).toEqual([24, 25, 24]);
  });

  it('follow on one another without a gap', () => {
    const days = daysBack(at('2026-11-02T05:30:00Z'), 'America/New_York', 5);
    expect(days.slice(1).map(({ from }, index) => from - (days[index]?.to ?? 0))).toEqual([0, 0, 0, 0]);
  });

  it('are those of UTC where the zone is not known', () => {
    expect(daysBack(at('2026-05-10T20:00:00Z'), 'Nowhere/At_All', 1)[0]?.name).toBe('2026-05-10');
  });
});
