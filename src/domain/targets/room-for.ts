import { freeOf, type Move, type Position } from '../stock/position';
import { changesOf, hearChanges } from './plan-target';
import { perSaleOf, type Outlet } from '../numbers/publish';
import type { TargetId } from '../ids';
import { allowanceOf } from '../numbers/show-guarded';
import { seenByBuyers, type Target } from './target';

/** What buyers may see of some skus, and what there is: the targets read first, the positions after. */
export interface OnShow {
  readonly positions: ReadonlyMap<string, Position & { readonly moves: readonly Move[]; readonly archived: boolean }>;
  readonly outlets: readonly Outlet[];
  readonly targets: ReadonlyMap<TargetId, Target>;
  /** Of an outlet's channel. */
  readonly countsReserved: (outlet: Outlet) => boolean;
  readonly now: number;
  readonly skewMs: number;
}

const FIRST_READ_MS = 10_000;

/** Nobody knows what a new listing shows; others wait a moment until it is read. */
const isAboutToBeKnown = ({ acknowledged, due, raiseSince = 0, refusal }: Target, now: number): boolean =>
  acknowledged === undefined && due !== undefined && refusal === undefined && now < raiseSince + FIRST_READ_MS;

/** What buyers may see of a listing by all that the positions tell, also what its target does not count yet. */
function seenOf(outlet: Outlet, on: OnShow): number {
  const target = on.targets.get(outlet.id);
  if (target === undefined) return 0;
  const counted = new Map(target.planned.map(({ sku, v }) => [sku, v]));
  const positions = target.skus.flatMap((sku) => {
    const position = on.positions.get(sku);
    return position === undefined || target.planned.length === 0 ? [] : [{ sku, position }];
  });
  const isTold = positions.every(
    ({ sku, position: { archived, moves } }) => !archived || (moves[0]?.v ?? 0) <= (counted.get(sku) ?? 0),
  );
  if (!isTold || isAboutToBeKnown(target, on.now)) return Infinity;
  const heard = positions.flatMap(({ sku, position: { moves } }) => changesOf(outlet, { sku, moves }));
  const { now, skewMs } = on;
  const known = hearChanges(target, { heard, guarded: true, countsReserved: on.countsReserved(outlet), now, skewMs });
  return seenByBuyers({ ...target, ...known }) ?? 0;
}

/** Units of a sku that may come on show beside what is (of all listings but one); below 0: too much is exposed. */
export function roomOf(sku: string, on: OnShow, except?: TargetId): number {
  const position = on.positions.get(sku);
  const allowance = position && allowanceOf(position.exposure);
  if (position === undefined || allowance === undefined) return Infinity;
  const others = on.outlets.filter((outlet) => outlet.id !== except && perSaleOf(outlet, sku) > 0);
  const shown = others.reduce((sum, outlet) => sum + perSaleOf(outlet, sku) * seenOf(outlet, on), 0);
  return Math.max(0, freeOf(position)) + allowance - shown;
}

/** Sale units that a listing may show at most, beside what buyers may see of its bounded and strict skus elsewhere. */
export function roomFor(outlet: Outlet, on: OnShow): number {
  const skus = [...new Set(outlet.parts.map(({ sku }) => sku))];
  return Math.min(...skus.map((sku) => Math.floor(roomOf(sku, on, outlet.id) / perSaleOf(outlet, sku))));
}

/** Whether all that buyers may see, with what is in flight, is within the policies of the skus that a listing sells. */
export const isWithinPolicy = (outlet: Outlet, on: OnShow): boolean =>
  outlet.parts.every(({ sku }) => roomOf(sku, on) >= 0);
