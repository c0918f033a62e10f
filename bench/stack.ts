import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import type { Db } from 'mongodb';
import Redis from 'ioredis';
import { Child } from './child';
import type { HubAsks } from './hub';
import type { LoadAsks } from './load';
import type { World, WorldSize } from './world';

/** Everything a bench stands on: an empty database, a running hub and a load generator, each in its own process. */
export interface Stack {
  readonly hub: Child<HubAsks>;
  /** All of them; `hub` is the first. */
  readonly hubs: readonly Child<HubAsks>[];
  readonly load: Child<LoadAsks>;
  /** The bench's own connections to the hub's database, for ceilings and for looking afterwards. */
  readonly db: Db;
  readonly world: World;
}

export interface StackOptions {
  readonly name: string;
  readonly roles: string;
  readonly world: WorldSize;
  /** How many processes the hub has; one where it is left out. */
  readonly processes?: number;
}

const CONNECTIONS = 64;

/** Runs `work` on a fresh stack and takes all of it away afterwards. */
export async function onStack<Result>(options: StackOptions, work: (stack: Stack) => Promise<Result>): Promise<Result> {
  const url = databaseUrl(`bench-${options.name}`);
  const namespace = `bench-${options.name}-${randomBytes(4).toString('hex')}`;
  const client = new mongoose.mongo.MongoClient(url, { maxPoolSize: CONNECTIONS, minPoolSize: CONNECTIONS });
  await client.connect();
  const db = client.db();
  await db.dropDatabase();
  const load = Child.start<LoadAsks>('load');
  const marketUrl = await load.ask('open', undefined);
  const env = environment(url, { namespace, roles: options.roles, marketUrl });
  const hub = Child.start<HubAsks>('hub', env);
  const others = Array.from({ length: (options.processes ?? 1) - 1 }, () => Child.start<HubAsks>('hub', env));
  const hubs = [hub, ...others];
  try {
    const port = await hub.ask('start', undefined);
    await Promise.all(others.map((other) => other.ask('start', undefined)));
    const world = await hub.ask('seed', { ...options.world, port });
    return await work({ hub, hubs, load, db, world });
  } finally {
    await Promise.all([...hubs, load].map((each) => each.stop()));
    await db.dropDatabase().catch(() => undefined);
    await client.close();
    await forgetQueues(namespace);
  }
}

function databaseUrl(name: string): string {
  const url = new URL(needed('MONGO_URL'));
  url.pathname = `/${name}`;
  url.searchParams.set('monitorCommands', 'true');
  return url.toString();
}

function environment(
  url: string,
  hub: { readonly namespace: string; readonly roles: string; readonly marketUrl: string },
): Record<string, string> {
  return {
    MONGO_URL: url,
    REDIS_URL: needed('REDIS_URL'),
    HUB_PORT: '0',
    HUB_HOST: '127.0.0.1',
    HUB_ROLES: hub.roles,
    HUB_QUEUE_NAMESPACE: hub.namespace,
    HUB_ADMIN_KEY: randomBytes(24).toString('hex'),
    HUB_SECRET_KEY: randomBytes(32).toString('base64'),
    HUB_HOOKS_PER_SECOND: '1000000',
    HUB_SHOPEE_URL: hub.marketUrl,
  };
}

async function forgetQueues(namespace: string): Promise<void> {
  const redis = new Redis(needed('REDIS_URL'));
  const keys = redis.scanStream({ match: `{${namespace}:*`, count: 5000 });
  for await (const found of keys) if ((found as string[]).length > 0) await redis.unlink(...(found as string[]));
  redis.disconnect();
}

function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} must be given: start the bench by npm run bench`);
  return value;
}
