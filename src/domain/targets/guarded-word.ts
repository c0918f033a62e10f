import { lockAt } from './lock-of';
import { seenByBuyers, type Target } from './target';

const countsFrom = ({ acknowledged }: Target): Pick<NonNullable<Target['acknowledged']>, 'since'> =>
  acknowledged === undefined ? {} : { since: acknowledged.since ?? acknowledged.at };

/** It shows something again: so long it showed nothing for caution. */
function opened(target: Target, at: number): Target {
  const { closedAt, ...rest } = target;
  return closedAt === undefined ? rest : { ...rest, closedMs: (rest.closedMs ?? 0) + Math.max(0, at - closedAt) };
}

/** It shows nothing now; that is caution where it should show something. */
const shut = (target: Target, at: number): Target =>
  target.wanted === undefined || target.wanted.units === 0
    ? opened(target, at)
    : { ...target, closedAt: target.closedAt ?? at };

interface Word {
  /** What the listing shows by the channel's word. */
  readonly units: number;
  /** What buyers may see or have bought without our hearing of it. */
  readonly seen: number;
  readonly at: number;
}

/** The channel's own word: what it shows less than was known may all be sold, until every order of before is heard. */
function explained(target: Target, { units, seen, at }: Word): Target {
  const { missing: _missing, ...rest } = target;
  const drift = seen - (target.acknowledged?.units ?? 0);
  const known = { ...rest, ...lockAt(target, drift), drift };
  return seen > units ? { ...known, missing: { units: seen - units, at } } : known;
}

/** It was taken off sale. */
export function enterClosed(target: Target, at: number): Target {
  const { units = 0, version = 0 } = target.sent ?? {};
  const seen = seenByBuyers(target) ?? units;
  const acknowledged = { units, version, at, ...countsFrom(target) };
  return shut(explained({ ...target, acknowledged }, { units, seen, at }), at);
}

/**
 * It was written as it is, and the channel takes off what it reserves. What was on show before may all have been sold
 * before the write, until every order of before is heard.
 */
export function enterWritten(target: Target, at: number): Target {
  const { sent, unknown = 0, missing: _missing, ...rest } = opened(target, at);
  const { units = 0, version = 0 } = sent ?? {};
  const left = units + unknown;
  const before = target.acknowledged === undefined ? left : target.acknowledged.units + target.drift;
  const drift = Math.max(before, left) - units;
  const written = {
    ...rest,
    ...(sent && { sent }),
    acknowledged: { units, version, at },
    ...lockAt(target, drift),
    drift,
  };
  return before > left ? { ...written, missing: { units: before - left, at, how: 'written' } } : written;
}

/** What it shows was changed by so much; what was sold meanwhile stays sold. */
export function enterChanged(target: Target, change: number, at: number): Target {
  const { acknowledged, drift, missing, sent } = target;
  const seen = Math.max(0, (acknowledged?.units ?? 0) + drift + change);
  const units = Math.max(0, seen - (missing?.units ?? 0));
  const version = sent?.version ?? 0;
  const left = seen - units;
  const changed = { ...target, acknowledged: { units, version, at, ...countsFrom(target) }, ...lockAt(target, left) };
  return opened({ ...changed, drift: left }, at);
}

/** It was read back. More than was known is what buyers see; less is not believed before all of before is heard. */
export function enterShown(target: Target, units: number, at: number): Target {
  const known = seenByBuyers(target) ?? units;
  const acknowledged = target.acknowledged ?? { units, version: target.sent?.version ?? 0, at };
  const word = explained({ ...target, acknowledged }, { units, seen: Math.max(units, known), at });
  const read: Target = units > known ? { ...word, missing: { units: 0, at, how: 'risen' } } : word;
  return units === 0 && target.sent?.closes === true ? shut(read, at) : units > 0 ? opened(read, at) : read;
}

/** All of before the channel's last word is heard: what that left unexplained is not on show. */
export function enterHeard(target: Target, now: number): Target {
  const { missing, acknowledged, ...rest } = target;
  if (missing === undefined || acknowledged === undefined) return target;
  const drift = target.drift - missing.units;
  const since = Math.max(acknowledged.since ?? acknowledged.at, missing.at);
  const heard: Target = { ...rest, ...lockAt(target, drift), drift, acknowledged: { ...acknowledged, since } };
  return { ...(target.wanted?.units === 0 ? opened(heard, now) : heard), v: target.v + 1, due: now };
}

/** Where the number is written as it is, nothing of that is left. */
export function enterPlain(target: Target, at: number): Target {
  const { missing: _missing, ...rest } = opened(target, at);
  return rest;
}
