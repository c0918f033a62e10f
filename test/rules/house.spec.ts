import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const repository = path.join(__dirname, '..', '..');
const FOLDERS = ['src', 'config', 'connectors', 'sandbox', 'bench', 'embedded', 'test'];
const LEFT_OUT = new Set(['engine', '.cache', 'fixtures', 'node_modules']);

const ROLES = ['controller', 'service', 'worker', 'store', 'schema', 'module', 'spec'];
const EMPTY_WORDS = /(^|[-.])(utils?|helpers?|common|managers?|misc)($|[-.])/;

/** What is wrong with a file's name, or null: `subject.role.ts`, or the name of its one function in kebab case. */
function faultIn(file: string): string | null {
  if (file.split('/').some((part) => EMPTY_WORDS.test(part))) return 'a word that says nothing';
  const [subject = '', ...roles] = path
    .basename(file)
    .replace(/\.(ts|mjs)$/, '')
    .split('.');
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(subject)) return 'not in kebab case';
  const unknown = roles.find((role) => !ROLES.includes(role));
  return unknown ? `a role that is not in the list: ${unknown}` : null;
}

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(repository, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : filesBelow(name);
    return /\.(ts|mjs)$/.test(name) ? [name] : [];
  });
}

describe('file names', () => {
  it.each([
    ['src/store/orders.store.ts', null],
    ['src/domain/stock/bring-order.spec.ts', null],
    ['src/ledger/ledger.worker.spec.ts', null],
    ['src/common/money.ts', 'a word that says nothing'],
    ['src/ledger/stock-utils.ts', 'a word that says nothing'],
    ['test/support/order.helper.ts', 'a word that says nothing'],
    ['src/push/push.manager.ts', 'a word that says nothing'],
    ['src/push/push.handler.ts', 'a role that is not in the list: handler'],
    ['src/push/pushWorker.ts', 'not in kebab case'],
  ])('%s: %s', (file, fault) => {
    expect(faultIn(file)).toBe(fault);
  });

  it('the repository keeps to them', () => {
    const folders = FOLDERS.filter((folder) => existsSync(path.join(repository, folder)));
    const faults = folders.flatMap(filesBelow).flatMap((file) => {
      const fault = faultIn(file);
      return fault ? [`${file}: ${fault}`] : [];
    });
    expect(faults).toEqual([]);
  });
});
