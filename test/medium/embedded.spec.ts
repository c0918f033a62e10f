import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { EmbeddedTree, isAlive, until } from '../support/embedded-tree';

const READY = /ready in [\d.]+ s: (http:\S+)/;
const tree = new EmbeddedTree();

afterEach(() => tree.reset());
afterAll(() => tree.remove());

async function listenSomewhere(): Promise<net.Server> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: net.Server): string {
  return String((server.address() as net.AddressInfo).port);
}

describe('npm start', () => {
  it("starts all parts, refuses a second start with the first one's address, and stops them in order", async () => {
    const up = tree.up('start');
    const address = (await up.says(READY))[1] ?? '';
    expect((await fetch(`${address}/health/ready`)).status).toBe(200);

    const second = tree.up('start');
    expect(await second.ended).toBe(1);
    expect(second.output).toContain(`already runs in this folder: process ${up.pid}`);

    const parts = tree.running().parts;
    expect(parts.map(({ name }) => name)).toEqual(['mongod', 'redis', 'sandbox', 'hub']);
    expect(await up.stop('SIGINT')).toBe(0);
    expect(tree.stops()).toEqual(['hub', 'sandbox', 'redis', 'mongo']);
    expect(parts.filter(({ pid }) => isAlive(pid))).toEqual([]);
    expect(tree.read('.data/running.json')).toBe('');
  });

  it('kills what does not stop, and is done within 10 seconds all the same', async () => {
    const up = tree.up('start', { FAKE_STOP_MS_HUB: '-1', FAKE_STOP_MS_REDIS: '-1' });
    await up.says(READY);
    const parts = tree.running().parts;
    const began = Date.now();
    up.child.kill('SIGTERM');
    expect(await up.stop()).toBe(0);
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(up.output).toMatch(/hub did not stop and was killed/);
    expect(parts.filter(({ pid }) => isAlive(pid))).toEqual([]);
  });

  it('stops at once on a second Ctrl-C', async () => {
    const up = tree.up('start', { FAKE_STOP_MS_HUB: '-1' });
    await up.says(READY);
    up.child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 600));
    const began = Date.now();
    await up.stop('SIGINT');
    expect(Date.now() - began).toBeLessThan(2000);
  });

  it('starts a crashed part again, each time later, at the same address', async () => {
    const up = tree.up('start');
    const address = (await up.says(READY))[1] ?? '';
    process.kill(tree.part('hub').pid, 'SIGKILL');
    await up.says(/hub ended \(SIGKILL\); starting it again in 0\.5 s[^]*hub is back/);
    process.kill(tree.part('hub').pid, 'SIGKILL');
    await up.says(/starting it again in 1\.0 s[^]*hub is back/);
    expect((await fetch(address)).status).toBe(200);
    process.kill(tree.part('redis').pid, 'SIGKILL');
    await up.says(/redis ended \(SIGKILL\); starting it again in 0\.5 s[^]*redis is back/);
  });

  it.each(['HUB_PORT', 'SANDBOX_PORT'])('says that %s is in use before anything is started', async (setting) => {
    const holder = await listenSomewhere();
    const up = tree.up('start', { [setting]: portOf(holder) });
    expect(await up.ended).toBe(1);
    expect(up.output).toContain(`Port ${portOf(holder)} is already in use. Stop what holds it, or set ${setting}`);
    expect(tree.read('.data/log/redis.log')).toBe('');
    expect(tree.stops()).toEqual([]);
    expect(tree.read('.data/running.json')).toBe('');
    holder.close();
  });

  it('stops everything when the hub refuses its settings', async () => {
    const up = tree.up('start', { FAKE_BROKEN: 'hub' });
    expect(await up.ended).toBe(1);
    expect(up.output).toContain('settings: HUB_X is wrong');
    expect(up.output).toContain('hub ended while it was starting (1)');
    expect(tree.stops()).toEqual(['sandbox', 'redis', 'mongo']);
  });

  it('leaves nothing running when it is killed, and starts again in the same folder', async () => {
    const up = tree.up('start');
    await up.says(READY);
    const parts = tree.running().parts;
    await up.stop('SIGKILL');
    const gone = (): boolean => !parts.some(({ pid }) => isAlive(pid));
    await until(gone, { withinMs: 5000, what: () => 'all parts gone' });
    expect(tree.stops()).toEqual(['hub', 'sandbox', 'redis', 'mongo']);
    await tree.up('start').says(READY);
  });

  it('ends what a killed start left, but not another process that got its number', async () => {
    const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const identity = await inNode(`import { identityOf } from './embedded/processes.mjs';
      console.log(identityOf(${orphan.pid}));`);
    tree.write(
      '.data/running.json',
      JSON.stringify({
        pid: process.pid,
        identity: 'an earlier process with the same number',
        address: 'http://127.0.0.1:1',
        parts: [
          { name: 'redis', pid: orphan.pid, identity },
          { name: 'hub', pid: other.pid, identity: 'an earlier one' },
        ],
      }),
    );
    const up = tree.up('start');
    await up.says(READY);
    expect(up.output).toContain(`ending redis (process ${orphan.pid})`);
    expect(orphan.exitCode ?? orphan.signalCode).toBe('SIGTERM');
    expect(other.exitCode ?? other.signalCode).toBeNull();
    other.kill('SIGKILL');
  });

  it('makes the keys once, for this user only, and does not print them into a file', async () => {
    const first = tree.up('start');
    await first.says(READY);
    await first.stop();
    const [admin, secret] = [tree.read('.data/admin-key').trim(), tree.read('.data/secret-key').trim()];
    expect(admin.length).toBeGreaterThanOrEqual(32);
    expect(Buffer.from(secret, 'base64')).toHaveLength(32);
    for (const name of ['admin-key', 'secret-key']) {
      expect(statSync(path.join(tree.root, '.data', name)).mode & 0o777).toBe(0o600);
    }
    expect(first.output).not.toContain(admin);
    expect(first.output).toContain(path.join('.data', 'admin-key'));

    await tree.up('start').says(READY);
    expect(tree.read('.data/admin-key').trim()).toBe(admin);
  });

  it('with a given database starts no sandbox and makes no keys', async () => {
    const up = tree.up('start', { MONGO_URL: 'mongodb://127.0.0.1:1/x', REDIS_URL: 'redis://127.0.0.1:1' });
    await up.says(READY);
    expect(tree.running().parts.map(({ name }) => name)).toEqual(['hub']);
    expect(tree.read('.data/admin-key')).toBe('');
  });
});

async function inNode(script: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: tree.root });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return output.trim();
}
