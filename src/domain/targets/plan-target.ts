import type { Move } from '../stock/position';
import { seenByBuyers, type Target } from './target';
import type { Trigger } from './trigger-of';

/** A change by the channel itself, on the position version whose move told of it. */
export interface HeardChange {
  readonly sku: string;
  readonly v: number;
  readonly units: number;
  readonly open: number;
  readonly at: number;
}

/** What the moves of one sku tell that a listing's channel changed by itself, in their order. */
export const changesOf = (
  { listing, shop }: Pick<Target, 'listing' | 'shop'>,
  { sku, moves }: { readonly sku: string; readonly moves: readonly Move[] },
): readonly HeardChange[] =>
  moves.flatMap((move) =>
    (move.shown ?? [])
      .filter((shown) => shown.listing === listing && move.shop === shop)
      .map(({ units, open, at }) => ({ sku, v: move.v, units, open, at })),
  );

/** What was heard of a listing. */
export interface Hearing {
  readonly heard: readonly HeardChange[];
  /** A part is bounded or strict: no raise goes out beyond what buyers may see leaves room for. */
  readonly guarded: boolean;
  /** The channel takes what open orders reserve off a written number. */
  readonly countsReserved?: boolean;
  /** The hub's instant, ms. */
  readonly now: number;
  /** How far the channel's clock and ours may be apart, beyond a second. */
  readonly skewMs: number;
}

/** What planning found for one listing. */
export interface Plan extends Hearing {
  /** Undefined: a part was never counted. */
  readonly units: number | undefined;
  /** What it would show under `open`. */
  readonly open: number;
  readonly positions: readonly { readonly sku: string; readonly v: number }[];
  readonly trigger: Trigger;
}

/** A call to a channel is ended after this long: its write may be so much older than the answer. */
const LONGEST_CALL_MS = 10_000;

/**
 * A sale is *since* the acknowledgement only when its instant says so beyond doubt; in doubt it was before. Where the
 * channel takes what is reserved off a written number, a change that the number did not know of counts all the same: a
 * sale shows less, and what was shipped before the write leaves as much too many on sale. Elsewhere a cancellation in
 * doubt was since, and after any change in doubt the number is written once more.
 */
export function hearChanges(
  target: Target,
  plan: Hearing,
): Pick<Target, 'drift' | 'openUnits' | 'unknown' | 'unsure' | 'missing'> {
  const counted = new Map(target.planned.map((position) => [position.sku, position.v]));
  const countsFrom = target.acknowledged?.since ?? target.acknowledged?.at ?? 0;
  const since = countsFrom + 1000 + plan.skewMs;
  const before = countsFrom - 1000 - plan.skewMs - LONGEST_CALL_MS;
  const fresh = plan.heard.filter((change) => change.v > (counted.get(change.sku) ?? 0));
  const isInDoubt = (change: HeardChange): boolean =>
    change.units !== 0 && (target.sent !== undefined || (change.at <= since && change.at >= before));
  const inDoubt = (change: HeardChange): number =>
    plan.countsReserved === true ? 0 - change.open : isInDoubt(change) ? Math.max(0, change.units) : 0;
  const effectOf = (change: HeardChange): number => (change.at > since ? change.units : inDoubt(change));
  const isUnsure = plan.countsReserved !== true && target.guarded !== true && fresh.some(isInDoubt);
  const { units: shown = Infinity } = target.acknowledged ?? {};
  /** Who sells more than was shown was raised by another hand; where reserved units are taken off, it sells below 0. */
  const least = plan.countsReserved === true ? -Infinity : Math.min(target.drift, -shown);
  const isInFlight = target.sent !== undefined && plan.countsReserved === true && fresh.length > 0;
  return {
    ...(isUnsure && { unsure: plan.now }),
    ...(isInFlight && { unknown: fresh.reduce((sum, change) => sum - change.open, target.unknown ?? 0) }),
    drift: fresh.reduce((sum, change) => Math.max(least, sum + effectOf(change)), target.drift),
    ...stillMissing(
      target,
      fresh.map((change) => ({ at: change.at - 1000 - plan.skewMs, units: effectOf(change) })),
    ),
    openUnits: Math.max(
      0,
      fresh.reduce((sum, change) => sum + change.open, target.openUnits),
    ),
  };
}

