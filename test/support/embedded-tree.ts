import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const repository = path.join(__dirname, '..', '..');

/** Says in stops.log that it was asked to stop; FAKE_STOP_MS of its environment is the time it takes (-1: never). */
const STOPPING = (name: string): string => `
process.on('SIGTERM', () => {
  require('node:fs').appendFileSync(process.env.FAKE_LOG, '${name}\\n');
  const stopMs = Number(process.env.FAKE_STOP_MS_${name.toUpperCase()} ?? 50);
  if (stopMs >= 0) setTimeout(() => process.exit(0), stopMs);
});`;

const SERVER = (name: string): string => `#!/usr/bin/env node
const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
require('node:net').createServer((s) => { s.on('error', () => {}); s.on('data', () => s.write('+PONG\\r\\n')); }).listen(port, '127.0.0.1');
${STOPPING(name)}
`;

const WEB = (name: string, portSetting: string): string => `
if (process.env.FAKE_BROKEN === '${name}') { console.error('settings: HUB_X is wrong'); process.exit(1); }
require('node:http').createServer((q, a) => a.end('ok')).listen(Number(process.env.${portSetting}), '127.0.0.1');
${STOPPING(name)}
export {};
`;

export interface RunningPart {
  name: string;
  pid: number;
  identity: string;
}

export interface Running {
  pid: number;
  identity: string;
  address: string;
  parts: RunningPart[];
}

/** A folder with the real embedded/*.mjs and small fakes of everything they start. */
export class EmbeddedTree {
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'sluice-tree-'));
  private readonly started: Up[] = [];

  constructor() {
    const embedded = path.join(repository, 'embedded');
    const folders = [embedded, path.join(embedded, 'demo')];
    const filter = (file: string): boolean => folders.includes(file) || file.endsWith('.mjs');
    cpSync(embedded, path.join(this.root, 'embedded'), { recursive: true, filter });
    cpSync(path.join(repository, '.swcrc'), path.join(this.root, '.swcrc'));
    this.write('package-lock.json', '{}');
    this.write('src/main.ts', WEB('hub', 'HUB_PORT'));
    this.write('sandbox/main.ts', WEB('sandbox', 'SANDBOX_PORT'));
    for (const [file, name] of [
      ['mongod', 'mongo'],
      ['redis-server', 'redis'],
    ] as const) {
      chmodSync(this.write(`bin/${file}`, SERVER(name)), 0o755);
    }
    mkdirSync(path.join(this.root, 'node_modules'));
    symlinkSync(path.join(repository, 'node_modules', '@swc'), path.join(this.root, 'node_modules', '@swc'));
    this.write('node_modules/.package-lock.json', '{}');
  }

  write(file: string, content: string): string {
    const full = path.join(this.root, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, content);
    return full;
  }

  read(file: string): string {
    const full = path.join(this.root, file);
    return existsSync(full) ? readFileSync(full, 'utf8') : '';
  }

  running(): Running {
    return JSON.parse(this.read('.data/running.json')) as Running;
  }

  part(name: string): RunningPart {
    const part = this.running().parts.find((one) => one.name === name);
    if (!part) throw new Error(`${name} does not run`);
    return part;
  }

  stops(): string[] {
    return this.read('stops.log').trim().split('\n').filter(Boolean);
  }

  up(command: string, settings: Record<string, string> = {}): Up {
    const { MONGO_URL, REDIS_URL, ...inherited } = process.env;
    const env = {
      ...inherited,
      PATH: `${path.join(this.root, 'bin')}${path.delimiter}${process.env['PATH'] ?? ''}`,
      FAKE_LOG: path.join(this.root, 'stops.log'),
      HUB_PORT: '0',
      SANDBOX_PORT: '0',
      HUB_DEMO: 'off',
      ...settings,
    };
    const up = new Up(spawn(process.execPath, ['embedded/up.mjs', command], { cwd: this.root, env }));
    this.started.push(up);
    return up;
  }

  /** Stops what was started and forgets what it kept; what was built stays. */
  async reset(): Promise<void> {
    for (const up of this.started) up.child.kill('SIGTERM');
    await Promise.all(this.started.map((up) => up.ended));
    this.started.length = 0;
    for (const kept of ['.data', 'stops.log']) rmSync(path.join(this.root, kept), { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    await this.reset();
    rmSync(this.root, { recursive: true, force: true });
  }
}

export class Up {
  output = '';
  readonly ended: Promise<number | null>;

  constructor(readonly child: ChildProcess) {
    const keep = (bytes: Buffer): void => {
      this.output += bytes.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    this.ended = new Promise((resolve) => child.once('close', (code) => resolve(code)));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Waits for a text in the output and answers the match. */
  async says(text: RegExp, withinMs = 15_000): Promise<RegExpExecArray> {
    return until(() => text.exec(this.output), { withinMs, what: () => `${text} in:\n${this.output}` });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}

export async function until<T>(
  look: () => T | null | undefined | false,
  { withinMs, what }: { withinMs: number; what: () => string },
): Promise<T> {
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    const seen = look();
    if (seen) return seen;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`not seen within ${withinMs} ms: ${what()}`);
}

/** A process that ended and waits for its parent to ask how is not alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
