import { ChannelError } from '../../connectors/kit';
import { HubError } from './hub-error';
import { failureOf, planRetry, RETRIES, type FailureKind } from './retry';

const KINDS = Object.keys(RETRIES) as FailureKind[];
const failure = (kind: FailureKind, afterMs?: number) => ({
  kind,
  reason: 'x',
  ...(afterMs === undefined ? {} : { afterMs }),
});

describe('a retry', () => {
  it.each(KINDS)('after %s never waits longer than its cap, and stops after its tries', (kind) => {
    const { capMs, tries, then } = RETRIES[kind];
    for (const count of [0, 1, 5, 30, 1000].filter((count) => count < tries)) {
      const plan = planRetry(failure(kind), count, () => 0.999999);
      expect(plan.kind === 'again' && plan.delayMs <= capMs).toBe(true);
    }
    if (tries !== Infinity) expect(planRetry(failure(kind), tries, () => 0)).toEqual({ kind: 'stop', then });
  });

  it('draws its delay between nothing and twice the one before', () => {
    const highest = (tries: number) => planRetry(failure('unavailable'), tries, () => 1);
    expect([0, 1, 2, 3].map(highest)).toEqual([1000, 2000, 4000, 8000].map((delayMs) => ({ kind: 'again', delayMs })));
    expect(planRetry(failure('unavailable'), 3, () => 0)).toEqual({ kind: 'again', delayMs: 0 });
  });

  it('comes back when the other side said, never before', () => {
    expect(planRetry(failure('throttled', 7000), 0, () => 0)).toEqual({ kind: 'again', delayMs: 7000 });
    expect(planRetry(failure('throttled', 7000), 9, () => 1)).toEqual({ kind: 'again', delayMs: 8000 });
  });

  it('is not made after a refusal, and waits for a person without a token', () => {
    expect(planRetry(failure('refused'), 0, () => 0)).toEqual({ kind: 'stop', then: 'dead' });
    expect(planRetry(failure('unauthorized'), 3, () => 0)).toEqual({ kind: 'stop', then: 'operator' });
  });
});

describe('a failure', () => {
  it('keeps what a channel said', () => {
    const throttled = new ChannelError({ kind: 'throttled', afterMs: 5 }, 'slow down');
    expect(failureOf(throttled)).toEqual({ kind: 'throttled', afterMs: 5, reason: 'slow down' });
    const refused = new ChannelError({ kind: 'refused', reason: 'E501' }, 'locked');
    expect(failureOf(refused)).toEqual({ kind: 'refused', reason: 'E501: locked' });
  });

  it('of a channel that names a day is tried again after a quarter of an hour', () => {
    const quota = new ChannelError({ kind: 'throttled', afterMs: 86_400_000 }, 'the quota of the day is used up');
    expect(failureOf(quota)).toMatchObject({ afterMs: 15 * 60_000 });
  });

  it("sorts the hub's own errors, the store's and mistakes", () => {
    const hub = (code: 'store' | 'conflict' | 'fault', retry: 'later' | 'never' | 'operator') =>
      failureOf(new HubError(code, retry, { message: 'x' })).kind;
    expect([hub('store', 'later'), hub('conflict', 'later'), hub('fault', 'later')]).toEqual([
      'store',
      'conflict',
      'fault',
    ]);
    expect([hub('store', 'never'), hub('store', 'operator')]).toEqual(['refused', 'operator']);
    expect(failureOf(Object.assign(new Error('x'), { name: 'MongoNetworkError' })).kind).toBe('store');
    expect(failureOf(new TypeError('x')).kind).toBe('fault');
    expect(failureOf('x').kind).toBe('fault');
  });
});
