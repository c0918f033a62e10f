import { factsBetween } from './facts-between';
import type { ListingId, OrderId, SellerId, ShopId } from '../ids';
import type { Fact, LineState, Order, OrderLine, OrderState, SkuUnits } from './order';

/** What a listing key stands for now. */
export interface Resolved {
  readonly listing?: ListingId;
  readonly parts: readonly SkuUnits[];
}

/** Everything a merge needs besides the two states. */
export interface MergeContext {
  readonly id: OrderId;
  readonly seller: SellerId;
  readonly shop: ShopId;
  readonly channel: string;
  /** `auto`: what came back is fit to sell; `confirm`: a person says so. */
  readonly restock: 'auto' | 'confirm';
  readonly resolve: (listingKey: string) => Resolved | undefined;
}

export type Merged =
  | { readonly kind: 'older' | 'same' }
  /** `equalInstant`: the source's clock says nothing about which is newer. */
  | { readonly kind: 'changed'; readonly order: Order; readonly equalInstant: boolean };

/** Most facts kept with an order; the oldest go first. */
export const MOST_FACTS = 200;

function mergeLine(stored: OrderLine | undefined, state: LineState, context: MergeContext): OrderLine {
  const resolved = stored?.parts === undefined ? context.resolve(state.listingKey) : stored;
  /** What left has left: a source that no longer says so does not bring it back. */
  const shipped = Math.max(state.shipped, Math.min(stored?.shipped ?? 0, state.units));
  const restocked = context.restock === 'auto' ? state.returned : Math.min(stored?.restocked ?? 0, state.returned);
  return {
    ...state,
    shipped,
    restocked,
    ...(resolved?.listing === undefined ? {} : { listing: resolved.listing }),
    ...(resolved?.parts === undefined ? {} : { parts: resolved.parts }),
  };
}

/** A line that the source no longer tells of holds nothing that did not leave. */
const gone = (line: OrderLine): OrderLine => ({ ...line, cancelled: line.units - line.shipped, status: 'cancelled' });

/**
 * The stored line of each told one. A unit price is part of a line's id: one that was restated makes the line vanish
 * and another come, and what had left under the old price must not leave again.
 */
function predecessors(stored: readonly OrderLine[], told: readonly LineState[]): ReadonlyMap<string, OrderLine> {
  const found = new Map(stored.map((line) => [line.id, line]));
  const ids = new Set(told.map((line) => line.id));
  const vanished = stored.filter((line) => !ids.has(line.id));
  for (const line of told.filter(({ id }) => !found.has(id))) {
    const at = vanished.findIndex(({ listingKey }) => listingKey === line.listingKey);
    const [restated] = at < 0 ? [] : vanished.splice(at, 1);
    if (restated !== undefined) found.delete(restated.id);
    if (restated !== undefined) found.set(line.id, restated);
  }
  return found;
}

function mergeLines(stored: Order | undefined, state: OrderState, context: MergeContext): readonly OrderLine[] {
  const before = predecessors(stored?.lines ?? [], state.lines);
  const told = new Set(state.lines.map((line) => line.id));
  const vanished = [...before].flatMap(([id, line]) => (told.has(id) ? [] : [gone(line)]));
  return [...state.lines.map((line) => mergeLine(before.get(line.id), line, context)), ...vanished];
}

const sorted = (lines: readonly OrderLine[]): readonly OrderLine[] => [...lines].sort((a, b) => (a.id < b.id ? -1 : 1));

const countsOf = (lines: readonly OrderLine[]): string =>
  JSON.stringify(
    sorted(lines).map((line) => [
      line.id,
      line.units,
      line.cancelled,
      line.shipped,
      line.restocked,
      line.parts ?? null,
    ]),
  );

/** The order's content without versions, for *is this another state?* */
function contentOf(order: Omit<Order, 'v' | 'stockV' | 'facts'>): string {
  const lines = sorted(order.lines).map((line) => [
    [line.id, line.listingKey, line.units, line.cancelled, line.shipped, line.returned, line.restocked],
    [line.unitPrice, line.status, line.parts ?? null],
  ]);
  const { totals } = order;
  const money = [totals.items, totals.discountSeller, totals.discountChannel, totals.shipping, totals.tax, totals.paid];
  return JSON.stringify([
    order.status,
    order.placedAt,
    order.currency,
    order.fulfilledBy,
    order.shipBy ?? null,
    money,
    lines,
  ]);
}

function assemble(
  stored: Order | undefined,
  state: OrderState,
  context: MergeContext,
): Omit<Order, 'v' | 'stockV' | 'facts'> {
  return {
    id: context.id,
    seller: context.seller,
    channel: context.channel,
    shop: context.shop,
    externalId: state.externalId,
    status: state.status,
    placedAt: stored?.placedAt ?? state.placedAt,
    updatedAt: state.updatedAt,
    currency: state.currency,
    lines: mergeLines(stored, state, context),
    totals: state.totals,
    fulfilledBy: state.fulfilledBy,
    ...(state.reference === undefined ? {} : { reference: state.reference }),
    ...(state.shipBy === undefined ? {} : { shipBy: state.shipBy }),
    ...(stored?.hold === undefined ? {} : { hold: stored.hold }),
  };
}

const newest = (facts: readonly Fact[]): readonly Fact[] => facts.slice(-MOST_FACTS);

/**
 * Compares a source's state of an order with the stored one. Older states do nothing. A newer or an equal instant with
 * another content is the order's next version, with the facts that follow. `stockV` rises only when a unit count
 * changed (or a line came to be resolved).
 */
export function mergeOrder(stored: Order | undefined, state: OrderState, context: MergeContext): Merged {
  if (stored !== undefined && state.updatedAt < stored.updatedAt) return { kind: 'older' };
  const next = assemble(stored, state, context);
  const sameContent = stored !== undefined && contentOf(stored) === contentOf(next);
  if (sameContent && stored.updatedAt === state.updatedAt) return { kind: 'same' };
  const v = (stored?.v ?? 0) + 1;
  const counted = stored?.fulfilledBy === next.fulfilledBy && countsOf(stored.lines) === countsOf(next.lines);
  const facts = factsBetween(stored, next, v);
  const order: Order = {
    ...next,
    v,
    stockV: counted ? stored.stockV : (stored?.stockV ?? 0) + 1,
    facts: newest([...(stored?.facts ?? []), ...facts]),
  };
  return { kind: 'changed', order, equalInstant: stored?.updatedAt === state.updatedAt };
}
