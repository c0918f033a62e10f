import { foldMove, openUnitsOf, type Holdings } from './fold-moves';
import type { OrderId } from '../ids';
import type { Want } from './stock-request';
import { stockOf, type Holding, type Move, type Position, type Quota, type Stock } from './position';

/** Units that came or went before the move of version `v`, and that no move tells of: one is missing, or was edited. */
export interface Gap {
  readonly v: number;
  readonly at: number;
  readonly onHand: number;
  readonly committed: number;
}

/** Moves as an audit walked them. */
export interface Walk {
  /** What they make of the position; where a gap is, what is on hand goes on as the next move tells. */
  readonly position: Position;
  readonly holdings: Holdings;
  readonly gaps: readonly Gap[];
  /** Moves that were applied twice. */
  readonly doubles: readonly Move[];
  /** Ids that may stand for two moves: those still with the position may be in the archive too. */
  readonly suspects: ReadonlySet<string>;
  readonly seen: ReadonlySet<string>;
}

/** In what a position differs from its moves. */
export type StockDifference =
  | { readonly kind: 'number'; readonly name: keyof Stock; readonly is: unknown; readonly right: unknown }
  | { readonly kind: 'quota'; readonly quota: string; readonly is: Kept | undefined; readonly right: Kept | undefined }
  | ({ readonly kind: 'gap' } & Gap)
  | { readonly kind: 'double'; readonly move: string; readonly v: number };

type Kept = Pick<Quota, 'remaining' | 'lost'>;

/** A walk that begins at `position`. */
export const walkFrom = (position: Position, suspects: ReadonlySet<string> = new Set()): Walk => ({
  ...{ position, suspects, holdings: new Map(), gaps: [], doubles: [], seen: new Set<string>() },
});

/**
 * Walks moves on, in the order of their commits. Each tells the numbers after it: where they do not follow from the
 * change it tells of, something between it and the one before it is not told. A repair is a new beginning.
 */
export function walkMoves(walk: Walk, moves: readonly Move[]): Walk {
  const holdings = new Map(walk.holdings);
  const seen = new Set(walk.seen);
  let { position, gaps, doubles } = walk;
  for (const move of moves) {
    const isDouble = seen.has(move.id);
    if (isDouble) doubles = [...doubles, move];
    if (walk.suspects.has(move.id)) seen.add(move.id);
    const folded = isDouble ? position : foldMove(position, move, heldBefore(holdings, move));
    if (move.order !== undefined && move.holding !== undefined) holdings.set(move.order, move.holding);
    if (move.kind === 'repair') [gaps, doubles] = [[], []];
    const [onHand, committed] = [move.onHand - folded.onHand, move.committed - folded.committed];
    if (onHand !== 0 || committed !== 0) gaps = [...gaps, { v: move.v, at: move.at, onHand, committed }];
    position = { ...folded, v: move.v, onHand: move.onHand, committed: move.committed };
  }
  return { position, holdings, gaps, doubles, seen, suspects: walk.suspects };
}

const heldBefore = (holdings: Map<OrderId, Holding>, { order }: Move): Holding | undefined =>
  order === undefined ? undefined : holdings.get(order);

/**
 * What is right by the moves. Committed is the sum of what they tell, whatever is missing: an order whose move is gone
 * is brought again. What is on hand was seen by people and shipped: it stays as the last move tells, but for moves that
 * were applied twice, and for `owed`, what orders will take or bring when they are brought again.
 */
export function rightOf(walk: Walk, owed = 0): Stock {
  const lost = walk.gaps.reduce((sum, gap) => sum + gap.committed, 0);
  const twice = walk.doubles.reduce((sum, move) => sum + (move.units ?? 0), 0);
  const told = walk.gaps.reduce((sum, gap) => sum + gap.onHand, 0) - twice;
  const taken = Math.sign(told) === Math.sign(owed) ? Math.sign(owed) * Math.min(Math.abs(told), Math.abs(owed)) : 0;
  const { position } = walk;
  return { ...stockOf(position), onHand: position.onHand - twice - taken, committed: position.committed - lost };
}

const NUMBERS = ['counted', 'onHand', 'committed', 'safetyBuffer', 'exposure', 'lowStockAt'] as const;

const sameValue = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** In what a position differs from what its moves make of it; empty when nothing does. */
export function auditPosition(position: Position, walk: Walk): readonly StockDifference[] {
  return [
    ...walk.gaps.map((gap) => ({ kind: 'gap' as const, ...gap })),
    ...walk.doubles.map(({ id, v }) => ({ kind: 'double' as const, move: id, v })),
    ...NUMBERS.filter((name) => !sameValue(position[name], walk.position[name])).map((name) => ({
      kind: 'number' as const,
      ...{ name, is: position[name], right: walk.position[name] },
    })),
    ...quotaDifferences(position.quotas, walk.position.quotas),
  ];
}

function quotaDifferences(are: readonly Quota[], right: readonly Quota[]): readonly StockDifference[] {
  const ids = [...new Set([...right, ...are].map(({ id }) => id))];
  return ids.flatMap((quota): readonly StockDifference[] => {
    const [is, should] = [keptOf(are, quota), keptOf(right, quota)];
    return sameValue(is, should) ? [] : [{ kind: 'quota', quota, is, right: should }];
  });
}

function keptOf(quotas: readonly Quota[], id: string): Kept | undefined {
  const quota = quotas.find((each) => each.id === id);
  return quota && { remaining: quota.remaining, lost: quota.lost ?? 0 };
}

/** In what an order's share of a sku differs from its newest move there. */
export interface ShareDifference {
  /** Sku units, as the order asks. */
  readonly wanted: Want;
  /** As its newest move tells; undefined: it has none. */
  readonly held: Want | undefined;
}

/** What an order wants of a sku beside what its newest move there says that it holds. */
export function auditShare(wanted: Want, newest: Move | undefined): ShareDifference | undefined {
  const held = newest?.holding && shareOf(newest.holding);
  const { held: units, shipped, restocked } = wanted;
  const asked = { held: units, shipped, restocked };
  if (held === undefined && units === 0 && shipped === 0 && restocked === 0) return undefined;
  return sameValue(asked, held) ? undefined : { wanted: asked, held };
}

const shareOf = (holding: Holding): Want => ({
  held: openUnitsOf(holding) + holding.shipped,
  shipped: holding.shipped,
  restocked: holding.restocked,
});

/** Units on hand that bringing the order again will take (negative) or bring. */
export function owedOf({ wanted, held }: ShareDifference): number {
  const before = held ?? { held: 0, shipped: 0, restocked: 0 };
  return wanted.restocked - before.restocked - (wanted.shipped - before.shipped);
}
