import { seenByBuyers, type Target } from './target';

/** Where a listing stands, as its shop's publications are found by it. A closed list. */
export const STANDINGS = ['uncounted', 'drifted', 'doubted', 'refused', 'waiting', 'unread', 'proved'] as const;
export type Standing = (typeof STANDINGS)[number];

/**
 * `uncounted`: nothing is written. `drifted`: somebody else changed what it shows. `doubted`: it was read as something
 * else, and is read again. `refused`: the channel does not take the number. `waiting`: to be written, or on its way.
 * `unread`: the channel said yes, and was not asked since. `proved`: it was read back.
 */
export function standingOf(target: Target): Standing {
  const { wanted, acknowledged, readBack } = target;
  if (wanted === undefined) return 'uncounted';
  if (target.drifted !== undefined) return 'drifted';
  const isShown = seenByBuyers(target) === wanted.units && target.sent === undefined;
  if (target.refusal !== undefined && !isShown) return 'refused';
  if (target.suspect !== undefined) return 'doubted';
  if (!isShown) return 'waiting';
  return readBack === undefined || readBack.at < (acknowledged?.at ?? 0) ? 'unread' : 'proved';
}
