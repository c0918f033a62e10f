import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { EmbeddedTree } from '../support/embedded-tree';

/** Made by another program: one entry stored, two deflated, and a comment behind the directory. */
const ZIP =
  'UEsDBBQAAAAAAGRvdV0PNqImDQAAAA0AAAAMAAAAYS9zdG9yZWQudHh0a2VwdCBhcyBpdCBpc1BLAwQUAAAACABkb3VdkU/CGxkAAAAIBwAA' +
  'GgAAAHJlZGlzLXNlcnZlci05LWxpbnV4LWFtZDY0Ky4sTU2tSk1RKB5ljDJGGaOMUcYoY+QxAFBLAwQUAAAACABkb3VdZesTFwUAAAADAAAA' +
  'GwAAAHJlZGlzLXNlcnZlci05LWRhcndpbi1hcm02NMtNTAYAUEsBAhQDFAAAAAAAZG91XQ82oiYNAAAADQAAAAwAAAAAAAAAAAAAAIABAAAA' +
  'AGEvc3RvcmVkLnR4dFBLAQIUAxQAAAAIAGRvdV2RT8IbGQAAAAgHAAAaAAAAAAAAAAAAAACAATcAAAByZWRpcy1zZXJ2ZXItOS1saW51eC1h' +
  'bWQ2NFBLAQIUAxQAAAAIAGRvdV1l6xMXBQAAAAMAAAAbAAAAAAAAAAAAAACAAYgAAAByZWRpcy1zZXJ2ZXItOS1kYXJ3aW4tYXJtNjRQSwUG' +
  'AAAAAAMAAwDLAAAAxgAAACAAUEsgYSBjb21tZW50IGFmdGVyIHRoZSBkaXJlY3Rvcnk=';

const tree = new EmbeddedTree();
afterAll(() => tree.remove());

/** Runs a few lines in Node with the folder's own modules and answers what they print. */
function inNode(script: string): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: tree.root,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : stderr;
}

describe('the zip reader', () => {
  const redisFor = (platform: string, arch: string): string =>
    inNode(`import { serverIn } from './embedded/redis.mjs';
      const jar = Buffer.from('${ZIP}', 'base64');
      console.log(serverIn(jar, { platform: '${platform}', arch: '${arch}' }).toString());`);

  it('lists entries with their sizes', () => {
    const names = inNode(`import { zipEntries } from './embedded/zip.mjs';
      console.log(zipEntries(Buffer.from('${ZIP}', 'base64')).map((e) => e.name + ' ' + e.size).join(', '));`);
    expect(names).toBe('a/stored.txt 13, redis-server-9-linux-amd64 1800, redis-server-9-darwin-arm64 3');
  });

  it('reads stored and deflated entries', () => {
    const stored = inNode(`import { unzip, zipEntries } from './embedded/zip.mjs';
      const zip = Buffer.from('${ZIP}', 'base64');
      console.log(unzip(zip, zipEntries(zip)[0]).toString());`);
    expect(stored).toBe('kept as it is');
    expect(redisFor('linux', 'x64')).toBe('squeezed '.repeat(200).trim());
    expect(redisFor('darwin', 'arm64')).toBe('mac');
  });

  it('names what is missing for a machine that has no server in it, and refuses what is no zip', () => {
    expect(redisFor('linux', 's390x')).toContain('has no Redis for linux on s390x');
    const broken = inNode(`import { zipEntries } from './embedded/zip.mjs'; zipEntries(Buffer.from('no zip at all'));`);
    expect(broken).toContain('not a zip');
  });
});

describe('the build', () => {
  it('compiles only when sources changed, drops what is gone, and leaves specs out', async () => {
    tree.write('src/extra.ts', 'export const one: number = 1;');
    tree.write('src/extra.spec.ts', 'it.todo("nothing");');
    const first = tree.up('build');
    expect(await first.ended).toBe(0);
    expect(first.output).toContain('built the hub');
    expect(tree.read('dist/src/extra.js')).toContain('one');
    expect(tree.read('dist/src/extra.spec.js')).toBe('');

    const again = tree.up('build');
    await again.ended;
    expect(again.output).toBe('');

    rmSync(path.join(tree.root, 'src/extra.ts'));
    const without = tree.up('build');
    await without.ended;
    expect(without.output).toContain('built the hub');
    expect(tree.read('dist/src/extra.js')).toBe('');
    expect(tree.read('dist/src/main.js')).not.toBe('');
  });

  it("fails with the compiler's words and leaves the last good build", async () => {
    await tree.up('build').ended;
    tree.write('src/broken.ts', 'expor const;');
    const up = tree.up('build');
    expect(await up.ended).toBe(1);
    expect(up.output).toContain('Compiling the hub failed');
    expect(tree.read('dist/src/main.js')).not.toBe('');
    rmSync(path.join(tree.root, 'src/broken.ts'));
  });
});

describe('the verdict of npm test', () => {
  const judge = (reports: unknown[], env: Record<string, string> = {}): string =>
    inNode(`import { isGreen, sumOf, tallyOf, verdictOf } from './embedded/tally.mjs';
      const rows = ${JSON.stringify(reports)}.map(tallyOf);
      console.log(verdictOf(sumOf(rows)), isGreen(rows, ${JSON.stringify(env)}));`);
  const suite = (status: string, ...states: [string, string?][]): unknown => ({
    name: 'a.spec.ts',
    status,
    assertionResults: states.map(([state, fullName = 'a test']) => ({ status: state, fullName })),
  });

  it('adds up all projects', () => {
    const reports = [
      { testResults: [suite('passed', ['passed'], ['pending'])] },
      { testResults: [suite('passed', ['passed'])] },
    ];
    expect(judge(reports)).toBe('2 passed, 0 failed, 1 skipped true');
  });

  it('counts a file that does not load, and a run without a report, as failed', () => {
    expect(judge([{ testResults: [suite('failed')] }])).toBe('0 passed, 1 failed, 0 skipped false');
    expect(judge([null])).toBe('0 passed, 1 failed, 0 skipped false');
    expect(judge([{ testResults: [suite('failed', ['failed'], ['passed'])] }])).toBe(
      '1 passed, 1 failed, 0 skipped false',
    );
  });

  it('is not green when nothing ran, or when CI left a browser test out', () => {
    expect(judge([{ testResults: [] }])).toBe('0 passed, 0 failed, 0 skipped false');
    const browser = [{ testResults: [suite('passed', ['passed'], ['pending', '[browser] opens the console'])] }];
    expect(judge(browser)).toBe('1 passed, 0 failed, 1 skipped true');
    expect(judge(browser, { CI: 'true' })).toBe('1 passed, 0 failed, 1 skipped false');
  });

  it.each([
    [[], 'rules medium races flows faults | '],
    [['--long'], 'long | '],
    [['test/flows/cancel.spec.ts', '-t', 'gives back'], 'flows | test/flows/cancel.spec.ts -t gives back'],
    [['src/domain', 'test/medium'], 'rules medium | src/domain test/medium'],
    [['races'], 'races | '],
    [['cancel'], 'rules medium races flows faults | cancel'],
  ])('chooses the projects for %j', (args, expected) => {
    const chosen = inNode(`import { chooseProjects } from './embedded/projects.mjs';
      const { chosen, jestArgs } = chooseProjects(${JSON.stringify(args)});
      process.stdout.write(chosen.map((p) => p.name).join(' ') + ' | ' + jestArgs.join(' ') + '.');`);
    expect(chosen).toBe(`${expected}.`);
  });
});
