import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Redis from 'ioredis';
import type { CrashPoint, TokenCrashPoint } from '../../../src/platform/crash-point';
import { until } from '../until';
import type { Trial } from './trial';

/** Buyers order so much while something is away. */
const ORDERS_WHILE_AWAY = 10;
const DIES_WITHIN_MS = 40_000;

/**
 * A process dies at its n-th passage of a point, buyers go on for a while, and it is started again. The api passes what
 * begins with `delivery`, the worker the rest.
 */
export async function dieAt(
  trial: Trial,
  point: CrashPoint | TokenCrashPoint,
  how: number | { readonly passages: number; readonly whenArmed: () => Promise<unknown> },
): Promise<void> {
  const { passages, whenArmed } = typeof how === 'number' ? { passages: how, whenArmed: undefined } : how;
  const part = trial.stack.parts[point.startsWith('delivery.') ? 'api' : 'worker'];
  await part.stop();
  await part.start({ HUB_CRASH_AT: `${point}:${passages}` });
  await whenArmed?.();
  await until(`it dies at ${point}`, () => !part.isRunning, DIES_WITHIN_MS);
  const end = await part.end();
  if (end !== 'SIGKILL') throw new Error(`it ended with ${end}, not at ${point}`);
  await trial.moreOrders(ORDERS_WHILE_AWAY);
  await part.start();
}

/** Redis dies and comes back; `isEmptied`: with nothing of what it had kept. */
export async function killRedis(trial: Trial, { isEmptied }: { isEmptied: boolean }): Promise<void> {
  const { redis } = trial.stack.parts;
  await redis?.kill();
  await trial.moreOrders(ORDERS_WHILE_AWAY);
  if (isEmptied) rmSync(join(trial.stack.folder, 'redis', 'appendonly.aof'));
  await redis?.start();
}

/** Redis goes on, and has forgotten everything. */
export async function wipeRedis(trial: Trial): Promise<void> {
  const redis = new Redis(trial.stack.places.redisUrl);
  await redis.flushall();
  redis.disconnect();
}

export async function killEngine(trial: Trial): Promise<void> {
  const { engine } = trial.stack.parts;
  await engine?.kill();
  await trial.moreOrders(ORDERS_WHILE_AWAY);
  await engine?.start();
}
