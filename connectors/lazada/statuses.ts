import type { LineStatus } from '../../src/domain';

/** What one item row (one unit) says about stock. */
export interface UnitReading {
  readonly status: LineStatus;
  /** It physically left the seller. */
  readonly left: boolean;
  /** It came back to the seller. */
  readonly back: boolean;
}

const reading = (status: LineStatus, left = false, back = false): UnitReading => ({ status, left, back });

/**
 * Every documented item status [L4 doc][L2 doc]. A parcel that failed, got lost or is on its way back has left and
 * has not come back; only `returned` and `shipped_back_success` say that the seller has it again (QUIRKS 9).
 */
const STATUSES: ReadonlyMap<string, UnitReading> = new Map([
  ['unpaid', reading('unpaid')],
  ['pending', reading('paid')],
  ['topack', reading('paid')],
  ['packed', reading('paid')],
  ['repacked', reading('paid')],
  ['toship', reading('paid')],
  ['ready_to_ship', reading('paid')],
  ['shipping', reading('shipped', true)],
  ['shipped', reading('shipped', true)],
  ['delivered', reading('delivered', true)],
  ['failed', reading('shipped', true)],
  ['failed_delivery', reading('shipped', true)],
  ['lost', reading('shipped', true)],
  ['lost_by_3pl', reading('shipped', true)],
  ['damaged_by_3pl', reading('shipped', true)],
  ['package_scrapped', reading('shipped', true)],
  ['shipped_back', reading('shipped', true)],
  ['shipped_back_failed', reading('shipped', true)],
  ['shipped_back_success', reading('returned', true, true)],
  ['returned', reading('returned', true, true)],
  ['canceled', reading('cancelled')],
]);

/**
 * Reads an item row's status; undefined for one that no fact names.
 * A row cancelled because its delivery failed (`cancellation-failed Delivery`, [L4 doc]) had left: it keeps that.
 */
export function readStatus(status: string, cancelInitiator: string | undefined): UnitReading | undefined {
  const known = STATUSES.get(status.trim().toLowerCase());
  if (known?.status !== 'cancelled') return known;
  return { ...known, left: /failed[\s_-]*delivery/i.test(cancelInitiator ?? '') };
}

/** From the least to the furthest: a line shows its least advanced unit that is not cancelled. */
const ORDERED: readonly LineStatus[] = ['unpaid', 'paid', 'shipped', 'delivered', 'returned', 'cancelled'];

/** The status of a line whose units may differ. */
export const lineStatus = (units: readonly LineStatus[]): LineStatus =>
  ORDERED.find((status) => units.includes(status)) ?? 'cancelled';
