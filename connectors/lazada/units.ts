import { channelStockKey, type LineState } from '../../src/domain';
import { readAmount, readInstant } from './amounts';
import type { ItemRow } from './order-payload';
import { skuIdOfShopSku } from './products';
import { lineStatus, readStatus, type UnitReading } from './statuses';

/** One item row, read: one unit of one listing. */
export interface Unit extends UnitReading {
  readonly itemId: string;
  readonly listingKey: string;
  readonly unitPrice: number;
  readonly inChannelWarehouse: boolean;
  readonly updatedAt: number;
  readonly sellerSku: string | undefined;
  readonly title: string | undefined;
}

export type UnitFault = { readonly cause: 'malformed' | 'unknown-status'; readonly reason: string };

/** How a row's money and instants are read. */
export interface Reading {
  readonly currency: string;
  readonly offsetWhenMissing: string | undefined;
  /** What `shipping_type` Warehouse means where nothing else tells whose it is (QUIRKS 25). */
  readonly warehouseIs: 'channel' | 'seller';
}

/** Reads one row, or says what is wrong with it. */
export function readUnit(row: ItemRow, reading: Reading): Unit | UnitFault {
  const { currency, offsetWhenMissing } = reading;
  const at = `item ${row.order_item_id}`;
  const skuId = row.sku_id ?? skuIdOfShopSku(row.shop_sku);
  if (skuId === undefined) return { cause: 'malformed', reason: `${at}: no sku_id` };
  const unitPrice = readAmount(row.item_price, currency);
  if (unitPrice === undefined) return { cause: 'malformed', reason: `${at}: item_price is no amount in ${currency}` };
  const updatedAt = row.updated_at ? readInstant(row.updated_at, offsetWhenMissing) : 0;
  if (updatedAt === undefined) return { cause: 'malformed', reason: `${at}: updated_at is no instant` };
  const status = readStatus(row.status, row.cancel_return_initiator);
  if (status === undefined) return { cause: 'unknown-status', reason: `${at}: status ${row.status.slice(0, 64)}` };
  const inChannelWarehouse = isInChannelWarehouse(row, reading.warehouseIs);
  if (inChannelWarehouse === undefined) {
    return { cause: 'unknown-status', reason: `${at}: shipping_type ${row.shipping_type?.slice(0, 64)}` };
  }
  return {
    ...status,
    itemId: row.order_item_id,
    listingKey: skuId,
    unitPrice,
    inChannelWarehouse,
    updatedAt,
    sellerSku: row.sku,
    title: row.name !== undefined && row.variation !== undefined ? `${row.name} (${row.variation})` : row.name,
  };
}

const JIT_STOCK = '70020';

/** `is_fbl` decides where it is told; undefined for a shipping type that no fact names. [L4 doc] */
function isInChannelWarehouse(row: ItemRow, warehouseIs: 'channel' | 'seller'): boolean | undefined {
  if (row.is_fbl === true || row.biz_group === JIT_STOCK) return true;
  if (row.is_fbl === false || row.shipping_type === undefined) return false;
  if (/^(?:own\s*)?warehouse$/i.test(row.shipping_type)) return warehouseIs === 'channel';
  return /^drop[\s-]*shipping$/i.test(row.shipping_type) ? false : undefined;
}

/**
 * One line per listing and unit price, ordered by its id. In an order of both kinds, units in Lazada's warehouse get
 * a key of their own that no listing has, so that they move no stock of the seller (QUIRKS 10).
 */
export function linesOf(units: readonly Unit[], mixedWarehouses: boolean): readonly LineState[] {
  const groups = new Map<string, Unit[]>();
  for (const unit of units) {
    const key = mixedWarehouses && unit.inChannelWarehouse ? channelStockKey(unit.listingKey) : unit.listingKey;
    const id = `${key}@${unit.unitPrice}`;
    const group = groups.get(id) ?? [];
    group.push({ ...unit, listingKey: key });
    groups.set(id, group);
  }
  const lines = [...groups].flatMap(([id, group]) => lineOf(id, group));
  return lines.sort((left, right) => (left.id < right.id ? -1 : 1));
}

function lineOf(id: string, group: readonly Unit[]): readonly LineState[] {
  const [first] = [...group].sort((left, right) => (left.itemId < right.itemId ? -1 : 1));
  if (first === undefined) return [];
  const { listingKey, unitPrice, sellerSku, title } = first;
  return [
    {
      id,
      listingKey,
      ...(sellerSku === undefined ? {} : { sellerSku }),
      ...(title === undefined ? {} : { title }),
      units: group.length,
      // Only what never left: the rest of a line is what is still held, so one unit must not count in both.
      cancelled: group.filter((unit) => unit.status === 'cancelled' && !unit.left).length,
      shipped: group.filter((unit) => unit.left).length,
      returned: group.filter((unit) => unit.back).length,
      unitPrice,
      status: lineStatus(group.map((unit) => unit.status)),
    },
  ];
}
