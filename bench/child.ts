import { fork, type ChildProcess } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';

/** What a forked process can be asked for, by name. One argument, one answer; both travel as JSON. */
export type Handlers = Readonly<Record<string, (about: never) => unknown>>;

interface Question {
  readonly id: number;
  readonly name: string;
  readonly about: unknown;
}

interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

const STOP_MS = 10_000;

/** A process of the bench: whoever started it asks, it answers. */
export class Child<Asked extends Handlers> {
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message) => this.#hear(message as Answer));
    child.on('exit', (code, signal) => this.#fail(new Error(`a process of the bench ended (${signal ?? code})`)));
  }

  /** @param file beside this one, without its ending. */
  static start<Asked extends Handlers>(file: string, env: Readonly<Record<string, string>> = {}): Child<Asked> {
    const options = { env: { ...process.env, ...env }, execArgv: execArgvOf(file), serialization: 'advanced' as const };
    return new Child(fork(path.join(__dirname, `${file}.js`), options));
  }

  ask<Name extends keyof Asked & string>(
    name: Name,
    about: Parameters<Asked[Name]>[0],
  ): Promise<Awaited<ReturnType<Asked[Name]>>> {
    this.#count += 1;
    const question: Question = { id: this.#count, name, about };
    return new Promise((resolve, reject) => {
      this.#waiting.set(question.id, { resolve: resolve as Waiting['resolve'], reject });
      this.child.send(question);
    });
  }

  /** Asks it to end, and ends it when it does not. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    const late = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    this.child.disconnect();
    await ended;
    clearTimeout(late);
  }

  #hear({ id, answer, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(error));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Profiles a process whose file BENCH_PROFILE names, into the temporary folder: `BENCH_PROFILE=hub npm run bench`. */
const execArgvOf = (file: string): string[] =>
  process.env['BENCH_PROFILE'] === file
    ? ['--cpu-prof', '--cpu-prof-dir', path.join(os.tmpdir(), 'sluice-bench-profiles')]
    : [];

/** The child's side: answers until whoever started it lets go, then runs `end`. */
export function answerAsks(handlers: Handlers, end: () => Promise<void> = async () => undefined): void {
  process.on('message', (message) => void answer(handlers, message as Question));
  process.on('disconnect', () => void end().finally(() => process.exit(0)));
}

async function answer(handlers: Handlers, { id, name, about }: Question): Promise<void> {
  try {
    const handler = handlers[name] as ((about: unknown) => unknown) | undefined;
    if (handler === undefined) throw new Error(`nobody answers ${name}`);
    process.send?.({ id, answer: await handler(about) } satisfies Answer);
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
