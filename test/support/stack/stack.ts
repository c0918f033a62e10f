import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { engineCommand } from '../engine/process';
import { Api, ask } from './http';
import { freePort, Part } from './part';

const ROOT = resolve(__dirname, '../../..');
/** The folder whose logs are shown when a test fails. */
export const LOGS_OF = 'SLUICE_STACK_LOGS';
export const ROOT_KEY = 'root-key-of-the-stack-root-key-of-the-stack';
const SECRET_KEY = Buffer.alloc(32, 9).toString('base64');
const JAVA_PARENT = ['--parent', String(process.pid)];

export interface StackOptions {
  /** What exists already; a database or a Redis that is not given is started, and belongs to this stack alone. */
  readonly mongoUrl?: string;
  readonly redisUrl?: string;
  readonly sandboxClock?: number;
  /** Added to the environment of both hub processes. */
  readonly env?: Readonly<Record<string, string>>;
}

type Role = 'api' | 'worker';

/** Where a running stack is to be found by others. */
export interface StackPlaces {
  readonly hubUrl: string;
  readonly sandboxUrl: string;
  readonly mongoUrl: string;
  readonly redisUrl: string;
  readonly namespace: string;
  readonly logs: string;
}

/** A database, a Redis, the sandbox, one api and one worker process: the hub as it is run, on ports of its own. */
export class Stack {
  private env: StackOptions['env'];

  private constructor(
    readonly folder: string,
    readonly places: StackPlaces,
    readonly parts: {
      readonly engine?: Part;
      readonly redis?: Part;
      readonly sandbox: Part;
      readonly api: Part;
      readonly worker: Part;
    },
  ) {}

