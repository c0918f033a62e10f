import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Lines in a file; when it is full it becomes `<file>.1`, and the one before that is gone. */
export class LogFile {
  #file;
  #mostBytes;
  #handle;
  #bytes;

  constructor(file, mostBytes = 20_000_000) {
    this.#file = file;
    this.#mostBytes = mostBytes;
    mkdirSync(path.dirname(file), { recursive: true });
    this.#open();
  }

  write(line) {
    this.#bytes += writeSync(this.#handle, `${line}\n`);
    if (this.#bytes < this.#mostBytes) return;
    closeSync(this.#handle);
    renameSync(this.#file, `${this.#file}.1`);
    this.#open();
  }

  #open() {
    this.#handle = openSync(this.#file, 'a');
    this.#bytes = fstatSync(this.#handle).size;
  }
}