/** Sales of before the channel's word are what it left unexplained; in doubt they were before. */
function stillMissing(
  { missing }: Target,
  heard: readonly { readonly at: number; readonly units: number }[],
): Pick<Target, 'missing'> {
  if (missing?.how !== undefined) return { missing };
  if (missing === undefined) return {};
  const sales = heard.filter(({ at, units }) => units < 0 && at <= missing.at);
  const units = sales.reduce((sum, sale) => sum + sale.units, missing.units);
  return units > 0 ? { missing: { ...missing, units } } : {};
}

/** So many skus are remembered that a listing was planned with and sells no more. */
const MOST_FORMER = 50;

/** Up to where its skus' moves are counted in, and those of its former skus: mapped back, it counts none of them twice. */
function countedTo({ planned }: Target, positions: Plan['positions']): Target['planned'] {
  const present = new Set(positions.map(({ sku }) => sku));
  return [...positions, ...planned.filter(({ sku }) => !present.has(sku)).slice(0, MOST_FORMER)];
}

type Replanned = 'due' | 'lowering' | 'missing' | 'guarded' | 'openNumber' | 'raiseSince';

const rest = (target: Target): Omit<Target, Replanned> => {
  const { due: _due, lowering: _lowering, missing: _missing, raiseSince: _raise, ...kept } = target;
  const { guarded: _guarded, openNumber: _open, ...left } = kept;
  return left;
};

function isRaise(target: Target): boolean {
  const seen = seenByBuyers(target);
  return target.wanted !== undefined && (seen === undefined || target.wanted.units > seen);
}

/** A number that changes while it waits for room has waited as long. */
function raiseSince(planned: Target, before: Target, { guarded, now }: Plan): Pick<Target, 'raiseSince'> {
  if (!guarded || !isRaise(planned)) return {};
  return { raiseSince: (isRaise(before) ? before.raiseSince : undefined) ?? now };
}

/** Never one that was used before: while nothing is wanted, the document's own version is above all of them. */
const nextVersion = (target: Target): number => (target.wanted?.version ?? target.v) + 1;

/** Whether what it shows is other than what is known, though its number is right. */
const isInDoubt = ({ sent, unsure, check, missing }: Omit<Target, 'due' | 'lowering'>): boolean =>
  sent !== undefined || unsure !== undefined || check !== undefined || missing !== undefined;

/**
 * Brings a target to what its listing should show. The number's version rises only when the number changes; the
 * document's with every plan. It is due for a write only where what it should show differs from what buyers may see:
 * never for the channel's own sale, which lowered it already, and never again for a number that it refused.
 */
export function planTarget(target: Target, plan: Plan): Target {
  const caution = plan.guarded ? ({ guarded: true, openNumber: plan.open } as const) : {};
  const heard = hearChanges(target, plan);
  const known = { ...rest(target), ...heard, ...caution, planned: countedTo(target, plan.positions), v: target.v + 1 };
  if (plan.units === undefined) {
    const { wanted: _wanted, ...unwanted } = known;
    return unwanted;
  }
  const version = nextVersion(target);
  const wanted = target.wanted?.units === plan.units ? target.wanted : { units: plan.units, version, at: plan.now };
  const changed = wanted !== target.wanted;
  const seen = seenByBuyers(known);
  const next: Target = changed ? { ...known, wanted, trigger: plan.trigger, tries: 0 } : { ...known, wanted };
  const planned = { ...next, ...raiseSince(next, target, plan) };
  if (seen === wanted.units && !isInDoubt(known)) return planned;
  const isLeft = target.refusal !== undefined || target.accepted === wanted.version;
  if (!changed && target.due === undefined && isLeft && known.missing === undefined) return planned;
  const due = !changed && target.due !== undefined ? target.due : plan.now;
  const lowers = seen !== undefined && wanted.units < seen && (changed || target.lowering === true);
  return lowers ? { ...planned, due, lowering: true } : { ...planned, due };
}

/**
 * A listing that was mapped away while it had open orders hears of them by its former skus. Its number stays as wanted.
 * Undefined where the moves of these positions tell nothing that is not counted in.
 */
export function hearFormer(target: Target, told: Hearing & Pick<Plan, 'positions'>): Target | undefined {
  const counted = new Map(target.planned.map(({ sku, v }) => [sku, v]));
  if (told.heard.every(({ sku, v }) => v <= (counted.get(sku) ?? 0))) return undefined;
  const { missing: _missing, ...before } = target;
  const planned = countedTo(target, told.positions);
  const known: Target = { ...before, ...hearChanges(target, told), planned, v: target.v + 1 };
  const isShown = known.wanted === undefined || (seenByBuyers(known) === known.wanted.units && !isInDoubt(known));
  return isShown || target.refusal !== undefined ? known : { ...known, due: target.due ?? told.now };
}
