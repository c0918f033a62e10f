import { faultsOf, type FileColumns, type FileHeader, type FileRow } from './file-row';
import { plainCell } from './harmless-cell';
import { clippedCell, given, LONGEST_SKU, readText, readWhole } from './read-cell';

type StockColumn = 'sku' | 'onHand' | 'safetyBuffer' | 'lowStockAt' | 'reason' | 'onHandWas';

/** What an import of stock reads; an export has further columns that only inform. */
export const STOCK_COLUMNS: FileColumns<StockColumn> = {
  reads: ['sku', 'onHand', 'safetyBuffer', 'lowStockAt', 'reason', 'onHandWas'],
  informing: ['name', 'committed', 'free', 'shared'],
  needs: [['sku'], ['onHand', 'safetyBuffer', 'lowStockAt']],
};

/** Rules of a sku that a file may set. */
export interface StockRules {
  readonly safetyBuffer?: number;
  readonly lowStockAt?: number;
}

/** A row of a stock file: what it asks for, or what is wrong with it. Without `onHand` nothing is counted. */
export interface StockRow extends FileRow {
  readonly onHand?: number;
  readonly rules?: StockRules;
  readonly reason?: string;
}

const LONGEST_REASON = 255;

/** Reads one row by the header; every fault of it is named. */
export function readStockRow(header: FileHeader<StockColumn>, row: number, cells: readonly string[]): StockRow {
  const cell = (column: StockColumn): string => cells[header.get(column) ?? -1] ?? '';
  const sku = given(readText(cell('sku'), LONGEST_SKU));
  const isAsItWas = plainCell(cell('onHand')) === plainCell(cell('onHandWas'));
  const onHand = isAsItWas ? {} : readWhole(cell('onHand'));
  const [safetyBuffer, lowStockAt] = [readWhole(cell('safetyBuffer')), readWhole(cell('lowStockAt'))];
  const reason = readText(cell('reason'), LONGEST_REASON);
  const faults = faultsOf({ sku, onHand, safetyBuffer, lowStockAt, reason });
  const name = sku.value ?? clippedCell(cell('sku'));
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
export const asksForSomething = ({ onHand, rules, faults }: StockRow): boolean =>
  faults === undefined && (onHand !== undefined || rules !== undefined);
