import { existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { whileHolding } from './claim.mjs';
import { onPath, run } from './commands.mjs';
import { cacheDir, root } from './places.mjs';
import { PlainError, say } from './say.mjs';
import { fingerprint, readStamp } from './stale.mjs';

const LOCK = 'package-lock.json';

/** `npm ci`, when node_modules is missing or does not belong to the lock file. */
export async function installPackages() {
  await whileHolding(path.join(cacheDir, 'npm-ci.lock'), async () => {
    const wanted = fingerprint(root, [LOCK]);
    const stamp = path.join(root, 'node_modules', '.sluice-lock');
    if (readStamp(stamp) === wanted) return;
    if (!installedAfterLock()) {
      say('installing packages (npm ci)');
      await run('Installing the packages', [onPath('npm') ?? 'npm', 'ci', '--no-audit', '--no-fund']);
    }
    writeFileSync(stamp, wanted);
  });
}

function installedAfterLock() {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(path.join(root, LOCK)).mtimeMs;
}

/** Sees to it that these programs are on the PATH; on Debian, as root, by installing them. Answers whether they are. */
export async function ensureJava(programs) {
  if (programs.every((name) => onPath(name))) return true;
  const mayInstall = existsSync('/etc/debian_version') && process.getuid?.() === 0 && onPath('apt-get');
  if (!mayInstall) return false;
  say('installing openjdk-17-jdk-headless and maven (apt-get)');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('Refreshing the list of packages', ['apt-get', '-qq', 'update'], env);
  const packages = ['openjdk-17-jdk-headless', 'maven'];
  await run('Installing Java', ['apt-get', '-qq', 'install', '-y', '--no-install-recommends', ...packages], env);
  if (!programs.every((name) => onPath(name))) throw new PlainError(`Still missing: ${programs.join(', ')}`);
  return true;
}
