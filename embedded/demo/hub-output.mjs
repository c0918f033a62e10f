import { createInterface } from 'node:readline';
import { warning } from './phrase.mjs';

const TICK_MS = 100;
const LOUD = new Set(['warn', 'error', 'fatal']);
/** The same warning again within this time is counted and not shown. */
const SAME_MS = 5000;

/** What the hub prints: all of it goes to a file; shown are trade, line by line, and what somebody should know. */
export class HubOutput {
  #file;
  #trade;
  #print;
  #quiet = true;
  #heard = new Map();

  constructor({ file, trade, print }) {
    this.#file = file;
    this.#trade = trade;
    this.#print = print;
    setInterval(() => this.#tick(Date.now()), TICK_MS).unref();
  }

  /** Reads one stream of the hub, line by line. */
  read(stream) {
    createInterface({ input: stream }).on('line', (line) => this.#line(line, Date.now()));
  }

  /** While the demo is being set up, hundreds of numbers go out that nobody needs to see. */
  isQuiet(quiet) {
    if (!quiet) this.#trade.tick(Infinity);
    this.#quiet = quiet;
  }

  #line(line, now) {
    this.#file.write(line);
    const entry = parsed(line);
    if (entry === undefined) this.#print(line);
    else if (LOUD.has(entry.level)) this.#warn(entry, now);
    else this.#trade.take(entry, now);
  }

  #warn(entry, now) {
    const key = `${entry.level} ${entry.msg}`;
    const known = this.#heard.get(key);
    if (known !== undefined) known.more += 1;
    else {
      this.#heard.set(key, { entry, until: now + SAME_MS, more: 0 });
      this.#print(warning(entry));
    }
  }

  #tick(now) {
    const lines = this.#trade.tick(now);
    if (!this.#quiet) lines.forEach((line) => this.#print(line));
    for (const [key, { entry, until, more }] of this.#heard) {
      if (now < until) continue;
      this.#heard.delete(key);
      if (more > 0) this.#print(`          ${entry.level.padEnd(7)}  ${entry.msg}: ${more} more, see the log file`);
    }
  }
}

function parsed(line) {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(line);
    return typeof entry.msg === 'string' && typeof entry.level === 'string' ? entry : undefined;
  } catch {
    return undefined;
  }
}
