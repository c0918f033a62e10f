import { decideMove } from './decide-move';
import { keyOf } from '../ids';
import type { Move, Position } from './position';
import type { StockAnswer, StockRequest } from './stock-request';

/** Wishes folded over one position: where it ends, the moves in their order, and each wish's own answer. */
export interface Folded {
  readonly position: Position;
  readonly moves: readonly Move[];
  readonly answers: readonly StockAnswer[];
  /** Whether anything must be written: a move, or a wish to be planned anew. */
  readonly changed: boolean;
}

/** The id of the move that takes a manual move back, and keeps it out where it comes late. */
export const undoIdOf = (manualId: string): string => keyOf(manualId, 'undo');

/** The moves that may answer these wishes already, by id and, of each order, the one with the highest stockV. */
class KnownMoves {
  private readonly byId = new Map<string, Move>();
  private readonly byOrder = new Map<string, Move>();

  constructor(moves: readonly Move[]) {
    moves.forEach((move) => this.add(move));
  }

  add(move: Move): void {
    this.byId.set(move.id, move);
    if (move.order === undefined) return;
    const highest = this.byOrder.get(move.order);
    if ((highest?.stockV ?? -1) < (move.stockV ?? 0)) this.byOrder.set(move.order, move);
  }

  for(wish: StockRequest): { move: Move | undefined; undone: Move | undefined } {
    if (wish.kind === 'order') return { move: this.byOrder.get(wish.order), undone: undefined };
    const undone = wish.kind === 'undo-manual' ? this.byId.get(wish.of) : undefined;
    const late = wish.kind === 'manual' ? this.byId.get(undoIdOf(wish.id)) : undefined;
    return { move: this.byId.get(wish.id) ?? late, undone };
  }
}

/**
 * Folds wishes over one position, each seeing what the one before it left. All moves carry the one version that the
 * committing swap will have.
 */
export function foldWishes(
  position: Position,
  wishes: readonly StockRequest[],
  known: { readonly moves: readonly Move[]; readonly at: number },
): Folded {
  const moves = new KnownMoves(known.moves);
  const made: Move[] = [];
  let folded = position;
  const answers = wishes.map((wish): StockAnswer => {
    const decided = decideMove(folded, wish, { ...moves.for(wish), isTouched: made.length > 0, at: known.at });
    folded = decided.position;
    if (decided.move === undefined) return decided.answer;
    const move = made.length === 0 ? decided.move : { ...decided.move, turn: made.length };
    moves.add(move);
    made.push(move);
    return { kind: 'done', move };
  });
  const changed = made.length > 0 || answers.some((answer) => answer.kind === 'planned');
  return { position: changed ? { ...folded, v: position.v + 1 } : position, moves: made, answers, changed };
}
