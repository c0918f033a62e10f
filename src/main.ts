import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { loadSettings } from '../config/load';
import { CHANNELS } from '../connectors';
import { AppModule, type HubParts } from './app.module';
import { CallbackController } from './authorise/callback.controller';
import { configureConsole } from './console/configure';
import { HooksController } from './intake/hooks.controller';
import { createApiAdapter, guardApi } from './platform/api-server';
import { armCrashPoint } from './platform/crash-point';
import { Health } from './platform/health';
import { BootRefusal } from './platform/hub-error';
import { createLog, NestLog, type Log } from './platform/logger';
import { Metrics } from './platform/metrics';
import { registerOperations } from './platform/operations';
import { Queues } from './platform/queues';
import { checkRedis, connectRedis, isLostConnection } from './platform/redis';
import { RootKey } from './platform/root-key';
import { checkMongo } from './store/connection';

const STOP_MS = 5500;
/** Answers that are under way end by themselves; streams do not. */
const STREAMS_END_MS = 1500;

/** A hub that is made and initialised, and listens when it has the role api. */
export async function startHub(parts: HubParts): Promise<NestFastifyApplication> {
  const { settings, log } = parts;
  await checkStores(parts);
  const adapter = createApiAdapter();
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(parts), adapter, {
    logger: new NestLog(log),
    abortOnError: false,
    bodyParser: false,
  });
  try {
    const fastify = adapter.getInstance<FastifyInstance>();
    await app.get(HooksController).register(fastify);
    await guardApi(fastify, { publicUrl: settings.HUB_PUBLIC_URL, hosts: settings.HUB_HOSTS, log });
    app.get(CallbackController).register(fastify);
    const operations = { health: app.get(Health), metrics: app.get(Metrics), queues: app.get(Queues) };
    await registerOperations(fastify, { ...operations, rootKey: app.get(RootKey) });
    configureConsole(app);
    await app.init();
    if (settings.HUB_ROLES.includes('api')) await listen(app, parts);
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
  return app;
}

async function listen(app: NestFastifyApplication, { settings, log }: HubParts): Promise<void> {
  const { HUB_PORT: port, HUB_HOST: host } = settings;
  await app.listen(port, host).catch((error: unknown) => {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw isTaken ? new BootRefusal(`HUB_PORT ${port} is in use on ${host}`) : error;
  });
  log.info({ url: await app.getUrl() }, 'the API listens');
}

async function checkStores({ settings, log }: HubParts): Promise<void> {
  const redis = connectRedis(settings.REDIS_URL, 'client');
  try {
    const [warnings] = await Promise.all([checkRedis(redis, settings.REDIS_URL), checkMongo(settings.MONGO_URL)]);
    for (const warning of warnings) log.warn({}, warning);
  } finally {
    redis.disconnect();
  }
}

/** On the first signal: nothing new is taken, what runs is finished or returned, and the process ends within 6 s. */
function stopOnSignals(app: NestFastifyApplication, log: Log): void {
  let isStopping = false;
  const stop = (signal: string): void => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, 'stopping');
    app.get(Health).stop();
    setTimeout(() => {
      log.error({}, 'stopped before all work was finished; sweeps find the rest');
      process.exit(1);
    }, STOP_MS).unref();
    void stopHub(app, log).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the stop failed');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
}

/** Bull drops promises when its connection goes; what they carried is found by a sweep. Any other such fault is ours. */
function survivesLostConnections(log: Log): void {
  process.on('unhandledRejection', (error) => {
    if (error instanceof Error && isLostConnection(error))
      return log.warn({ err: error }, 'a connection to Redis went');
    log.error({ err: error }, 'nobody handled this: the process ends');
    process.exit(1);
  });
}

/** Stops listening first, so that nothing arrives at a process that ends. */
export async function stopHub(app: NestFastifyApplication, log: Log): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  const streams = setTimeout(() => fastify.server.closeAllConnections(), STREAMS_END_MS);
  await fastify.close();
  clearTimeout(streams);
  log.info({}, 'stopping: no longer listening');
  await app.close();
  log.info({}, 'stopped');
}

async function main(): Promise<void> {
  const loaded = loadSettings(CHANNELS.map(({ manifest }) => manifest.code));
  if (loaded.kind === 'faulty') {
    process.stderr.write(`The settings are faulty:\n${loaded.faults.map((fault) => `  ${fault}\n`).join('')}`);
    process.exit(1);
  }
  const { settings, warnings } = loaded;
  const log = createLog(settings.HUB_LOG);
  for (const warning of warnings) log.warn({}, warning);
  survivesLostConnections(log);
  armCrashPoint(settings.HUB_CRASH_AT);
  try {
    const app = await startHub({ settings, connectors: CHANNELS, log });
    stopOnSignals(app, log);
    log.info({ roles: settings.HUB_ROLES }, 'the hub runs');
  } catch (error) {
    if (error instanceof BootRefusal) process.stderr.write(`The hub does not start: ${error.message}\n`);
    else log.error({ err: error }, 'the hub does not start');
    process.exit(1);
  }
}

if (require.main === module) void main();
