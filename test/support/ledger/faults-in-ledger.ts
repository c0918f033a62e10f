import { sumUnits, type Move, type Part, type Position, type Quota } from '../../../src/domain';

/** The moves of each order with the highest stockV: what the order holds now. */
function lastOfOrders(moves: readonly Move[]): readonly Move[] {
  const last = new Map<string, Move>();
  for (const move of moves) {
    if (move.order === undefined) continue;
    const known = last.get(move.order);
    if (known === undefined || (known.stockV ?? 0) < (move.stockV ?? 0)) last.set(move.order, move);
  }
  return [...last.values()];
}

function faultsInQuota(quota: Quota, parts: readonly Part[]): string[] {
  const mine = parts.filter((part) => part.quota === quota.id);
  const held = sumUnits(mine);
  const lost = sumUnits(mine.filter((part) => part.from === 'other'));
  return [
    ...(quota.remaining + held === quota.quantity
      ? []
      : [`quota ${quota.id}: ${quota.remaining} remain and sales hold ${held}, of ${quota.quantity}`]),
    ...((quota.lost ?? 0) === lost ? [] : [`quota ${quota.id}: ${quota.lost ?? 0} lost, other shops hold ${lost}`]),
    ...(quota.remaining >= 0 ? [] : [`quota ${quota.id}: ${quota.remaining} remain`]),
  ];
}

/** What does not add up between a position and all its moves, in sentences. */
export function faultsInLedger(position: Position, moves: readonly Move[]): string[] {
  const last = lastOfOrders(moves);
  const parts = last.flatMap((move) => move.holding?.drew ?? []);
  const holds = last.reduce((sum, { holding }) => sum + sumUnits(holding?.drew ?? []) - (holding?.shipped ?? 0), 0);
  const changed = moves.reduce((sum, move) => sum + (move.units ?? 0), 0);
  const twice = moves.map((move) => move.id).filter((id, at, ids) => ids.indexOf(id) !== at);
  const early = moves.filter((move) => move.v > position.v);
  return [
    ...(position.committed === holds ? [] : [`${position.committed} are committed, orders hold ${holds}`]),
    ...(position.onHand === changed ? [] : [`${position.onHand} are on hand, moves sum up to ${changed}`]),
    ...(twice.length === 0 ? [] : [`moves kept twice: ${twice.slice(0, 5).join(', ')}`]),
    ...(early.length === 0 ? [] : [`moves of versions that never were: ${early.length}`]),
    ...position.quotas.flatMap((quota) => faultsInQuota(quota, parts)),
  ];
}
