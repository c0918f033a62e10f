import { beginsFormula, plainCell } from './harmless-cell';

/** What a cell says: nothing where it is empty, or what is wrong with it. */
export interface ReadCell<Value> {
  readonly value?: Value;
  readonly fault?: string;
}

export const LONGEST_SKU = 128;
const MOST_UNITS = 1_000_000_000;
const WHOLE = /^-?\d{1,15}(\.0{1,6})?$/;
const NO_CONTROL = /^\P{Cc}*$/u;
const FORMULA = 'must not begin a formula; an apostrophe before it makes it text';

/** Reads a cell as a whole number. */
export function readWhole(cell: string, least = 0): ReadCell<number> {
  const text = plainCell(cell.trim());
  if (text === '') return {};
  if (!WHOLE.test(text)) return { fault: beginsFormula(cell) ? FORMULA : 'must be a whole number' };
  const value = Number(text);
  if (value < least) return { fault: `must be at least ${least}` };
  return value > MOST_UNITS ? { fault: `must be at most ${MOST_UNITS}` } : { value };
}

/** Reads a cell as text that nothing calculates. */
export function readText(cell: string, longest: number): ReadCell<string> {
  if (cell === '') return {};
  if (beginsFormula(cell)) return { fault: FORMULA };
  const value = plainCell(cell);
  if (value.length > longest) return { fault: `must have at most ${longest} characters` };
  return NO_CONTROL.test(value) ? { value } : { fault: 'must not have control characters' };
}

/** A cell that may not be empty. */
export const given = <Value>(cell: ReadCell<Value>): ReadCell<Value> =>
  cell.value === undefined && cell.fault === undefined ? { fault: 'must be given' } : cell;

/** A cell as it is told back, whatever it was. */
export const clippedCell = (cell: string): string => cell.slice(0, LONGEST_SKU);
