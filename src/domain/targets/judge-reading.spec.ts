import { shownTarget, targetOf } from '../../../test/builders/targets';
import { isQuiet, judgeReading, writeAgain, type StockLook } from './judge-reading';
import type { Target } from './target';

const NOW = 1_000_000;
const look = (units: number | undefined, changes: Partial<StockLook> = {}): StockLook => ({
  ...{ units, lock: { units: 0 }, rule: 'put-right', now: NOW },
  ...{ doubtMs: 150_000, nextMs: 10_000_000, nextIfSellsMs: 1_000_000, nextIfLockedMs: 120_000 },
  ...changes,
});
/** Looks again and again, as long as it is in doubt. */
function believed(target: Target, readings: readonly number[], changes: Partial<StockLook> = {}) {
  let judged = judgeReading(target, look(readings[0], changes));
  for (const units of readings.slice(1)) judged = judgeReading(judged.target, look(units, changes));
  return judged;
}

describe('a listing that shows what is known of it', () => {
  it('is proved, and read again in its turn', () => {
    const { verdict, target } = judgeReading(shownTarget(10, { drift: -3 }), look(7));
    expect(verdict).toBe('proved');
    expect(target).toMatchObject({ v: 2, readBack: { units: 7, at: NOW }, acknowledged: { units: 10 }, drift: -3 });
    expect(target.due).toBeUndefined();
    expect(target.auditDue).toBe(NOW + 1_000_000);
  });

  it('is read sooner where its number changed since the last reading', () => {
    const read = { units: 10, at: 20_000 };
    expect(judgeReading(shownTarget(10, { readBack: read }), look(10)).target.auditDue).toBe(NOW + 10_000_000);
    const sells = shownTarget(10, { readBack: read, wanted: { units: 10, version: 2, at: 30_000 } });
    expect(judgeReading(sells, look(10)).target.auditDue).toBe(NOW + 1_000_000);
  });
});

describe('a listing that its channel keeps on show for an event of its own', () => {
  const lock = { units: 6, drift: 0, readAt: 20_000, source: 'read' } as const;

  it('is read again soon, and once more when the event is over', () => {
    const told = { lock: { units: 6 } };
    expect(judgeReading(shownTarget(10), look(10, told)).target.auditDue).toBe(NOW + 120_000);
    expect(judgeReading(shownTarget(10, { lock }), look(10)).target.auditDue).toBe(NOW + 120_000);
  });

  it('shows what the event gives back, which nobody changed by hand', () => {
    const target = shownTarget(10, { lock, wanted: { units: 10, version: 1, at: 20_000 } });
    expect(judgeReading(target, look(16))).toMatchObject({
      verdict: 'proved',
      target: { acknowledged: { units: 16 }, due: NOW, auditDue: NOW + 120_000 },
    });
    expect(judgeReading(target, look(16)).target).not.toHaveProperty('suspect');
    expect(judgeReading(target, look(14, { lock: { units: 2 } })).verdict).toBe('proved');
  });

  it('is in doubt where it shows more than that, or less', () => {
    const target = shownTarget(10, { lock });
    expect(judgeReading(target, look(17)).verdict).toBe('doubted');
    expect(judgeReading(target, look(15, { lock: { units: 2 } })).verdict).toBe('doubted');
    expect(judgeReading(target, look(9)).verdict).toBe('doubted');
    const sold = shownTarget(10, { lock, drift: -2 });
    expect(judgeReading(sold, look(12)).verdict).toBe('proved');
    expect(judgeReading(sold, look(13)).verdict).toBe('doubted');
  });
});

describe('a listing that shows something else', () => {
  it('is looked at again before that is believed: a sale may not have been heard of', () => {
    const { verdict, target } = judgeReading(shownTarget(10), look(8));
    expect(verdict).toBe('doubted');
    expect(target).toMatchObject({ acknowledged: { units: 10 }, suspect: { difference: -2, looks: 1 } });
    expect(target).toMatchObject({ auditDue: NOW + 150_000, readBack: { units: 8 } });
    expect(target.due).toBeUndefined();
    const heard = { ...target, drift: -2 };
    expect(judgeReading(heard, look(8))).toMatchObject({ verdict: 'proved' });
    expect(judgeReading(heard, look(8)).target.suspect).toBeUndefined();
  });

  it('was changed by somebody when it differs by the same again, sales in between or not', () => {
    const { verdict, target } = believed(shownTarget(10), [50, 50]);
    expect(verdict).toBe('drifted');
    expect(target).toMatchObject({ drifted: { units: 50, expected: 10 }, acknowledged: { units: 50 }, drift: 0 });
    expect(target).toMatchObject({ due: NOW, trigger: 'drift', lowering: true });
    const first = judgeReading(shownTarget(10), look(50)).target;
    expect(judgeReading({ ...first, drift: -3 }, look(47)).verdict).toBe('drifted');
  });

  it('is believed at the third look, however it moves', () => {
    expect(believed(shownTarget(10), [50, 49]).verdict).toBe('doubted');
    expect(believed(shownTarget(10), [50, 49, 47]).verdict).toBe('drifted');
  });

  it('is raised by no lowering', () => {
    const { target } = believed(shownTarget(10), [4, 4]);
    expect(target).toMatchObject({ due: NOW, acknowledged: { units: 4 } });
    expect(target.lowering).toBeUndefined();
  });

  it('stands where the shop accepts it, until our own number changes, and counts as what buyers see', () => {
    const { target } = believed(shownTarget(10), [50, 50], { rule: 'accept' });
    expect(target).toMatchObject({ acknowledged: { units: 50 }, drifted: { units: 50 }, accepted: 1 });
    expect(target.due).toBeUndefined();
    expect(judgeReading(target, look(50))).toMatchObject({ verdict: 'proved', target: { drifted: { units: 50 } } });
  });

  it('of a guarded sku may be sold and not heard where it is less: it is heard before it is raised', () => {
    const guarded = shownTarget(10, { guarded: true, openNumber: 20 });
    const { target } = believed(guarded, [4, 4]);
    expect(target).toMatchObject({ due: NOW, trigger: 'drift', missing: { units: 6 } });
    expect(believed(guarded, [50, 50]).target).toMatchObject({ due: NOW, drift: 40, lowering: true });
    const { target: accepted } = believed(guarded, [4, 4], { rule: 'accept' });
    expect(accepted).toMatchObject({ drift: -6, accepted: 1 });
    expect([accepted.due, accepted.missing]).toEqual([undefined, undefined]);
  });

  it('is known as changed until it shows its number again', () => {
    const { target } = believed(shownTarget(10), [50, 50]);
    const right = { ...target, acknowledged: { units: 10, version: 1, at: NOW } };
    expect(judgeReading(right, look(10)).target.drifted).toBeUndefined();
  });

  it('shows what it should already: that is entered, and nobody is told', () => {
    const waiting = shownTarget(10, { wanted: { units: 6, version: 2, at: 20_000 } });
    const { verdict, target } = judgeReading(waiting, look(6));
    expect(verdict).toBe('proved');
    expect(target).toMatchObject({ acknowledged: { units: 6 }, readBack: { units: 6 } });
    expect(target.due).toBeUndefined();
  });
});

