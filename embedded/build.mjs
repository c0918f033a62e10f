import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { whileHolding } from './claim.mjs';
import { run, runMaven } from './commands.mjs';
import { cacheDir, root } from './places.mjs';
import { say, seconds } from './say.mjs';
import { filesBelow, fingerprint, readStamp } from './stale.mjs';

const HUB_FOLDERS = ['src', 'config', 'connectors', 'sandbox', 'test/support', 'bench'];
const HUB_IGNORED = /\.spec\.ts$|\.md$|[/\\]fixtures[/\\]/;
const ENGINE = path.join(root, 'embedded', 'engine');
const ENGINE_BUILDS_KEPT = 5;

/** Compiles the hub into dist/ when its sources are other than those dist/ was made from. */
export async function buildHub() {
  await whileHolding(path.join(cacheDir, 'hub-build.lock'), async () => {
    const stamp = path.join(root, 'dist', '.stamp');
    const wanted = fingerprint(root, [...HUB_FOLDERS, '.swcrc'], (file) => !HUB_IGNORED.test(file));
    if (readStamp(stamp) === wanted) return;
    const began = Date.now();
    const made = path.join(root, `.dist-${process.pid}`);
    try {
      await compile(made);
      replaceTree(made, path.join(root, 'dist'));
    } finally {
      rmSync(made, { recursive: true, force: true });
    }
    writeFileSync(stamp, wanted);
    say(`built the hub (${seconds(Date.now() - began)})`);
  });
}

async function compile(outDir) {
  const folders = HUB_FOLDERS.filter((name) => existsSync(path.join(root, name)));
  const swc = path.join(root, 'node_modules', '@swc', 'cli', 'bin', 'swc.js');
  const ignored = '**/*.spec.ts,**/*.md,**/fixtures/**';
  const flags = ['--out-dir', path.basename(outDir), '--copy-files', '--ignore', ignored, '--quiet'];
  mkdirSync(outDir, { recursive: true });
  if (folders.length > 0) await run('Compiling the hub', [process.execPath, swc, ...folders, ...flags]);
}

/** Makes `to` equal to `from` file by file, so that a hub running from `to` never meets half a file. */
export function replaceTree(from, to) {
  const wanted = new Set(filesBelow(from, ['.']));
  for (const file of wanted) {
    const [source, target] = [path.join(from, file), path.join(to, file)];
    if (existsSync(target) && readFileSync(target).equals(readFileSync(source))) continue;
    mkdirSync(path.dirname(target), { recursive: true });
    renameSync(source, target);
  }
  for (const file of filesBelow(to, ['.'])) if (!wanted.has(file)) rmSync(path.join(to, file));
}

/**
 * The engine's jar, built by Maven when none was made from the present sources.
 * A running engine reads classes from its jars as it needs them: each build gets a folder of its own.
 */
export async function buildEngine() {
  const folder = engineFolder();
  await whileHolding(path.join(cacheDir, 'engine-build.lock'), async () => {
    if (existsSync(folder)) return;
    say('building the database engine (Maven)');
    const began = Date.now();
    await runMaven('Building the engine', ['-DskipTests', '-f', path.join(ENGINE, 'pom.xml'), 'package']);
    keepBuild(path.join(ENGINE, 'target'), folder);
    say(`built the database engine (${seconds(Date.now() - began)})`);
  });
  return path.join(folder, 'engine.jar');
}

export function engineIsBuilt() {
  return existsSync(engineFolder());
}

function engineFolder() {
  return path.join(cacheDir, `engine-${fingerprint(ENGINE, ['pom.xml', 'src/main'])}`);
}

function keepBuild(target, folder) {
  rmSync(`${folder}.next`, { recursive: true, force: true });
  for (const name of ['engine.jar', 'lib']) {
    const from = path.join(target, name);
    if (existsSync(from)) cpSync(from, path.join(`${folder}.next`, name), { recursive: true });
  }
  renameSync(`${folder}.next`, folder);
  const builds = readdirSync(cacheDir).filter((name) => /^engine-[0-9a-f]+$/.test(name));
  const newestFirst = builds.map((name) => path.join(cacheDir, name)).sort((a, b) => changedAt(b) - changedAt(a));
  newestFirst.slice(ENGINE_BUILDS_KEPT).forEach((old) => rmSync(old, { recursive: true }));
}

function changedAt(file) {
  return statSync(file).mtimeMs;
}
