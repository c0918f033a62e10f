import {
  EMPTY_POSITION,
  freeOf,
  leftOf,
  seenByBuyers,
  sharedOf,
  type AttemptState,
  type ExposurePolicy,
  type Move,
  type Position,
  type Target,
} from '../domain';
import type { ListingRecord } from '../store/listings.store';
import { instantText } from './money-border';
import { present } from './present';
import type { ExposureView, LockView, MoveView, PublishedView, StockView } from './stock.schema';

/** What is stored about one sku. */
export interface StoredStock {
  readonly sku: string;
  readonly position: Position | undefined;
  readonly targets: readonly Target[];
  readonly listings: readonly ListingRecord[];
}

/** A sku's stock as it is answered. */
export function showStock({ sku, position = EMPTY_POSITION, targets, listings }: StoredStock): StockView {
  const { counted, onHand, committed, safetyBuffer, quotas } = position;
  return {
    ...{ sku, counted, onHand, committed, free: freeOf(position), shared: sharedOf(position), safetyBuffer },
    exposure: exposureOf(position, seenUnits(sku, targets, listings)),
    quotas: quotas.map(({ campaign, shop, mode, quantity, remaining }) => ({
      ...{ campaign, shop, mode, quantity, remaining },
    })),
    published: targets.map(publishedOf).sort((a, b) => (a.shop + a.listing < b.shop + b.listing ? -1 : 1)),
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

function exposureOf({ exposure, ...position }: Position, seen: number): ExposureView {
  const now = Math.max(0, seen - freeOf({ exposure, ...position }));
  return { policy: exposure.policy, allowed: allowedOf(exposure), now };
}

function allowedOf(exposure: ExposurePolicy): number | null {
  switch (exposure.policy) {
    case 'open':
      return null;
    case 'bounded':
      return exposure.units;
    case 'strict':
      return 0;
  }
}

/** Σ units × what buyers may see, in units of the sku. */
function seenUnits(sku: string, targets: readonly Target[], listings: readonly ListingRecord[]): number {
  const units = new Map(
    listings.map(({ shop, listing, parts }) => [
      `${shop}|${listing}`,
      parts.find((part) => part.sku === sku)?.units ?? 0,
    ]),
  );
  return targets.reduce(
    (sum, target) => sum + (units.get(`${target.shop}|${target.listing}`) ?? 0) * (seenByBuyers(target) ?? 0),
    0,
  );
}

function publishedOf(target: Target): PublishedView {
  const { shop, listing, wanted, sent, acknowledged, readBack } = target;
  const last = sent ?? acknowledged;
  const at = acknowledged?.at ?? sent?.at ?? wanted?.at;
  return {
    ...{ shop, listing, target: wanted?.units ?? null, sent: last?.units ?? null },
    acknowledged: acknowledged?.units ?? null,
    readBack: readBack?.units ?? null,
    version: wanted?.version ?? null,
    state: stateOf(target),
    at: at === undefined ? null : instantText(at),
    lock: lockViewOf(target),
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
