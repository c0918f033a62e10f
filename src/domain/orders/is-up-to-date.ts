import type { Order } from './order';

/** An order, and when its channel was last asked for it and said just this. */
export type ReadOrder = Pick<Order, 'updatedAt'> & { readonly readAt?: number };

/**
 * Whether a list that gives an order's update instant tells nothing new of it. Instants have whole seconds, and one
 * second may see two changes: so the order must have been read when that second was over.
 * @param settleMs a second, how far clocks may be apart, and how late a channel may show its own changes.
 */
export const isUpToDate = (order: ReadOrder, listedAt: number, settleMs: number): boolean =>
  order.updatedAt === listedAt && order.readAt !== undefined && order.readAt > listedAt + settleMs;
