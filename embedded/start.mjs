import path from 'node:path';
import { buildHub } from './build.mjs';
import { Demo, isWanted } from './demo/demo.mjs';
import { installPackages } from './install.mjs';
import { hubKeys } from './keys.mjs';
import { dataDirOf, root } from './places.mjs';
import { portFor, untilHttpOk, untilListening } from './ports.mjs';
import { claimFolder } from './running.mjs';
import { say, seconds } from './say.mjs';
import { startStores, underSupervision } from './stack.mjs';
import { Supervisor } from './supervise.mjs';

const CHANNELS = ['lazada', 'shopee', 'zalora'];

export async function start(env) {
  const began = Date.now();
  const dataDir = dataDirOf(env);
  const sandbox = (env.HUB_SANDBOX || (env.MONGO_URL ? 'off' : 'on')) === 'on';
  const host = env.HUB_HOST || '127.0.0.1';
  const folder = await claimFolder(dataDir, addressOf(host, env.HUB_PORT || '4100'));
  try {
    const ports = {
      hub: await portFor({ setting: 'HUB_PORT', value: env.HUB_PORT || '4100', host }),
      sandbox:
        sandbox && (await portFor({ setting: 'SANDBOX_PORT', value: env.SANDBOX_PORT || '4200', host: '127.0.0.1' })),
    };
    await installPackages();
    await buildHub();
    const supervisor = new Supervisor({ onChange: (parts) => folder.recordParts(parts) });
    const run = { env, dataDir, ports, folder, address: addressOf(host, ports.hub) };
    const work = async () => {
      await startParts(supervisor, run);
      greet(run, Date.now() - began);
      return new Promise(() => {});
    };
    const ended = await underSupervision(supervisor, work, { beforeStop: () => run.demo?.stop() });
    say(`stopped (${ended.signal})`);
  } finally {
    folder.release();
  }
  return 0;
}

function addressOf(host, port) {
  return `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
}

async function startParts(supervisor, run) {
  const { env, dataDir, ports, address } = run;
  const stores = await startStores(supervisor, { env, dir: dataDir, database: 'sluice' });
  if (!env.MONGO_URL && !env.REDIS_URL) run.folder.recordStores(storesOnly(stores.env));
  if (!env.MONGO_URL) run.keys = hubKeys(env, dataDir);
  const settings = { ...stores.env, ...hubSettings(run) };
  if (isWanted(env, ports.sandbox)) run.demo = new Demo(run);
  if (ports.sandbox) {
    const ready = async (signal) => {
      await untilListening(ports.sandbox, signal);
      if (!signal.aborted) await run.demo?.sandboxIsUp();
    };
    await supervisor.start({ name: 'sandbox', command: nodeCommand('sandbox'), env: settings, graceMs: 500, ready });
  }
  const ready = async (signal) => {
    await untilHttpOk(`${address}/health/ready`, signal);
    if (!signal.aborted) void run.demo?.hubIsUp();
  };
  const read = run.demo?.reader;
  await supervisor.start({ name: 'hub', command: nodeCommand('src'), env: settings, graceMs: 6000, ready, read });
}

const storesOnly = ({ MONGO_URL, REDIS_URL }) => ({ MONGO_URL, REDIS_URL });

function nodeCommand(folder) {
  return [process.execPath, '--enable-source-maps', path.join(root, 'dist', folder, 'main.js')];
}

function hubSettings({ env, dataDir, ports, keys }) {
  const urls = CHANNELS.map((channel) => {
    const name = `HUB_${channel.toUpperCase()}_URL`;
    return [name, env[name] || `http://127.0.0.1:${ports.sandbox}/${channel}`];
  });
  return {
    HUB_PORT: String(ports.hub),
    HUB_DATA_DIR: dataDir,
    HUB_SANDBOX: ports.sandbox ? 'on' : 'off',
    ...(ports.sandbox && { SANDBOX_PORT: String(ports.sandbox), ...Object.fromEntries(urls) }),
    ...(keys && { HUB_ADMIN_KEY: keys.admin, HUB_SECRET_KEY: keys.secret }),
  };
}

function greet({ address, ports, keys }, tookMs) {
  say(`ready in ${seconds(tookMs)}: ${address}  (Ctrl-C stops it)`);
  if (ports.sandbox) say(`the pretend marketplaces: http://127.0.0.1:${ports.sandbox}`);
  if (keys?.adminFile) say(`the root key: ${process.stdout.isTTY ? keys.admin : `in ${keys.adminFile}`}`);
}
