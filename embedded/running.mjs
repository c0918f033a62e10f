import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { claimFile, ownMark } from './claim.mjs';
import { identityOf, isSame, stopProcess } from './processes.mjs';
import { PlainError, say } from './say.mjs';

const ORPHAN_GRACE_MS = 3000;

/** Makes this process the one hub of a data folder; ends what a killed predecessor left running. */
export async function claimFolder(dataDir, address) {
  const file = path.join(dataDir, 'running.json');
  const about = { address, startedAt: new Date().toISOString() };
  const holder = await claimFile(file, { ...about, parts: [] }, endOrphans);
  if (holder) {
    throw new PlainError(`Sluice already runs in this folder: process ${holder.pid}, ${holder.address}`);
  }
  return {
    recordParts(parts) {
      const marks = parts.map(({ name, pid }) => ({ name, pid, identity: identityOf(pid) }));
      writeFileSync(`${file}.next`, JSON.stringify({ ...ownMark(), ...about, parts: marks }, null, 1));
      renameSync(`${file}.next`, file);
    },
    /** Where the stores that were started here answer. They are given with the parts that come next. */
    recordStores(stores) {
      about.stores = stores;
    },
    release() {
      rmSync(file, { force: true });
    },
  };
}

/** The addresses of the stores of the hub that runs in this data folder, or null. */
export function storesOfRunning(dataDir) {
  try {
    const running = JSON.parse(readFileSync(path.join(dataDir, 'running.json'), 'utf8'));
    return isSame(running) ? (running.stores ?? null) : null;
  } catch {
    return null;
  }
}

async function endOrphans(dead) {
  for (const part of [...(dead.parts ?? [])].reverse()) {
    if (!isSame(part)) continue;
    say(`ending ${part.name} (process ${part.pid}), left over from a start that was killed`);
    await stopProcess(part.pid, ORPHAN_GRACE_MS);
  }
}
