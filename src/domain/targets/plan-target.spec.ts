import * as fc from 'fast-check';
import { planOf, shownTarget, targetOf } from '../../../test/builders/targets';
import { hearFormer, planTarget, type HeardChange } from './plan-target';
import { seenByBuyers, type Target } from './target';

const heard = (units: number, changes: Partial<HeardChange> = {}): HeardChange => ({
  sku: 'hat',
  v: 2,
  units,
  open: -units,
  at: 50_000,
  ...changes,
});

describe('planning a listing', () => {
  it('wants a number for the first time, and is due at once', () => {
    const target = planTarget(targetOf({ v: 0 }), planOf(7));
    expect(target).toMatchObject({ v: 1, wanted: { units: 7, version: 1, at: 60_000 }, due: 60_000, trigger: 'order' });
    expect(target).not.toHaveProperty('lowering');
  });

  it('raises the version of the number only where the number changes, that of the document always', () => {
    const same = planTarget(shownTarget(7), planOf(7));
    expect(same).toMatchObject({ v: 2, wanted: { version: 1 }, planned: [{ sku: 'hat', v: 2 }] });
    expect(same).not.toHaveProperty('due');
    expect(planTarget(same, planOf(6))).toMatchObject({ v: 3, wanted: { units: 6, version: 2 }, tries: 0 });
  });

  it('remembers since when a guarded raise waits, however often its number changes meanwhile', () => {
    const raise = (target: Target, units: number, now: number) =>
      planTarget(target, planOf(units, { guarded: true, now }));
    const first = raise(shownTarget(0), 30, 60_000);
    const second = raise(first, 29, 68_000);
    expect([first.raiseSince, second.raiseSince]).toEqual([60_000, 60_000]);
    expect(second.wanted?.at).toBe(68_000);
    const shown = { ...second, acknowledged: { units: 29, version: 3, at: 69_000 } };
    expect(raise(shown, 29, 70_000)).not.toHaveProperty('raiseSince');
    expect(raise(shown, 40, 90_000)).toMatchObject({ raiseSince: 90_000 });
    expect(planTarget(shownTarget(0), planOf(30))).not.toHaveProperty('raiseSince');
  });

  it('is not written for its own sale, which lowered it already', () => {
    const target = planTarget(shownTarget(10), planOf(7, { heard: [heard(-3)] }));
    expect(target).toMatchObject({ wanted: { units: 7 }, drift: -3, openUnits: 3 });
    expect(target).not.toHaveProperty('due');
  });

  it('is written for the sale of another shop, as a lowering', () => {
    expect(planTarget(shownTarget(10), planOf(7))).toMatchObject({ due: 60_000, lowering: true });
  });

  it('takes a sale in doubt for one before the acknowledgement', () => {
    const doubtful = planTarget(shownTarget(10), planOf(7, { heard: [heard(-3, { at: 12_000 })] }));
    expect(doubtful).toMatchObject({ drift: 0, due: 60_000 });
    const later = planTarget(shownTarget(10), planOf(7, { heard: [heard(-3, { at: 12_001 })] }));
    expect(later).toMatchObject({ drift: -3 });
  });

  it('counts a change in doubt where the channel takes what is reserved off the number', () => {
    const reserved = (change: HeardChange) =>
      planTarget(shownTarget(10), planOf(10, { heard: [change], countsReserved: true }));
    expect(reserved(heard(-3, { at: 12_000 }))).toMatchObject({ drift: -3, due: 60_000 });
    const leftBefore = heard(0, { open: -2, at: 12_000 });
    expect(reserved(leftBefore)).toMatchObject({ drift: 2, due: 60_000 });
    expect(reserved(heard(0, { open: -2, at: 12_001 }))).toMatchObject({ drift: 0 });
  });

  it('is written once more after a change in doubt, also where the number is the one that was acknowledged', () => {
    const cancelled = planTarget(shownTarget(10), planOf(10, { heard: [heard(3, { at: 12_000 })] }));
    expect(cancelled).toMatchObject({ drift: 3, unsure: 60_000, due: 60_000 });
    const sold = planTarget(shownTarget(10), planOf(10, { heard: [heard(-3, { at: 12_000 })] }));
    expect(sold).toMatchObject({ drift: 0, unsure: 60_000, due: 60_000 });
    const inFlight = { ...shownTarget(10), sent: { units: 10, version: 1, at: 50_000 } };
    expect(planTarget(inFlight, planOf(10, { heard: [heard(3)] }))).toMatchObject({ unsure: 60_000 });
    expect(planTarget(shownTarget(10), planOf(13, { heard: [heard(3)] }))).not.toHaveProperty('unsure');
  });

  it('pain-09 that sold more than it was to show is raised by a cancellation from nothing, not from below', () => {
    const oversold = planTarget(shownTarget(2), planOf(0, { heard: [heard(-5)] }));
    expect(oversold.drift).toBe(-2);
    const cancelled = planTarget(oversold, planOf(0, { heard: [heard(5, { v: 3 })] }));
    expect(cancelled).toMatchObject({ drift: 3, due: 60_000 });
  });

  it('hears each move once, however often it is planned', () => {
    const once = planTarget(shownTarget(10), planOf(7, { heard: [heard(-3)] }));
    const twice = planTarget(once, planOf(7, { heard: [heard(-3)] }));
    expect(twice).toMatchObject({ drift: -3, openUnits: 3 });
  });

  it('is wanted no more while a part was never counted', () => {
    const target = planTarget(shownTarget(10), planOf(undefined));
    expect(target).not.toHaveProperty('wanted');
    expect(target).not.toHaveProperty('due');
  });

  it('keeps waiting since when it waited', () => {
    const waiting = shownTarget(10, { wanted: { units: 7, version: 2, at: 40_000 }, due: 40_000, lowering: true });
    expect(planTarget(waiting, planOf(7))).toMatchObject({ due: 40_000, lowering: true });
  });

  it('leaves a number that was refused, and has what is missing of such a listing heard of', () => {
    const refused = shownTarget(7, { wanted: { units: 5, version: 2, at: 20_000 }, guarded: true, openNumber: 5 });
    const refusal = { code: 'x', message: 'no', at: 21_000, version: 2 };
    const plan = planOf(5, { guarded: true });
    expect(planTarget({ ...refused, refusal }, plan)).not.toHaveProperty('due');
    const missing = { units: 1, at: 22_000 };
    const planned = planTarget({ ...refused, refusal, missing }, plan);
    expect(planned).toMatchObject({ due: 60_000, missing, refusal, wanted: { version: 2 } });
    expect(planned).not.toHaveProperty('lowering');
  });

  it('looks again at a listing whose call is not answered, also where the number is the same', () => {
    const sent = shownTarget(7, { sent: { units: 7, version: 1, at: 59_000 } });
    expect(planTarget(sent, planOf(7))).toMatchObject({ due: 60_000, sent: { version: 1 } });
  });

  it('pain-10 has a number whose version never falls, whatever is planned', () => {
    const numbers = fc.array(fc.option(fc.nat({ max: 5 }), { nil: undefined }), { maxLength: 12 });
    fc.assert(
      fc.property(numbers, (units) => {
        let target = targetOf();
        let highest = 0;
        for (const each of units) {
          target = planTarget(target, planOf(each));
          const version = target.wanted?.version;
          if (version === undefined) continue;
          expect(version).toBeGreaterThanOrEqual(highest);
          highest = version;
        }
      }),
    );
  });
});

