import { isLostConnection, nodesOf, wordOf } from './redis';

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

describe("a cluster's address", () => {
  it('names nodes, and what all of them ask for', () => {
    expect(nodesOf('redis://127.0.0.1:7001,redis-2,[::1]:7003/')).toEqual({
      nodes: [
        { host: '127.0.0.1', port: 7001 },
        { host: 'redis-2', port: 6379 },
        { host: '::1', port: 7003 },
      ],
    });
    expect(nodesOf('rediss://hub:s%40cret@a:1,b:2')).toMatchObject({ username: 'hub', password: 's@cret', tls: {} });
    expect(nodesOf('redis://:secret@a:1,b:2')).toEqual({
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
      password: 'secret',
    });
  });
});

describe('a lost connection', () => {
  it.each([
    'Connection is closed.',
    'CLUSTERDOWN The cluster is down',
    'Too many Cluster redirections. Last error: Error: Connection is closed.',
    "Cluster isn't ready and enableOfflineQueue options is false",
  ])('is what says: %s', (message) => expect(isLostConnection(new Error(message))).toBe(true));

  it('is not what a script gets wrong', () => {
    expect(isLostConnection(new Error('ERR Error running script'))).toBe(false);
  });
});
