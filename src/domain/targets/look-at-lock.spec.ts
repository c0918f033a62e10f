import { shownTarget } from '../../../test/builders/targets';
import { lookAtLock } from './look-at-lock';
import type { Lock } from './target';

const NOW = 100_000;
const look = { now: NOW, everyMs: 120_000 };
const locked = (changes: Partial<Lock> = {}) =>
  shownTarget(50, { v: 4, lock: { units: 30, drift: 0, readAt: 50_000, source: 'read', due: NOW, ...changes } });

describe('a look at a lock', () => {
  it('of which news were told has it read again in a while, beside all writing', () => {
    const looked = lookAtLock({ ...locked({ news: true }), auditDue: NOW + 10_000_000 }, look);
    expect(looked).toMatchObject({ v: 5, auditDue: NOW + 120_000, lock: { units: 30 } });
    expect(looked).not.toHaveProperty('check');
    expect(looked.lock).not.toHaveProperty('news');
    expect(looked.lock).not.toHaveProperty('due');
  });

  it('leaves an earlier reading its turn', () => {
    expect(lookAtLock({ ...locked({ news: true }), auditDue: NOW + 5 }, look).auditDue).toBe(NOW + 5);
  });

  it('comes again when what it holds comes back', () => {
    const looked = lookAtLock(locked({ news: true, until: NOW + 5000 }), look);
    expect(looked).toMatchObject({ v: 5, lock: { units: 30, until: NOW + 5000, due: NOW + 7000 } });
    expect(looked).not.toHaveProperty('check');
  });

  it('has the listing read back at once when its end has passed', () => {
    const looked = lookAtLock(locked({ until: NOW }), look);
    expect(looked).toMatchObject({ v: 5, check: true, due: NOW, auditDue: NOW + 120_000, lock: { units: 30 } });
    expect(looked.lock).not.toHaveProperty('due');
  });

  it('has nothing read that was never written', () => {
    const { acknowledged: _acknowledged, ...unseen } = locked({ until: NOW });
    expect(lookAtLock(unseen, look)).not.toHaveProperty('check');
  });

  it('does not check twice', () => {
    const waiting = { ...locked({ until: NOW }), check: true as const };
    expect(lookAtLock(waiting, look)).toMatchObject({ v: 5, auditDue: NOW + 120_000 });
    expect(lookAtLock(waiting, look)).not.toHaveProperty('due');
  });

  it('forgets one that is over', () => {
    const looked = lookAtLock(locked({ units: 0, news: true }), look);
    expect(looked).toMatchObject({ v: 5 });
    expect(looked).not.toHaveProperty('lock');
  });
});
