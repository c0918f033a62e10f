import { shownTarget } from '../../../test/builders/targets';
import { lockOfReading, lockOfRefusal, TAUGHT_MS } from './learn-lock';
import { lockOf } from './lock-of';
import { answerTarget, claimTarget, LEASE_MS, nextStep } from './send-target';
import type { Lock, Target } from './target';

const NOW = 100_000;
const by = { token: 'mine', now: NOW + 500 };
const AT = by.now;
const claim = (target: Target, reads = false) => claimTarget(target, { token: 'mine', now: NOW, reads });
const wants = (units: number, changes: Partial<Target> = {}) =>
  shownTarget(50, { wanted: { units, version: 2, at: 90_000 }, due: 90_000, ...changes });
const read = (changes: Partial<Lock> = {}): Lock => ({
  ...{ units: 30, drift: 0, readAt: NOW, source: 'read', due: NOW + 120_000 },
  ...changes,
});
const taught = (changes: Partial<Lock> = {}) =>
  read({ source: 'refusal', until: NOW + TAUGHT_MS, due: NOW, news: true, ...changes });

describe('the lock after a reading', () => {
  it('is what the channel tells, at most what the listing shows, and news the first time', () => {
    const lock = lockOfReading(shownTarget(50), { units: 50, lock: { units: 30, until: 500_000 } }, AT);
    expect(lock).toEqual({
      ...{ units: 30, drift: 0, readAt: AT, source: 'read', until: 500_000 },
      ...{ news: true, due: AT },
    });
    expect(lockOfReading(shownTarget(50), { units: 20, lock: { units: 30 } }, AT)?.units).toBe(20);
    expect(lockOfReading(shownTarget(50), { units: 20, lock: { units: 0 } }, AT)).toBeUndefined();
  });

  it('is no news when it is as it was counted down', () => {
    const sold = shownTarget(50, { drift: -5, lock: read() });
    const lock = lockOfReading(sold, { units: 45, lock: { units: 25 } }, AT);
    expect(lock).toEqual({ units: 25, drift: 0, readAt: AT, source: 'read', due: NOW + 120_000 });
    expect(lockOfReading(sold, { units: 45, lock: { units: 26 } }, AT)).toMatchObject({ news: true, due: AT });
    expect(lockOfReading(sold, { units: 45, lock: { units: 25, until: AT + 1 } }, AT)).toMatchObject({ news: true });
  });

  it('has no end that is over: the channel shows it still', () => {
    expect(lockOfReading(shownTarget(50), { units: 50, lock: { units: 30, until: AT } }, AT)).not.toHaveProperty(
      'until',
    );
  });

  it('stays without units when it is over, until that was told', () => {
    const over = lockOfReading(shownTarget(50, { lock: read() }), { units: 50, lock: { units: 0 } }, AT)!;
    expect(over).toMatchObject({ units: 0, news: true, due: AT });
    expect(lockOfReading(shownTarget(50, { lock: over }), { units: 50, lock: { units: 0 } }, AT)).toMatchObject({
      ...{ units: 0, news: true },
    });
  });

  it('of a refusal is believed against a reading that shows less, for a time', () => {
    const target = shownTarget(50, { lock: taught() });
    const kept = lockOfReading(target, { units: 50, lock: { units: 0 } }, AT);
    expect(kept).toMatchObject({ units: 30, source: 'refusal', until: NOW + TAUGHT_MS, readAt: AT });
    expect(lockOfReading(target, { units: 10, lock: { units: 0 } }, AT)).toMatchObject({ units: 10, news: true });
    expect(lockOfReading(target, { units: 50, lock: { units: 0 } }, NOW + TAUGHT_MS)).toMatchObject({ units: 0 });
    expect(lockOfReading(target, { units: 50, lock: { units: 30 } }, AT)).toMatchObject({ units: 30, source: 'read' });
  });
});

