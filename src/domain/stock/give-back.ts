import { changedBy, type Part, type Position } from './position';

/** What is left of a drawing after part of it was given back. */
export interface GivenBack {
  readonly position: Position;
  readonly parts: readonly Part[];
}

const raise = (position: Position, part: Part, units: number): Position => ({
  ...position,
  committed: position.committed - units,
  quotas: position.quotas.map((quota) => (part.quota === quota.id ? changedBy(quota, part, units) : quota)),
});

/**
 * Gives `units` back from the end of the list, each to the quota it came from while that quota lives, else to the
 * pool. What is left is what the smaller order would have taken.
 */
export function giveBack(position: Position, parts: readonly Part[], units: number): GivenBack {
  let left = position;
  let missing = units;
  const kept = [...parts];
  while (missing > 0) {
    const last = kept.pop();
    if (last === undefined) break;
    const back = Math.min(missing, last.units);
    left = raise(left, last, back);
    missing -= back;
    if (back < last.units) kept.push({ ...last, units: last.units - back });
  }
  return { position: left, parts: kept };
}
