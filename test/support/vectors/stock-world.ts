import type { Stage, VectorEvent } from './scenario';

export interface StockNumbers {
  readonly onHand: number;
  readonly committed: number;
  readonly free: number;
  readonly shared: number;
}

/** What an event did. A duplicate counts as accepted. */
export interface Applied {
  readonly refused: boolean;
  /** Kinds of the problems that it opened. */
  readonly problems: readonly string[];
}

/** What went out since the last event, where acknowledgements are given by hand. */
export interface Traffic {
  readonly sends: Readonly<Record<string, number>>;
  /** Listings whose number is wanted and not sent, because others must be lowered first. */
  readonly waits: readonly string[];
  /** What each listing's buyers see at the channel. */
  readonly shown: Readonly<Record<string, number>>;
}

/**
 * One seller's stock, orders and listings, in whatever is tested: the rules alone, the stores, or a hub over HTTP. An
 * event says everything that is needed to carry it out; each answer is given once the world is at rest.
 */
export interface StockWorld {
  apply(event: VectorEvent): Promise<Applied>;
  /** The number of every listing. */
  published(): Promise<Readonly<Record<string, number>>>;
  /** By sku. */
  stock(): Promise<Readonly<Record<string, StockNumbers>>>;
  /** What remains of each live quota, by the name its event gave. */
  quotas(): Promise<Readonly<Record<string, number>>>;
  /** Σ over skus of max(0, Σ units × what buyers may see − free). */
  exposed(): Promise<number>;
  traffic(): Promise<Traffic>;
  close(): Promise<void>;
}

/** Sets a world up: shops, skus counted, listings planned and shown. */
export type OpenWorld = (stage: Stage) => Promise<StockWorld>;
