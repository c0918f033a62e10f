import { shownTarget } from '../../test/builders/targets';
import { lookAtLock } from './look-at-lock';
import type { Lock } from './target';

const NOW = 100_000;
const look = { now: NOW, everyMs: 120_000 };
const locked = (changes: Partial<Lock> = {}) =>
  shownTarget(50, { v: 4, lock: { units: 30, drift: 0, readAt: 50_000, source: 'read', due: NOW, ...changes } });

describe('a look at a lock', () => {
  it('has the listing read back at once, and looks again in a while', () => {
    const looked = lookAtLock(locked(), look);
    expect(looked).toMatchObject({ v: 5, check: true, due: NOW, lock: { units: 30, due: NOW + 120_000 } });
  });

  it('only marks news as told: they come from a reading', () => {
    const looked = lookAtLock(locked({ news: true, until: NOW + 5000 }), look);
    expect(looked).toMatchObject({ v: 5, lock: { units: 30, until: NOW + 5000, due: NOW + 7000 } });
    expect(looked).not.toHaveProperty('check');
    expect(looked.lock).not.toHaveProperty('news');
  });

  it('looks again in a while where the end has passed and the channel does not give it up', () => {
    expect(lookAtLock(locked({ until: NOW }), look)).toMatchObject({ check: true, lock: { due: NOW + 120_000 } });
  });

  it('has nothing read that was never written', () => {
    const { acknowledged: _acknowledged, ...unseen } = locked();
    expect(lookAtLock(unseen, look)).not.toHaveProperty('check');
  });

  it('does not check twice', () => {
    const waiting = { ...locked(), check: true as const };
    expect(lookAtLock(waiting, look)).toMatchObject({ v: 5, lock: { due: NOW + 120_000 } });
    expect(lookAtLock(waiting, look)).not.toHaveProperty('due');
  });

  it('forgets one that is over', () => {
    const looked = lookAtLock(locked({ units: 0, news: true }), look);
    expect(looked).toMatchObject({ v: 5 });
    expect(looked).not.toHaveProperty('lock');
  });
});