  static async start(options: StackOptions = {}): Promise<Stack> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-stack-'));
    mkdirSync(join(folder, 'log'));
    const [mongo, redis, hub, sandbox] = [await freePort(), await freePort(), await freePort(), await freePort()];
    const places: StackPlaces = {
      hubUrl: `http://127.0.0.1:${hub}`,
      sandboxUrl: `http://127.0.0.1:${sandbox}`,
      mongoUrl: options.mongoUrl ?? `mongodb://127.0.0.1:${mongo}/hub?directConnection=true&retryWrites=false`,
      redisUrl: options.redisUrl ?? `redis://127.0.0.1:${redis}/0`,
      namespace: `k-${randomBytes(5).toString('hex')}`,
      logs: join(folder, 'log'),
    };
    process.env[LOGS_OF] = places.logs;
    const logOf = (name: string): string => join(places.logs, `${name}.log`);
    const stack = new Stack(folder, places, {
      ...(options.mongoUrl === undefined && { engine: enginePart(join(folder, 'engine'), mongo, logOf('engine')) }),
      ...(options.redisUrl === undefined && { redis: redisPart({ name: 'redis', folder, port: redis }) }),
      sandbox: new Part({
        name: 'sandbox',
        command: [process.execPath, '--max-old-space-size=2048', join(ROOT, 'dist/sandbox/main.js')],
        env: { SANDBOX_PORT: String(sandbox), SANDBOX_CLOCK: String(options.sandboxClock ?? 1) },
        log: logOf('sandbox'),
        isReady: () => answers(`${places.sandboxUrl}/health`),
      }),
      api: hubPart(places, { name: 'api', role: 'api', env: options.env }),
      worker: hubPart(places, { name: 'worker', role: 'worker', env: options.env }),
    });
    stack.env = options.env;
    try {
      await stack.up();
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  /** The hub called with the root key. */
  get root(): Api {
    return new Api(this.places.hubUrl).withKey(ROOT_KEY);
  }

  get sandbox(): Api {
    return new Api(`${this.places.sandboxUrl}/_sandbox`);
  }

  /** A second process of the hub on the same stores. An api listens at `hubUrl`; channels call the first one. */
  second(role: Role, hubUrl = this.places.hubUrl): Part {
    const env = { ...this.env, HUB_PUBLIC_URL: this.places.hubUrl };
    return hubPart({ ...this.places, hubUrl }, { name: `${role}-2`, role, env });
  }

  /** Stops everything it started, last started first, and removes what it kept. */
  async stop(): Promise<void> {
    const { engine, redis, sandbox, api, worker } = this.parts;
    await Promise.all([worker.stop(), api.stop()]);
    await Promise.all([sandbox.kill(), redis?.stop(), engine?.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async up(): Promise<void> {
    const { engine, redis, sandbox, api, worker } = this.parts;
    await Promise.all([engine?.start(), redis?.start(), sandbox.start()]);
    await api.start();
    await worker.start();
  }
}

function hubPart(
  places: StackPlaces,
  { name, role, env }: { readonly name: string; readonly role: Role; readonly env: StackOptions['env'] },
): Part {
  return new Part({
    name,
    command: [process.execPath, join(ROOT, 'dist/src/main.js')],
    env: { ...hubEnv(places), HUB_ROLES: role, ...env },
    log: join(places.logs, `${name}.log`),
    isReady: (said) => said.includes('the hub runs') && (role === 'worker' || answers(`${places.hubUrl}/health/ready`)),
  });
}

function hubEnv(places: StackPlaces): Record<string, string> {
  return {
    HUB_PORT: new URL(places.hubUrl).port,
    HUB_PUBLIC_URL: places.hubUrl,
    MONGO_URL: places.mongoUrl,
    REDIS_URL: places.redisUrl,
    HUB_QUEUE_NAMESPACE: places.namespace,
    HUB_ADMIN_KEY: ROOT_KEY,
    HUB_SECRET_KEY: SECRET_KEY,
    HUB_LOG: 'info',
    HUB_CALLS_PER_MINUTE: '1000000',
    ...Object.fromEntries(
      ['lazada', 'shopee', 'zalora'].map((code) => [`HUB_${code.toUpperCase()}_URL`, `${places.sandboxUrl}/${code}`]),
    ),
  };
}

function enginePart(dir: string, port: number, log: string): Part {
  mkdirSync(dir);
  const where = ['--port', String(port), '--file', join(dir, 'engine.db'), ...JAVA_PARENT];
  const command = [...engineCommand(), ...where];
  const env = { MALLOC_ARENA_MAX: '2' };
  return new Part({ name: 'engine', command, env, log, isReady: (said) => said.includes('engine ready') });
}

export interface RedisSpec {
  readonly name: string;
  /** Its files are in a folder of its name there, its log is in `log`. */
  readonly folder: string;
  readonly port: number;
  readonly flags?: readonly string[];
}

/** A Redis of a test's own. */
export function redisPart({ name, folder, port, flags = [] }: RedisSpec): Part {
  const dir = join(folder, name);
  mkdirSync(dir);
  const given = process.env['SLUICE_REDIS_CMD'];
  if (given === undefined) throw new Error('no SLUICE_REDIS_CMD: this test starts a Redis of its own');
  const command = [...(JSON.parse(given) as string[]), '--port', String(port), '--dir', dir, ...flags];
  const log = join(folder, 'log', `${name}.log`);
  return new Part({ name, command, env: {}, log, isReady: () => repliesToPing(port) });
}

/** Whether a Redis there has read what it kept and takes commands. */
function repliesToPing(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean): void => {
      socket.destroy();
      done(answer);
    };
    socket.on('connect', () => socket.write('PING\r\n'));
    socket.on('data', (bytes) => end(bytes.toString().startsWith('+PONG')));
    socket.on('error', () => end(false));
    socket.setTimeout(1000, () => end(false));
  });
}

async function answers(url: string): Promise<boolean> {
  const answer = await ask({ method: 'GET', url, timeoutMs: 3000 }).catch(() => undefined);
  return answer?.status === 200;
}
