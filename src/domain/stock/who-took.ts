import type { OrderId, ShopId } from '../ids';
import type { Move, MoveKind } from './position';

/** What one order, or one move of another kind, took of what was free; negative: what it brought. */
export interface Taken {
  readonly kind: MoveKind;
  readonly units: number;
  /** The instant of its last move, ms. */
  readonly at: number;
  readonly order?: OrderId;
  readonly shop?: ShopId;
  readonly by?: string;
  readonly reason?: string;
}

/** Where the units of a sku went before an order found too few. */
export interface WhoTook {
  /** The last count, or the oldest move that is looked at. */
  readonly since: Move;
  /** What was free then. */
  readonly free: number;
  /** Who took most first. */
  readonly taken: readonly Taken[];
}

const freeAfter = ({ onHand, committed }: Move): number => onHand - committed;

/** Who took the units of a sku since its last count, from moves in the order of their commits. */
export function whoTook(moves: readonly Move[]): WhoTook | undefined {
  const start = Math.max(
    0,
    moves.findLastIndex(({ kind }) => kind === 'count' || kind === 'repair'),
  );
  const since = moves[start];
  if (since === undefined) return undefined;
  const taken = new Map<string, Taken>();
  let free = freeAfter(since);
  for (const move of moves.slice(start + 1)) {
    const key = move.order ?? move.id;
    const { kind, at, order, shop, by, reason } = move;
    const units = (taken.get(key)?.units ?? 0) + free - freeAfter(move);
    taken.set(key, {
      ...{ kind, units, at },
      ...(order !== undefined && { order }),
      ...(shop !== undefined && { shop }),
      ...(by !== undefined && { by }),
      ...(reason !== undefined && { reason }),
    });
    free = freeAfter(move);
  }
  const sorted = [...taken.values()].filter(({ units }) => units !== 0).sort((one, other) => other.units - one.units);
  return { since, free: freeAfter(since), taken: sorted };
}
