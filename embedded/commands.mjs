import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
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
  const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], shell: windows });
  await succeeded(child, what);
}

/** Maven says something only when something is wrong, apart from a few colour codes, which are left out. */
export async function runMaven(what, args) {
  const flags = ['-q', '-B', '-Dstyle.color=never'];
  const child = spawn(onPath('mvn'), [...flags, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: windows,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  try {
    await succeeded(child, what);
  } finally {
    process.stderr.write(stripVTControlCharacters(output));
  }
}

async function succeeded(child, what) {
  const how = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.code));
    child.on('close', (code, signal) => resolve(signal ?? code));
  });
  if (how !== 0)
    throw new PlainError(`${what} failed (${path.basename(child.spawnfile)} ended with ${how}); see above`);
}
