import { NOTHING_HELD } from './bring-order';
import type { OrderId } from '../ids';
import { changedBy, sumUnits, type Holding, type Move, type Position, type Quota } from './position';

/** What each order holds of one sku. */
export type Holdings = ReadonlyMap<OrderId, Holding>;

/** A position rebuilt from moves, and what the orders among them hold. */
export interface FoldedMoves {
  readonly position: Position;
  readonly holdings: Holdings;
}

/** Moves as they were committed; each of them once, whether it was read from the archive or with its position. */
export function inCommitOrder(moves: readonly Move[]): readonly Move[] {
  const once = new Map(moves.map((move) => [`${move.v}|${move.id}`, move]));
  return [...once.values()].sort((one, other) => one.v - other.v || (one.turn ?? 0) - (other.turn ?? 0));
}

/** Units that a holding keeps committed: drawn, and not shipped. */
export const openUnitsOf = (holding: Holding): number => sumUnits(holding.drew) - holding.shipped;

/** A quota after an order's parts of it became others. */
function withParts(quota: Quota, before: Holding, after: Holding): Quota {
  const given = before.drew.filter((part) => part.quota === quota.id);
  const taken = after.drew.filter((part) => part.quota === quota.id);
  const back = given.reduce((left, part) => changedBy(left, part, part.units), quota);
  return taken.reduce((left, part) => changedBy(left, part, -part.units), back);
}

function foldOrder(position: Position, before: Holding, after: Holding): Position {
  return {
    ...position,
    committed: position.committed + openUnitsOf(after) - openUnitsOf(before),
    quotas: position.quotas.map((quota) => withParts(quota, before, after)),
  };
}

/** The position after one more move, from what the move tells of its change; `before`: what its order held. */
export function foldMove(position: Position, move: Move, before: Holding = NOTHING_HELD): Position {
  const moved: Position = { ...position, v: move.v, onHand: position.onHand + (move.units ?? 0) };
  switch (move.kind) {
    case 'order':
      return foldOrder(moved, before, move.holding ?? NOTHING_HELD);
    case 'count':
      return { ...moved, onHand: move.onHand, counted: true };
    case 'manual':
      return moved;
    case 'quota-start':
      return move.quota === undefined ? moved : { ...moved, quotas: [...position.quotas, move.quota] };
    case 'quota-end':
      return { ...moved, quotas: position.quotas.filter(({ id }) => id !== move.quota?.id) };
    case 'rules':
      return { ...moved, ...move.rules };
    case 'repair':
      return { ...moved, ...move.repaired };
  }
}

/**
 * Rebuilds a position from moves in the order of their commits. `start` is the position before them, with what the
 * orders that they change held then.
 */
export function foldMoves(start: FoldedMoves, moves: readonly Move[]): FoldedMoves {
  const holdings = new Map(start.holdings);
  const position = moves.reduce((folded, move) => {
    const before = move.order === undefined ? undefined : holdings.get(move.order);
    if (move.order !== undefined) holdings.set(move.order, move.holding ?? NOTHING_HELD);
    return foldMove(folded, move, before);
  }, start.position);
  return { position, holdings };
}
