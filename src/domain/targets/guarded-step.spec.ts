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
