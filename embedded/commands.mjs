import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './places.mjs';
import { PlainError } from './say.mjs';

const windows = process.platform === 'win32';

/** The full path of a program on the PATH, or null. */
export function onPath(name, env = process.env) {
  const endings = windows ? ['.exe', '.cmd', '.bat'] : [''];
  for (const dir of (env.PATH ?? '').split(path.delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const file = path.join(dir, name + ending);
      if (isProgram(file)) return file;
    }
  }
  return null;
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Runs a command to its end with its output shown. A failure is a PlainError that names what was being done. */
export async function run(what, [program, ...args], env = process.env) {
  const code = await new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], shell: windows });
    child.on('error', reject);
    child.on('exit', (status, signal) => resolve(status ?? signal));
  });
  if (code !== 0) throw new PlainError(`${what} failed (${path.basename(program)} ended with ${code}); see above`);
}
