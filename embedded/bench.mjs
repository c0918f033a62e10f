import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildHub } from './build.mjs';
import { installPackages } from './install.mjs';
import { root } from './places.mjs';
import { startStores, underSupervision } from './stack.mjs';
import { Supervisor } from './supervise.mjs';

/** @param script which program of the bench: `main` or `growth`. */
export async function bench(env, args, script = 'main') {
  await installPackages();
  await buildHub();
  const dir = mkdtempSync(path.join(os.tmpdir(), 'sluice-bench-'));
  const supervisor = new Supervisor();
  supervisor.removeAtEnd(dir);
  try {
    const how = await underSupervision(supervisor, async () => {
      const stores = await startStores(supervisor, { env, dir, database: 'bench', forTests: true });
      const command = [
        process.execPath,
        path.join(root, 'dist', 'bench', `${script}.js`),
        ...args.filter((arg) => arg !== '--'),
      ];
      return supervisor.run({ name: 'bench', command, env: stores.env, graceMs: 3000, quiet: true }).ended;
    });
    return how === 0 ? 0 : 1;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
