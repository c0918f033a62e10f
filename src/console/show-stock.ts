import {
  EMPTY_POSITION,
  freeOf,
  keyOf,
  leftOf,
  seenByBuyers,
  sharedOf,
  type AttemptState,
  type Move,
  type Position,
  type Target,
} from '../domain';
import type { ListingRecord } from '../store/listings.store';
import { instantText } from './money-border';
import { present } from './present';
import { proofsOf } from './publications.schema';
import { showExposure, type Seller } from './show-exposure';
import type { LockView, MoveView, PublishedView, StockView } from './stock.schema';

/** What is stored about one sku. */
export interface StoredStock {
  readonly sku: string;
  readonly position: Position | undefined;
  readonly targets: readonly Target[];
  readonly listings: readonly ListingRecord[];
  /** The instant that ages are counted to, ms. */
  readonly now: number;
}

/** A sku's stock as it is answered. */
export function showStock({ sku, position = EMPTY_POSITION, targets, listings, now }: StoredStock): StockView {
  const { counted, onHand, committed, safetyBuffer, quotas } = position;
  return {
    ...{ sku, counted, onHand, committed, free: freeOf(position), shared: sharedOf(position), safetyBuffer },
    exposure: showExposure(sku, position, { sellers: sellersOf(targets, listings), now }),
    quotas: quotas.map(({ campaign, shop, mode, quantity, remaining }) => ({
      ...{ campaign, shop, mode, quantity, remaining },
    })),
    published: targets
      .map((target) => publishedOf(target, now))
      .sort((a, b) => (a.shop + a.listing < b.shop + b.listing ? -1 : 1)),
  };
}

/** A move as it is answered. */
export function showMove(move: Move): MoveView {
  const { id, kind, at, onHand, committed, units, order, shop, holding, broke, short, reason, by } = move;
  const { drew, shipped, restocked } = holding ?? {};
  return {
    ...{ id, kind, at: instantText(at), onHand, committed },
    ...present({ units, order, shop, drew, shipped, restocked, broke, short, reason, by }),
  };
}

/** A target without a listing sells nothing any more. */
function sellersOf(targets: readonly Target[], listings: readonly ListingRecord[]): readonly Seller[] {
  const parts = new Map(listings.map((listing) => [keyOf(listing.shop, listing.listing), listing.parts]));
  return targets.map((target) => ({ target, parts: parts.get(keyOf(target.shop, target.listing)) ?? [] }));
}

function publishedOf(target: Target, now: number): PublishedView {
  const { shop, listing, wanted, sent, lastSent, acknowledged, readBack } = target;
  const last = sent ?? lastSent ?? acknowledged;
  const at = acknowledged?.at ?? sent?.at ?? wanted?.at;
  return {
    ...{ shop, listing, target: wanted?.units ?? null, sent: last?.units ?? null },
    acknowledged: acknowledged?.units ?? null,
    readBack: readBack?.units ?? null,
    version: wanted?.version ?? null,
    state: stateOf(target),
    at: at === undefined ? null : instantText(at),
    lock: lockViewOf(target),
    proof: proofsOf(target, now),
  };
}

/** What is left of the lock, as it was last heard of. */
function lockViewOf({ lock, drift }: Target): LockView | null {
  if (lock === undefined || lock.units === 0) return null;
  const { until, readAt, source } = lock;
  const end = until === undefined ? null : instantText(until);
  return { units: leftOf(lock, drift), until: end, readAt: instantText(readAt), source };
}

/** Where the listing stands, in the words of attempts. */
function stateOf(target: Target): AttemptState {
  if (target.refusal) return 'refused';
  if (target.wanted === undefined) return 'held';
  if (target.sent === undefined && seenByBuyers(target) === target.wanted.units) return 'done';
  return target.tries > 0 ? 'failed' : 'held';
}