describe('what buyers may see', () => {
  it('is unknown before the first word of the channel', () => {
    expect(seenByBuyers(targetOf())).toBeUndefined();
  });

  it('is the acknowledged number with what the channel changed since, or one in flight if that is more', () => {
    expect(seenByBuyers(shownTarget(10, { drift: -3 }))).toBe(7);
    expect(seenByBuyers(shownTarget(10, { drift: -3, sent: { units: 20, version: 2, at: 1 } }))).toBe(20);
    expect(seenByBuyers(shownTarget(10, { sent: { units: 2, version: 2, at: 1 } }))).toBe(10);
    expect(seenByBuyers(shownTarget(2, { drift: -5 }))).toBe(0);
  });
});

describe('a listing that is mapped to another sku', () => {
  const sold = shownTarget(10, { openUnits: 3, planned: [{ sku: 'hat', v: 4 }] });
  const planned = planTarget({ ...sold, skus: ['cap'] }, planOf(8, { positions: [{ sku: 'cap', v: 9 }] }));
  const told = (changes: readonly HeardChange[], v: number) => ({
    ...{ heard: changes, positions: [{ sku: 'hat', v }], guarded: false, now: 60_000, skewMs: 0 },
  });

  it('remembers up to where it heard of the former one, and counts nothing twice when it is mapped back', () => {
    expect(planned.planned).toEqual([
      { sku: 'cap', v: 9 },
      { sku: 'hat', v: 4 },
    ]);
    const back = planOf(10, { positions: [{ sku: 'hat', v: 4 }], heard: [heard(-3, { v: 3 }), heard(-1, { v: 4 })] });
    expect(planTarget({ ...planned, skus: ['hat'] }, back)).toMatchObject({
      openUnits: 3,
      planned: [
        { sku: 'hat', v: 4 },
        { sku: 'cap', v: 9 },
      ],
    });
  });

  it('remembers fifty at most', () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ sku: `former-${at}`, v: 1 }));
    expect(planTarget({ ...sold, planned: many }, planOf(8)).planned).toHaveLength(51);
  });

  it('hears what becomes of open orders of before, and is written where it shows another number for that', () => {
    const shown = { ...planned, acknowledged: { units: 8, version: 2, at: 10_000 } };
    const { due: _due, lowering: _lowering, ...quiet } = shown;
    const cancelled = hearFormer(quiet, told([heard(2, { v: 5 })], 5));
    expect(cancelled).toMatchObject({ v: quiet.v + 1, openUnits: 1, drift: 2, due: 60_000, wanted: { units: 8 } });
    expect(cancelled?.planned).toEqual([
      { sku: 'hat', v: 5 },
      { sku: 'cap', v: 9 },
    ]);
    const left = hearFormer(quiet, told([heard(0, { v: 5, open: -3 })], 5));
    expect(left).toMatchObject({ openUnits: 0, drift: 0 });
    expect(left).not.toHaveProperty('due');
    const refused = { ...quiet, refusal: { code: 'no', message: 'no', at: 1 } };
    expect(hearFormer(refused, told([heard(2, { v: 5 })], 5))).not.toHaveProperty('due');
  });

  it('hears nothing where all of it is counted in', () => {
    expect(hearFormer(planned, told([heard(-3, { v: 4 })], 7))).toBeUndefined();
    expect(hearFormer(planned, told([], 7))).toBeUndefined();
  });
});
