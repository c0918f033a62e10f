import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { MongoClient } from 'mongodb';

const JAR = resolve(__dirname, '../../../embedded/engine/target/engine.jar');
const DEFAULT_COMMAND = [
  'java',
  '-Xmx384m',
  '-XX:+UseSerialGC',
  '-XX:+ExitOnOutOfMemoryError',
  '-Xss512k',
  '-jar',
  JAR,
];

export interface EngineProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Sends the signal and waits for the end; answers the exit code, or null when the signal ended it. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/** The command that runs the engine, without its options. */
export function engineCommand(): string[] {
  const given = process.env['SLUICE_ENGINE_CMD'];
  if (given !== undefined) return JSON.parse(given) as string[];
  if (!existsSync(JAR)) throw new Error(`no ${JAR}: mvn -q -B -f embedded/engine/pom.xml package`);
  return DEFAULT_COMMAND;
}

export function spawnEngine(args: readonly string[]): ChildProcess {
  const [program = 'java', ...before] = engineCommand();
  return spawn(program, [...before, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, MALLOC_ARENA_MAX: '2' },
  });
}

export async function startEngine(file: string, more: readonly string[] = []): Promise<EngineProcess> {
  const child = spawnEngine(['--port', '0', '--file', file, ...more]);
  let said = '';
  child.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const ready = once(createInterface({ input: child.stdout! }), 'line') as Promise<[string]>;
  const first = await Promise.race([ready.then(([line]) => line), ended.then(() => undefined)]);
  const port = /^engine ready port=(\d+) ms=\d+$/.exec(first ?? '')?.[1];
  if (port === undefined || child.pid === undefined) throw new Error(`the engine did not start: ${first ?? said}`);
  return {
    url: `mongodb://127.0.0.1:${port}/?directConnection=true&retryWrites=false`,
    port: Number(port),
    pid: child.pid,
    stop: async (signal) => {
      child.kill(signal);
      return (await ended)[0];
    },
  };
}

/** Runs an engine that is expected to give up: its exit code and what it says. */
export async function failedStart(args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const child = spawnEngine(args);
  let said = '';
  child.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

export function connect(engine: EngineProcess, connections = 16): Promise<MongoClient> {
  return new MongoClient(engine.url, { maxPoolSize: connections, serverSelectionTimeoutMS: 5000 }).connect();
}

/** A folder of its own for the engine's file, removed afterwards. */
export async function temporaryFolder(): Promise<{ path: string; file: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'sluice-engine-'));
  return { path, file: join(path, 'engine.mv'), remove: () => rm(path, { recursive: true, force: true }) };
}

export async function readCost(client: MongoClient): Promise<{ keys: number; documents: number; fullScans: number }> {
  const { keys, documents, fullScans } = await client.db('admin').command({ engineCost: 1 });
  return { keys: Number(keys), documents: Number(documents), fullScans: Number(fullScans) };
}
