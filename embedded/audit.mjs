import path from 'node:path';
import { buildHub } from './build.mjs';
import { installPackages } from './install.mjs';
import { hubKeys } from './keys.mjs';
import { dataDirOf, root } from './places.mjs';
import { storesOfRunning } from './running.mjs';
import { PlainError } from './say.mjs';
import { underSupervision } from './stack.mjs';
import { Supervisor } from './supervise.mjs';

const NO_HUB = `No hub runs in this folder. One of these is needed:
  - npm start, in another terminal
  - MONGO_URL and REDIS_URL set to those of the hub`;

/** Audits the ledger of the hub that runs here, or of that at MONGO_URL, without stopping it. */
export async function audit(env, args) {
  const dataDir = dataDirOf(env);
  const stores = env.MONGO_URL && env.REDIS_URL ? {} : storesOfRunning(dataDir);
  if (!stores) throw new PlainError(NO_HUB);
  await installPackages();
  await buildHub();
  const keys = env.MONGO_URL ? undefined : hubKeys(env, dataDir);
  const settings = { ...stores, ...(keys && { HUB_ADMIN_KEY: keys.admin, HUB_SECRET_KEY: keys.secret }) };
  const command = [
    ...[process.execPath, '--enable-source-maps', path.join(root, 'dist', 'src', 'audit.js')],
    ...args.filter((arg) => arg !== '--'),
  ];
  const supervisor = new Supervisor();
  const run = { name: 'audit', command, env: settings, graceMs: 3000, quiet: true };
  const how = await underSupervision(supervisor, () => supervisor.run(run).ended);
  return typeof how === 'number' ? how : 1;
}
