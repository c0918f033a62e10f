import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MongoClient, type Db } from 'mongodb';
import { loadSettings } from '../../config/load';
import type { Settings } from '../../config/schema';
import { CHANNELS } from '../../connectors';
import type { Connector } from '../../connectors/kit';
import { startHub, stopHub } from '../../src/main';
import { createLog } from '../../src/platform/logger';
import type { Clock } from '../../src/platform/clock';

export interface TestHub {
  readonly app: NestFastifyApplication;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly settings: Settings;
  /** The hub's own database, by a connection of its own. */
  readonly db: Db;
  stop(): Promise<void>;
}

export interface TestHubOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly connectors?: readonly Connector[];
  readonly clock?: Clock;
}

export const ROOT_KEY = 'root-key-of-the-tests-root-key-of-the-tests';

/** The addresses that the test runner gives. */
export function stores(): { mongoUrl: string; redisUrl: string } {
  const { MONGO_URL, REDIS_URL } = process.env;
  if (MONGO_URL === undefined || REDIS_URL === undefined) throw new Error('run it by: npm test -- <path>');
  return { mongoUrl: MONGO_URL, redisUrl: REDIS_URL };
}

/** The same server, a database nobody else has. */
export function ownDatabase(mongoUrl: string): string {
  const url = new URL(mongoUrl);
  url.pathname = `/t${randomBytes(6).toString('hex')}`;
  return url.href;
}

/** Settings of a hub with a database and queues of its own, on a free port. */
export function testSettings(env: Readonly<Record<string, string>> = {}): Settings {
  const { mongoUrl, redisUrl } = stores();
  const loaded = loadSettings(
    CHANNELS.map(({ manifest }) => manifest.code),
    {
      MONGO_URL: ownDatabase(mongoUrl),
      REDIS_URL: redisUrl,
      HUB_QUEUE_NAMESPACE: `t-${randomBytes(6).toString('hex')}`,
      HUB_ADMIN_KEY: ROOT_KEY,
      HUB_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      HUB_PORT: '0',
      HUB_ROLES: 'api',
      HUB_LOG: 'silent',
      ...env,
    },
  );
  if (loaded.kind === 'faulty') throw new Error(loaded.faults.join('\n'));
  return loaded.settings;
}

/** A whole hub in this process, alone with its database and its queues. */
export async function startTestHub({ env, connectors = CHANNELS, clock }: TestHubOptions = {}): Promise<TestHub> {
  const settings = testSettings(env);
  const client = await MongoClient.connect(settings.MONGO_URL);
  const log = createLog(settings.HUB_LOG);
  const app = await startHub({ settings, connectors, log, ...(clock && { clock }) });
  const address = app.getHttpServer().address() as AddressInfo | null;
  return {
    app,
    settings,
    url: `http://127.0.0.1:${address?.port ?? 0}`,
    db: client.db(),
    stop: async () => {
      await stopHub(app, log);
      await client.db().dropDatabase();
      await client.close();
    },
  };
}
