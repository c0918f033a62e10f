/**
 * Runs beside up.mjs and outlives it: told of every part that is started, and when its own standard input ends because
 * up.mjs is gone (killed, say), it ends the parts that are left, last started first.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isAlive, stopProcess } from './processes.mjs';

const GRACE_MS = 3000;
const parts = new Set();
const folders = new Set();

const acts = {
  hold: ({ pid }) => parts.add(pid),
  letGo: ({ pid }) => parts.delete(pid),
  remove: ({ folder }) => folders.add(folder),
};

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const told = JSON.parse(line);
  acts[told.act](told);
});
lines.on('close', async () => {
  for (const pid of [...parts].reverse()) if (isAlive(pid)) await stopProcess(pid, GRACE_MS);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
