import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { whileHolding } from './claim.mjs';
import { onPath, runMaven } from './commands.mjs';
import { ensureJava } from './install.mjs';
import { cacheDir } from './places.mjs';
import { freePort, untilRedisAnswers } from './ports.mjs';
import { PlainError, say } from './say.mjs';
import { unzip, zipEntries } from './zip.mjs';

const ARTIFACT = 'com.github.codemonstur:embedded-redis:1.4.3';
const JAR = 'embedded-redis-1.4.3.jar';
const SYSTEMS = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const CHIPS = { x64: 'amd64', arm64: 'arm64', ia32: '386' };
const FLAGS = [
  ['--bind', '127.0.0.1'],
  ['--maxmemory-policy', 'noeviction'],
  ['--appendonly', 'yes'],
  ['--appendfsync', 'everysec'],
  ['--save', ''],
].flat();

const NO_REDIS = `No Redis was found. One of these is needed:
  - REDIS_URL set to the address of a Redis server
  - redis-server or valkey-server on the PATH
  - java and mvn on the PATH, for the Redis that Maven fetches (${ARTIFACT}; needs OpenSSL 3)
Or run everything in containers: docker compose up`;

/**
 * The Redis of this run: `{url}` of a given server, or `{url, part}` of one to start.
 * `command` starts a Redis when --port and --dir are added.
 */
export async function findRedis({ env, dir }) {
  if (env.REDIS_URL) return { url: env.REDIS_URL, command: null };
  const server = onPath('redis-server', env) ?? onPath('valkey-server', env) ?? (await serverFromMaven());
  const command = [server, ...FLAGS];
  const port = await freePort();
  const folder = path.join(dir, 'redis');
  mkdirSync(folder, { recursive: true });
  const part = { name: 'redis', command: [...command, '--port', String(port), '--dir', folder], graceMs: 1000 };
  return {
    url: `redis://127.0.0.1:${port}/0`,
    part: { ...part, ready: (signal) => untilRedisAnswers(port, signal) },
    command,
  };
}

async function serverFromMaven() {
  const file = path.join(cacheDir, process.platform === 'win32' ? 'redis-server.exe' : 'redis-server');
  if (existsSync(file)) return file;
  if (!(await ensureJava(['java', 'mvn']))) throw new PlainError(NO_REDIS);
  await whileHolding(path.join(cacheDir, 'redis-fetch.lock'), async () => {
    if (existsSync(file)) return;
    say('fetching Redis (Maven)');
    const goal = ['dependency:copy', `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${cacheDir}`];
    await runMaven('Fetching Redis', goal);
    const jar = path.join(cacheDir, JAR);
    writeFileSync(`${file}.next`, serverIn(readFileSync(jar)));
    chmodSync(`${file}.next`, 0o755);
    assertRuns(`${file}.next`);
    renameSync(`${file}.next`, file);
    rmSync(jar);
  });
  return file;
}

export function serverIn(jar, { platform, arch } = process) {
  const ending = `-${SYSTEMS[platform]}-${CHIPS[arch]}${platform === 'win32' ? '.exe' : ''}`;
  const entry = zipEntries(jar).find(({ name }) => name.startsWith('redis-server') && name.endsWith(ending));
  if (!entry) throw new PlainError(`${ARTIFACT} has no Redis for ${platform} on ${arch}.\n${NO_REDIS}`);
  return unzip(jar, entry);
}

function assertRuns(file) {
  try {
    execFileSync(file, ['--version'], { stdio: 'pipe' });
  } catch (error) {
    throw new PlainError(`The Redis that Maven fetched does not run here (${error.message.trim()}).\n${NO_REDIS}`);
  }
}
