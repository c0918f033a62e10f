/** A whole day somewhere: `[from, to)`, ms; `name` as people there write it. */
export interface Day {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 86_400_000;

/** The last `count` days of a time zone, the present one last. A zone that is not known is UTC. */
export function daysBack(now: number, timeZone: string, count: number): readonly Day[] {
  const zone = isZone(timeZone) ? timeZone : 'UTC';
  const today = startOfDay(now, zone);
  const starts = Array.from({ length: count + 1 }, (_, at) => {
    const nearNoon = today + (at - count + 1.5) * DAY_MS;
    return startOfDay(nearNoon, zone);
  });
  return starts.slice(0, count).map((from, at) => ({ name: nameOf(from, zone), from, to: starts[at + 1] ?? from }));
}

/** How far a zone's clocks are ahead of UTC at an instant. */
function aheadMs(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  }).formatToParts(instant);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const there = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return there - Math.floor(instant / 1000) * 1000;
}

function startOfDay(instant: number, zone: string): number {
  const there = instant + aheadMs(instant, zone);
  const midnight = Math.floor(there / DAY_MS) * DAY_MS;
  const near = midnight - aheadMs(instant, zone);
  return midnight - aheadMs(near, zone);
}

function nameOf(start: number, zone: string): string {
  return new Date(start + aheadMs(start, zone)).toISOString().slice(0, 10);
}

function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
    return true;
  } catch {
    return false;
  }
}
