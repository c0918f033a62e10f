import type { ListingId, OrderId, SellerId, ShopId } from '../ids';

export type LineStatus = 'unpaid' | 'paid' | 'shipped' | 'delivered' | 'cancelled' | 'returned';
export type OrderStatus = LineStatus | 'mixed';
export const LINE_STATUSES: readonly LineStatus[] = ['unpaid', 'paid', 'shipped', 'delivered', 'cancelled', 'returned'];

/** Money by component in minor units of the order's currency; `paid` is what the buyer paid. */
export interface OrderTotals {
  readonly items: number;
  readonly discountSeller: number;
  readonly discountChannel: number;
  readonly shipping: number;
  readonly tax: number;
  readonly paid: number;
}

/**
 * What one listing at one unit price holds in an order, summed over the channel's rows.
 * Counts are in sale units of the listing (a 3-pack sold twice is 2) and are totals so far, never changes.
 */
export interface LineState {
  /** Stable inside the order: listing key and unit price. */
  readonly id: string;
  /** The channel's identity of what was sold, as the connector's `listingKey` writes it. */
  readonly listingKey: string;
  readonly sellerSku?: string;
  readonly title?: string;
  readonly units: number;
  readonly cancelled: number;
  readonly shipped: number;
  readonly returned: number;
  /** Minor units of the order's currency, before vouchers. */
  readonly unitPrice: number;
  readonly status: LineStatus;
}

export interface Buyer {
  readonly name?: string;
  readonly phone?: string;
  readonly address?: string;
}

const CHANNEL_STOCK = 'channel-stock:';

/**
 * The key of units that a marketplace sends from its own warehouse inside an order that the seller sends too. No
 * listing has it, so they move none of the seller's stock, and nobody is told of an unmapped listing.
 */
export const channelStockKey = (listingKey: string): string => CHANNEL_STOCK + listingKey;
export const isChannelStock = (listingKey: string): boolean => listingKey.startsWith(CHANNEL_STOCK);

/** An order as a source tells it: a whole state, not a change. */
export interface OrderState {
  readonly externalId: string;
  /** The number a person knows the order by, where it is not the id (Zalora). */
  readonly reference?: string;
  /** Milliseconds since 1970, the source's clock. */
  readonly placedAt: number;
  readonly updatedAt: number;
  readonly currency: string;
  readonly status: OrderStatus;
  readonly lines: readonly LineState[];
  readonly totals: OrderTotals;
  /** `channel`: sent from the marketplace's own warehouse; kept, but moves no stock. */
  readonly fulfilledBy: 'seller' | 'channel';
  readonly buyer?: Buyer;
  readonly shipBy?: number;
}

/** A sku and how many of its units one sale takes. */
export interface SkuUnits {
  readonly sku: string;
  readonly units: number;
}

/** A stored line: what it was first resolved to stays, whatever happens to the listing. */
export interface OrderLine extends LineState {
  /** Undefined while no listing was known for the key. */
  readonly listing?: ListingId;
  readonly parts?: readonly SkuUnits[];
  /** Units of the returned ones that are fit to sell again. */
  readonly restocked: number;
}

export type FactKind =
  | 'OrderPlaced'
  | 'OrderPaid'
  | 'OrderCancelled'
  | 'OrderReinstated'
  | 'OrderShipped'
  | 'OrderDelivered'
  | 'StockReturned'
  | 'StockRestocked';

/** What changed in an order, past tense. `units` in sale units of the line. */
export interface Fact {
  readonly kind: FactKind;
  readonly line?: string;
  readonly units?: number;
  /** The source's update instant, ms. */
  readonly at: number;
  /** The order's version that holds this fact. */
  readonly v: number;
}

export type HoldStatus = 'pending' | 'held' | 'refused' | 'released' | 'expired' | 'confirmed';

/** The stored order. A hold of the seller's storefront is one of these with `hold`. */
export interface Order {
  readonly id: OrderId;
  readonly seller: SellerId;
  readonly channel: string;
  readonly shop: ShopId;
  readonly externalId: string;
  readonly reference?: string;
  /** Rises with every write. */
  readonly v: number;
  /** Rises only when a unit count changes; moves are numbered by it. */
  readonly stockV: number;
  readonly status: OrderStatus;
  readonly placedAt: number;
  readonly updatedAt: number;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly totals: OrderTotals;
  readonly fulfilledBy: 'seller' | 'channel';
  readonly shipBy?: number;
  readonly facts: readonly Fact[];
  readonly hold?: { readonly status: HoldStatus; readonly expiresAt: number };
}
