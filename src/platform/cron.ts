import { Cron } from 'croner';

/** When something is done again and again: cron text of five parts, read in a time zone. */
export interface Schedule {
  readonly cron: string;
  readonly timeZone: string;
}

/**
 * The first instant (ms) of the schedule after `after`; undefined where there is none. On the day when clocks go forward
 * what falls into the hour that is missing is done at its end; on the day when they go back, once.
 */
export function nextRun({ cron, timeZone }: Schedule, after: number): number | undefined {
  return read(cron, timeZone).nextRun(new Date(after))?.getTime();
}

/** Whether it can be read, and ever comes. */
export function isCron(text: string): boolean {
  try {
    return read(text, 'UTC').nextRun() !== null;
  } catch {
    return false;
  }
}

const read = (cron: string, timezone: string): Cron => new Cron(cron, { timezone, mode: '5-part', paused: true });
