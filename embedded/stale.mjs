import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Every file below the given files and folders, as sorted paths relative to `base`. */
export function filesBelow(base, entries, keep = () => true) {
  const found = [];
  const visit = (relative) => {
    const full = path.join(base, relative);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) readdirSync(full).forEach((name) => visit(path.join(relative, name)));
    else if (keep(relative)) found.push(relative);
  };
  entries.forEach(visit);
  return found.sort();
}

/** A digest of names and content: the same tree gives the same text, whatever its clock says. */
export function fingerprint(base, entries, keep) {
  const hash = createHash('sha256');
  for (const file of filesBelow(base, entries, keep)) {
    const bytes = readFileSync(path.join(base, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 20);
}

export function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}
