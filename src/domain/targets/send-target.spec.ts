import { planOf, shownTarget, targetOf } from '../../../test/builders/targets';
import { planTarget } from './plan-target';
import {
  answerTarget,
  checkTarget,
  claimTarget,
  LEASE_MS,
  nextStep,
  postponeTarget,
  restTarget,
  setAsideTarget,
} from './send-target';
import type { Target } from './target';

const NOW = 100_000;
const by = { token: 'mine', now: NOW + 500 };
const lowered = shownTarget(10, { wanted: { units: 7, version: 2, at: 90_000 }, due: 90_000, lowering: true, v: 4 });
const claim = (target: Target, reads = false) => claimTarget(target, { token: 'mine', now: NOW, reads });

describe('the next step', () => {
  it('is to write what differs from what buyers may see', () => {
    expect(nextStep(lowered, NOW)).toEqual({ kind: 'write', raises: false });
    expect(nextStep({ ...lowered, drift: -5 }, NOW)).toEqual({ kind: 'write', raises: true });
    expect(nextStep(targetOf({ wanted: { units: 0, version: 1, at: 1 } }), NOW)).toEqual({
      kind: 'write',
      raises: true,
    });
  });

  it('is to rest where nothing is wanted, or it shows the number already', () => {
    expect(nextStep(targetOf(), NOW)).toEqual({ kind: 'rest' });
    expect(nextStep({ ...lowered, drift: -3 }, NOW)).toEqual({ kind: 'rest' });
  });

  it('is to wait while somebody else is at it, or an answer may still come', () => {
    const claimed = claim(lowered);
    expect(nextStep(claimed, NOW + 1)).toEqual({ kind: 'wait', until: NOW + LEASE_MS });
    const { lease: _lease, ...unleased } = claimed;
    expect(nextStep(unleased, NOW + 1)).toEqual({ kind: 'wait', until: NOW + LEASE_MS });
  });

  it('is to read back what was never answered, once nobody can be at it', () => {
    expect(nextStep(claim(lowered), NOW + LEASE_MS)).toEqual({ kind: 'read-back' });
  });
});

describe('a check', () => {
  const checked = checkTarget(shownTarget(10), NOW)!;

  it('has the listing read back before anything else, also where nothing is to be written', () => {
    expect(checked).toMatchObject({ v: 2, due: NOW });
    expect(nextStep(checked, NOW)).toEqual({ kind: 'read-back' });
    expect(nextStep({ ...lowered, check: true }, NOW)).toEqual({ kind: 'read-back' });
  });

  it('ends with the reading, which is what buyers see from then on', () => {
    const answered = answerTarget(claim(checked, true), { kind: 'read', units: 4 }, by);
    expect(answered).toMatchObject({ acknowledged: { units: 4 }, readBack: { units: 4 }, due: by.now });
    expect(answered).not.toHaveProperty('check');
    expect(answerTarget(claim(checked, true), { kind: 'read', units: 10 }, by)).not.toHaveProperty('due');
    expect(answerTarget(claim(checked, true), { kind: 'read', units: undefined }, by)).not.toHaveProperty('check');
  });

  it('goes on when the reading did not come about, or a number was planned or written meanwhile', () => {
    expect(answerTarget(claim(checked, true), { kind: 'unread', due: 5 }, by)).toMatchObject({ check: true, due: 5 });
    expect(planTarget(checked, planOf(10))).toMatchObject({ check: true, due: NOW });
    const inFlight = checkTarget(claim(lowered), NOW)!;
    expect(answerTarget(inFlight, { kind: 'done' }, by)).toMatchObject({ check: true, due: by.now });
  });

  it('waits until our own write cannot be what the news is about, and is one for all news of that time', () => {
    const fresh = shownTarget(10, { acknowledged: { units: 10, version: 1, at: NOW - 1000 } });
    expect(checkTarget(fresh, NOW)).toMatchObject({ due: NOW + 9000 });
    expect(checkTarget(checkTarget(fresh, NOW)!, NOW + 1)).toBeUndefined();
  });

  it('is none where the hub never wrote the listing', () => {
    expect(checkTarget(targetOf(), NOW)).toBeUndefined();
  });
});

describe('a claim', () => {
  it('says what is sent before it is sent, and ends by itself', () => {
    expect(claim(lowered)).toMatchObject({
      v: 5,
      sent: { units: 7, version: 2, at: NOW },
      lease: { token: 'mine', until: NOW + LEASE_MS },
      due: NOW + LEASE_MS,
      tries: 1,
    });
  });

  it('for reading back leaves what was sent as it is', () => {
    const unanswered = claim(lowered);
    const again = claimTarget(unanswered, { token: 'other', now: NOW + LEASE_MS, reads: true });
    expect(again.sent).toEqual(unanswered.sent);
  });
});

