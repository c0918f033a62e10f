import type { DeliveryId, LongJobId, OrderId, PositionId, SellerId, ShopId } from '../domain';

/**
 * Every job of the hub: imperative, ids only. A job says *look at this*; whoever runs it reads the current truth.
 * One queue per urgency; each queue has its own Redis hash tag.
 */
export interface Jobs {
  /** Read the order that a kept push names. */
  normalize: { readonly delivery: DeliveryId };
  /** Bring every sku of an order to the order's state. */
  reserve: { readonly order: OrderId };
  /** Plan what shops show of one sku. */
  plan: { readonly position: PositionId };
  /** A shop has listings to write. */
  deliver: { readonly seller: SellerId; readonly shop: ShopId };
  /** Do the next step of long work. */
  advance: { readonly job: LongJobId };
}

export type JobName = keyof Jobs;
export const JOB_NAMES: readonly JobName[] = ['normalize', 'reserve', 'plan', 'deliver', 'advance'];
