import { faultsOf, withFault, type FileColumns, type FileHeader, type FileRow } from './file-row';
import type { ShopId } from '../ids';
import { clippedCell, given, LONGEST_SKU, readText, readWhole, type ReadCell } from './read-cell';

type ItemColumn = 'sku' | 'quantity' | 'shops';

/** What an import of a campaign's items reads. */
export const ITEM_COLUMNS: FileColumns<ItemColumn> = {
  reads: ['sku', 'quantity', 'shops'],
  informing: [],
  needs: [['sku'], ['quantity'], ['shops']],
};

/** A row of a file of items. Of a faulty one, what could not be read is 0 and empty. */
export interface ItemRow extends FileRow {
  /** What each of the shops gets. */
  readonly quantity: number;
  readonly shops: readonly ShopId[];
}

/** What of a file's rows there is at the seller's. */
export interface KnownNames {
  readonly skus: ReadonlySet<string>;
  readonly shops: ReadonlySet<string>;
}

/** Most shops of one row. */
export const MOST_ITEM_SHOPS = 50;
const LONGEST_SHOP = 64;
const BETWEEN_SHOPS = /[\s,;]+/;

/** Reads one row by the header; every fault of it is named. */
export function readItemRow(header: FileHeader<ItemColumn>, row: number, cells: readonly string[]): ItemRow {
  const cell = (column: ItemColumn): string => cells[header.get(column) ?? -1] ?? '';
  const sku = given(readText(cell('sku'), LONGEST_SKU));
  const quantity = given(readWhole(cell('quantity'), 1));
  const shops = given(readShops(cell('shops')));
  const faults = faultsOf({ sku, quantity, shops });
  return {
    ...{ row, sku: sku.value ?? clippedCell(cell('sku')), quantity: quantity.value ?? 0, shops: shops.value ?? [] },
    ...(faults.length > 0 && { faults }),
  };
}

/** The row with a fault for each name that the seller does not have, also beside other faults. */
export function faultUnknown(row: ItemRow, known: KnownNames): ItemRow {
  const isRead = !(row.faults ?? []).some(({ column }) => column === 'sku');
  const faults = [
    ...(isRead && !known.skus.has(row.sku) ? [{ column: 'sku', message: 'there is no such sku' }] : []),
    ...row.shops
      .filter((shop) => !known.shops.has(shop))
      .map((shop) => ({ column: 'shops', message: `there is no shop ${shop}` })),
  ];
  return faults.reduce(withFault, row);
}

function readShops(cell: string): ReadCell<readonly ShopId[]> {
  const { value = '', fault } = readText(cell, MOST_ITEM_SHOPS * (LONGEST_SHOP + 1));
  if (fault !== undefined) return { fault };
  const shops = value.split(BETWEEN_SHOPS).filter((shop) => shop !== '') as ShopId[];
  if (shops.length === 0) return {};
  if (shops.length > MOST_ITEM_SHOPS) return { fault: `must name at most ${MOST_ITEM_SHOPS} shops` };
  if (shops.some(({ length }) => length > LONGEST_SHOP)) return { fault: 'must hold only ids of shops' };
  return new Set(shops).size < shops.length ? { fault: 'must name each shop once' } : { value: shops };
}
