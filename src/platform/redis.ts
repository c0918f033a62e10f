import Redis, { Cluster } from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import { BootRefusal, HubError } from './hub-error';
import { maskText } from './mask';

/**
 * `client`: Bull's commands. `subscriber`, `blocking`: Bull's other two, which wait for ever and must not time out.
 * `budget`: call budgets, which fall back to memory rather than wait.
 */
export type RedisUse = 'client' | 'subscriber' | 'blocking' | 'budget';

/** One Redis, or a Redis Cluster. */
export type RedisLink = Redis | Cluster;

const DEFAULT_PORT = 6379;
const COMMAND_MS = 500;
const BUDGET_MS = 200;
const QUIT_MS = 300;
const MOST_RECONNECT_MS = 2000;

const WAITS = { maxRetriesPerRequest: null, enableReadyCheck: false } as const;
const ASKS = { maxRetriesPerRequest: null, enableReadyCheck: true } as const;
const OPTIONS = {
  client: { ...ASKS, commandTimeout: COMMAND_MS },
  subscriber: WAITS,
  blocking: WAITS,
  budget: { ...ASKS, commandTimeout: BUDGET_MS, maxRetriesPerRequest: 0, enableOfflineQueue: false },
} as const;

const SOCKET = {
  keepAlive: 10_000,
  connectTimeout: 2000,
  // Naming itself makes ioredis 5.11 call a connection ready that was lost meanwhile, and it then never reconnects.
  disableClientInfo: true,
} as const;

const NAMES_CLUSTER = /^rediss?:\/\/([^@/]*@)?[^@/]*,/;

const reconnectMs = (times: number): number => Math.min(50 * 2 ** Math.min(times, 10), MOST_RECONNECT_MS);

/**
 * Opens a connection that reconnects by itself. Its errors are for whoever listens; nobody has to.
 * @param url `redis://host:port`, or several nodes of one cluster: `redis://host:port,host:port`.
 */
export function connectRedis(url: string, use: RedisUse): RedisLink {
  const redis = NAMES_CLUSTER.test(url) ? connectCluster(url, use) : connectOne(url, use);
  redis.on('error', () => undefined);
  redis.setMaxListeners(0);
  return redis;
}

const connectOne = (url: string, use: RedisUse): Redis =>
  new Redis(url, {
    ...OPTIONS[use],
    ...SOCKET,
    retryStrategy: reconnectMs,
    // A replica that was just promoted, or demoted, is asked for its new address.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });

/** A node that is lost is asked for again with the next command to its slots. */
function connectCluster(url: string, use: RedisUse): Cluster {
  const { nodes, ...access } = nodesOf(url);
  const mayWait = use !== 'budget';
  return new Cluster([...nodes], {
    redisOptions: { ...OPTIONS[use], ...SOCKET, ...access },
    clusterRetryStrategy: reconnectMs,
    enableOfflineQueue: mayWait,
    ...(!mayWait && { retryDelayOnFailover: 0, retryDelayOnClusterDown: 0 }),
    // Names stay names: certificates are made out to them.
    dnsLookup: (name, done) => done(null, name),
  });
}

interface Nodes {
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly username?: string;
  readonly password?: string;
  readonly tls?: object;
}

/** The nodes that an address of a cluster names, and what all of them ask for. */
export function nodesOf(url: string): Nodes {
  const [, scheme, user, password, hosts = ''] = /^(rediss?):\/\/(?:([^:@]*)(?::([^@]*))?@)?([^@/]*)/.exec(url) ?? [];
  return {
    nodes: hosts.split(',').map((host) => {
      const { hostname, port } = new URL(`redis://${host}`);
      return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || DEFAULT_PORT) };
    }),
    ...(user && { username: decodeURIComponent(user) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(scheme === 'rediss' && { tls: {} }),
  };
}

/** True for what ioredis says to commands whose connection went, or that were not answered in time. */
export const isLostConnection = ({ name, message }: Error): boolean =>
  ['AbortError', 'MaxRetriesPerRequestError', 'ClusterAllFailedError'].includes(name) ||
  ['Connection is closed.', 'Command timed out', 'None of startup nodes is available'].includes(message) ||
  CLUSTER_TROUBLE.test(message);

/** Of a cluster in which a node is missing: it says so itself, or ioredis does after asking all others. */
const CLUSTER_TROUBLE = /^(CLUSTERDOWN|MOVED|TRYAGAIN|Too many Cluster redirections|Cluster (is|isn't) )/;

/** Ends a connection, politely where it is in order. */
export async function closeRedis(redis: RedisLink): Promise<void> {
  if (redis.status === 'ready') {
    await Promise.race([redis.quit().catch(() => undefined), delay(QUIT_MS, undefined, { ref: false })]);
  }
  redis.disconnect();
}

/** What a Redis says of itself that matters to queues. */
export interface RedisWord {
  readonly mayEvict: boolean;
  readonly policy: string;
  readonly appendOnly: boolean;
}

/** Reads the text of `INFO`. */
export function wordOf(info: string): RedisWord {
  const lines = info.split(/\r?\n/).map((line) => line.split(':'));
  const values = new Map(lines.map(([name = '', value = '']) => [name, value]));
  const policy = values.get('maxmemory_policy') ?? 'unknown';
  return {
    policy,
    mayEvict: Number(values.get('maxmemory') ?? 0) > 0 && policy !== 'noeviction',
    appendOnly: values.get('aof_enabled') === '1',
  };
}

/**
 * Waits until Redis answers and is fit to hold queues.
 * @returns what is worth a warning.
 * @throws BootRefusal when it does not answer in time, or may evict.
 */
export async function checkRedis(redis: RedisLink, url: string, tries = 10): Promise<readonly string[]> {
  const shown = maskText(url);
  const words = (await firstInfos(redis, tries)).map(wordOf);
  if (words.length === 0) throw new BootRefusal(`Redis does not answer at ${shown}`);
  const evicting = words.find(({ mayEvict }) => mayEvict);
  if (evicting !== undefined) {
    const { policy } = evicting;
    throw new BootRefusal(`Redis at ${shown} may evict queued work (maxmemory-policy ${policy}): set it to noeviction`);
  }
  if (words.every(({ appendOnly }) => appendOnly)) return [];
  return [`Redis at ${shown} keeps no append-only file: a restart of it empties the queues`];
}

async function firstInfos(redis: RedisLink, tries: number): Promise<readonly string[]> {
  for (let left = tries; left > 0; left -= 1) {
    try {
      return await infosOf(redis);
    } catch {
      await delay(left > 1 ? COMMAND_MS : 0);
    }
  }
  return [];
}

/** Of the one, or of every master of the cluster. */
async function infosOf(redis: RedisLink): Promise<readonly string[]> {
  if (!(redis instanceof Cluster)) return [await redis.info()];
  if (redis.status !== 'ready') throw new HubError('queue', 'later', { message: 'the cluster is not ready' });
  return Promise.all(redis.nodes('master').map((node) => node.info()));
}
