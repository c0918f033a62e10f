import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildHub } from './build.mjs';
import { installPackages } from './install.mjs';
import { root } from './places.mjs';
import { killGroup } from './processes.mjs';
import { chooseProjects } from './projects.mjs';
import { PlainError, say } from './say.mjs';
import { startStores, underSupervision } from './stack.mjs';
import { Supervisor } from './supervise.mjs';
import { isGreen, sumOf, tableOf, tallyOf, verdictOf } from './tally.mjs';

/** A project that takes this many times its budget hangs. */
const HANGS_AFTER = 4;
const CLOSING_MS = 10_000;

export async function test(env, args) {
  const { chosen, jestArgs } = chooseProjects(args);
  const rows = [];
  let ended;
  try {
    ended = await withStack(env, chosen, async (testEnv, context) => {
      for (const project of chosen) rows.push(await runProject(project, { jestArgs, env: testEnv, ...context }));
    });
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    say(error.message);
    rows.push({ name: 'setup', tookMs: 0, budgetS: 0, ...tallyOf(null), failures: [error.message.split('\n')[0]] });
  }
  if (ended?.signal) say(`interrupted (${ended.signal})`);
  report(rows);
  return isGreen(rows, env) && !ended?.signal ? 0 : 1;
}

async function withStack(env, chosen, work) {
  await installPackages();
  const dir = mkdtempSync(path.join(os.tmpdir(), 'sluice-test-'));
  const supervisor = new Supervisor();
  supervisor.removeAtEnd(dir);
  try {
    return await underSupervision(supervisor, async () => {
      if (!chosen.some(({ stack }) => stack)) return work(env, { dir, supervisor });
      await buildHub();
      const stores = await startStores(supervisor, { env, dir, database: 'test', forTests: true });
      return work({ ...env, ...stores.env }, { dir, supervisor });
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function runProject(project, { jestArgs, env, dir, supervisor }) {
  const outputFile = path.join(dir, `${project.name}.json`);
  process.stdout.write(`\n== ${project.name} (budget ${project.budgetS} s)\n`);
  const began = Date.now();
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const limits = ['--maxWorkers', String(project.workers), '--testTimeout', String(project.testS * 1000)];
  const flags = ['--selectProjects', project.name, ...limits, '--passWithNoTests'];
  const command = [process.execPath, jest, ...flags, '--json', '--outputFile', outputFile, ...jestArgs];
  const jestRun = supervisor.run({ name: project.name, command, env, graceMs: 1000, quiet: true });
  await untilOver(jestRun, { outputFile, endsAt: began + project.budgetS * 1000 * HANGS_AFTER });
  const result = existsSync(outputFile) ? JSON.parse(readFileSync(outputFile, 'utf8')) : null;
  return { ...project, tookMs: Date.now() - began, ...tallyOf(result) };
}

/** Jest writes its report and then waits for whatever a test left open; it gets a while for that, and no more. */
async function untilOver({ pid, ended }, { outputFile, endsAt }) {
  let isOver = false;
  void ended.then(() => (isOver = true));
  let closesAt = Infinity;
  while (!isOver) {
    await Promise.race([ended, delay(250)]);
    if (closesAt === Infinity && existsSync(outputFile)) closesAt = Date.now() + CLOSING_MS;
    if (isOver || Date.now() < Math.min(endsAt, closesAt)) continue;
    say(Date.now() >= endsAt ? 'this takes far too long and is ended' : 'jest is ended: a test left something open');
    killGroup(pid);
    await ended;
  }
}

function report(rows) {
  process.stdout.write(`\n${tableOf(rows)}\n`);
  const failures = rows.flatMap((row) =>
    row.failures.map((failure) => `  ${row.name}: ${failure.replace(root + path.sep, '')}`),
  );
  if (failures.length > 0) process.stdout.write(`\nfailed:\n${failures.join('\n')}\n`);
  if (rows.some((row) => row.browserSkipped)) process.stdout.write('\na [browser] test was skipped\n');
  process.stdout.write(`${verdictOf(sumOf(rows))}\n`);
}