describe('a listing whose number was refused', () => {
  const refusal = { code: 'x', message: 'no', at: 15_000 };
  const refused = shownTarget(10, { refusal, wanted: { units: 4, version: 2, at: 15_000 } });

  it('is not written again for what is read', () => {
    for (const units of [10, 7]) {
      const { target } = believed(refused, [units, units]);
      expect(target).toMatchObject({ refusal, acknowledged: { units } });
      expect(target.due).toBeUndefined();
    }
  });

  it('of a guarded sku is heard of where it shows less, whatever of its number', () => {
    const guarded = { ...refused, guarded: true as const };
    for (const units of [7, 4]) {
      const { target } = believed(guarded, [units, units]);
      expect(target).toMatchObject({ refusal, due: NOW, missing: { units: 10 - units } });
      expect(target).not.toHaveProperty('lowering');
    }
    const { target: accepted } = believed(guarded, [3, 3], { rule: 'accept' });
    expect(accepted).toMatchObject({ refusal, drift: -7, accepted: 2 });
    expect([accepted.due, accepted.missing]).toEqual([undefined, undefined]);
  });

  it('shows what it shows, also where it never was written before', () => {
    const { target } = judgeReading(targetOf({ refusal, wanted: { units: 4, version: 1, at: 1 } }), look(9));
    expect(target).toMatchObject({ refusal, acknowledged: { units: 9 } });
    expect(target.due).toBeUndefined();
  });
});

describe('a listing that the channel does not know', () => {
  it('is read by the deliverer, which tells of it, once', () => {
    const { verdict, target } = judgeReading(shownTarget(10), look(undefined));
    expect(verdict).toBe('unknown');
    expect(target).toMatchObject({ check: true, due: NOW });
    const told = shownTarget(10, { refusal: { code: 'unknown-listing', message: '', at: 1 } });
    expect(judgeReading(told, look(undefined)).target).toMatchObject({ auditDue: NOW + 10_000_000 });
    expect(judgeReading(told, look(undefined)).target.due).toBeUndefined();
  });
});

describe('what can be judged', () => {
  it.each<[string, Target, boolean]>([
    ['a listing that was written a while ago', shownTarget(10), true],
    ['one that was written a moment ago', shownTarget(10, { acknowledged: { units: 1, version: 1, at: NOW } }), false],
    ['one with a call out', shownTarget(10, { sent: { units: 1, version: 1, at: 1 } }), false],
    ['one that somebody holds', shownTarget(10, { lease: { token: 't', until: NOW + 1 } }), false],
    ['one that is to be written', shownTarget(10, { due: NOW + 1 }), false],
    ['one that is to be read back', shownTarget(10, { check: true }), false],
    ['one that was never written', targetOf({ wanted: { units: 1, version: 1, at: 1 } }), false],
    ['one that was never counted', targetOf(), false],
  ])('%s', (_what, target, is) => {
    expect(isQuiet(target, NOW)).toBe(is);
  });
});

describe('written once more', () => {
  const refusal = { code: 'x', message: 'no', at: 15_000 };
  const wanted = { units: 4, version: 2, at: 15_000 };

  it('is what is not shown; by hand also what was refused or stands', () => {
    const by = { trigger: 'by-hand' as const, now: NOW };
    expect(writeAgain(shownTarget(10), by)).toBeUndefined();
    for (const left of [shownTarget(10, { refusal, wanted }), shownTarget(10, { accepted: 2, wanted })]) {
      expect(writeAgain(left, by)).toMatchObject({ v: 2, due: NOW, trigger: 'by-hand', lowering: true });
      expect(writeAgain(left, { trigger: 'rule', now: NOW })).toBeUndefined();
    }
    expect(writeAgain(shownTarget(10, { accepted: 2, wanted }), by)?.accepted).toBeUndefined();
  });

  it('is nothing that is under way', () => {
    const by = { trigger: 'by-hand' as const, now: NOW };
    expect(writeAgain(shownTarget(10, { wanted, due: 5 }), by)).toBeUndefined();
    expect(writeAgain(shownTarget(10, { wanted, sent: { units: 4, version: 2, at: 1 } }), by)).toBeUndefined();
  });
});
