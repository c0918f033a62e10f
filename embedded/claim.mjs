import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, isSame } from './processes.mjs';
import { say } from './say.mjs';

/** What this process writes into a file to say that it holds it. */
export function ownMark() {
  return { pid: process.pid, identity: identityOf(process.pid) };
}

/**
 * Takes a file for this process. Answers null, or the living holder's content.
 * What a dead holder left is handed to `onStale` before it is taken over.
 */
export async function claimFile(file, content, onStale = async () => {}) {
  mkdirSync(path.dirname(file), { recursive: true });
  for (;;) {
    if (create(file, content)) {
      await delay(30);
      if ((await readMark(file))?.pid === process.pid) return null;
      continue;
    }
    const holder = await readMark(file);
    if (holder?.pid && isSame(holder)) return holder;
    if (holder) await onStale(holder);
    rmSync(file, { force: true });
  }
}

function create(file, content) {
  try {
    writeFileSync(file, JSON.stringify({ ...ownMark(), ...content }, null, 1), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** A file that is just being written reads as broken for a moment. */
async function readMark(file) {
  for (let tries = 0; tries < 5; tries++) {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      if (error.code === 'ENOENT') return null;
      await delay(50);
    }
  }
  return null;
}

/** Runs `work` while no other process of this folder does the same. */
export async function whileHolding(file, work) {
  for (let told = false; ; told = true) {
    const holder = await claimFile(file, {});
    if (!holder) break;
    if (!told) say(`waiting for process ${holder.pid}, which is doing the same (${path.basename(file, '.lock')})`);
    await delay(200);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
