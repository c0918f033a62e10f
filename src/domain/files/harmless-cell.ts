/** What a spreadsheet calculates, full-width signs too; also behind spaces and apostrophes, which some drop. */
const FORMULA = /^[\s']*[=+\-@＝＋－＠\t\r\n]/u;
const HARMLESS = /^'[\s']*[=+\-@＝＋－＠\t\r\n]/u;

/** Whether a spreadsheet would calculate this text. */
export const beginsFormula = (text: string): boolean => FORMULA.test(text) && !HARMLESS.test(text);

/** The text as a cell that no spreadsheet calculates: an apostrophe stands before what begins a formula. */
export const harmlessCell = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** The text that a harmless cell stands for. */
export const plainCell = (cell: string): string => (HARMLESS.test(cell) ? cell.slice(1) : cell);