describe('the lock after a refusal', () => {
  it.each([
    ['what the refusal names', wants(20), 30, 30],
    ['all that is on show where it names nothing', wants(20, { drift: -3 }), undefined, 47],
    ['above the number that was refused, whatever it names', wants(20), 20, 21],
    ['all that is on show where nothing was lowered', wants(60), 30, 50],
    ['what it names where nothing was ever shown', wants(20, { acknowledged: undefined as never }), 30, 30],
  ] as const)('is %s', (...[, target, floor, units]) => {
    const { acknowledged, ...rest } = claim(target);
    const known = acknowledged === undefined ? rest : { ...rest, acknowledged };
    const lock = lockOfRefusal(known, floor, AT);
    expect(lock).toMatchObject({ units, source: 'refusal', until: AT + TAUGHT_MS, news: true, due: AT });
  });

  it('is none where nothing was ever shown and nothing is named', () => {
    const { acknowledged: _acknowledged, ...unseen } = claim(wants(20));
    expect(lockOfRefusal(unseen, undefined, AT)).toBeUndefined();
  });
});

describe('a listing under a lock', () => {
  it('is never asked to go below it', () => {
    expect(nextStep(wants(29, { lock: read() }), NOW)).toEqual({ kind: 'rest' });
    expect(nextStep(wants(30, { lock: read() }), NOW)).toEqual({ kind: 'write', raises: false });
    expect(nextStep(wants(29, { lock: read({ until: NOW }) }), NOW)).toEqual({ kind: 'write', raises: false });
  });

  it('is read again before it is lowered, and not before it is raised', () => {
    const old = read({ readAt: NOW - 10_000 });
    expect(nextStep(wants(40, { lock: old }), NOW)).toEqual({ kind: 'read-back' });
    expect(nextStep(wants(60, { lock: old }), NOW)).toEqual({ kind: 'write', raises: true });
    const told = { kind: 'read', units: 50, lock: { units: 30 } } as const;
    const answered = answerTarget(claim(wants(40, { lock: old }), true), told, by)!;
    expect(nextStep(answered, AT)).toEqual({ kind: 'write', raises: false });
  });

  it('keeps its lock over an acknowledgement, and over a reading that was not asked for it', () => {
    const done = answerTarget(claim(wants(40, { drift: -4, lock: read() })), { kind: 'done' }, by)!;
    expect(done).toMatchObject({ drift: 0, lock: { units: 26, drift: 0 } });
    const seen = answerTarget(claim(wants(50, { drift: -4, lock: read() }), true), { kind: 'read', units: 46 }, by)!;
    expect(lockOf(seen, AT)).toBe(26);
  });

  it('whose lock is over shows what came back, and is to be planned anew', () => {
    const over = { kind: 'read', units: 50, lock: { units: 0 } } as const;
    const target = answerTarget(claim(wants(30, { lock: read() }), true), over, by)!;
    expect(target).toMatchObject({ readBack: { units: 50 }, lock: { units: 0, news: true }, due: AT });
    expect(lockOf(target, AT)).toBe(0);
  });
});

describe('a number that is refused below a lock', () => {
  const refused = answerTarget(claim(wants(20)), { kind: 'floor', floor: 30 }, by)!;

  it('teaches the lock, is read back at once, and is not sent again', () => {
    expect(refused).toMatchObject({ check: true, due: AT, lock: { units: 30, news: true } });
    expect(refused).not.toHaveProperty('refusal');
    expect(refused).not.toHaveProperty('sent');
    const silent = { kind: 'read', units: 50, lock: { units: 0 } } as const;
    const confirmed = answerTarget(claim(refused, true), silent, { token: 'mine', now: AT + 100 })!;
    expect(nextStep(confirmed, AT + 100)).toEqual({ kind: 'rest' });
    expect(nextStep({ ...confirmed, due: AT + LEASE_MS }, AT + LEASE_MS)).toEqual({ kind: 'rest' });
  });

  it('goes out once more when what it taught is over', () => {
    expect(nextStep({ ...wants(20), lock: taught() }, NOW + TAUGHT_MS - 1)).toEqual({ kind: 'rest' });
    expect(nextStep({ ...wants(20), lock: taught() }, NOW + TAUGHT_MS)).toEqual({ kind: 'read-back' });
  });

  it('though it lowers nothing is left for as long', () => {
    const blocked = answerTarget(claim(wants(60)), { kind: 'floor' }, by)!;
    expect(blocked).toMatchObject({ check: true, due: AT + TAUGHT_MS, lock: { units: 50 } });
  });
});
