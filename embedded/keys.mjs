import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The hub's own two keys, as given or made once and kept in the data folder for this user only. */
export function hubKeys(env, dataDir) {
  const adminFile = path.join(dataDir, 'admin-key');
  return {
    adminFile: env.HUB_ADMIN_KEY ? null : adminFile,
    admin: env.HUB_ADMIN_KEY || kept(adminFile, 'base64url'),
    secret: env.HUB_SECRET_KEY || kept(path.join(dataDir, 'secret-key'), 'base64'),
  };
}

function kept(file, encoding) {
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${randomBytes(32).toString(encoding)}\n`, { mode: 0o600, flag: 'wx' });
  }
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8').trim();
}
