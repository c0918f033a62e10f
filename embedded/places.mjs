import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');
export const cacheDir = path.join(root, 'embedded', '.cache');

export function dataDirOf(env) {
  return path.resolve(root, env.HUB_DATA_DIR || '.data');
}
