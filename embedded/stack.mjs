import path from 'node:path';
import { findMongo } from './mongo.mjs';
import { findRedis } from './redis.mjs';

/** Finds or starts the database and Redis; answers the environment their users need. */
export async function startStores(supervisor, { env, dir, database, forTests = false }) {
  const mongo = await findMongo({ env, dir, database, forTests });
  const redis = await findRedis({ env, dir });
  const parts = [mongo.part, redis.part].filter(Boolean);
  for (const part of parts) {
    await supervisor.start({ ...part, quiet: forTests, log: path.join(dir, 'log', `${part.name}.log`) });
  }
  return {
    started: parts.map(({ name }) => name),
    env: {
      MONGO_URL: mongo.url,
      REDIS_URL: redis.url,
      ...(mongo.command && { SLUICE_ENGINE_CMD: JSON.stringify(mongo.command) }),
      ...(redis.command && { SLUICE_REDIS_CMD: JSON.stringify(redis.command) }),
    },
  };
}

/** One Ctrl-C may arrive twice: from the terminal, and handed on by npm. */
const SAME_SIGNAL_MS = 500;

/** Runs `work` and stops everything afterwards, also on Ctrl-C (at once on the second) and when npm, our parent, is gone. */
export async function underSupervision(supervisor, work, { beforeStop = () => {} } = {}) {
  let interrupted;
  const interruption = new Promise((resolve) => (interrupted = resolve));
  let askedAt = null;
  const onSignal = (name) => {
    if (askedAt !== null && Date.now() - askedAt > SAME_SIGNAL_MS) supervisor.killNow();
    askedAt ??= Date.now();
    interrupted({ signal: name });
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, onSignal);
  const watch = process.env.npm_lifecycle_event ? watchParent(() => interrupted({ signal: 'SIGHUP' })) : undefined;
  try {
    return await Promise.race([work(), interruption]);
  } finally {
    clearInterval(watch);
    await beforeStop();
    await supervisor.stop();
  }
}

function watchParent(onGone) {
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) onGone();
  }, 1000).unref();
}
