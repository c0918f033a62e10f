import { z } from 'zod';
import type { ShopAccess } from '../kit';
import { fieldsOf, optionalQuantity as quantity } from './fields';
import { choiceOf } from './settings';

const WAREHOUSE = z.object({
  sellableQuantity: quantity,
  totalQuantity: quantity,
  occupyQuantity: quantity,
  withholdQuantity: quantity,
});

/** FBL stock stands apart in `fblWarehouseInventories[]` and cannot be written: it is not read. [L5 doc] */
const SKU = z.object({
  quantity,
  Available: quantity,
  multiWarehouseInventories: z.array(WAREHOUSE).optional().catch(undefined),
});

/**
 * What buyers can buy of a SKU as `/products/get` shows it, at least 0; undefined where it does not say.
 * It is Σ `sellableQuantity` of the seller's own warehouses, the campaign's lock included. [L12 obs]
 * Where a warehouse does not say it, it is total − occupy − withhold [L2 doc]; where none is listed, the top-level
 * `quantity`, of which the sources disagree whether it is sellable (measured) or total (QUIRKS 3).
 */
export function readSellable(sku: unknown, settings: ShopAccess['settings']): number | undefined {
  const { quantity: top, Available, multiWarehouseInventories } = SKU.parse(fieldsOf(sku));
  const warehouses = (multiWarehouseInventories ?? []).map(warehouseSellable);
  const sum = warehouses.reduce<number>((total, units) => total + (units ?? 0), 0);
  if (warehouses.length > 0 && !warehouses.includes(undefined) && Number.isSafeInteger(sum)) return Math.max(0, sum);
  const units = choiceOf(settings, 'quantityMeans') === 'sellable' ? (top ?? Available) : Available;
  return units === undefined ? undefined : Math.max(0, units);
}

function warehouseSellable(warehouse: z.infer<typeof WAREHOUSE>): number | undefined {
  const { sellableQuantity, totalQuantity, occupyQuantity, withholdQuantity } = warehouse;
  if (sellableQuantity !== undefined) return sellableQuantity;
  if (totalQuantity === undefined || occupyQuantity === undefined || withholdQuantity === undefined) return undefined;
  return totalQuantity - occupyQuantity - withholdQuantity;
}
