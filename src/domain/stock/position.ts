import type { ListingId, OrderId, ShopId } from '../ids';

export type QuotaMode = 'allocation' | 'reservation';

/** Units held for one shop by a campaign. */
export interface Quota {
  readonly id: string;
  readonly campaign: string;
  readonly shop: ShopId;
  readonly mode: QuotaMode;
  readonly quantity: number;
  readonly remaining: number;
  /** Units of it that other shops' sales hold. */
  readonly lost?: number;
  /** Somebody is told when no more than this part of `quantity` is left. */
  readonly lowStockPercent?: number;
}

export type ExposurePolicy =
  { readonly policy: 'open' } | { readonly policy: 'bounded'; readonly units: number } | { readonly policy: 'strict' };

/**
 * Where a drawn unit came from: `pool` is all that nobody holds, `quota` the shop's own, `other` another shop's,
 * `short` a unit that was not there.
 */
export interface Part {
  readonly from: 'pool' | 'short' | 'quota' | 'other';
  /** Which quota, for `quota` and `other`. */
  readonly quota?: string;
  readonly units: number;
}

/** What an order holds of one sku: the parts it drew (shipped ones included), and what left and came back. */
export interface Holding {
  readonly drew: readonly Part[];
  readonly shipped: number;
  readonly restocked: number;
  /** What the order holds of each listing whose first part is this sku, in sale units. */
  readonly sold?: readonly Sold[];
}

/** Sale units of one listing that an order holds: what the channel has taken off what buyers see. */
export interface Sold {
  readonly listing: ListingId;
  readonly units: number;
  /** Those of them that have not left yet. */
  readonly open: number;
}

/** A change of what one listing's buyers see that the channel made by itself: a sale lowers, a cancellation raises. */
export interface Shown {
  readonly listing: ListingId;
  /** Sale units; negative for a sale. */
  readonly units: number;
  /** Change of the listing's sale units in open orders. */
  readonly open: number;
  /** The channel's instant, ms. */
  readonly at: number;
}

export type MoveKind = 'order' | 'count' | 'manual' | 'quota-start' | 'quota-end' | 'rules' | 'repair';

/** One change of stock, applied once, never edited. Units are sku units. */
export interface Move {
  /** Order, sku and stockV; or the count's, manual move's or campaign step's own id. */
  readonly id: string;
  readonly kind: MoveKind;
  /** The position's version that this move was committed with. */
  readonly v: number;
  /** Its place among the moves of its version; absent for the first. */
  readonly turn?: number;
  /** The hub's instant of the commit, ms. */
  readonly at: number;
  /** The position's numbers after this move. */
  readonly onHand: number;
  readonly committed: number;
  /** Change of onHand; absent when it did not change. */
  readonly units?: number;
  readonly order?: OrderId;
  readonly stockV?: number;
  readonly shop?: ShopId;
  /** The order is a hold that is not confirmed. */
  readonly hold?: true;
  /** What the order holds after this move. */
  readonly holding?: Holding;
  readonly shown?: readonly Shown[];
  /** Parts this move took from other shops' quotas. */
  readonly broke?: readonly Part[];
  /** Units that were not there. */
  readonly short?: number;
  readonly quota?: Quota;
  /** What a `rules` move set. */
  readonly rules?: Partial<Pick<Position, 'safetyBuffer' | 'exposure' | 'lowStockAt'>>;
  /** What a `repair` made of the position. */
  readonly repaired?: Stock;
  readonly reason?: string;
  readonly by?: string;
}

/** A sku's stock. Every number is in sku units. */
export interface Position {
  readonly v: number;
  /** False until a count: it commits, publishes nothing, opens no `oversold`. */
  readonly counted: boolean;
  readonly onHand: number;
  readonly committed: number;
  readonly safetyBuffer: number;
  readonly exposure: ExposurePolicy;
  /** Oldest first. */
  readonly quotas: readonly Quota[];
  /** Somebody is told when no more than this is free; null once that was taken back. */
  readonly lowStockAt?: number | null;
}

/** A position without how often it was written. */
export type Stock = Omit<Position, 'v'>;

export const EMPTY_POSITION: Position = {
  v: 0,
  counted: false,
  onHand: 0,
  committed: 0,
  safetyBuffer: 0,
  exposure: { policy: 'open' },
  quotas: [],
};

/** A position without how often it was written, and without what else is stored with it. */
export function stockOf(position: Position): Stock {
  const { counted, onHand, committed, safetyBuffer, exposure, quotas, lowStockAt } = position;
  const numbers = { counted, onHand, committed, safetyBuffer, exposure, quotas };
  return lowStockAt === undefined ? numbers : { ...numbers, lowStockAt };
}

export const sumUnits = (parts: readonly { readonly units: number }[]): number =>
  parts.reduce((sum, part) => sum + part.units, 0);

export const freeOf = (position: Position): number => position.onHand - position.committed;

/** Units that quotas hold: Σ remaining. */
export const heldByQuotas = (position: Position): number =>
  position.quotas.reduce((sum, quota) => sum + quota.remaining, 0);

/** What every shop may sell from: free, less what quotas hold, less the safety buffer; at least 0. */
export const sharedOf = (position: Position): number =>
  Math.max(0, freeOf(position) - heldByQuotas(position) - position.safetyBuffer);

/** A quota after a part of it was taken (negative) or came back; what other shops hold of it is counted apart. */
export function changedBy(quota: Quota, part: Part, units: number): Quota {
  const changed = { ...quota, remaining: quota.remaining + units };
  return part.from === 'other' ? { ...changed, lost: (quota.lost ?? 0) - units } : changed;
}
