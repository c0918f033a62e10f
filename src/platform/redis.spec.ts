import { wordOf } from './redis';

const info = (lines: Record<string, string | number>) =>
  ['# Memory', ...Object.entries(lines).map(([name, value]) => `${name}:${value}`)].join('\r\n');

describe("Redis's word", () => {
  it('lets a Redis hold queues that has no bound, or evicts nothing', () => {
    expect(wordOf(info({ maxmemory: 0, maxmemory_policy: 'allkeys-lru' })).mayEvict).toBe(false);
    expect(wordOf(info({ maxmemory: 100, maxmemory_policy: 'noeviction' })).mayEvict).toBe(false);
  });

  it('names the policy of one that may evict', () => {
    const word = wordOf(info({ maxmemory: 100, maxmemory_policy: 'volatile-lru', aof_enabled: 1 }));
    expect(word).toEqual({ mayEvict: true, policy: 'volatile-lru', appendOnly: true });
  });
});
