import { shownTarget } from '../../../test/builders/targets';
import { guardedStep, type Guard } from './guarded-step';
import { enterHeard } from './guarded-word';
import type { Target } from './target';

const relative = (room: number): Guard => ({ way: 'relative', room, lock: 0 });

describe('a raise of a guarded listing', () => {
  const wanted = { units: 30, version: 2, at: 68_000 };
  const raise = (changes: Partial<Target> = {}) => shownTarget(0, { wanted, guarded: true, ...changes });

  it('waits for all its room', () => {
    expect(guardedStep(raise(), relative(28), 70_000)).toMatchObject({ kind: 'wait' });
    expect(guardedStep(raise(), relative(30), 70_000)).toMatchObject({ kind: 'write', sends: { units: 30 } });
  });

  it('goes as far as there is room ten seconds after it began to wait, though its number changed since', () => {
    const waiting = raise({ raiseSince: 60_000 });
    expect(guardedStep(waiting, relative(28), 69_999)).toMatchObject({ kind: 'wait' });
    expect(guardedStep(waiting, relative(28), 70_000)).toMatchObject({ kind: 'write', sends: { units: 28 } });
  });

  it('keeps nothing closed for longer than that', () => {
    const closed = raise({ closedAt: 59_000, raiseSince: 65_000 });
    expect(guardedStep(closed, relative(28), 70_000)).toMatchObject({ kind: 'write', sends: { units: 28 } });
  });

  it('that finds no room is looked at more and more seldom', () => {
    const waitMs = (now: number) => {
      const step = guardedStep(raise(), relative(0), now);
      return step.kind === 'wait' ? step.until - now : 0;
    };
    expect([69_000, 78_000, 108_000, 10_000_000].map(waitMs)).toEqual([2000, 2500, 10_000, 60_000]);
  });
});

describe('a guarded listing whose number was refused, and that shows less than is known of it', () => {
  const wanted = { units: 4, version: 2, at: 60_000 };
  const refusal = { code: 'x', message: 'no', at: 61_000, version: 2 };
  const missing = { units: 3, at: 61_500 };
  const refused = shownTarget(10, { guarded: true, wanted, refusal, missing });

  it('is heard of before its number is tried once more', () => {
    expect(guardedStep(refused, relative(20), 71_499)).toEqual({ kind: 'wait', until: 71_500 });
    expect(guardedStep(refused, relative(20), 71_500)).toEqual({ kind: 'hear', upTo: 61_500 });
    const heard = enterHeard(refused, 72_000);
    expect(guardedStep(heard, relative(20), 72_000)).toMatchObject({ kind: 'write', sends: { units: 4, change: -3 } });
  });

  it('is written when a person asks, where nothing is to be heard of', () => {
    const { missing: _missing, ...known } = refused;
    expect(guardedStep(known, relative(20), 70_000)).toMatchObject({ kind: 'write', sends: { units: 4 } });
  });

  it('is written at once where its number is another by now', () => {
    const planned = { ...refused, wanted: { ...wanted, version: 3 } };
    expect(guardedStep(planned, relative(20), 70_000)).toMatchObject({
      kind: 'write',
      sends: { units: 4, change: -6 },
    });
  });
});

