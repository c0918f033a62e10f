import type {
  AuditDifference,
  ExposurePolicy,
  HoldStatus,
  Order,
  OrderId,
  OrderState,
  Quota,
  SellerId,
  ShopId,
  SkuUnits,
  StockAnswer,
} from '../domain';

/** One short line of a refused wish: sku units asked for and there. */
export interface ShortLine {
  readonly sku: string;
  readonly asked: number;
  readonly available: number;
}

export type AdjustAnswer =
  | { readonly kind: 'done' | 'duplicate' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'short'; readonly lines: readonly ShortLine[] };

export type HoldAnswer =
  | { readonly kind: 'made' | 'same'; readonly order: Order }
  /** The id stands for another hold or order. */
  | { readonly kind: 'conflict'; readonly order: Order }
  | { readonly kind: 'short'; readonly lines: readonly ShortLine[] };

export type HoldStepAnswer =
  | { readonly kind: 'done' | 'same'; readonly order: Order }
  /** The hold is in a state that allows no such step. */
  | { readonly kind: 'refused'; readonly status: HoldStatus }
  | { readonly kind: 'unknown' };

/**
 * Where other rooms ask for stock and wait for the answer. The ledger stands behind it; app.module.ts hangs it.
 * Every wish has an id: the same id again changes nothing.
 */
export abstract class StockDoor {
  /** Sets the count. Never changes a quota. */
  abstract count(
    seller: SellerId,
    sku: string,
    count: { id: string; onHand: number; reason: string; by: string },
  ): Promise<StockAnswer>;
  /** Relative, all lines or none. */
  abstract adjust(
    seller: SellerId,
    wish: { id: string; lines: readonly SkuUnits[]; reason: string; by: string },
  ): Promise<AdjustAnswer>;
  abstract setRules(
    seller: SellerId,
    sku: string,
    rules: { safetyBuffer?: number; exposure?: ExposurePolicy; lowStockAt?: number | null },
  ): Promise<StockAnswer>;
  /** Orders whose stock still waits are brought now; returns when that is durable. */
  abstract bring(orders: readonly OrderId[]): Promise<void>;
  /** What shops show of these skus is planned anew; returns when that is durable. */
  abstract replan(seller: SellerId, skus: readonly string[]): Promise<void>;
  abstract startQuota(
    seller: SellerId,
    sku: string,
    wish: { id: string; quota: Omit<Quota, 'remaining'>; cut: boolean },
  ): Promise<StockAnswer>;
  abstract endQuota(seller: SellerId, sku: string, wish: { id: string; quota: string }): Promise<StockAnswer>;
  /** All lines fit in shared, or none is taken. */
  abstract hold(
    seller: SellerId,
    wish: { id: string; lines: readonly SkuUnits[]; expiresInMs: number },
  ): Promise<HoldAnswer>;
  abstract release(seller: SellerId, id: string): Promise<HoldStepAnswer>;
  abstract confirm(seller: SellerId, id: string): Promise<HoldStepAnswer>;
}

export type AcceptAnswer =
  | { readonly kind: 'made' | 'moved' | 'same' | 'older'; readonly order: Order }
  /** Equal update instant, another state. */
  | { readonly kind: 'conflict'; readonly order: Order }
  /** A sku that the seller does not have; nothing was stored. */
  | { readonly kind: 'unknown-skus'; readonly skus: readonly string[] };

export type RestockAnswer =
  | { readonly kind: 'done'; readonly order: Order }
  | { readonly kind: 'unknown' }
  /** More than came back; `lines` are the ids concerned. */
  | { readonly kind: 'too-many'; readonly lines: readonly string[] };

/** A shop at a marketplace. */
export interface ShopRef {
  readonly seller: SellerId;
  readonly shop: ShopId;
}

/** What became of one order that a list named. */
export type LookAnswer =
  | { readonly externalId: string; readonly kind: 'written' | 'same' | 'older'; readonly order: Order }
  /** The channel's word about it can never be taken: a dead letter is kept. */
  | { readonly externalId: string; readonly kind: 'refused'; readonly why: string }
  /** It could not be read: the channel does not know it (yet), or answered what is no order. Nothing is kept. */
  | { readonly externalId: string; readonly kind: 'unread'; readonly why: string };

/** An order beside its channel's word of this moment. */
export type CompareAnswer =
  | { readonly externalId: string; readonly kind: 'compared'; readonly differences: readonly AuditDifference[] }
  | { readonly externalId: string; readonly kind: 'unread'; readonly why: string };

/** The one door by which orders come in without a marketplace's push. `normalize` stands behind it. */
export abstract class OrderDoor {
  /** An order of the seller's own site, phone or file; its lines' `listingKey` is the sku itself. */
  abstract accept(seller: SellerId, state: OrderState): Promise<AcceptAnswer>;
  /**
   * Reads orders of a marketplace that a list named, and writes what changed, as if pushes had told. An id comes once.
   * Nothing is left out: one answer per id, in their order. One that cannot be read is told as such and spoils no other.
   * @param listedAt the update instants that the list gave: what was read since is not read again.
   * @throws ChannelError when the channel could not be asked; then nothing was written.
   */
  abstract look(
    shop: ShopRef,
    externalIds: readonly string[],
    listedAt?: ReadonlyMap<string, number>,
  ): Promise<readonly LookAnswer[]>;
  /** Reads them as `look` does and compares, and writes nothing. @throws ChannelError */
  abstract compare(shop: ShopRef, externalIds: readonly string[]): Promise<readonly CompareAnswer[]>;
  /** A letter of an order that could not be read for long. */
  abstract bury(shop: ShopRef, externalId: string, why: string): Promise<void>;
  /** `units` is the total fit to sell so far, so that a repeat changes nothing. */
  abstract restock(
    seller: SellerId,
    order: string,
    lines: readonly { id: string; units: number }[],
  ): Promise<RestockAnswer>;
  /**
   * Looks once more at lines that no listing was known for. Answers with the orders that have none left: their dead
   * letters are settled by whoever asked.
   */
  abstract resolve(seller: SellerId, orders: readonly OrderId[]): Promise<readonly OrderId[]>;
}
