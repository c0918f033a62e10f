import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { root } from './places.mjs';
import { killGroup, stopProcess } from './processes.mjs';
import { PlainError, say, seconds } from './say.mjs';

const BACKOFF_FIRST_MS = 500;
const BACKOFF_MOST_MS = 30_000;
const LATE_MS = 30_000;
const REAPED_WITHIN_MS = 500;
const STOP_ALL_MS = 9000;
const STOP_LEAST_MS = 500;
const STEADY_MS = 30_000;
const LOG_MOST_BYTES = 5_000_000;
const windows = process.platform === 'win32';

/**
 * Starts parts in order, starts again what crashes, and stops all of them, last started first.
 * A part is `{name, command, env?, log?, read?, graceMs, ready(signal)}`; with `log` its output goes to that file, with
 * `read(stream)` to that reader, else to ours.
 */
export class Supervisor {
  #parts = [];
  #stopping = false;
  #leash;
  #onChange;

  constructor({ onChange = () => {} } = {}) {
    this.#onChange = onChange;
    const leash = fileURLToPath(new URL('leash.mjs', import.meta.url));
    this.#leash = spawn(process.execPath, [leash], { stdio: ['pipe', 'ignore', 'ignore'], detached: !windows });
    this.#leash.stdin.on('error', () => {});
    this.#leash.on('error', () => {});
    this.#leash.unref();
    this.#leash.stdin.unref();
  }

  /** A folder to be removed at the end, also when this process is killed. */
  removeAtEnd(folder) {
    this.#tell({ act: 'remove', folder });
  }

  /** Starts a part, waits until it is ready, and keeps it running. One that ends before it ever was ready is an error. */
  async start(spec) {
    const part = this.#add(spec);
    await this.#launch(part);
    return part;
  }

  /** Starts a part that ends by itself, with whatever it started; `ended` says how (an exit code or a signal). */
  run(spec) {
    const part = this.#add(spec);
    const ended = this.#spawn(part).then((how) => {
      if (part.pid) killGroup(part.pid);
      return how;
    });
    return { pid: part.pid, ended };
  }

  #add(spec) {
    if (this.#stopping) throw new PlainError(`${spec.name} is not started: everything is being stopped`);
    const part = { ...spec, backoffMs: BACKOFF_FIRST_MS, child: null };
    this.#parts.push(part);
    return part;
  }

  async #launch(part) {
    const began = Date.now();
    const ended = this.#spawn(part);
    const waiting = new AbortController();
    const ready = part.ready(waiting.signal).then(() => ({ isReady: true }));
    const late = setInterval(() => say(`${part.name} is not ready after ${seconds(Date.now() - began)}`), LATE_MS);
    const first = await Promise.race([ready, ended.then((how) => ({ how }))]);
    waiting.abort();
    clearInterval(late);
    if (!first.isReady) {
      const text = `${part.name} ended while it was starting (${first.how})${tailOf(part)}`;
      throw Object.assign(new PlainError(text), { how: `${first.how} while it was starting` });
    }
    const readyAt = Date.now();
    void ended.then((how) => this.#startAgain(part, { how, ranMs: Date.now() - readyAt }));
    return readyAt - began;
  }

  /** The promise says how the process ended. */
  #spawn(part) {
    const [program, ...args] = part.command;
    const out = part.log ? openLog(part.log) : part.read ? 'pipe' : 'inherit';
    const env = { ...process.env, ...part.env };
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', out, out], detached: !windows });
    if (part.log) closeSync(out);
    if (out === 'pipe') for (const stream of [child.stdout, child.stderr]) part.read(stream);
    part.pid = child.pid;
    part.child = child;
    if (child.pid) this.#tell({ act: 'hold', pid: child.pid });
    this.#report();
    part.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.code));
      child.once('exit', (code, signal) => resolve(signal ?? code));
    }).then((how) => {
      part.child = null;
      if (part.pid) this.#tell({ act: 'letGo', pid: part.pid });
      this.#report();
      return how;
    });
    return part.ended;
  }

  async #startAgain(part, { how, ranMs }) {
    if (ranMs > STEADY_MS) part.backoffMs = BACKOFF_FIRST_MS;
    while (!this.#stopping) {
      say(`${part.name} ended (${how}); starting it again in ${seconds(part.backoffMs)}`);
      await delay(part.backoffMs);
      part.backoffMs = Math.min(part.backoffMs * 2, BACKOFF_MOST_MS);
      if (this.#stopping) return;
      try {
        say(`${part.name} is back (${seconds(await this.#launch(part))})`);
        return;
      } catch (error) {
        how = error.how ?? error.message;
      }
    }
  }

  /** Stops everything, last started first. Each part has its own time, and all together theirs; who is late is killed. */
  async stop() {
    this.#stopping = true;
    const endsAt = Date.now() + STOP_ALL_MS;
    for (const part of [...this.#parts].reverse()) {
      if (!part.child?.pid) continue;
      const began = Date.now();
      const { pid, ended } = part;
      const byItself = await stopProcess(pid, Math.min(part.graceMs, Math.max(STOP_LEAST_MS, endsAt - began)));
      killGroup(pid);
      await Promise.race([ended, delay(REAPED_WITHIN_MS)]);
      const how = byItself ? 'stopped' : 'did not stop and was killed';
      if (!part.quiet) say(`${part.name} ${how} (${seconds(Date.now() - began)})`);
    }
  }

  killNow() {
    this.#stopping = true;
    for (const { child } of this.#parts) if (child?.pid) killGroup(child.pid);
  }

  #report() {
    if (this.#stopping) return;
    this.#onChange(this.#parts.filter(({ child }) => child?.pid).map(({ name, pid }) => ({ name, pid })));
  }

  #tell(message) {
    this.#leash.stdin.write(`${JSON.stringify(message)}\n`);
  }
}

function openLog(file) {
  mkdirSync(path.dirname(file), { recursive: true });
  const tooLong = (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_MOST_BYTES;
  return openSync(file, tooLong ? 'w' : 'a');
}

function tailOf({ log }) {
  if (!log) return '; see above';
  const lines = readFileSync(log, 'utf8').trim().split('\n').slice(-15);
  return `; the end of ${log}:\n${lines.join('\n')}`;
}
