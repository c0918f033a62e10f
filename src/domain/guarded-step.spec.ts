import { shownTarget } from '../../test/builders/targets';
import { guardedStep, type Guard } from './guarded-step';
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
