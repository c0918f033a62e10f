import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { ROOT_KEY, startTestHub, type TestHub } from '../support/test-hub';
import { until } from '../support/until';

const root = path.join(__dirname, '..', '..');
const dir = mkdtempSync(path.join(os.tmpdir(), 'sluice-demo-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Runs a few lines in Node beside the demo's own modules and answers what they print. */
function inNode(script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ['--input-type=module', '-e', script];
    execFile(process.execPath, args, { cwd: root, env: { ...process.env, TZ: 'UTC' } }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${stderr}\n${stdout}`));
      else resolve(stdout.trim());
    });
  });
}

type Json = Record<string, unknown>;

/** What the demo's log tells of these entries, all of them heard at once, and then after a while; `--` parts the two. */
async function told(entries: Json[], later: Json[] = []): Promise<string[]> {
  const known = {
    seller: 'demo',
    stock: [
      { sku: 'TEA', onHand: 200, committed: 2, published: [shown('a', 'TEA', 198), shown('b', 'TEA', 198)] },
      { sku: 'MUG', onHand: 50, committed: 0, published: [shown('b', 'PACK', 66)] },
    ],
    listings: [
      { shop: 'a', listing: 'TEA', parts: [{ sku: 'TEA', units: 1 }] },
      { shop: 'b', listing: 'TEA', parts: [{ sku: 'TEA', units: 1 }] },
      { shop: 'b', listing: 'PACK', parts: [{ sku: 'TEA', units: 3 }] },
    ],
  };
  const script = `import { TradeLog } from './embedded/demo/trade-log.mjs';
    const log = new TradeLog();
    log.know(${JSON.stringify(known)});
    for (const entry of ${JSON.stringify(entries)}) log.take(entry, 1000);
    const lines = [...log.tick(1050), '--', ...log.tick(10_000)];
    for (const entry of ${JSON.stringify(later)}) log.take(entry, 10_000);
    console.log([...lines, ...log.tick(20_000)].join('\\n'));`;
  return (await inNode(script)).split('\n');
}

const shown = (shop: string, listing: string, target: number): Json => ({ shop, listing, target });
const at = (ms: number): string => new Date(Date.UTC(2026, 0, 1, 14, 2, 11) + ms).toISOString();
const written = (kinds: string[], more: Json = {}): Json => ({
  ...{ time: at(30), level: 'info', msg: 'order written', seller: 'demo', channel: 'shopee', order: 'demo|s|26' },
  ...{ externalId: '2611', facts: kinds.map((kind) => ({ kind })), heardMs: 30, ...more },
});
const moved = (more: Json): Json => ({
  ...{ time: at(50), level: 'info', msg: 'stock moved', seller: 'demo', sku: 'TEA', kind: 'order', v: 9 },
  ...{ order: 'demo|s|26', shop: 's', ...more },
});
const wrote = (shop: string, channel: string, more: Json): Json => ({
  ...{ time: at(84), level: 'info', msg: 'listing written', seller: 'demo', listing: 'TEA', shop, channel, ...more },
});

describe('the terminal of npm start', () => {
  it('tells of an order in one line: what came, what it moved, what went out, how long it took', async () => {
    const lines = await told([
      written(['OrderPlaced', 'OrderPaid']),
      moved({ onHand: 200, committed: 4 }),
      wrote('a', 'lazada', { units: 196 }),
      wrote('b', 'zalora', { units: 196 }),
      wrote('b', 'zalora', { listing: 'PACK', units: 65 }),
    ]);
    expect(lines).toEqual([
      '--',
      '14:02:11  shopee   ordered    2611             TEA x2  free 198 -> 196 (200 on hand, 4 committed)  ' +
        'lazada 198 -> 196, zalora 198 -> 196, zalora PACK 66 -> 65  in 84 ms',
    ]);
  });

  it('keeps the number that follows from an order when a later order writes the listing again', async () => {
    const later = { order: 'demo|s|27' };
    const lines = await told([
      written(['OrderPlaced']),
      moved({ onHand: 200, committed: 4 }),
      wrote('a', 'lazada', { units: 196 }),
      written(['OrderPlaced', 'OrderPaid'], { ...later, externalId: '2612' }),
      moved({ ...later, onHand: 200, committed: 5 }),
      wrote('a', 'lazada', { units: 195 }),
    ]);
    expect(lines[1]).toMatch(/unpaid {5}2611 .*lazada 198 -> 196 /);
    expect(lines[2]).toMatch(/ordered {4}2612 .*TEA x1 {2}free 196 -> 195 .*lazada 196 -> 195 /);
  });

  it('says at once what moves no stock, and what left without a change of what is free', async () => {
    const lines = await told([
      written(['OrderPaid']),
      written(['OrderShipped'], { order: 'demo|s|28', externalId: '2613' }),
      moved({ order: 'demo|s|28', onHand: 198, committed: 0, units: -2 }),
    ]);
    expect(lines[0]).toBe('14:02:11  shopee   paid       2611');
    expect(lines[2]).toMatch(/shipped {4}2613 {13}TEA x2 {2}free 198 \(198 on hand, 0 committed\) {2}in 50 ms$/);
  });

  it('takes what a shop sold itself off what it showed, and tells of counts and of numbers without a cause', async () => {
    const lines = await told(
      [moved({ shop: 'a', onHand: 200, committed: 4, shown: [{ listing: 'TEA', units: -2 }] })],
      [
        { ...moved({ kind: 'manual', onHand: 340, committed: 4 }), order: undefined },
        wrote('a', 'lazada', { units: 336 }),
        wrote('x', 'shopee', { listing: 'OTHER', units: 7 }),
      ],
    );
    expect(lines[2]).toMatch(/stock +received +TEA x140 {2}free 196 -> 336 .*lazada 196 -> 336$/);
    expect(lines).toContainEqual(expect.stringMatching(/shopee +wrote +shopee OTHER 7$/));
  });

  it('keeps every line of the hub in a file that is turned over, and shows warnings once', async () => {
    const file = path.join(dir, 'hub.log');
    const output = await inNode(`import { PassThrough } from 'node:stream';
      import { HubOutput } from './embedded/demo/hub-output.mjs';
      import { LogFile } from './embedded/demo/log-file.mjs';
      const out = new HubOutput({ file: new LogFile('${file}', 500), trade: { take() {}, tick: () => [] }, print: console.log });
      const hub = new PassThrough();
      out.read(hub);
      const warn = { time: '${at(0)}', level: 'warn', msg: 'slow', shop: 's', err: { message: 'no answer', stack: 'x' } };
      for (let n = 0; n < 20; n += 1) hub.write(JSON.stringify(warn) + '\\n');
      hub.write('not json\\n{"level":"info","msg":"nothing"}\\n');
      setTimeout(() => process.exit(), 100);`);
    expect(output.split('\n')).toEqual(['14:02:11  warn     slow  shop=s  err=no answer', 'not json']);
    expect(readFileSync(file, 'utf8')).toContain('nothing');
    expect(statSync(`${file}.1`).size).toBeLessThan(700);
  });
});

describe('the demo', () => {
  let hub: TestHub;
  let sandbox: Sandbox;
  afterAll(async () => {
    await sandbox.close();
    await hub.stop();
  });

  const call = async (url: string, method = 'GET', body?: Json): Promise<Json & { items: Json[] }> => {
    const headers = {
      authorization: `Bearer ${ROOT_KEY}`,
      'sluice-seller': 'demo',
      'content-type': 'application/json',
    };
    const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return (await answer.json()) as Json & { items: Json[] };
  };
  const play = (): Promise<string> => {
    const settings = {
      address: hub.url,
      ports: { sandbox: sandbox.port },
      env: {},
      keys: { admin: ROOT_KEY },
      dataDir: dir,
    };
    return inNode(`import { Demo } from './embedded/demo/demo.mjs';
      const demo = new Demo(${JSON.stringify(settings)});
      await demo.sandboxIsUp();
      await demo.hubIsUp();
      await demo.stop();
      process.exit();`);
  };
  const shops = (): Promise<Json[]> => call(`${hub.url}/v1/shops`).then(({ items }) => items);
  const showing = async (channel: string, sku: string): Promise<unknown> => {
    const shop = (await shops()).find((one) => one['channel'] === channel);
    const path = `/_sandbox/${channel}/shops/${String(shop?.['channelShopId'])}/listings?sku=${sku}`;
    return (await call(`${sandbox.url}${path}`)).items[0]?.['quantity'];
  };
  const everything = async (): Promise<Json> => {
    const all = await shops();
    const listings = await Promise.all(all.map((shop) => call(`${hub.url}/v1/shops/${String(shop['id'])}/listings`)));
    const skus = await call(`${hub.url}/v1/skus`);
    const apps = await call(`${hub.url}/v1/apps`);
    return {
      apps: apps.items.map(({ id }) => id),
      shops: all.map(({ id }) => id),
      skus: skus.items.map(({ sku }) => sku),
      listings: listings.flatMap(({ items }) => items.map(({ shop, listing }) => [shop, listing])),
    };
  };

  it('makes its seller once, and a marketplace that forgot everything shows the numbers of the hub again', async () => {
    sandbox = await startSandbox({ host: '127.0.0.1', port: 0 });
    const port = await freePort();
    const base = `http://127.0.0.1:${sandbox.port}`;
    hub = await startTestHub({
      env: {
        HUB_PORT: String(port),
        HUB_ROLES: 'api,worker',
        HUB_LAZADA_URL: `${base}/lazada`,
        HUB_SHOPEE_URL: `${base}/shopee`,
        HUB_ZALORA_URL: `${base}/zalora`,
      },
    });
    expect(await play()).toContain('the demo: 20 skus in 3 shops');
    const made = await everything();
    expect(made).toMatchObject({ skus: { length: 20 }, shops: { length: 3 }, listings: { length: 63 } });

    const order = await call(`${base}/_sandbox/zalora/shops/ZSG-700/orders`, 'POST', {
      lines: [{ sku: 'SET-TEA-FOR-TWO', units: 2 }],
    });
    await until('lazada shows less', async () => (await showing('lazada', 'MUG-WHITE')) === 196, 20_000);
    await sandbox.close();

    sandbox = await startSandbox({ host: '127.0.0.1', port: sandbox.port });
    expect(await play()).toContain('the demo: 20 skus in 3 shops');
    expect(await everything()).toEqual(made);
    for (const channel of ['lazada', 'shopee', 'zalora']) expect(await showing(channel, 'MUG-WHITE')).toBe(196);
    expect(await showing('zalora', 'SET-TEA-FOR-TWO')).toBe(98);

    await call(`${base}/_sandbox/zalora/shops/ZSG-700/orders/${String(order['orderId'])}/ship`, 'POST', {});
    const left = { onHand: 196, committed: 0 };
    const stock = (): Promise<Json> => call(`${hub.url}/v1/stock/MUG-WHITE`);
    await until('the old order is shipped', async () => (await stock())['committed'] === 0, 20_000);
    expect(await stock()).toMatchObject(left);
  });
});

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
