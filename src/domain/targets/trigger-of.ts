import type { Move, MoveKind } from '../stock/position';

/** Why a listing is written, as attempts are found by it. A closed list. */
export const TRIGGERS = ['order', 'cancel', 'hold', 'count', 'campaign', 'rule', 'drift', 'by-hand'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** The moves of one sku, oldest first, and up to which version its listing has heard of them. */
export interface HeardMoves {
  readonly moves: readonly Move[];
  readonly heard: number;
}

const BY_KIND: Readonly<Record<Exclude<MoveKind, 'order'>, Trigger>> = {
  count: 'count',
  manual: 'by-hand',
  'quota-start': 'campaign',
  'quota-end': 'campaign',
  rules: 'rule',
  repair: 'count',
};

/** Units became free and none came back to the shelf: the order holds less than before. */
function gaveBack(move: Move, before: Move | undefined): boolean {
  return before !== undefined && (move.units ?? 0) <= 0 && freeAfter(move) > freeAfter(before);
}

const freeAfter = ({ onHand, committed }: Move): number => onHand - committed;

function causeOf(move: Move, before: Move | undefined): Trigger {
  if (move.kind !== 'order') return BY_KIND[move.kind];
  if (move.hold === true) return 'hold';
  return gaveBack(move, before) ? 'cancel' : 'order';
}

/**
 * What made a listing's number: the newest move of any of its skus that it had not heard of. Without one nothing about
 * the stock changed: a shop's rules, a mapping or a shop that goes on made it.
 */
export function triggerOf(skus: readonly HeardMoves[]): Trigger {
  let newest: { readonly move: Move; readonly before: Move | undefined } | undefined;
  for (const { moves, heard } of skus) {
    const move = moves.at(-1);
    if (move === undefined || move.v <= heard || (newest && newest.move.at >= move.at)) continue;
    newest = { move, before: moves.at(-2) };
  }
  return newest === undefined ? 'rule' : causeOf(newest.move, newest.before);
}