describe('a guarded listing', () => {
  const NOW = 100_000;
  /** It shows 10, was written at 10 s, and wants `units`. */
  const wants = (units: number, changes: Partial<Target> = {}) =>
    shownTarget(10, { guarded: true, wanted: { units, version: 2, at: 95_000 }, ...changes });
  const guard = (way: Guard['way'], changes: Partial<Guard> = {}): Guard => ({ way, room: 50, lock: 0, ...changes });
  const step = (target: Target, by: Guard, now = NOW) => guardedStep(target, by, now);
  const written = (at: number) => ({ acknowledged: { units: 10, version: 1, at } });

  it('rests where nothing is wanted, and where it shows what is wanted', () => {
    const { wanted: _wanted, ...unwanted } = wants(4);
    expect(step(unwanted, guard('relative'))).toEqual({ kind: 'rest' });
    for (const way of ['relative', 'absolute', 'closing'] as const) {
      expect(step(wants(10), guard(way))).toEqual({ kind: 'rest' });
    }
  });

  it('is read before anything else where nobody knows what it shows', () => {
    const { acknowledged: _acknowledged, ...unseen } = wants(4);
    expect(step(unseen, guard('relative'))).toEqual({ kind: 'read-back' });
    expect(step(wants(4, { unsure: 1 }), guard('relative'))).toEqual({ kind: 'read-back' });
  });

  it('is lowered whatever room there is, and raised as far as there is', () => {
    const lowered = { kind: 'write', raises: false, sends: { units: 4, change: -6 } };
    expect(step(wants(4), guard('relative', { room: -20 }))).toEqual(lowered);
    const since = { raiseSince: 80_000 };
    const raised = (units: number) => ({ kind: 'write', raises: true, sends: { units, change: units - 10 } });
    expect(step(wants(30, since), guard('relative', { room: 12 }))).toEqual(raised(12));
    expect(step(wants(30, since), guard('relative', { room: 10 }))).toMatchObject({ kind: 'wait' });
    expect(step(wants(30, since), guard('relative', { room: 3 }))).toMatchObject({ kind: 'wait' });
    expect(step(wants(30), guard('relative', { room: 30 }))).toEqual(raised(30));
  });

  describe('that is written by changes', () => {
    it('is lowered by no more than is surely there', () => {
      const doubtful = wants(0, { missing: { units: 8, at: 99_000 } });
      expect(step(doubtful, guard('relative'))).toMatchObject({ raises: false, sends: { units: 8, change: -2 } });
      const empty = wants(0, { missing: { units: 10, at: 99_000 } });
      expect(step(empty, guard('relative'))).toEqual({ kind: 'hear', upTo: 99_000 });
    });

    it('is raised beside what is missing', () => {
      const doubtful = wants(20, { missing: { units: 8, at: 99_000 } });
      expect(step(doubtful, guard('relative'))).toMatchObject({ raises: true, sends: { units: 20, change: 10 } });
    });
  });

  describe('that is written absolutely', () => {
    const missing = (units: number, how?: 'written' | 'risen', at = 99_500) => ({
      missing: { units, at, ...(how && { how }) },
    });
    const waits = { kind: 'wait', until: 101_500 };

    it('is told the number itself', () => {
      expect(step(wants(4), guard('absolute'))).toEqual({ kind: 'write', raises: false, sends: { units: 4 } });
      const raised = { kind: 'write', raises: true, sends: { units: 20 } };
      expect(step(wants(20), guard('absolute'))).toEqual(raised);
      expect(step(wants(20, missing(3, 'written')), guard('absolute'))).toEqual(raised);
      expect(step(wants(20, missing(3, 'risen')), guard('absolute'))).toEqual(raised);
    });

    it('is not lowered before what came back unexplained, or is missing, is heard of', () => {
      const later = { kind: 'wait', until: 109_500 };
      expect(step(wants(4, missing(3, 'risen')), guard('absolute'))).toEqual(later);
      expect(step(wants(4, missing(3)), guard('absolute'))).toEqual(later);
      expect(step(wants(4, missing(3, 'risen')), guard('absolute', { room: 5 }))).toEqual(later);
      expect(step(wants(10, missing(3, 'risen')), guard('absolute'))).toEqual(later);
    });

    it('is not written again to what it shows already', () => {
      expect(step(wants(4, missing(6, 'written')), guard('absolute'))).toEqual(waits);
      expect(step(wants(4, missing(6, 'written')), guard('absolute', { room: 5 }))).toEqual(waits);
    });

    it('is lowered further only where too much is exposed, and let up only where it is not', () => {
      const [exposed, fits] = [guard('absolute', { room: 9 }), guard('absolute', { room: 10 })];
      const further = wants(3, missing(6, 'written'));
      expect(step(further, exposed)).toMatchObject({ kind: 'write', sends: { units: 3 } });
      expect(step(further, fits)).toEqual(waits);
      expect(step(further, guard('absolute', { room: -Infinity }))).toEqual(waits);
      const less = wants(5, missing(6, 'written'));
      expect(step(less, exposed)).toEqual(waits);
      expect(step(less, fits)).toMatchObject({ kind: 'write', raises: false, sends: { units: 5 } });
    });
  });

  describe('that is closed before it is written', () => {
    const closes = { kind: 'write', raises: false, sends: { units: 0, closes: true } };

    it('is closed at once for a fifth of what it shows, and else when it was not written for a minute', () => {
      expect(step(wants(8, written(90_000)), guard('closing'))).toEqual(closes);
      expect(step(wants(12, written(90_000)), guard('closing'))).toEqual(closes);
      const little = wants(9, written(90_000));
      expect(step(little, guard('closing'))).toEqual({ kind: 'wait', until: 150_000 });
      expect(step(little, guard('closing'), 149_999)).toEqual({ kind: 'wait', until: 150_000 });
      expect(step(little, guard('closing'), 150_000)).toEqual(closes);
    });

    it('is closed at once to end a sale, and to end an exposure', () => {
      const one = { acknowledged: { units: 1000, version: 1, at: 90_000 } };
      expect(step(wants(0, one), guard('closing'))).toEqual(closes);
      expect(step(wants(999, one), guard('closing', { room: 999 }))).toEqual(closes);
      expect(step(wants(999, one), guard('closing', { room: 1000 }))).toMatchObject({ kind: 'wait' });
      expect(step(wants(999, one), guard('closing', { room: -Infinity }))).toMatchObject({ kind: 'wait' });
    });

    it('is closed as far as its channel lets it', () => {
      const locked = guard('closing', { lock: 3 });
      expect(step(wants(5), locked)).toMatchObject({ sends: { units: 3, closes: true } });
      const shut = wants(5, { missing: { units: 7, at: 99_000 } });
      expect(step(shut, locked)).toEqual({ kind: 'hear', upTo: 99_000 });
    });

    it('is heard of when it is shut, and then opened onto what is known to be there', () => {
      const shut = wants(5, { missing: { units: 10, at: 99_000 } });
      expect(step(shut, guard('closing'))).toEqual({ kind: 'hear', upTo: 99_000 });
      const more = wants(20, { missing: { units: 10, at: 99_000 } });
      expect(step(more, guard('closing'))).toEqual({ kind: 'hear', upTo: 99_000 });
      const heard = wants(5, { acknowledged: { units: 0, version: 2, at: 99_000 } });
      expect(step(heard, guard('closing'))).toEqual({ kind: 'write', raises: true, sends: { units: 5, change: 5 } });
      const kept = wants(8, { acknowledged: { units: 3, version: 2, at: 99_000 } });
      expect(step(kept, guard('closing', { lock: 3 }))).toMatchObject({ sends: { units: 8, change: 5 } });
      const locked = wants(2, { acknowledged: { units: 3, version: 2, at: 99_000 } });
      expect(step(locked, guard('closing', { lock: 3 }))).toEqual({ kind: 'wait', until: 102_000 });
    });
  });

  it('is heard of ten seconds after something is missing, two where a number was written, at once where it shows none', () => {
    const missing = { units: 3, at: 99_000 };
    const steps = (changes: Partial<Target>, way: Guard['way'], at: number) =>
      [at - 1, at].map((now) => step(wants(10, changes), guard(way), now).kind);
    expect(steps({ missing }, 'relative', 109_000)).toEqual(['wait', 'hear']);
    expect(steps({ missing: { ...missing, how: 'written' } }, 'absolute', 101_000)).toEqual(['wait', 'hear']);
    expect(steps({ missing: { ...missing, how: 'risen' } }, 'absolute', 109_000)).toEqual(['wait', 'hear']);
    expect(steps({ missing: { ...missing, units: 10 } }, 'relative', 99_000)).toEqual(['wait', 'hear']);
  });
});
