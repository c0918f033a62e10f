/** One line of what the bench found. Absent values are null, so that the file has every field of every figure. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** The ceiling or limit it is held against, found in the same run. */
  readonly against: { readonly name: string; readonly value: number } | null;
  /** `value` over `against.value`. */
  readonly ratio: number | null;
  /** What `ratio` must reach where there is one above, else what `value` must stay under. */
  readonly bar: number | null;
  readonly ok: boolean;
}

/** A figure with remarks for people. */
export interface Found {
  readonly figure: Figure;
  readonly notes: readonly string[];
}

export interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Percentiles of numbers in any order. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const half = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[half] ?? NaN;
  return ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2;
}

/** The median of each percentile over several rounds. */
export const medianSpread = (rounds: readonly Spread[]): Spread => ({
  p50: medianOf(rounds.map((round) => round.p50)),
  p95: medianOf(rounds.map((round) => round.p95)),
  p99: medianOf(rounds.map((round) => round.p99)),
});

/** A rate beside its ceiling: fine when the ratio reaches the bar. */
export function rateFigure(
  name: string,
  rate: { readonly value: number; readonly spread?: Spread; readonly unit?: string },
  against: { readonly name: string; readonly value: number; readonly bar: number | null },
): Figure {
  const ratio = rate.value / against.value;
  const { bar } = against;
  return {
    name,
    unit: rate.unit ?? '/s',
    value: rounded(rate.value),
    ...roundedSpread(rate.spread),
    against: { name: against.name, value: rounded(against.value) },
    ratio: Math.round(ratio * 1000) / 1000,
    bar,
    ok: bar === null || ratio >= bar,
  };
}

/** Something that must stay under a bar. */
export function limitFigure(
  name: string,
  found: { readonly value: number; readonly unit: string; readonly spread?: Spread },
  limit: {
    readonly bar: number | null;
    readonly ok?: boolean;
    readonly against?: { readonly name: string; readonly value: number };
  },
): Figure {
  const { against, bar } = limit;
  return {
    name,
    unit: found.unit,
    value: rounded(found.value),
    ...roundedSpread(found.spread),
    against: against === undefined ? null : { name: against.name, value: rounded(against.value) },
    ratio: against === undefined ? null : Math.round((found.value / against.value) * 1000) / 1000,
    bar,
    ok: limit.ok ?? (bar === null || found.value < bar),
  };
}

const rounded = (value: number): number => (value >= 1000 ? Math.round(value) : Math.round(value * 100) / 100);

function roundedSpread(spread: Spread | undefined): Pick<Figure, 'p50' | 'p95' | 'p99'> {
  if (spread === undefined) return { p50: null, p95: null, p99: null };
  return { p50: rounded(spread.p50), p95: rounded(spread.p95), p99: rounded(spread.p99) };
}

const COLUMNS = ['name', 'value', 'unit', 'p50', 'p95', 'p99', 'against', '', 'ratio', 'bar', ''] as const;

/** The figures as a table for a terminal. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [COLUMNS, ...figures.map(rowOf)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const isText = (column: number): boolean => [0, 2, 6, 10].includes(column);
  const cell = (text: string, column: number): string =>
    isText(column) ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}

function rowOf(figure: Figure): readonly string[] {
  const { name, unit, against, ok, bar } = figure;
  const [value, p50, p95, p99, ratio] = [figure.value, figure.p50, figure.p95, figure.p99, figure.ratio].map(shown);
  const verdict = bar === null ? '' : ok ? 'ok' : 'MISSED';
  return [
    name,
    value ?? '',
    unit,
    p50 ?? '',
    p95 ?? '',
    p99 ?? '',
    against?.name ?? '',
    shown(against?.value ?? null),
    ratio ?? '',
    shown(bar),
    verdict,
  ];
}

const shown = (value: number | null): string => (value === null ? '' : value.toLocaleString('en-US'));

export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
