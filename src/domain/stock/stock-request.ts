import type { OrderId, ShopId } from '../ids';
import type { ExposurePolicy, Move, Quota, Sold, Stock } from './position';

/** What an order shall hold of one sku, in sku units: what is open or left, what left, what came back fit to sell. */
export interface Want {
  /** max(shipped, ordered − cancelled). */
  readonly held: number;
  readonly shipped: number;
  readonly restocked: number;
}

/** One wish to change one sku's stock. Its `id` makes a repeat do nothing. */
export type StockRequest =
  | {
      readonly kind: 'order';
      readonly id: string;
      readonly order: OrderId;
      readonly stockV: number;
      readonly shop: ShopId;
      readonly want: Want;
      /** A hold fits in shared or is refused; a sale that happened never is. */
      readonly mustFit: boolean;
      /** It is a hold that is not confirmed. */
      readonly isHold?: true;
      /** Absolute, like `want`: what the channel has taken off its own numbers. */
      readonly sold: readonly Sold[];
      /** The source's instants, ms: of the sale, and of the state. */
      readonly placedAt: number;
      readonly updatedAt: number;
      /** Why it is asked for anew, where an audit does. */
      readonly reason?: string;
      readonly by?: string;
    }
  | {
      readonly kind: 'count';
      readonly id: string;
      readonly onHand: number;
      readonly reason: string;
      readonly by: string;
    }
  | {
      readonly kind: 'manual';
      readonly id: string;
      readonly units: number;
      readonly reason: string;
      readonly by: string;
    }
  /** Does nothing where `id` was applied, takes it back where it was, and keeps a late one out. */
  | { readonly kind: 'undo-manual'; readonly id: string; readonly of: string; readonly by: string }
  /** `cut`: make what there is when the pool is smaller; else refuse. */
  | {
      readonly kind: 'quota-start';
      readonly id: string;
      readonly quota: Omit<Quota, 'remaining'>;
      readonly cut: boolean;
    }
  | { readonly kind: 'quota-end'; readonly id: string; readonly quota: string }
  | {
      readonly kind: 'rules';
      readonly id: string;
      readonly safetyBuffer?: number;
      readonly exposure?: ExposurePolicy;
      /** Null: nobody is told any more. */
      readonly lowStockAt?: number | null;
    }
  /** Sets the position that an audit saw at version `v` to what its moves say; at any other version, nothing. */
  | {
      readonly kind: 'repair';
      readonly id: string;
      readonly v: number;
      readonly stock: Stock;
      readonly reason: string;
      readonly by: string;
    }
  /** Nothing about the stock changed, but what shops show must be planned anew (a listing, a rule, a lock). */
  | { readonly kind: 'replan'; readonly id: string };

export type StockAnswer =
  | { readonly kind: 'done'; readonly move: Move }
  /** The same id was applied before; `move` is the one of that time. */
  | { readonly kind: 'duplicate'; readonly move: Move }
  /** A newer state of the order was applied before. */
  | { readonly kind: 'superseded'; readonly move: Move }
  /** Asked to be planned anew: no move. */
  | { readonly kind: 'planned' }
  /** `available`: how many units there were for this wish. */
  | { readonly kind: 'short'; readonly asked: number; readonly available: number }
  | { readonly kind: 'unknown-quota' }
  /** The position is not any more what was to be repaired. */
  | { readonly kind: 'overtaken' };
