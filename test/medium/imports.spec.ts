import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const repository = path.join(__dirname, '..', '..');
const FOLDERS = ['src', 'connectors', 'config', 'sandbox', 'bench'];

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

function violationsIn(root: string): Violation[] {
  const tool = path.join(repository, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const args = [tool, '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  const folders = FOLDERS.filter((folder) => existsSync(path.join(root, folder)));
  const { stdout, stderr } = spawnSync(process.execPath, [...args, ...folders], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  if (!stdout) throw new Error(stderr);
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

/** A file, what it imports, and the rule that this breaks. */
const PLANTED: readonly (readonly [string, string, string])[] = [
  ['src/domain/clever.ts', '../platform/clock', 'domain-imports-nothing'],
  ['src/domain/packaged.ts', 'zod', 'domain-imports-nothing'],
  ['src/domain/stock/targeting.ts', '../targets/target', 'stock-knows-no-listings'],
  ['connectors/kit/stored.ts', '../../src/store/orders.store', 'kit-sees-domain-only'],
  ['connectors/kit/nested.ts', '@nestjs/common', 'kit-sees-domain-only'],
  ['connectors/lazada/nested.ts', '@nestjs/common', 'channel-sees-kit-and-domain'],
  ['connectors/lazada/calling.ts', 'node:https', 'channel-sees-kit-and-domain'],
  ['connectors/lazada/peeping.ts', '../shopee/index', 'channel-sees-kit-and-domain'],
  ['connectors/lazada/stored.ts', '../../src/store/orders.store', 'channel-sees-kit-and-domain'],
  ['connectors/index.ts', '../src/domain/ids', 'channel-list-sees-channels'],
  ['src/platform/storing.ts', '../store/orders.store', 'platform-sees-domain-and-kit'],
  ['src/store/deciding.store.ts', '../ledger/ledger.service', 'store-sees-domain-kit-and-platform'],
  ['src/push/ledgering.ts', '../ledger/ledger.service', 'room-sees-no-other-room'],
  ['src/campaigns/ledgering.ts', '../ledger/ledger.service', 'room-sees-no-other-room'],
  ['src/authorise/ledgering.ts', '../ledger/ledger.service', 'room-sees-no-other-room'],
  ['src/webhooks/ledgering.ts', '../ledger/ledger.service', 'room-sees-no-other-room'],
  ['src/intake/reading.ts', '../../config/schema', 'room-sees-domain-kit-store-platform'],
  ['src/normalize/naming.ts', '../../connectors/lazada/index', 'no-channel-by-name'],
  ['src/console/wiring.ts', '../app.module', 'nobody-imports-the-wiring'],
  ['config/knowing.ts', '../src/domain/ids', 'config-sees-itself'],
  ['src/push/querying.ts', 'mongoose', 'mongoose-lives-in-store'],
  ['src/push/calling.ts', 'axios', 'clients-live-in-platform'],
  ['src/store/queueing.ts', 'bull', 'clients-live-in-platform'],
  ['sandbox/sharing.ts', '../connectors/kit/sign', 'sandbox-shares-no-code'],
  ['config/pretending.ts', '../sandbox/main', 'nobody-imports-the-sandbox'],
  ['src/platform/faking.ts', '../../test/builders/order', 'nobody-imports-test'],
  ['src/platform/loading.ts', 'nock', 'no-development-packages'],
  ['src/store/a.ts', './b', 'no-cycles'],
  ['src/store/missing.ts', './nowhere', 'no-missing'],
];

/** What the planted files import; each of these is allowed to be as it is. */
const CLEAN: Record<string, string> = {
  'src/platform/clock.ts': 'export const clock = 1;',
  'src/domain/ids.ts': 'export const id = 1;',
  'src/domain/targets/target.ts': 'export const target = 1;',
  'src/store/orders.store.ts': "import { id } from '../domain/ids';\nimport 'mongoose';\nexport const orders = id;",
  'src/store/b.ts': "import './a';\nexport const b = 1;",
  'src/ledger/ledger.service.ts': "import { orders } from '../store/orders.store';\nexport const ledger = orders;",
  'src/app.module.ts': "import '../connectors/shopee/index';\nimport './ledger/ledger.service';\nexport const app = 1;",
  'src/main.ts': "import { app } from './app.module';\nexport const main = app;",
  'config/schema.ts': "import 'zod';\nexport const schema = 1;",
  'connectors/kit/sign.ts': "import 'node:crypto';\nexport const sign = 1;",
  'connectors/lazada/index.ts': "import '../kit/sign';\nimport '../../src/domain/ids';\nexport const lazada = 1;",
  'connectors/shopee/index.ts': "import 'zod';\nexport const shopee = 1;",
  'sandbox/main.ts': "import 'node:http';\nexport const sandbox = 1;",
  'test/builders/order.ts': 'export const order = 1;',
  'bench/main.ts': 'export const bench = 1;',
};

describe('the import rules', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'sluice-imports-'));
  let violations: Violation[] = [];

  beforeAll(() => {
    const plant = (file: string, content: string): void => {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), content);
    };
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
      cpSync(path.join(repository, file), path.join(root, file));
    }
    symlinkSync(path.join(repository, 'node_modules'), path.join(root, 'node_modules'));
    Object.entries(CLEAN).forEach(([file, content]) => plant(file, content));
    PLANTED.forEach(([file, imported]) => plant(file, `import '${imported}';\nexport const planted = 1;`));
    violations = violationsIn(root);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(PLANTED)('%s importing %s breaks %s', (file, _imported, rule) => {
    expect(violations.filter(({ from }) => from === file).map((one) => one.rule.name)).toContain(rule);
  });

  it('every rule was seen to fire, and none on a file that keeps them', () => {
    const { forbidden } = jest.requireActual<{ forbidden: { name: string }[] }>('../../.dependency-cruiser.cjs');
    const fired = new Set(violations.map((one) => one.rule.name));
    expect(forbidden.map(({ name }) => name).filter((name) => !fired.has(name))).toEqual([]);
    const planted = new Set(PLANTED.map(([file]) => file));
    const cycle = ['src/store/b.ts'];
    expect(violations.filter(({ from }) => !planted.has(from) && !cycle.includes(from))).toEqual([]);
  });

  it('the repository keeps them', () => {
    expect(violationsIn(repository).map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  });
});
