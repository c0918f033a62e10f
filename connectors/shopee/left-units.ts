import { keyOfModel } from './listing-key';
import type { ShopeeOrder } from './order-schema';

/** [S5] the carrier has had the parcel. `COD_REJECTED` is a screening before shipping, `PICKUP_FAILED` no pick-up. */
const LEFT = new Set([
  'LOGISTICS_PICKUP_DONE',
  'LOGISTICS_DELIVERY_DONE',
  'LOGISTICS_DELIVERY_FAILED',
  'LOGISTICS_LOST',
]);
/** [S5] the parcel is still with the seller. */
const HERE = new Set([
  'LOGISTICS_NOT_START',
  'LOGISTICS_PENDING_ARRANGE',
  'LOGISTICS_READY',
  'LOGISTICS_REQUEST_CREATED',
  'LOGISTICS_PICKUP_RETRY',
  'LOGISTICS_PICKUP_FAILED',
  'LOGISTICS_REQUEST_CANCELED',
  'LOGISTICS_COD_REJECTED',
  'LOGISTICS_INVALID',
]);

/** Units per listing key that a carrier has had; `everything` where packages do not tell their items. */
export interface LeftUnits {
  readonly everything: boolean;
  readonly byKey: ReadonlyMap<string, number>;
  /** Statuses no fact names. */
  readonly unknown: readonly string[];
}

/** Reads from the packages, and from the pick-up instant where they do not tell, what left the seller. */
export function leftUnits(order: ShopeeOrder): LeftUnits {
  const packages = order.package_list ?? [];
  const byKey = new Map<string, number>();
  const left = packages.filter((parcel) => LEFT.has(parcel.logistics_status ?? ''));
  for (const item of left.flatMap((parcel) => parcel.item_list ?? [])) {
    const key = keyOfModel(item.item_id, item.model_id ?? '0');
    byKey.set(key, (byKey.get(key) ?? 0) + (item.model_quantity ?? 1));
  }
  const isUnnamed = left.some((parcel) => (parcel.item_list ?? []).length === 0) && left.length === packages.length;
  const isUntold = packages.every((parcel) => parcel.logistics_status === undefined);
  const pickedUp = isUntold && (order.pickup_done_time ?? 0) > 0;
  const unknown = packages.flatMap(({ logistics_status: status }) =>
    status === undefined || LEFT.has(status) || HERE.has(status) ? [] : [status],
  );
  return { everything: isUnnamed || pickedUp, byKey, unknown };
}
