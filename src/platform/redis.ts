import Redis from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import { BootRefusal } from './hub-error';
import { maskText } from './mask';

/**
 * `client`: Bull's commands. `subscriber`, `blocking`: Bull's other two, which wait for ever and must not time out.
 * `budget`: call budgets, which fall back to memory rather than wait.
 */
export type RedisUse = 'client' | 'subscriber' | 'blocking' | 'budget';

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

/** Opens a connection that reconnects by itself. Its errors are for whoever listens; nobody has to. */
export function connectRedis(url: string, use: RedisUse): Redis {
  const redis = new Redis(url, {
    ...OPTIONS[use],
    keepAlive: 10_000,
    connectTimeout: 2000,
    // Naming itself makes ioredis 5.11 call a connection ready that was lost meanwhile, and it then never reconnects.
    disableClientInfo: true,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), MOST_RECONNECT_MS),
    // A replica that was just promoted, or demoted, is asked for its new address.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  redis.on('error', () => undefined);
  redis.setMaxListeners(0);
  return redis;
}

/** True for what ioredis says to commands whose connection went, or that were not answered in time. */
export const isLostConnection = ({ name, message }: Error): boolean =>
  ['AbortError', 'MaxRetriesPerRequestError'].includes(name) ||
  ['Connection is closed.', 'Command timed out'].includes(message);

/** Ends a connection, politely where it is in order. */
export async function closeRedis(redis: Redis): Promise<void> {
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
export async function checkRedis(redis: Redis, url: string, tries = 10): Promise<readonly string[]> {
  const info = await firstInfo(redis, tries);
  const shown = maskText(url);
  if (info === undefined) throw new BootRefusal(`Redis does not answer at ${shown}`);
  const { mayEvict, policy, appendOnly } = wordOf(info);
  if (mayEvict) {
    throw new BootRefusal(`Redis at ${shown} may evict queued work (maxmemory-policy ${policy}): set it to noeviction`);
  }
  return appendOnly ? [] : [`Redis at ${shown} keeps no append-only file: a restart of it empties the queues`];
}

async function firstInfo(redis: Redis, tries: number): Promise<string | undefined> {
  for (let left = tries; left > 0; left -= 1) {
    try {
      return await redis.info();
    } catch {
      await delay(left > 1 ? COMMAND_MS : 0);
    }
  }
  return undefined;
}
