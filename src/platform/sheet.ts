/** The forms of a table in a file, each by its media type. */
export const SHEET_TYPES = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
export type SheetFormat = keyof typeof SHEET_TYPES;
export const SHEET_FORMATS: readonly SheetFormat[] = ['csv', 'xlsx'];

/** What a file that is read may be at most. */
export const SHEET_LIMITS = {
  bytes: 20 * 1024 * 1024,
  /** Of everything in an XLSX file together. */
  unpackedBytes: 128 * 1024 * 1024,
  parts: 1000,
  rows: 200_000,
  columns: 100,
  cells: 4_000_000,
  /** Of all cells together; in XLSX many may name one text. */
  signs: 64 * 1024 * 1024,
} as const;

/** A row that is not empty. A formula is its text with `=` in front, whatever it was calculated to. */
export interface SheetRow {
  /** As a spreadsheet numbers it. */
  readonly row: number;
  readonly cells: readonly string[];
}

/** A cell that is written: text is made harmless, a number is a number. */
export type OutCell = string | number | undefined;

/** Why a file cannot be read; for the person who sent it. */
export class SheetFault extends Error {
  override readonly name = 'SheetFault';

  constructor(
    readonly kind: 'too-large' | 'unreadable',
    message: string,
  ) {
    super(message);
  }
}
