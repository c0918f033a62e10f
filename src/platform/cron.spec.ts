import { isCron, nextRun } from './cron';

const runs = (cron: string, timeZone: string, { from, much }: { from: string; much: number }): string[] => {
  const found: string[] = [];
  let at: number | undefined = Date.parse(from);
  while (found.length < much && at !== undefined) {
    at = nextRun({ cron, timeZone }, at);
    if (at !== undefined) found.push(new Date(at).toISOString());
  }
  return found;
};

describe('a schedule', () => {
  it('is read in its time zone', () => {
    expect(runs('0 3 * * *', 'Asia/Singapore', { from: '2026-11-21T00:00:00Z', much: 2 })).toEqual([
      '2026-11-21T19:00:00.000Z',
      '2026-11-22T19:00:00.000Z',
    ]);
  });

  it('runs once on the day when clocks go forward over its hour', () => {
    expect(runs('30 2 * * *', 'America/New_York', { from: '2027-03-13T00:00:00Z', much: 3 })).toEqual([
      '2027-03-13T07:30:00.000Z',
      '2027-03-14T07:00:00.000Z',
      '2027-03-15T06:30:00.000Z',
    ]);
  });

  it('runs once on the day when clocks go back over its hour', () => {
    expect(runs('30 1 * * *', 'America/New_York', { from: '2027-11-06T00:00:00Z', much: 3 })).toEqual([
      '2027-11-06T05:30:00.000Z',
      '2027-11-07T05:30:00.000Z',
      '2027-11-08T06:30:00.000Z',
    ]);
  });

  it.each([
    ['0 3 * * *', true],
    ['*/15 8-20 * * MON-FRI', true],
    ['@daily', true],
    ['0 0 3 * * *', false],
    ['61 * * * *', false],
    ['0 0 30 2 *', false],
    ['every day', false],
    ['', false],
  ])('%s can be read: %s', (text, is) => {
    expect(isCron(text)).toBe(is);
  });
});
