import type { AuditDifference } from '../domain';

/** One order that differs. */
export interface AuditFinding {
  readonly externalId: string;
  readonly differences: readonly AuditDifference[];
  /** The channel's word was newer than ours, and is written now. */
  readonly isMended: boolean;
}

/** What was found on one day: orders there and here, and how many differ in what. */
export interface AuditedDay {
  readonly day: string;
  readonly channel: number;
  readonly here: number;
  readonly missing: number;
  readonly unknown: number;
  readonly state: number;
  readonly money: number;
  readonly mended: number;
  readonly unread: number;
}

export interface NamedFinding extends AuditFinding {
  readonly day: string;
}

/** What an audit has to say: every day, and the first orders that differ. */
export interface AuditReport {
  readonly days: readonly AuditedDay[];
  readonly orders: readonly NamedFinding[];
}

/** What one page of a day gave. */
export interface AuditedPage {
  readonly day: string;
  readonly channel: number;
  readonly here: number;
  readonly unread: number;
  readonly findings: readonly AuditFinding[];
}

/** Most orders that a report names. */
export const MOST_NAMED = 100;
export const EMPTY_REPORT: AuditReport = { days: [], orders: [] };

/** The report with another page of a day. */
export function withPage(report: AuditReport, page: AuditedPage): AuditReport {
  const before = report.days.find(({ day }) => day === page.day) ?? emptyDay(page.day);
  const sum = (difference: AuditDifference): number =>
    before[difference] + page.findings.filter(({ differences }) => differences.includes(difference)).length;
  const after: AuditedDay = {
    day: page.day,
    channel: before.channel + page.channel,
    here: before.here + page.here,
    ...{ missing: sum('missing'), unknown: sum('unknown'), state: sum('state'), money: sum('money') },
    mended: before.mended + page.findings.filter(({ isMended }) => isMended).length,
    unread: before.unread + page.unread,
  };
  return {
    days: [...report.days.filter(({ day }) => day !== page.day), after],
    orders: mostNamed([...report.orders, ...page.findings.map((finding) => ({ day: page.day, ...finding }))]),
  };
}

/** Where not all can be named, those that wait for a person are. */
function mostNamed(orders: readonly NamedFinding[]): readonly NamedFinding[] {
  if (orders.length <= MOST_NAMED) return orders;
  return [...orders].sort((one, other) => Number(one.isMended) - Number(other.isMended)).slice(0, MOST_NAMED);
}

/** In how many orders and how, in words; undefined when nothing differs. */
export function inWords({ days }: AuditReport): string | undefined {
  const total = (of: (day: AuditedDay) => number): number => days.reduce((sum, day) => sum + of(day), 0);
  const counts = [
    [total(({ missing }) => missing), 'missing here'],
    [total(({ unknown }) => unknown), 'unknown at the channel'],
    [total(({ state }) => state), 'in another state'],
    [total(({ money }) => money), 'with other money'],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length === 0 ? undefined : `${told.join(', ')}; ${total(({ mended }) => mended)} mended`;
}

const emptyDay = (day: string): AuditedDay => ({
  ...{ day, channel: 0, here: 0, missing: 0, unknown: 0, state: 0, money: 0, mended: 0, unread: 0 },
});
