import { shownTarget, targetOf } from '../../../test/builders/targets';
import { standingOf, type Standing } from './standing-of';
import type { Target } from './target';

const wanted = { units: 4, version: 2, at: 20_000 };
const refusal = { code: 'x', message: 'no', at: 15_000 };

describe('where a listing stands', () => {
  it.each<[Standing, Target]>([
    ['uncounted', targetOf()],
    ['waiting', targetOf({ wanted })],
    ['waiting', shownTarget(10, { wanted })],
    ['waiting', shownTarget(10, { sent: { units: 10, version: 1, at: 1 } })],
    ['unread', shownTarget(10)],
    ['unread', shownTarget(10, { readBack: { units: 10, at: 9000 } })],
    ['proved', shownTarget(10, { readBack: { units: 10, at: 10_000 } })],
    ['proved', shownTarget(10, { refusal, readBack: { units: 10, at: 10_000 } })],
    ['refused', shownTarget(10, { refusal, wanted })],
    ['doubted', shownTarget(10, { suspect: { difference: 3, looks: 1 } })],
    ['drifted', shownTarget(10, { wanted, refusal, drifted: { units: 10, expected: 4, at: 1 } })],
  ])('%s', (standing, target) => {
    expect(standingOf(target)).toBe(standing);
  });
});
