import { claimTarget } from '../domain';
import { shownTarget, targetOf } from '../../test/builders/targets';
import { urgencyOf } from './urgency-of';

const claimed = (units: number, changes: Parameters<typeof shownTarget>[1] = {}) =>
  claimTarget(shownTarget(10, { wanted: { units, version: 2, at: 20_000 }, ...changes }), {
    token: 't',
    now: 30_000,
    reads: false,
  });

describe('urgencyOf', () => {
  it.each([
    ['a smaller number', [claimed(4)], 'lower'],
    ['a larger number', [claimed(12)], 'raise'],
    ['one of a listing that its own sales brought below it', [claimed(8, { drift: -5 })], 'raise'],
    ['the first number of a listing', [targetOf({ sent: { units: 3, version: 1, at: 1 } })], 'raise'],
    ['a lowering that was not tried yet', [claimed(10, { lowering: true })], 'lower'],
    ['several, one of them smaller', [claimed(12), claimed(4), claimed(12)], 'lower'],
    ['none', [], 'raise'],
  ])('takes %s for what it is', (_name, targets, urgency) => {
    expect(urgencyOf(targets)).toBe(urgency);
  });
});
