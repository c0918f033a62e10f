import { clippedCell, type ReadCell } from './read-cell';

/** What is wrong with one cell of a file, or with one column. */
export interface CellFault {
  readonly column: string;
  readonly message: string;
}

/** What a row of every kind of file has. */
export interface FileRow {
  /** As a spreadsheet numbers it: the header is 1. */
  readonly row: number;
  readonly sku: string;
  /** Of a row that is not to be done. */
  readonly faults?: readonly CellFault[];
}

/** The columns of one kind of file. */
export interface FileColumns<Column extends string> {
  readonly reads: readonly Column[];
  /** Those that only inform, and are not read. */
  readonly informing: readonly string[];
  /** Of each of these lists, one must be there. */
  readonly needs: readonly (readonly [Column, ...Column[]])[];
}

/** Where a file has each column, from 0. */
export type FileHeader<Column extends string> = ReadonlyMap<Column, number>;

/** Reads the first row: every column known, none twice, what is needed among them. */
export function readFileHeader<Column extends string>(
  { reads, informing, needs }: FileColumns<Column>,
  cells: readonly string[],
): { readonly header: FileHeader<Column> } | { readonly faults: readonly CellFault[] } {
  const known: readonly string[] = [...reads, ...informing];
  const names = cells.map((cell) => known.find((name) => name.toLowerCase() === cell.trim().toLowerCase()) ?? cell);
  const faults = names.flatMap((name, at) => {
    if (name.trim() === '') return [];
    if (!known.includes(name))
      return [{ column: clippedCell(name), message: `is no column of this: ${known.join(', ')}` }];
    return names.indexOf(name) < at ? [{ column: name, message: 'stands there twice' }] : [];
  });
  const header = new Map(reads.flatMap((name) => (names.includes(name) ? [[name, names.indexOf(name)]] : [])));
  for (const [column, ...others] of needs.filter((some) => !some.some((name) => header.has(name)))) {
    const instead = others.length > 0 ? `, or instead ${others.join(' or ')}` : '';
    faults.push({ column, message: `must be a column${instead}` });
  }
  return faults.length > 0 ? { faults } : { header };
}

/** Rows that name one sku are all faulty: nobody knows which of them is meant. */
export function faultDoubles<Row extends FileRow>(rows: readonly Row[]): readonly Row[] {
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

/** The row with one more fault. */
export const withFault = <Row extends FileRow>(row: Row, fault: CellFault): Row => ({
  ...row,
  faults: [...(row.faults ?? []), fault],
});

/** What is wrong with the cells of a row, by their columns. */
export const faultsOf = (cells: Readonly<Record<string, ReadCell<unknown>>>): readonly CellFault[] =>
  Object.entries(cells).flatMap(([column, { fault }]) => (fault === undefined ? [] : [{ column, message: fault }]));
