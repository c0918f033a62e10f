import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const windows = process.platform === 'win32';

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  return !isZombie(pid);
}

function isZombie(pid) {
  return process.platform === 'linux' && linuxStat(pid)?.[0] === 'Z';
}

/** Fields of /proc/PID/stat after the program's name; the first is the state, the twentieth the start in ticks. */
function linuxStat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** What tells one process from a later one with the same number: its start and its command line. */
export function identityOf(pid) {
  try {
    if (process.platform === 'linux') {
      return `${linuxStat(pid)?.[19]} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()}`;
    }
    if (windows) return '';
    return execFileSync('ps', ['-o', 'lstart=,command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

/** Is the process that was seen as `{pid, identity}` still the one that runs? */
export function isSame({ pid, identity }) {
  return isAlive(pid) && identityOf(pid) === identity;
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
  }
}

/** A part leads a process group of its own, so its children go with it. */
export function killGroup(pid) {
  signal(windows ? pid : -pid, 'SIGKILL');
}

/** Asks a process to stop and kills it when the time is over. Answers whether it stopped by itself. */
export async function stopProcess(pid, graceMs) {
  signal(pid, 'SIGTERM');
  const end = Date.now() + graceMs;
  while (isAlive(pid) && Date.now() < end) await delay(20);
  if (!isAlive(pid)) return true;
  killGroup(pid);
  return false;
}
