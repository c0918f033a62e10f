export const HOURS_OF_DAY = 24;

/** How often a shop's channel pushes, by hour of the day, as it was learned over days. */
export interface PushRhythm {
  /** Pushes in each of the 24 hours, recent days weighing more; null: not known yet. */
  readonly hourly: readonly (number | null)[];
  /** The hour (counted since 1970) that is being counted, and the pushes in it so far. */
  readonly hour: number;
  readonly pushes: number;
  /** The hour was not watched from its beginning: it teaches nothing. */
  readonly isPartial: boolean;
}

/** What was heard up to an instant; `hourMs` is how long an hour lasts, which a drill shortens. */
export interface Heard {
  readonly pushes: number;
  readonly now: number;
  readonly hourMs: number;
}

const LATEST_WEIGHT = 0.25;

/** Adds what was heard. An hour that ended is learned; hours in which nobody listened are not. */
export function learnRhythm(known: PushRhythm | undefined, { pushes, now, hourMs }: Heard): PushRhythm {
  const hour = Math.floor(now / hourMs);
  const unknown = Array.from({ length: HOURS_OF_DAY }, () => null);
  if (known === undefined) return { hourly: unknown, hour, pushes, isPartial: true };
  if (hour <= known.hour) return { ...known, pushes: known.pushes + pushes };
  const hourly = known.isPartial ? known.hourly : withHour(known);
  return { hourly, hour, pushes, isPartial: hour > known.hour + 1 };
}

function withHour({ hourly, hour, pushes }: PushRhythm): PushRhythm['hourly'] {
  const at = hour % HOURS_OF_DAY;
  const before = hourly[at] ?? null;
  const learned = before === null ? pushes : before + LATEST_WEIGHT * (pushes - before);
  return hourly.map((each, index) => (index === at ? learned : each));
}
