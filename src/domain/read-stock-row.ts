import { beginsFormula, plainCell } from './harmless-cell';

/** What an import reads; an export has further columns that only inform. */
export const STOCK_COLUMNS = ['sku', 'onHand', 'safetyBuffer', 'lowStockAt', 'reason', 'onHandWas'] as const;
export const INFORMING_COLUMNS = ['name', 'committed', 'free', 'shared'] as const;
export type StockColumn = (typeof STOCK_COLUMNS)[number];

/** Where a file has each column, from 0. */
export type StockHeader = ReadonlyMap<StockColumn, number>;

/** What is wrong with one cell of a file, or with one column. */
export interface CellFault {
  readonly column: string;
  readonly message: string;
}

/** Rules of a sku that a file may set. */
export interface StockRules {
  readonly safetyBuffer?: number;
  readonly lowStockAt?: number;
}

/** A row of a stock file: what it asks for, or what is wrong with it. Without `onHand` nothing is counted. */
export interface StockRow {
  /** As a spreadsheet numbers it: the header is 1. */
  readonly row: number;
  readonly sku: string;
  readonly onHand?: number;
  readonly rules?: StockRules;
  readonly reason?: string;
  readonly faults?: readonly CellFault[];
}

const MOST_UNITS = 1_000_000_000;
const SETTING: readonly StockColumn[] = ['onHand', 'safetyBuffer', 'lowStockAt'];
const LONGEST = { sku: 128, reason: 255 } as const;
const WHOLE = /^-?\d{1,15}(\.0{1,6})?$/;
const NO_CONTROL = /^\P{Cc}*$/u;

type Read<Value> = { readonly value?: Value; readonly fault?: string };

/** Reads the first row: every column known, none twice, the sku and something to set among them. */
export function readStockHeader(
  cells: readonly string[],
): { readonly header: StockHeader } | { readonly faults: readonly CellFault[] } {
  const known: readonly string[] = [...STOCK_COLUMNS, ...INFORMING_COLUMNS];
  const names = cells.map((cell) => known.find((name) => name.toLowerCase() === cell.trim().toLowerCase()) ?? cell);
  const faults = names.flatMap((name, at) => {
    if (name.trim() === '') return [];
    if (!known.includes(name)) return [{ column: clipped(name), message: `is no column of this: ${known.join(', ')}` }];
    return names.indexOf(name) < at ? [{ column: name, message: 'stands there twice' }] : [];
  });
  const header = new Map(STOCK_COLUMNS.flatMap((name) => (names.includes(name) ? [[name, names.indexOf(name)]] : [])));
  if (!header.has('sku')) faults.push({ column: 'sku', message: 'must be a column' });
  if (!SETTING.some((column) => header.has(column))) {
    faults.push({ column: 'onHand', message: 'must be a column, or another that sets something' });
  }
  return faults.length > 0 ? { faults } : { header };
}

/** Reads one row by the header; every fault of it is named. */
export function readStockRow(header: StockHeader, row: number, cells: readonly string[]): StockRow {
  const cell = (column: StockColumn): string => cells[header.get(column) ?? -1] ?? '';
  const sku = readText(cell('sku'), LONGEST.sku);
  const isAsItWas = plainCell(cell('onHand')) === plainCell(cell('onHandWas'));
  const onHand = isAsItWas ? {} : readWhole(cell('onHand'));
  const [safetyBuffer, lowStockAt] = [readWhole(cell('safetyBuffer')), readWhole(cell('lowStockAt'))];
  const reason = readText(cell('reason'), LONGEST.reason);
  const faults = Object.entries({ sku, onHand, safetyBuffer, lowStockAt, reason }).flatMap(([column, { fault }]) =>
    fault === undefined ? [] : [{ column, message: fault }],
  );
  if (sku.value === undefined && sku.fault === undefined) faults.unshift({ column: 'sku', message: 'must be given' });
  const name = sku.value ?? clipped(cell('sku'));
  if (faults.length > 0) return { row, sku: name, faults };
  const rules = {
    ...(safetyBuffer.value !== undefined && { safetyBuffer: safetyBuffer.value }),
    ...(lowStockAt.value !== undefined && { lowStockAt: lowStockAt.value }),
  };
  return {
    ...{ row, sku: name },
    ...(onHand.value !== undefined && { onHand: onHand.value }),
    ...(Object.keys(rules).length > 0 && { rules }),
    ...(reason.value !== undefined && { reason: reason.value }),
  };
}

/** Whether there is something to do for a row. */
export const asksForSomething = ({ onHand, rules }: StockRow): boolean => onHand !== undefined || rules !== undefined;

/** Rows that name one sku are all faulty: nobody knows which of them is meant. */
export function faultDoubles(rows: readonly StockRow[]): readonly StockRow[] {
  const places = new Map<string, number[]>();
  for (const { sku, row } of rows) {
    const of = places.get(sku) ?? [];
    if (of.length === 0) places.set(sku, of);
    if (of.length < 2) of.push(row);
  }
  return rows.map((row) => {
    const other = places.get(row.sku)?.find((place) => place !== row.row);
    if (row.sku === '' || other === undefined) return row;
    return withFault(row, { column: 'sku', message: `stands in row ${other} too` });
  });
}

/** The row with one more fault; what it asked for is no longer to be done. */
export const withFault = ({ row, sku, faults = [] }: StockRow, fault: CellFault): StockRow => ({
  ...{ row, sku },
  faults: [...faults, fault],
});

function readWhole(cell: string): Read<number> {
  const text = plainCell(cell.trim());
  if (text === '') return {};
  if (!WHOLE.test(text)) return { fault: beginsFormula(cell) ? FORMULA : 'must be a whole number' };
  const value = Number(text);
  if (value < 0) return { fault: 'must be at least 0' };
  return value > MOST_UNITS ? { fault: `must be at most ${MOST_UNITS}` } : { value };
}

function readText(cell: string, longest: number): Read<string> {
  if (cell === '') return {};
  if (beginsFormula(cell)) return { fault: FORMULA };
  const value = plainCell(cell);
  if (value.length > longest) return { fault: `must have at most ${longest} characters` };
  return NO_CONTROL.test(value) ? { value } : { fault: 'must not have control characters' };
}

const FORMULA = 'must not begin a formula; an apostrophe before it makes it text';
const clipped = (text: string): string => text.slice(0, LONGEST.sku);
