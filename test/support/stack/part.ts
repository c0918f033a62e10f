import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { until } from '../until';

export interface PartSpec {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where everything it says is kept, over all its lives. */
  readonly log: string;
  /** Whether it can be used now; asked again and again. `said` is what this life of it has said so far. */
  readonly isReady: (said: string) => Promise<boolean> | boolean;
}

const READY_MS = 45_000;
const STOP_MS = 12_000;
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot', 'JAVA_HOME'];

export type End = number | NodeJS.Signals;

/** One program of a stack as a real child process: started, killed and started again at the same place. */
export class Part {
  private child: ChildProcess | undefined;
  private ended: Promise<End> = Promise.resolve(0);
  private from = 0;

  constructor(private readonly spec: PartSpec) {}

  get name(): string {
    return this.spec.name;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get isRunning(): boolean {
    return this.child !== undefined;
  }

  /** Starts it and waits until it is ready. `more` is added to its environment for this life only. */
  async start(more: Readonly<Record<string, string>> = {}): Promise<void> {
    this.launch(more);
    let how: End | undefined;
    void this.ended.then((end) => (how = end));
    await until(
      `${this.name} is ready`,
      async () => {
        if (how !== undefined) throw new Error(`${this.name} ended with ${how} while it was starting:\n${this.said()}`);
        return this.spec.isReady(this.said());
      },
      READY_MS,
    );
  }

  /** Ends it at once and waits until it is gone. */
  async kill(): Promise<End> {
    this.child?.kill('SIGKILL');
    return this.ended;
  }

  /** Asks it to end; one that does not is killed. */
  async stop(): Promise<End> {
    const { child } = this;
    if (child === undefined) return this.ended;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    return this.ended.finally(() => clearTimeout(timer));
  }

  /** How this life of it ended; waits for that. */
  end(): Promise<End> {
    return this.ended;
  }

  /** What it said in this life. */
  said(): string {
    if (!existsSync(this.spec.log)) return '';
    return readFileSync(this.spec.log).subarray(this.from).toString();
  }

  private launch(more: Readonly<Record<string, string>>): void {
    if (this.child !== undefined) throw new Error(`${this.name} runs already`);
    const [program = '', ...args] = this.spec.command;
    const out = openSync(this.spec.log, 'a');
    writeSync(out, `--- ${this.name} is started ${new Date().toISOString()} ${Object.values(more).join(' ')}\n`);
    this.from = statSync(this.spec.log).size;
    const env = { ...inherited(), ...this.spec.env, ...more };
    const child = spawn(program, args, { env, stdio: ['ignore', out, out] });
    closeSync(out);
    this.child = child;
    this.ended = new Promise((resolve) => {
      child.once('error', () => resolve(-1));
      child.once('exit', (code, signal) => resolve(signal ?? code ?? -1));
    });
    void this.ended.then(() => {
      if (this.child === child) this.child = undefined;
    });
  }
}

function inherited(): Record<string, string> {
  return Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** A port that nobody holds at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