describe('the answer', () => {
  it('done makes what was sent what is shown', () => {
    const target = answerTarget(claim(lowered), { kind: 'done' }, by)!;
    expect(target).toMatchObject({ acknowledged: { units: 7, version: 2, at: by.now }, drift: 0, tries: 0, v: 6 });
    for (const gone of ['due', 'lease', 'sent', 'lowering']) expect(target).not.toHaveProperty(gone);
  });

  it('done for a number that is no longer wanted makes it due again', () => {
    const planned = { ...claim(lowered), wanted: { units: 5, version: 3, at: NOW } };
    const target = answerTarget(planned, { kind: 'done' }, by);
    expect(target).toMatchObject({ acknowledged: { units: 7, version: 2 }, due: by.now });
  });

  it('pain-10 of one whose lease somebody else has counts no more', () => {
    const taken = { ...claim(lowered), lease: { token: 'theirs', until: NOW + 99_000 } };
    expect(answerTarget(taken, { kind: 'done' }, by)).toBeUndefined();
  });

  it('read takes the word of the channel, and is due where it is another', () => {
    const target = answerTarget(claim(lowered, true), { kind: 'read', units: 10 }, by);
    expect(target).toMatchObject({ acknowledged: { units: 10 }, readBack: { units: 10, at: by.now }, due: by.now });
  });

  it('read of a listing that the channel does not know is a refusal', () => {
    const target = answerTarget(claim(claim(lowered), true), { kind: 'read', units: undefined }, by);
    expect(target).toMatchObject({ refusal: { code: 'unknown-listing' } });
    expect(target).not.toHaveProperty('due');
  });

  it('pain-08 a final no is not repeated before the number changes', () => {
    const refused = answerTarget(claim(lowered), { kind: 'refused', code: '403', message: 'locked' }, by)!;
    expect(refused).not.toHaveProperty('due');
    expect(refused.refusal).toEqual({ code: '403', message: 'locked', at: by.now, version: 2 });
    const planned = { ...claim(lowered), wanted: { units: 5, version: 3, at: NOW } };
    expect(answerTarget(planned, { kind: 'refused', code: '403', message: '' }, by)).toMatchObject({ due: by.now });
  });

  it('a final no leaves it due while what it shows less than is known is not heard of', () => {
    const less = { ...claim(lowered), guarded: true as const, missing: { units: 2, at: NOW } };
    const refused = answerTarget(less, { kind: 'refused', code: '403', message: '' }, by);
    expect(refused).toMatchObject({ due: by.now, missing: { units: 2 } });
  });

  it('pain-16 a refusal is forgotten with the next yes', () => {
    const refused = answerTarget(claim(lowered), { kind: 'refused', code: '403', message: 'locked' }, by)!;
    const target = answerTarget(claim(refused), { kind: 'done' }, by);
    expect(target).not.toHaveProperty('refusal');
  });

  it('again frees it until then, alone where it was not clear whose fault it was', () => {
    const target = answerTarget(claim(lowered), { kind: 'again', due: 123_456, alone: true }, by)!;
    expect(target).toMatchObject({ due: 123_456, alone: true, tries: 1 });
    expect(target).not.toHaveProperty('sent');
    expect(target).not.toHaveProperty('lease');
  });

  it('that never came keeps what was sent, to be read back before anything else', () => {
    const over = answerTarget(claim(lowered), { kind: 'unanswered', isOver: true }, by)!;
    expect(over).toMatchObject({ sent: { units: 7 }, due: NOW + 1500 });
    expect(nextStep(over, NOW + 1400)).toEqual({ kind: 'wait', until: NOW + 1500 });
    expect(nextStep(over, NOW + 1500)).toEqual({ kind: 'read-back' });
    const target = answerTarget(claim(lowered), { kind: 'unanswered' }, by)!;
    expect(target).toMatchObject({ sent: { units: 7 }, due: NOW + LEASE_MS });
    expect(target).not.toHaveProperty('lease');
    expect(nextStep(target, target.due!)).toEqual({ kind: 'read-back' });
  });
});

describe('a listing of which nobody is sure what it shows', () => {
  const unsure = shownTarget(10, { unsure: NOW - 1 });

  it('is written although it seems to show its number, and is sure of it with the answer', () => {
    expect(nextStep(unsure, NOW)).toEqual({ kind: 'write', raises: false });
    const sure = answerTarget(claim(unsure), { kind: 'done' }, by);
    expect(sure).not.toHaveProperty('unsure');
    expect(sure).not.toHaveProperty('due');
  });

  it('stays so when the change was heard while the call was out, or the call was of no use', () => {
    const heardLater = answerTarget({ ...claim(unsure), unsure: NOW + 100 }, { kind: 'done' }, by);
    expect(heardLater).toMatchObject({ unsure: NOW + 100, due: by.now });
    const again = answerTarget(claim(unsure), { kind: 'again', due: NOW + 9000 }, by);
    expect(nextStep(again!, NOW + 9000)).toEqual({ kind: 'write', raises: false });
  });
});

describe('a listing of a paused shop', () => {
  it('is due no more, and a call that nobody answered stays known', () => {
    const aside = setAsideTarget({ ...claim(lowered), lease: { token: 'dead', until: 1 } });
    expect(aside).toMatchObject({ v: 6, sent: { units: 7, version: 2 } });
    expect(aside).not.toHaveProperty('due');
    expect(nextStep(aside, NOW + LEASE_MS)).toEqual({ kind: 'read-back' });
  });
});

describe('a listing with nothing to write', () => {
  it('rests without a due, and one that waits keeps what it waits with', () => {
    expect(restTarget(lowered)).not.toHaveProperty('due');
    expect(postponeTarget(lowered, 5)).toMatchObject({ due: 5, lowering: true, v: 5 });
  });
});

describe('a number that reserved units are taken off', () => {
  it('is written again when some of them left while the call was out', () => {
    const open = shownTarget(10, { wanted: { units: 7, version: 2, at: 90_000 }, due: 90_000, v: 4, openUnits: 2 });
    const gone = { sku: 'hat', v: 2, units: 0, open: -2, at: NOW };
    const told = planTarget(claim(open), planOf(7, { heard: [gone], countsReserved: true }));
    expect(told).toMatchObject({ openUnits: 0, unknown: 2 });
    const answered = answerTarget(told, { kind: 'done' }, by) as Target;
    expect(answered).toMatchObject({ acknowledged: { units: 7 }, drift: 2, due: by.now });
    expect(answered).not.toHaveProperty('unknown');
    const again = answerTarget(claim(answered), { kind: 'done' }, by);
    expect(again).toMatchObject({ acknowledged: { units: 7 }, drift: 0 });
    expect(again).not.toHaveProperty('due');
  });
});
