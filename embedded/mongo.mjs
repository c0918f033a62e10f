import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { buildEngine, engineIsBuilt } from './build.mjs';
import { onPath } from './commands.mjs';
import { ensureJava } from './install.mjs';
import { freePort, untilListening } from './ports.mjs';
import { PlainError } from './say.mjs';

const JAVA_FLAGS = [
  '-Xmx512m',
  '-XX:+UseSerialGC',
  '-XX:MaxDirectMemorySize=96m',
  '-Dio.netty.allocator.type=unpooled',
  '-Dio.netty.noPreferDirect=true',
  '-Djdk.nio.maxCachedBufferSize=262144',
  '-Xss512k',
];

const NO_MONGO = `No MongoDB was found. One of these is needed:
  - MONGO_URL set to the address of a MongoDB server
  - mongod on the PATH
  - JDK 17 and Maven (java and mvn) on the PATH, for the embedded engine
Or run everything in containers: docker compose up`;

/**
 * The database of this run: `{url}` of a given server, or `{url, part}` of one to start.
 * `command` starts an embedded engine when --port, --file and --parent are added.
 */
export async function findMongo({ env, dir, database, forTests }) {
  const mongod = onPath('mongod', env);
  const mustHaveEngine = !env.MONGO_URL && !mongod;
  const command = mustHaveEngine ? await engineCommand() : forTests ? await engineIfItCan() : null;
  if (env.MONGO_URL) return { url: env.MONGO_URL, command };
  const port = await freePort();
  const url = `mongodb://127.0.0.1:${port}/${database}?directConnection=true&retryWrites=false`;
  const part = mongod ? mongodPart(mongod, { port, dir }) : enginePart(command, { port, dir });
  return { url, part: { ...part, ready: (signal) => untilListening(port, signal) }, command };
}

/** A real server does for everything but the tests that kill a database of their own. */
async function engineIfItCan() {
  return onPath('java') && (engineIsBuilt() || onPath('mvn')) ? engineCommand() : null;
}

async function engineCommand() {
  if (!(await ensureJava(engineIsBuilt() ? ['java'] : ['java', 'mvn']))) throw new PlainError(NO_MONGO);
  const java = [onPath('java'), ...JAVA_FLAGS, '-jar', await buildEngine()];
  return process.platform === 'win32' ? java : ['env', 'MALLOC_ARENA_MAX=2', ...java];
}

function enginePart(command, { port, dir }) {
  const folder = path.join(dir, 'mongo');
  mkdirSync(folder, { recursive: true });
  const where = ['--port', String(port), '--file', path.join(folder, 'engine.db'), '--parent', String(process.pid)];
  return { name: 'engine', command: [...command, ...where], graceMs: 3000 };
}

function mongodPart(mongod, { port, dir }) {
  const folder = path.join(dir, 'mongod');
  mkdirSync(folder, { recursive: true });
  const where = ['--port', String(port), '--bind_ip', '127.0.0.1', '--dbpath', folder];
  return { name: 'mongod', command: [mongod, '--quiet', ...where], graceMs: 3000 };
}
