import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const repository = path.join(__dirname, '..', '..');

const long = (lines: number): string => 'work();\n'.repeat(lines);

/** A file, its content, and the rule with a part of its message that this breaks; null: nothing. */
const PLANTED: readonly (readonly [string, string, string | null])[] = [
  [
    'src/push/long.ts',
    `declare function work(): void;\nexport function all(): void {\n${long(40)}}`,
    'max-lines-per-function',
  ],
  ['src/push/huge.ts', `declare function work(): void;\n${long(300)}`, 'max-lines'],
  [
    'src/push/wide.ts',
    'export const f = (a: 1, b: 1, c: 1, d: 1): number[] => [a, b, c, d];',
    'three positional parameters',
  ],
  ['src/push/saving.ts', 'export const f = (doc: { save(): void }): void => doc.save();', 'save() writes over'],
  ['src/push/asking.ts', "export const port = process.env['HUB_PORT'];", 'Only config/load.ts reads the environment'],
  [
    'src/push/asking-by-name.ts',
    'const { env } = process;\nexport const all = env;',
    'Only config/load.ts reads the environment',
  ],
  [
    'src/push/asking-module.ts',
    "import { env } from 'node:process';\nexport const all = env;",
    'no-restricted-imports',
  ],
  [
    'src/push/stocking.ts',
    'export const f = (p: { commit(): void }): void => p.commit();',
    'Only the ledger writes stock',
  ],
  ['src/domain/dated.ts', 'export const f = (): number => Date.now();', 'Rules know no clock'],
  ['src/domain/waiting.ts', 'export const f = async (p: Promise<1>): Promise<1> => await p;', 'it waits for nothing'],
  ['connectors/lazada/dated.ts', 'export const f = (): Date => new Date();', 'Rules know no clock'],
  [
    'src/push/loose.ts',
    'export const f = (text: string): unknown => JSON.parse(text).items;',
    'no-unsafe-member-access',
  ],
  ['src/push/floating.ts', 'export const f = (p: () => Promise<void>): void => { p(); };', 'no-floating-promises'],
  ['src/push/printing.ts', "console.log('here');", 'no-console'],
  [
    'src/push/nest.service.ts',
    `function Injectable(): ClassDecorator { return () => undefined; }
@Injectable()
export class NestService { constructor(readonly a: 1, readonly b: 1, readonly c: 1, readonly d: 1) {} }`,
    null,
  ],
  ['src/ledger/stocking.ts', 'export const f = (p: { commit(): void }): void => p.commit();', null],
  ['config/load.ts', 'export const all = process.env;', null],
  ['src/push/long.spec.ts', `declare function work(): void;\nit('works', () => {\n${long(60)}});`, null],
];

interface Result {
  filePath: string;
  messages: { ruleId: string | null; message: string }[];
}

describe('the lint rules', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'sluice-lint-'));
  let results: Result[] = [];

  beforeAll(() => {
    for (const file of ['eslint.config.mjs', 'tsconfig.json', 'package.json']) {
      cpSync(path.join(repository, file), path.join(root, file));
    }
    symlinkSync(path.join(repository, 'node_modules'), path.join(root, 'node_modules'));
    for (const [file, content] of PLANTED) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), content);
    }
    const tool = path.join(repository, 'node_modules', 'eslint', 'bin', 'eslint.js');
    const { stdout, stderr } = spawnSync(process.execPath, [tool, '-f', 'json', 'src', 'config', 'connectors'], {
      cwd: root,
      encoding: 'utf8',
    });
    if (!stdout) throw new Error(stderr);
    results = JSON.parse(stdout) as Result[];
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(PLANTED)('%s', (file, _content, rule) => {
    const result = results.find(({ filePath }) => filePath.endsWith(`/${file}`));
    const told = result?.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`) ?? ['not linted'];
    if (rule === null) expect(told).toEqual([]);
    else expect(told.join('\n')).toContain(rule);
  });
});
