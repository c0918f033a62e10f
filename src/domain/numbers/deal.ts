/** One who takes part in a deal, in sku units. */
export interface Taker {
  /** What one sale takes. */
  readonly units: number;
  /** Its share against the others'; 0 takes nothing. */
  readonly weight: number;
  /** What it has been dealt already. */
  readonly dealt: number;
  /** It is dealt no more than this in all. */
  readonly most: number;
}

const rankOf = (taker: Taker, dealt: number): number => (dealt + taker.units / 2) / taker.weight;

const takesOneMore = (taker: Taker, dealt: number): boolean => taker.weight > 0 && dealt + taker.units <= taker.most;

/**
 * Deals out `pool` units, one sale's units at a time, to the taker with the least (dealt + units / 2) ÷ weight, until
 * nothing fits. Of equals the first in the list is served first.
 * @returns what each has been dealt in all, in the order of the takers.
 */
export function deal(pool: number, takers: readonly Taker[]): readonly number[] {
  const dealt = [...skipAhead(pool, takers)];
  let left = pool - takers.reduce((sum, taker, at) => sum + (dealt[at] ?? 0) - taker.dealt, 0);
  for (;;) {
    let next: { taker: Taker; at: number; rank: number } | undefined;
    for (const [at, taker] of takers.entries()) {
      if (taker.units > left || !takesOneMore(taker, dealt[at] ?? 0)) continue;
      const rank = rankOf(taker, dealt[at] ?? 0);
      if (next === undefined || rank < next.rank) next = { taker, at, rank };
    }
    if (next === undefined) return dealt;
    dealt[next.at] = (dealt[next.at] ?? 0) + next.taker.units;
    left -= next.taker.units;
  }
}

/** Halvings of the search for a rank: as many as a double has digits. */
const HALVINGS = 52;
/** So far below the rank that was found, rounding takes nobody's turn. */
const SAFELY_BELOW = 1 - 1e-12;

/** What each has been dealt when its next sale's rank is `rank` or above. */
function dealtBelow(rank: number, takers: readonly Taker[]): readonly number[] {
  return takers.map((taker) => {
    if (!takesOneMore(taker, taker.dealt)) return taker.dealt;
    const turns = Math.ceil((rank * taker.weight - taker.dealt - taker.units / 2) / taker.units);
    const most = Math.floor((taker.most - taker.dealt) / taker.units);
    return taker.dealt + Math.max(0, Math.min(turns, most)) * taker.units;
  });
}

/** Deals all turns of a large pool at once that come before the first rank at which it might run out. */
function skipAhead(pool: number, takers: readonly Taker[]): readonly number[] {
  const before = takers.reduce((sum, taker) => sum + taker.dealt, 0);
  const fits = (dealt: readonly number[]): boolean => dealt.reduce((sum, units) => sum + units, 0) - before <= pool;
  let low = 0;
  let high = Math.max(
    0,
    ...takers.filter(({ weight }) => weight > 0).map((taker) => rankOf(taker, taker.dealt + Math.max(0, pool))),
  );
  for (let round = 0; round < HALVINGS; round += 1) {
    const middle = (low + high) / 2;
    if (fits(dealtBelow(middle, takers))) low = middle;
    else high = middle;
  }
  return dealtBelow(low * SAFELY_BELOW, takers);
}
